// Foreign keys of a PostgreSQL database. https://www.postgresql.org/docs/current/catalog-pg-constraint.html
import type { Relation } from '../../project/relation.ts';
import type { ForeignKeySql } from '../foreign-key.ts';

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Any number: it names the lock that all sessions of dwt share while they change foreign keys. */
const LOCK = 4_283_902;

/** The tables of those schemas that foreign keys of other tables point to. */
export function referencedQuery(schemas: readonly string[]): string {
  return `select distinct n.nspname, c.relname
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.confrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where k.contype = 'f' and k.conrelid <> k.confrelid and n.nspname in (${schemas.map(literal).join(', ')})`;
}

export function postgresForeignKeys(d: { readonly quote: (name: string) => string; readonly relation: (r: Relation) => string }): ForeignKeySql {
  const add: ForeignKeySql['add'] = (table, name, definition) => `alter table ${d.relation(table)} add constraint ${d.quote(name)} ${definition}`;
  return {
    of: (r) => keys(is('n', 'c', r)),
    pointingTo: (r) => keys(`${is('m', 't', r)} and k.conrelid <> k.confrelid`),
    add,
    drop: (table, name) => `alter table ${d.relation(table)} drop constraint ${d.quote(name)}`,
    unchecked: null,
    // Each key locks what it points to, in the order of its making where rows come in, in the opposite one where the table is dropped: models that
    // share dimensions would wait for each other.
    alone: { before: `select pg_advisory_xact_lock(${LOCK})`, after: null, rows: `select pg_advisory_xact_lock_shared(${LOCK})` },
    // A failure would end the transaction. Class 23: rows that the key does not allow; 42: a column, a type or a unique key that is not there.
    attempt: {
      add: (table, name, definition) =>
        `do $dwt$ begin\n  perform set_config('dwt.problem', '', true);\n  execute ${literal(add(table, name, definition))};\n` +
        `exception when integrity_constraint_violation or syntax_error_or_access_rule_violation then\n  perform set_config('dwt.problem', sqlerrm, true);\nend $dwt$`,
      problem: `select nullif(current_setting('dwt.problem', true), '')`,
    },
  };
}

function is(schema: string, table: string, r: Relation): string {
  return `${schema}.nspname = ${literal(r.schema)} and ${table}.relname = ${literal(r.identifier)}`;
}

/** The key of a partitioned table is that of its partitions too: only the table's own counts. */
function keys(condition: string): string {
  const columns = (of: string, numbers: string): string =>
    `(select json_agg(a.attname order by p.place)\n   from unnest(k.${numbers}) with ordinality as p(number, place)\n   join pg_catalog.pg_attribute a on a.attrelid = ${of}.oid and a.attnum = p.number)::text`;
  return `select k.conname, n.nspname, c.relname, ${columns('c', 'conkey')},
  m.nspname, t.relname, ${columns('t', 'confkey')},
  pg_catalog.pg_get_constraintdef(k.oid)
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_class t on t.oid = k.confrelid
join pg_catalog.pg_namespace m on m.oid = t.relnamespace
where k.contype = 'f' and k.conparentid = 0 and ${condition}
order by 2, 3, 1`;
}
