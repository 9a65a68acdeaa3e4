// A database file that a process left without closing it. In: an open connection. DuckDB puts the changes from its log (`.wal`) into the
// tables when it opens such a file, but into an index only once somebody uses its table; closing the file before loses them for the index
// (1.5), and from then on rows are not found by their key and cannot be deleted. So every index is used at once.
import { existsSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';

/** Whether opening the file has changes to put in. To be asked before. */
export function hasLog(file: string): boolean {
  return existsSync(`${file}.wal`);
}

const quoted = (...names: readonly unknown[]): string => names.map((name) => `"${String(name).replaceAll('"', '""')}"`).join('.');
const ofDatabase = (database: string): string => `from duckdb_indexes() where database_name = '${database.replaceAll("'", "''")}'`;

/** Puts the changes into the indexes of a database. */
export async function replayIndexes(connection: DuckDBConnection, database: string): Promise<void> {
  const tables = await connection.run(`select distinct schema_name, table_name ${ofDatabase(database)}`);
  for (const [schema, table] of await tables.getRows()) await connection.run(`delete from ${quoted(database, schema, table)} where false`);
}

/** Makes indexes anew from the rows of their tables, of those named as SQL writes them or of all: what another program may have lost in this way. A name is free only after the commit. */
export async function rebuildIndexes(connection: DuckDBConnection, database: string, tables: ReadonlySet<string> | null = null): Promise<void> {
  const indexes = await connection.run(`select schema_name, table_name, index_name, sql ${ofDatabase(database)} and sql is not null`);
  const wanted = tables === null ? null : new Set([...tables].map(lastParts));
  await connection.run(`use ${quoted(database)}`);
  for (const [schema, table, index, sql] of await indexes.getRows()) {
    if (wanted !== null && !wanted.has(`${String(schema)}.${String(table)}`.toLowerCase())) continue;
    await connection.run(`drop index ${quoted(database, schema, index)}`);
    await connection.run(String(sql));
  }
}

/** Schema and table of a name as SQL writes it; without a schema it is `main`. */
function lastParts(written: string): string {
  const parts = [...written.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map(([, within, bare]) => within?.replaceAll('""', '"') ?? bare!);
  return [parts.at(-2) ?? 'main', parts.at(-1)!].join('.').toLowerCase();
}
