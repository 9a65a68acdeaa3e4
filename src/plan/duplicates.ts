// Several rows for one key, where only one can be meant: refused with the keys and how often each is there. In: a relation
// and the columns of its key. Only looks.
import { query, type Steps } from '../adapters/step.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Relation } from '../project/relation.ts';
import { label, type Model, type Snapshot } from '../project/resources.ts';
import type { CompileEnv } from './env.ts';

/** Keys named in the message. */
const SHOWN = 3;

export interface Key {
  /** As the configuration has it. */
  readonly name: string;
  /** The column of the relation. */
  readonly column: string;
}

/** Throws where a key is there more than once. With `nulls`, null is a value like another; without, a key with a null in it is like no other. */
export function* refuseDuplicates(
  env: CompileEnv,
  node: Model | Snapshot,
  rows: Relation,
  keys: readonly Key[],
  o: { readonly nulls: boolean; readonly help?: string },
): Steps<void> {
  const { dialect } = env.facts;
  const list = keys.map((k) => dialect.quote(k.column)).join(', ');
  const known = o.nulls ? '' : ` where ${keys.map((k) => `${dialect.quote(k.column)} is not null`).join(' and ')}`;
  // Of one column, that there are none is known much faster than which there are.
  if (keys.length === 1 && !o.nulls) {
    const counted = (yield* query(`select count(${list}) as n, count(distinct ${list}) as keys_there from ${dialect.relation(rows)}`, 1)).rows[0];
    if (counted !== undefined && String(counted[0]) === String(counted[1])) return;
  }
  const sql = `select ${list}, count(*) as n from ${dialect.relation(rows)}${known} group by ${list} having count(*) > 1 order by ${list} limit ${SHOWN + 1}`;
  const found = (yield* query(sql, SHOWN + 1)).rows;
  if (found.length === 0) return;
  const names = keys.map((k) => k.name);
  const shown = found.slice(0, SHOWN).map((r) => `${names.map((k, i) => `${k} = ${show(r[i])}`).join(', ')} (${show(r.at(-1))} rows)`);
  fail(
    'plan/duplicate-key',
    `The query of ${label(node)} has several rows for one ${names.length > 1 ? `(${names.join(', ')})` : names[0]}: ${shown.join('; ')}${found.length > SHOWN ? '; and more' : ''}. Nothing was changed.`,
    {
      config: { key: 'unique_key', text: names[0]! },
      help: ['De-duplicate in the query, or add to unique_key the column that tells these rows apart.', o.help].filter((h) => h !== undefined).join('\n'),
    },
  );
}

function show(cell: unknown): string {
  return cell === null || cell === undefined ? 'null' : typeof cell === 'string' ? `'${cell}'` : String(cell);
}
