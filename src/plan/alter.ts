// Columns of a table that come, go or change their type. Most engines alter the table where it stands; where indexes
// hold its columns fast (DuckDB, until the commit), or rows that were changed do, the table is made anew from itself, indexes included.
// Runs in the transaction of its caller, where the engine has DDL in one.
import { query, statement, type Steps } from '../adapters/step.ts';
import type { Column, Relation } from '../project/relation.ts';
import type { Runnable } from '../project/resources.ts';
import { withoutDependents } from './dependents.ts';
import type { CompileEnv } from './env.ts';

export interface ColumnChanges {
  readonly add?: readonly Column[];
  readonly drop?: readonly string[];
  /** New types by the name of the column. */
  readonly retype?: ReadonlyMap<string, string>;
}

/** Makes the changes of the node's own table; `before` is what it has. */
export function* alterTable(env: CompileEnv, node: Runnable & { readonly relation: Relation }, before: readonly Column[], changes: ColumnChanges): Steps<void> {
  const { dialect, capabilities } = env.facts;
  const target = node.relation;
  const { add = [], drop = [], retype = new Map<string, string>() } = changes;
  if (add.length + drop.length + retype.size === 0) return;
  const changed = !capabilities.altersChangedTables && node.config['pre-hook'].some((h) => h.transaction);
  if (changed || drop.length > 0 || retype.size > 0) {
    const asked = dialect.indexesInTheWay(target);
    const indexes = asked === null ? [] : (yield* query(asked)).rows.map(([, columns, create]) => ({ columns: String(columns), create: String(create) }));
    if (changed || indexes.length > 0) return yield* makeAnew(env, target, before, { add, drop, retype }, indexes);
  }
  for (const sql of dialect.addColumns(target, add)) yield* statement(sql);
  if (drop.length + retype.size === 0) return;
  // What a view reads may not change its type, nor go without it.
  yield* withoutDependents(env, target, function* () {
    for (const sql of dialect.dropColumns(target, drop)) yield* statement(sql);
    for (const [name, type] of retype) for (const sql of dialect.alterColumnType(target, name, type)) yield* statement(sql);
  });
}

function* makeAnew(
  env: CompileEnv,
  target: Relation,
  before: readonly Column[],
  { add, drop, retype }: Required<ColumnChanges>,
  indexes: readonly { readonly columns: string; readonly create: string }[],
): Steps<void> {
  const { dialect } = env.facts;
  const gone = new Set(drop);
  const kept = before.filter((c) => !gone.has(c.name));
  const columns = [
    ...kept.map((c) => {
      const type = retype.get(c.name);
      const name = dialect.quote(c.name);
      return type === undefined ? name : `${dialect.cast(name, type)} as ${name}`;
    }),
    ...add.map((c) => `${dialect.cast('null', c.type)} as ${dialect.quote(c.name)}`),
  ];
  yield* statement(dialect.createTableAs(target, `select ${columns.join(', ')}\nfrom ${dialect.relation(target)}`, { orReplace: true }));
  for (const index of indexes) if (!drop.some((name) => mentions(index.columns, name, dialect.quote(name)))) yield* statement(index.create);
}

/** Whether an index's columns, as text, name the column. */
function mentions(columns: string, name: string, quoted: string): boolean {
  return columns.includes(quoted) || columns.split(/[^\w$]+/).includes(name);
}
