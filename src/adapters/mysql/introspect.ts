// What stands in the databases of a MySQL or MariaDB server. https://dev.mysql.com/doc/refman/8.0/en/information-schema.html
import type { ExistingRelation } from '../../project/relation.ts';
import type { SchemaName } from '../adapter.ts';

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
    rows
      .filter((row) => row[0] === schema)
      .map((row) => ({ database, schema, identifier: String(row[1]), kind: String(row[2]).endsWith('VIEW') ? ('view' as const) : ('table' as const) })),
  );
}

/** One row where the schema exists. */
export function schemaQuery(schema: string): string {
  return `select 1 from information_schema.schemata where schema_name = ${literal(schema)}`;
}
