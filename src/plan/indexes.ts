// Indexes of a table or a materialized view: made with it, and brought in line with the configuration where it stays. Only indexes that
// dwt named itself are ever dropped: others may be somebody's own.
import { indexName, isOwnIndexName } from '../adapters/index-name.ts';
import type { IndexSpec, Table } from '../adapters/adapter.ts';
import { columnsOf, query, statement, type Steps, warn } from '../adapters/step.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Relation } from '../project/relation.ts';
import { label, type Runnable } from '../project/resources.ts';
import { excess } from './aside.ts';
import type { CompileEnv } from './env.ts';
import { alteredAtomically } from './replace.ts';

type Indexed = Exclude<Runnable, { type: 'analysis' | 'test' | 'operation' }>;

/** What an index lacks, or has too many. */
export interface IndexChanges {
  readonly drop: readonly string[];
  readonly create: readonly IndexSpec[];
}

const NONE: IndexChanges = { drop: [], create: [] };

/** Makes the indexes of the configuration on what was built for the node, under its own name or another. Undefined where there are none. */
export function indexesOf(env: CompileEnv, node: Indexed): ((r: Relation) => Steps<void>) | undefined {
  const specs = specsOf(env, node);
  return specs.length === 0 ? undefined : (r) => createIndexes(env, node, r, specs);
}

/** How the indexes of the node's relation differ from the configuration. */
export function* indexChanges(env: CompileEnv, node: Indexed): Steps<IndexChanges> {
  if (!env.facts.capabilities.indexes) return NONE;
  const specs = specsOf(env, node);
  const standing = readIndexes(yield* query(env.facts.dialect.indexes(node.relation)));
  const isMet = (s: IndexSpec): boolean => standing.some((i) => meets(i, s, node.relation));
  const create = specs.filter((s) => !isMet(s));
  const inTheWay = new Set(create.map((s) => indexName(node.relation, s)));
  const drop = standing.filter((i) => inTheWay.has(i.name) || (isOwnIndexName(i.name) && !specs.some((s) => meets(i, s, node.relation))));
  return { drop: drop.map((i) => i.name), create };
}

export function* dropIndexes(env: CompileEnv, node: Indexed, { drop }: IndexChanges): Steps<void> {
  for (const name of drop) yield* statement(env.facts.dialect.dropIndex(node.relation, name));
}

/** Makes the indexes that are missing, once the columns are what they should be. One on a column that is gone is left out, and said. */
export function* createMissing(env: CompileEnv, node: Indexed, { create }: IndexChanges): Steps<void> {
  if (create.length === 0) return;
  const have = new Set(((yield* columnsOf(node.relation)) ?? []).map((c) => c.name.toLowerCase()));
  const possible: IndexSpec[] = [];
  for (const spec of create) {
    const gone = spec.columns.find((c) => !have.has(c.toLowerCase()));
    if (gone === undefined) possible.push(spec);
    else yield* warn(`The index of ${label(node)} on (${spec.columns.join(', ')}) is not made: its table has no column '${gone}'.`);
  }
  yield* createIndexes(env, node, node.relation, possible);
}

/** `alteredAtomically` on a node's own table, with its indexes brought in line: those too many go first, those missing come before the rows. */
export function* alteredWithIndexes<A, T>(
  env: CompileEnv,
  node: Indexed,
  inTransaction: boolean,
  alter: () => Steps<A>,
  work: (altered: A) => Steps<T>,
): Steps<T> {
  const changes = yield* indexChanges(env, node);
  yield* dropIndexes(env, node, changes);
  const both = function* (): Steps<A> {
    const altered = yield* alter();
    yield* createMissing(env, node, changes);
    return altered;
  };
  return yield* alteredAtomically(env, inTransaction, both, work);
}

function* createIndexes(env: CompileEnv, node: Indexed, r: Relation, specs: readonly IndexSpec[]): Steps<void> {
  if (specs.length === 0) return;
  const { dialect } = env.facts;
  const named = specs.map((s) => ({ ...s, name: indexName(node.relation, s) }));
  const asked = dialect.takenIndexNames(
    r,
    named.map((s) => s.name),
  );
  const taken = new Set(asked === null ? [] : (yield* query(asked)).rows.map(([name]) => String(name)));
  for (const [i, spec] of named.entries()) {
    // A table that somebody renamed keeps its indexes' names.
    const name = taken.has(spec.name) && specs[i]!.name === undefined ? freeName(node, spec, taken) : spec.name;
    yield* statement(dialect.createIndex(r, { ...spec, name }));
  }
}

/** Another name for the same index. */
function freeName(node: Indexed, spec: IndexSpec, taken: ReadonlySet<string>): string {
  const { name: _, ...unnamed } = spec;
  for (let n = 2; ; n++) {
    const name = indexName({ ...node.relation, identifier: `${node.relation.identifier}_${n}` }, unnamed);
    if (!taken.has(name)) return name;
  }
}

function specsOf(env: CompileEnv, node: Indexed): readonly IndexSpec[] {
  const specs = node.config['indexes'];
  if (!env.facts.capabilities.indexes || !Array.isArray(specs)) return [];
  for (const { name } of specs as IndexSpec[]) {
    const { size, unit } = env.facts.capabilities.maxIdentifier;
    const over = name === undefined ? 0 : excess(env, name);
    if (over > 0) {
      fail('parse/bad-config', `The index name '${name}' of ${label(node)} has ${size + over} ${unit}; ${env.facts.engine} takes ${size}.`, {
        help: 'Give it a shorter `name`, or none: then one is made that fits.',
      });
    }
  }
  // One that is written twice is one.
  const asked = new Map((specs as IndexSpec[]).map((s) => [JSON.stringify([s.name, s.columns, s.unique ?? false, s.type?.toLowerCase()]), s]));
  return [...asked.values()];
}

interface StandingIndex {
  readonly name: string;
  readonly columns: readonly string[] | null;
  readonly unique: boolean;
  readonly method: string | null;
}

function readIndexes(t: Table): readonly StandingIndex[] {
  return t.rows.map(([name, columns, unique, method]) => ({
    name: String(name),
    columns: columns === null ? null : (JSON.parse(String(columns)) as string[]),
    unique: unique === true || Number(unique) === 1,
    method: method === null ? null : String(method),
  }));
}

/** Whether an index is one the configuration asks for. Where the engine does not tell its columns, the name stands for them. */
function meets(i: StandingIndex, spec: IndexSpec, r: Relation): boolean {
  if (spec.name !== undefined && i.name !== spec.name) return false;
  if (i.unique !== (spec.unique ?? false)) return false;
  if (i.method !== null && i.method !== (spec.type ?? 'btree').toLowerCase()) return false;
  if (i.columns === null) return i.name === indexName(r, spec);
  return i.columns.length === spec.columns.length && i.columns.every((c, n) => c === spec.columns[n]);
}
