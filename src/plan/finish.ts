// What belongs to a relation beside its rows and indexes: comments from descriptions, grants, statistics.
import { columnsOf, statement, type Steps, warn } from '../adapters/step.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { asTexts } from '../project/config.ts';
import type { Relation, RelationKind } from '../project/relation.ts';
import { label, type Runnable } from '../project/resources.ts';
import { isMapping } from '../project/shape.ts';
import type { CompileEnv } from './env.ts';

/** Comments, grants and statistics, once the relation stands. */
export function* describe(env: CompileEnv, node: Runnable, r: Relation, kind: RelationKind): Steps<void> {
  const { dialect } = env.facts;
  const docs = node.config['persist_docs'];
  if (isMapping(docs)) {
    if (docs['relation'] === true && node.description !== '') {
      const sql = dialect.comment(r, kind, node.description);
      if (sql !== null) yield* statement(sql);
    }
    if (docs['columns'] === true) yield* commentColumns(env, node, r, kind);
  }
  for (const sql of grantsOf(env, node, r)) yield* statement(sql);
  if (kind === 'table' || kind === 'materialized_view') {
    const sql = dialect.analyze(r);
    if (sql !== null) yield* statement(sql);
  }
}

/** The statements of the configured privileges; none where the engine has no users. */
export function grantsOf({ facts: { dialect } }: CompileEnv, node: Runnable, r: Relation): string[] {
  const { grant } = dialect;
  const grants = node.config['grants'];
  if (grant === null || !isMapping(grants)) return [];
  return Object.entries(grants).flatMap(([privilege, to]) => (asTexts(to).length > 0 ? [grant(r, privilege, asTexts(to))] : []));
}

/** Of the columns that are there. As in dbt, one that is described and is not is told, and nothing fails for it. */
function* commentColumns({ facts: { dialect } }: CompileEnv, node: Runnable, r: Relation, kind: RelationKind): Steps<void> {
  const described = Object.values(node.columns).filter((c) => c.description !== '');
  if (described.length === 0) return;
  const have = ((yield* columnsOf(r)) ?? []).map((c) => c.name);
  const comments: Record<string, string> = {};
  for (const { name, description } of described) {
    const column = have.includes(name) ? name : have.find((c) => c.toLowerCase() === name.toLowerCase());
    if (column !== undefined) comments[column] = description;
    else
      yield* warn(
        `${node.patch ?? node.file} describes the column '${name}' of ${label(node)}, which ${dialect.relation(r)} does not have. ${didYouMean(name, have) ?? ''}`.trim(),
      );
  }
  if (Object.keys(comments).length > 0) for (const sql of dialect.commentColumns(r, kind, comments)) yield* statement(sql);
}
