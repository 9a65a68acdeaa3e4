// What an incremental model does when its query has other columns than its table: `on_schema_change`.
// https://docs.getdbt.com/docs/build/incremental-models#what-if-the-columns-of-my-incremental-model-change
import type { Dialect } from '../adapters/adapter.ts';
import { columnsOf, type Steps } from '../adapters/step.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Column, Relation } from '../project/relation.ts';
import type { Model } from '../project/resources.ts';
import { alterTable } from './alter.ts';
import type { CompileEnv } from './env.ts';

const TEXT = /^(n?varchar|n?char|character|bpchar|text|tinytext|mediumtext|longtext|string)\b/i;

const key = (c: Column): string => c.name.toLowerCase();

/** Brings the table in line as far as the mode says. Returns the columns to insert, in the table's order. */
export function* alignColumns(env: CompileEnv, node: Model, fresh: Relation): Steps<readonly string[]> {
  const { dialect } = env.facts;
  const now = (yield* columnsOf(fresh)) ?? [];
  const before = (yield* columnsOf(node.relation)) ?? [];
  const mode = String(node.config['on_schema_change'] ?? 'ignore');
  const had = new Map(before.map((c) => [key(c), c]));
  const has = new Map(now.map((c) => [key(c), c]));
  const added = now.filter((c) => !had.has(key(c)));
  const removed = before.filter((c) => !has.has(key(c)));
  const retyped = now.flatMap((c) => {
    const old = had.get(key(c));
    return old !== undefined && !isSame(dialect, old.type, c.type) ? [{ name: old.name, from: old.type, to: c.type }] : [];
  });
  switch (mode) {
    case 'fail': {
      // As in dbt, a text that grows longer is no change; a number is.
      const other = retyped.filter((c) => !(TEXT.test(c.from) && TEXT.test(c.to) && dialect.widerType(c.from, c.to) !== null));
      if (added.length + removed.length + other.length > 0) return describeAndFail(node, added, removed, other);
      break;
    }
    case 'append_new_columns':
    case 'sync_all_columns':
      break;
    default:
      if (removed.length > 0) {
        return fail(
          'plan/schema-change',
          `The query of model '${node.name}' no longer gives the column${removed.length > 1 ? 's' : ''} ${names(removed)} of its table.`,
          {
            help: "Keep the column, set on_schema_change to 'append_new_columns' or 'sync_all_columns', or run with --full-refresh.",
          },
        );
      }
  }
  const sync = mode === 'sync_all_columns';
  const grown = mode === 'append_new_columns' || sync ? added : [];
  yield* alterTable(env, node, before, {
    add: grown,
    drop: sync ? removed.map((c) => c.name) : [],
    retype: new Map([
      // As in dbt, a text that grows shorter is no change; any other type is taken over.
      ...(sync ? retyped.filter((c) => !(TEXT.test(c.from) && TEXT.test(c.to))).map((c) => [c.name, c.to] as const) : []),
      ...widened(dialect, had, now),
    ]),
  });
  return [...before.filter((c) => has.has(key(c))).map((c) => has.get(key(c))!.name), ...grown.map((c) => c.name)];
}

/** Columns of a table whose type must grow to hold what comes, with the type that holds both. `had` is by name in lower case. */
export function widened(dialect: Dialect, had: ReadonlyMap<string, Column>, now: readonly Column[]): Map<string, string> {
  const types = new Map<string, string>();
  for (const c of now) {
    const old = had.get(key(c));
    const type = old === undefined ? null : dialect.widerType(old.type, c.type);
    if (old !== undefined && type !== null && normal(type) !== normal(old.type)) types.set(old.name, type);
  }
  return types;
}

function describeAndFail(
  node: Model,
  added: readonly Column[],
  removed: readonly Column[],
  retyped: readonly { name: string; from: string; to: string }[],
): never {
  const parts = [
    added.length > 0 ? `added: ${added.map((c) => `${c.name} (${c.type})`).join(', ')}` : '',
    removed.length > 0 ? `removed: ${names(removed)}` : '',
    retyped.length > 0 ? `changed type: ${retyped.map((c) => `${c.name} from ${c.from} to ${c.to}`).join(', ')}` : '',
  ].filter((p) => p !== '');
  return fail('plan/schema-change', `The columns of model '${node.name}' changed, and its on_schema_change is 'fail'. ${parts.join('; ')}.`, {
    config: { key: 'on_schema_change', text: 'fail' },
    help: "Run with --full-refresh to rebuild the table, or set on_schema_change to 'append_new_columns' or 'sync_all_columns'.",
  });
}

function names(columns: readonly Column[]): string {
  return columns.map((c) => `'${c.name}'`).join(', ');
}

/** Whether two ways of writing a type mean one: MySQL gives integers a display width. */
function isSame(dialect: Dialect, a: string, b: string): boolean {
  const holds = (x: string, y: string): boolean => {
    const both = dialect.widerType(x, y);
    return both !== null && both === dialect.widerType(x, x);
  };
  return normal(a) === normal(b) || (holds(a, b) && holds(b, a));
}

function normal(type: string): string {
  return type
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/\s*([(),])\s*/g, '$1');
}
