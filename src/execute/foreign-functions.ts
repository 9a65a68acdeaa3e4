// Functions that some engine has and another does not, and the macro that is the same on all of them.
import { PORTABLE } from '../context/builtin-sql.ts';

/** Other names of what a portable macro does. */
const ALIASES: Readonly<Record<string, string>> = {
  adddate: 'dateadd',
  charindex: 'position',
  date_add: 'dateadd',
  date_diff: 'datediff',
  dayname: 'day_name',
  getdate: 'current_timestamp',
  group_concat: 'listagg',
  instr: 'position',
  len: 'length',
  locate: 'position',
  monthname: 'month_name',
  string_agg: 'listagg',
  strpos: 'position',
  sysdate: 'current_timestamp',
  timestampadd: 'dateadd',
  timestampdiff: 'datediff',
  try_cast: 'safe_cast',
};

/** Functions that have the name of their macro, and that some engine lacks: `round` that of a double, on PostgreSQL. */
const NOT_EVERYWHERE = new Set('any_value bool_or date_part date_trunc dateadd datediff last_day listagg round split_part'.split(' '));

/** The macro to write instead of a function that this engine does not have, as help; undefined where there is none. */
export function portableInstead(name: string): string | undefined {
  const bare = name.toLowerCase();
  if (Object.hasOwn(STANDARD, bare)) return `Standard SQL has ${STANDARD[bare]} for it.`;
  const found = Object.hasOwn(ALIASES, bare) ? ALIASES[bare]! : NOT_EVERYWHERE.has(bare) ? bare : undefined;
  if (found === undefined) return undefined;
  const parameters = PORTABLE[found]!.parameters.map((p) => p.replace('?', ''));
  return `The same on every engine: {{ dbt.${found}(${parameters.join(', ')}) }}, its arguments being texts of SQL.`;
}

/** What needs no macro. */
const STANDARD: Readonly<Record<string, string>> = {
  ifnull: 'coalesce(a, b)',
  nvl: 'coalesce(a, b)',
  isnull: 'coalesce(a, b)',
  iff: 'case when … then … else … end',
  iif: 'case when … then … else … end',
};
