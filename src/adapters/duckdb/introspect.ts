// What stands in a DuckDB catalog. In: names. Out: relations and columns, as the asking session sees them (its own
// uncommitted changes and temporary tables included). https://duckdb.org/docs/stable/sql/meta/duckdb_table_functions
import type { CatalogRelation, SchemaName } from '../adapter.ts';
import { toCatalog } from '../catalog.ts';
import type { Column, ExistingRelation, Relation } from '../../project/relation.ts';
import { dialect } from './dialect.ts';
import { missingEntry, toStatementFailure } from './errors.ts';

/** Runs SQL and gives the rows as text cells; throws what the driver throws. */
export type Ask = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/** Every table and view of `schemas`, under the database and schema names that were asked for; internal and temporary ones left out. */
export async function findRelations(ask: Ask, schemas: readonly SchemaName[], current: string): Promise<readonly ExistingRelation[]> {
  if (schemas.length === 0) return [];
  const { asked, where } = inSchemas(schemas, current);
  const rows = await run(
    ask,
    `select database_name, schema_name, table_name, 'table' from duckdb_tables() where ${where}\n` +
      `union all select database_name, schema_name, view_name, 'view' from duckdb_views() where ${where}`,
  );
  return rows.map(([database, schema, identifier, kind]) => {
    const s = asked(database, schema);
    return { database: s.database, schema: s.schema, identifier: String(identifier), kind: kind === 'view' ? 'view' : 'table' };
  });
}

/** The same with comments, columns and the number of rows. A file belongs to nobody, and DuckDB does not tell a table's part of it. */
export async function findCatalog(ask: Ask, schemas: readonly SchemaName[], current: string): Promise<readonly CatalogRelation[]> {
  if (schemas.length === 0) return [];
  const { asked, where } = inSchemas(schemas, current);
  const relations = await run(
    ask,
    `select database_name, schema_name, table_name, 'table', comment, estimated_size from duckdb_tables() where ${where}\n` +
      `union all select database_name, schema_name, view_name, 'view', comment, null from duckdb_views() where ${where}\norder by 1, 2, 3`,
  );
  const columns = await run(
    ask,
    `select database_name, schema_name, table_name, column_name, data_type, comment from duckdb_columns()\n` +
      `where ${where.replace(' and not temporary', '')}\norder by 1, 2, 3, column_index`,
  );
  return toCatalog(
    relations.map(([database, schema, identifier, kind, comment, rows]) => {
      const place = asked(database, schema);
      return { schema: place, identifier: String(identifier), kind: kind === 'view' ? 'view' : 'table', owner: null, comment, rows, bytes: null };
    }),
    columns.map(([database, schema, identifier, name, type, comment]) => {
      return { schema: asked(database, schema), identifier: String(identifier), name, type, comment };
    }),
  );
}

/** The condition that finds these schemas, and the schema as it was asked for. */
function inSchemas(schemas: readonly SchemaName[], current: string): { asked(database: unknown, schema: unknown): SchemaName; where: string } {
  const key = (database: unknown, schema: unknown): string => `${String(database)}\u0000${String(schema)}`.toLowerCase();
  const byName = new Map(schemas.map((s) => [key(s.database ?? current, s.schema), s]));
  const pairs = schemas.map((s) => `(${lower(s.database ?? current)}, ${lower(s.schema)})`).join(', ');
  return {
    asked: (database, schema) => byName.get(key(database, schema))!,
    where: `not internal and not temporary and (lower(database_name), lower(schema_name)) in (${pairs})`,
  };
}

/** Columns in order; null where there is no such relation. A view over something that is gone tells the columns it had. */
export async function findColumns(ask: Ask, r: Relation, current: string): Promise<readonly Column[] | null> {
  const sql = `describe ${dialect.relation(r)}`;
  try {
    return toColumns(await ask(sql));
  } catch (thrown) {
    const missing = missingEntry(thrown);
    if (missing?.position === 'describe '.length && missing.name.toLowerCase() === r.identifier.toLowerCase()) return null;
    const failure = toStatementFailure(thrown, sql);
    if (!['Catalog Error', 'Binder Error'].includes(failure.engineCode ?? '')) throw failure;
  }
  // duckdb_columns() walks the whole catalog (27 ms for 4,000 relations, where DESCRIBE takes 1), so it comes second.
  const rows = await run(
    ask,
    `select column_name, data_type from duckdb_columns() where lower(database_name) = ${lower(r.database ?? current)} ` +
      `and lower(schema_name) = ${lower(r.schema)} and lower(table_name) = ${lower(r.identifier)} order by column_index`,
  );
  return rows.length === 0 ? null : toColumns(rows);
}

/** Whether the schema is there. */
export async function findSchema(ask: Ask, s: SchemaName, current: string): Promise<boolean> {
  const rows = await run(
    ask,
    `select 1 from duckdb_schemas() where lower(database_name) = ${lower(s.database ?? current)} and lower(schema_name) = ${lower(s.schema)} limit 1`,
  );
  return rows.length > 0;
}

async function run(ask: Ask, sql: string): ReturnType<Ask> {
  try {
    return await ask(sql);
  } catch (thrown) {
    throw toStatementFailure(thrown, sql);
  }
}

function toColumns(rows: readonly (readonly unknown[])[]): Column[] {
  return rows.map((row) => ({ name: String(row[0]), type: String(row[1]) }));
}

function lower(name: string): string {
  return dialect.stringLiteral(name.toLowerCase());
}
