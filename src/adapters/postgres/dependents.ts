// Views that read a relation, directly or through others, and how to make them again once it was replaced: their definition,
// options, privileges, comments and indexes, read from the catalog before they are dropped.
// https://www.postgresql.org/docs/current/catalog-pg-depend.html, https://www.postgresql.org/docs/current/functions-info.html
import type { Relation } from '../../project/relation.ts';

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Any number: it names the lock that all sessions of dwt share while they put views back. */
const LOCK = 4_283_901;

/**
 * `names` and `query` have a row for each view: schema and name; the query a statement, too, and `v` or `m`, for which it reads definitions, and that fails
 * where another session drops one of what they name at the same time. A view that no longer fits (class 42: a column is gone, has another
 * type) is left out by its statement, as if by CASCADE; anything else, such as a deadlock or a privilege that is missing, is an error.
 */
export function dependentsOf(r: Relation): { readonly names: string; readonly query: string; readonly alone: string } {
  const views = `with recursive reading(oid, depth) as (
  select w.ev_class, 1
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.classid = 'pg_rewrite'::regclass
  join pg_catalog.pg_rewrite w on w.oid = d.objid and w.ev_class <> c.oid
  where n.nspname = ${literal(r.schema)} and c.relname = ${literal(r.identifier)}
  union
  select w.ev_class, reading.depth + 1
  from reading
  join pg_catalog.pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = reading.oid and d.classid = 'pg_rewrite'::regclass
  join pg_catalog.pg_rewrite w on w.oid = d.objid and w.ev_class <> reading.oid
), views as (
  select c.oid, n.nspname, c.relname, c.relkind, c.relacl, c.relowner, c.reloptions, max(depth) as depth,
    format('%I.%I', n.nspname, c.relname) as name,
    case c.relkind when 'm' then 'materialized view' else 'view' end as kind
  from reading
  join pg_catalog.pg_class c on c.oid = reading.oid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('v', 'm')
  group by c.oid, n.nspname, c.relname, c.relkind, c.relacl, c.relowner, c.reloptions
)`;
  const query = `${views}
select nspname, relname, format('do $dwt$ begin execute %L; exception when insufficient_privilege then raise; when syntax_error_or_access_rule_violation then null; end $dwt$', concat(
  format('create %s %s%s as %s', kind, name, ' with (' || array_to_string(reloptions, ', ') || ')', pg_get_viewdef(oid)),
  (select string_agg(format(' grant %s on %s to %s;', a.privilege_type, name, case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end), '')
   from aclexplode(relacl) a where a.grantee <> relowner),
  format(' comment on %s %s is %L;', kind, name, obj_description(oid, 'pg_class')),
  (select string_agg(format(' comment on column %s.%I is %L;', name, t.attname, col_description(t.attrelid, t.attnum)), '')
   from pg_catalog.pg_attribute t where t.attrelid = views.oid and t.attnum > 0 and col_description(t.attrelid, t.attnum) is not null),
  (select string_agg(' ' || pg_get_indexdef(i.indexrelid) || ';', '') from pg_catalog.pg_index i where i.indrelid = views.oid)
)) as statement, relkind::text
from views
order by depth, name`;
  return { names: `${views}\nselect nspname, relname from views`, query, alone: `select pg_advisory_xact_lock(${LOCK})` };
}
