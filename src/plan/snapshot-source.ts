// What a snapshot looks at: its query, with the keys and the moment of change as columns of their own.
import { existing, query, type Steps } from '../adapters/step.ts';
import type { Column, Relation } from '../project/relation.ts';
import type { Snapshot } from '../project/resources.ts';
import { checkSnapshotColumns } from './configured-columns.ts';
import type { CompileEnv } from './env.ts';

export const KEY = '__dwt_key_';
export const CHANGED_AT = '__dwt_changed_at';
export const THERE = '__dwt_there';

/** The snapshot's query with what is needed to compare and to write versions: keys, moment of change, id of the version. */
export function sourceQuery(env: CompileEnv, node: Snapshot, keys: readonly string[], columns: readonly Column[], sql: string): string {
  const { dialect } = env.facts;
  const changed = textOrNull(node.config['updated_at']);
  checkSnapshotColumns(
    node,
    columns.map((c) => c.name),
  );
  const moment = changed === null ? dialect.currentTimestampUtc() : expression(env, changed, columns);
  const keyColumns = keys.map((k, i) => `${expression(env, k, columns)} as ${dialect.quote(`${KEY}${i}`)}`);
  return `select src.*,\n    ${[...keyColumns, `${moment} as ${dialect.quote(CHANGED_AT)}`, `1 as ${dialect.quote(THERE)}`].join(',\n    ')}\nfrom (\n${sql}\n) src`;
}

export function* hasNull(env: CompileEnv, source: Relation, names: readonly string[]): Steps<boolean> {
  const { dialect } = env.facts;
  const conditions = names.map((n) => `${dialect.quote(n)} is null`).join(' or ');
  return (yield* query(`select 1 as found from ${dialect.relation(source)} where ${conditions} limit 1`, 1)).rows.length > 0;
}

/** Whether the query is no more than all of a table that it refers to. */
export function* isTable({ graph, facts: { dialect } }: CompileEnv, node: Snapshot, sql: string): Steps<boolean> {
  const [, from] = /^\s*select\s+\*\s+from\s+(\S.*?)\s*$/is.exec(sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')) ?? [];
  if (from === undefined) return false;
  for (const id of graph.parents.get(node.id) ?? []) {
    const parent = graph.nodes.get(id);
    if (parent === undefined || !('relation' in parent) || dialect.relation(parent.relation) !== from) continue;
    return (yield* existing(parent.relation)) === 'table';
  }
  return false;
}

/** A column of those given, quoted as it is spelled there, or an expression over them. */
export function expression(env: CompileEnv, text: string, columns: readonly Column[]): string {
  const column = columns.find((c) => c.name === text) ?? columns.find((c) => c.name.toLowerCase() === text.toLowerCase());
  return column === undefined ? text : env.facts.dialect.quote(column.name);
}

export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
