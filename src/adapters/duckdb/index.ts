// The DuckDB adapter: in the process, on a file or in memory. Light to import: the driver comes in with `connect`.
// https://duckdb.org/docs/stable/clients/node_neo/overview
import type { Adapter, TargetSettings } from '../adapter.ts';
import { resolve } from 'node:path';
import { databaseName, targetPath } from './connection.ts';
import { dialect } from './dialect.ts';
import { connect } from './warehouse.ts';

const DEFAULT_THREADS = 4;

/** DuckDB. */
export const duckdb: Adapter = {
  type: 'duckdb',
  aliases: [],
  settings: {
    path: { type: 'string', description: 'Database file, relative to the project; `:memory:` (the default) keeps nothing after the run.' },
    schema: { type: 'string', description: 'Schema that models are built in; `main` if absent.' },
    database: { type: 'string', description: 'Name of the catalog; if absent, the file name without its ending.' },
    threads: { type: 'integer', description: "Nodes built at once; 4 if absent. (DuckDB's own threads: `settings: {threads: n}`.)" },
    read_only: { type: 'boolean', description: 'Open the file for reading alone, beside other readers.' },
    attach: { type: 'list', description: 'Other databases to attach: a list of `{path, alias, type, read_only}`.' },
    extensions: { type: 'list', description: 'Extensions to load; they must be installed already.' },
    settings: { type: 'map', description: "DuckDB's own configuration, such as `memory_limit` or `threads`." },
  },
  capabilities: {
    transactionalDdl: true,
    createOrReplaceTable: true,
    createOrReplaceView: true,
    atomicRename: false,
    lateBindingViews: true,
    exclusiveFile: true,
    indexes: true,
    materializedViews: false,
    partitions: false,
    // A million updates of a text in rows that stand in another order than the new ones take minutes; deleting and inserting them takes a second.
    replacesFaster: true,
    altersChangedTables: false,
    // https://duckdb.org/docs/stable/sql/statements/alter_table: a table has the foreign keys that it was created with.
    foreignKeys: false,
    foldsCase: true,
    trailingBlanks: true,
    // DuckDB sets no limit; this one keeps names printable.
    maxIdentifier: { size: 1024, unit: 'bytes' },
  },
  dialect,
  defaults,
  files: (settings, root) => {
    const attached = Array.isArray(settings['attach']) ? (settings['attach'] as readonly unknown[]) : [];
    const paths = [targetPath(settings), ...attached.flatMap((a) => (typeof a === 'object' && a !== null && 'path' in a ? [String(a.path)] : []))];
    return paths.filter((p) => p !== ':memory:').flatMap((p) => [p, `${p}.wal`].map((file) => resolve(root, file)));
  },
  connect: (settings, options) => connect(settings, options, duckdb),
};

function defaults(settings: TargetSettings): { database: string; schema: string; threads: number } {
  const { schema, threads } = settings;
  return {
    database: databaseName(settings),
    schema: typeof schema === 'string' && schema !== '' ? schema : 'main',
    threads: typeof threads === 'number' && threads >= 1 ? Math.trunc(threads) : DEFAULT_THREADS,
  };
}
