// Questions about indexes and materialized views of a PostgreSQL database. In: names. Out: queries.
// https://www.postgresql.org/docs/current/catalog-pg-index.html
import type { Relation } from '../../project/relation.ts';

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const found = (r: Relation): string => `n.nspname = ${literal(r.schema)} and c.relname = ${literal(r.identifier)}`;

/** Name, columns as a JSON list, unique, method of each plain index. */
export function indexesOf(r: Relation): string {
  return `select x.relname,
  (select json_agg(a.attname order by k.place)
   from unnest(i.indkey::smallint[]) with ordinality as k(number, place)
   join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number)::text,
  i.indisunique, m.amname
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_index i on i.indrelid = c.oid
join pg_catalog.pg_class x on x.oid = i.indexrelid
join pg_catalog.pg_am m on m.oid = x.relam
where ${found(r)} and i.indpred is null and i.indexprs is null and i.indnatts = i.indnkeyatts
  and not exists (select 1 from pg_catalog.pg_constraint o where o.conindid = i.indexrelid and o.contype in ('p', 'u', 'x'))
order by 1`;
}

/** Indexes share the names of the schema's tables and views. */
export function takenNames(r: Relation, names: readonly string[]): string {
  return `select c.relname from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = ${literal(r.schema)} and c.relname in (${names.map(literal).join(', ')})`;
}

/** Whether a view of this session is defined as the materialized view; the server prints both in the same way. */
export function sameDefinition(r: Relation, view: Relation): string {
  return `select pg_catalog.pg_get_viewdef(c.oid) = pg_catalog.pg_get_viewdef(v.oid)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_class v on v.relnamespace = pg_catalog.pg_my_temp_schema() and v.relname = ${literal(view.identifier)}
where ${found(r)} and c.relkind = 'm'`;
}
