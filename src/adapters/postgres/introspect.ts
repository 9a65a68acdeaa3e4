// What stands in a PostgreSQL database, from its catalog (information_schema hides materialized views and temporary tables' types).
// https://www.postgresql.org/docs/current/catalog-pg-class.html
import type { ExistingRelation, Relation, RelationKind } from '../../project/relation.ts';
import type { CatalogRelation, SchemaName } from '../adapter.ts';
import { toCatalog } from '../catalog.ts';

const KINDS: Readonly<Record<string, RelationKind>> = { r: 'table', p: 'table', v: 'view', m: 'materialized_view', f: 'external' };
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Every relation of those schemas: schema, name, kind. */
export function relationsQuery(schemas: readonly string[]): string {
  return `select n.nspname, c.relname, c.relkind
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and n.nspname in (${schemas.map(literal).join(', ')})
order by 1, 2`;
}

/** Rows of `relationsQuery` as relations; `database` is what the question said, so that keys match. */
export function toRelations(rows: readonly (readonly unknown[])[], asked: readonly SchemaName[]): readonly ExistingRelation[] {
  return asked.flatMap(({ database, schema }) =>
    rows.filter((row) => row[0] === schema).map((row) => ({ database, schema, identifier: String(row[1]), kind: KINDS[String(row[2])] ?? 'table' })),
  );
}

/** Name and type of each column in order; no rows where there is no such relation. `pg_temp` is the session's own schema. */
export function columnsQuery(r: Relation): string {
  const schema = r.schema === 'pg_temp' ? 'c.relnamespace = pg_catalog.pg_my_temp_schema()' : `n.nspname = ${literal(r.schema)}`;
  return `select a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relname = ${literal(r.identifier)} and c.relkind in ('r', 'p', 'v', 'm', 'f') and ${schema}
order by a.attnum`;
}

/**
 * What `relationsQuery` finds, with owner, comment, rows and bytes. Tables that were never analyzed have -1 rows (before version 14: 0);
 * a partitioned table is as large as its partitions. https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-DBSIZE
 */
export function catalogQuery(schemas: readonly string[]): string {
  return `select n.nspname, c.relname, c.relkind, pg_catalog.pg_get_userbyid(c.relowner), pg_catalog.obj_description(c.oid, 'pg_class'),
  case when c.relkind in ('v', 'f') or c.reltuples < 0 or (c.reltuples = 0 and current_setting('server_version_num')::int < 140000) then null
    else c.reltuples::bigint end,
  case when c.relkind in ('r', 'm') then pg_catalog.pg_total_relation_size(c.oid)
    when c.relkind = 'p' then (select sum(pg_catalog.pg_total_relation_size(t.relid)) from pg_catalog.pg_partition_tree(c.oid) t) end
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and n.nspname in (${schemas.map(literal).join(', ')})
order by 1, 2`;
}

/** Schema, relation, name, type and comment of every column of those schemas. */
export function catalogColumnsQuery(schemas: readonly string[]): string {
  return `select n.nspname, c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), pg_catalog.col_description(c.oid, a.attnum)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and n.nspname in (${schemas.map(literal).join(', ')})
order by 1, 2, a.attnum`;
}

/** Answers of both as relations. */
export function toCatalogRelations(
  relations: readonly (readonly unknown[])[],
  columns: readonly (readonly unknown[])[],
  asked: readonly SchemaName[],
): readonly CatalogRelation[] {
  const of = (rows: readonly (readonly unknown[])[], schema: SchemaName): (readonly unknown[])[] => rows.filter((row) => row[0] === schema.schema);
  return asked.flatMap((schema) =>
    toCatalog(
      of(relations, schema).map(([, identifier, kind, owner, comment, rows, bytes]) => {
        return { schema, identifier: String(identifier), kind: KINDS[String(kind)] ?? 'table', owner, comment, rows, bytes };
      }),
      of(columns, schema).map(([, identifier, name, type, comment]) => ({ schema, identifier: String(identifier), name, type, comment })),
    ),
  );
}

/** One row where the schema exists. */
export function schemaQuery(schema: string): string {
  return `select 1 from pg_catalog.pg_namespace where nspname = ${literal(schema)}`;
}
