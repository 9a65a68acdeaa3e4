// What stands in the databases of a MySQL or MariaDB server. https://dev.mysql.com/doc/refman/8.0/en/information-schema.html
import type { ExistingRelation, RelationKind } from '../../project/relation.ts';
import type { CatalogRelation, SchemaName } from '../adapter.ts';
import { toCatalog } from '../catalog.ts';

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Every relation of those schemas: schema, name, kind. MariaDB lists temporary tables from 11.2 on; they are not relations here. */
export function relationsQuery(schemas: readonly string[]): string {
  return `select table_schema, table_name, table_type from information_schema.tables
where table_type in ('BASE TABLE', 'VIEW', 'SYSTEM VIEW', 'SYSTEM VERSIONED') and table_schema in (${schemas.map(literal).join(', ')})
order by 1, 2`;
}

/** Rows of `relationsQuery` as relations, under the names the question had. */
export function toRelations(rows: readonly (readonly unknown[])[], asked: readonly SchemaName[]): readonly ExistingRelation[] {
  return asked.flatMap(({ database, schema }) =>
    rows.filter((row) => row[0] === schema).map((row) => ({ database, schema, identifier: String(row[1]), kind: kindOf(row[2]) })),
  );
}

/** What `relationsQuery` finds, with comment, rows and bytes. A view's comment is the word VIEW. */
export function catalogQuery(schemas: readonly string[]): string {
  return `select table_schema, table_name, table_type, if(table_type like '%VIEW', null, table_comment), table_rows, data_length + index_length
from information_schema.tables
where table_type in ('BASE TABLE', 'VIEW', 'SYSTEM VIEW', 'SYSTEM VERSIONED') and table_schema in (${schemas.map(literal).join(', ')})
order by 1, 2`;
}

/** Schema, relation, name, type and comment of every column of those schemas. */
export function catalogColumnsQuery(schemas: readonly string[]): string {
  return `select table_schema, table_name, column_name, column_type, column_comment from information_schema.columns
where table_schema in (${schemas.map(literal).join(', ')})
order by 1, 2, ordinal_position`;
}

/** Answers of both as relations. Tables have no owner on these servers. */
export function toCatalogRelations(
  relations: readonly (readonly unknown[])[],
  columns: readonly (readonly unknown[])[],
  asked: readonly SchemaName[],
): readonly CatalogRelation[] {
  const of = (rows: readonly (readonly unknown[])[], schema: SchemaName): (readonly unknown[])[] => rows.filter((row) => row[0] === schema.schema);
  return asked.flatMap((schema) =>
    toCatalog(
      of(relations, schema).map(([, identifier, type, comment, rows, bytes]) => {
        return { schema, identifier: String(identifier), kind: kindOf(type), owner: null, comment, rows, bytes };
      }),
      of(columns, schema).map(([, identifier, name, type, comment]) => ({ schema, identifier: String(identifier), name, type, comment })),
    ),
  );
}

function kindOf(type: unknown): RelationKind {
  return String(type).endsWith('VIEW') ? 'view' : 'table';
}

/** One row where the schema exists. */
export function schemaQuery(schema: string): string {
  return `select 1 from information_schema.schemata where schema_name = ${literal(schema)}`;
}
