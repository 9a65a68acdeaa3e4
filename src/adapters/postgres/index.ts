// PostgreSQL as an engine of dwt. In: a target's settings. Out: the `Adapter`, and by `connect` a warehouse over
// a pool of connections. The driver is imported only there.
import { createRequire } from 'node:module';
import type { Client } from 'pg';
import type { Adapter, ConnectOptions, TargetSettings, Warehouse } from '../adapter.ts';
import { answered, endClient, openClient, postgresAddress, postgresSettings, readPostgresTarget } from './connection.ts';
import { createPostgresDialect, postgresDialect } from './dialect.ts';
import { PostgresSession, type SessionOwner } from './session.ts';
import { Pool } from '../server/pool.ts';
import { retryConnect } from '../server/retry.ts';
import { readTarget, readUrl } from '../server/target.ts';

/** The adapter for `type: postgres`. */
export const postgres: Adapter = {
  type: 'postgres',
  aliases: ['postgresql'],
  settings: postgresSettings,
  capabilities: {
    transactionalDdl: true,
    createOrReplaceTable: false,
    // Only columns added at the end are accepted: https://www.postgresql.org/docs/current/sql-createview.html
    createOrReplaceView: false,
    atomicRename: false,
    lateBindingViews: false,
    exclusiveFile: false,
    indexes: true,
    materializedViews: true,
    partitions: true,
    replacesFaster: false,
    altersChangedTables: true,
    foreignKeys: true,
    foldsCase: false,
    trailingBlanks: true,
    maxIdentifier: { size: 63, unit: 'bytes' },
  },
  dialect: postgresDialect,
  check: (settings) => readUrl(postgresAddress, settings['url']).mistakes,
  defaults(settings) {
    const read = readTarget(postgresAddress, settings);
    return { database: read.text('database') ?? read.text('user') ?? null, schema: read.text('schema') ?? 'public', threads: read.integer('threads') ?? 4 };
  },
  connect,
};

async function connect(settings: TargetSettings, options: ConnectOptions): Promise<Warehouse> {
  const target = readPostgresTarget(settings, options.root, options.readOnly);
  const driver = createRequire(import.meta.url)('pg') as typeof import('pg');
  const open = async (): Promise<Client> => {
    const client = await retryConnect(() => openClient(target, options.signal), target.retries, options.signal);
    client.once('end', () => pool.forget(client));
    return client;
  };
  const pool: Pool<Client> = new Pool(options.threads, open, endClient);
  const sessions = new Set<PostgresSession>();

  const first = await pool.take();
  const asked = "select current_setting('server_version') as version, current_setting('server_version_num')::int as number";
  const { version, number } = (await answered(target, first, first.query<{ version: string; number: number }>(asked))).rows[0]!;
  await pool.give(first, true);

  const owner: SessionOwner = {
    driver,
    database: target.place.database,
    async aside(sql) {
      const client = await openClient({ ...target, startup: [] });
      try {
        await answered(target, client, client.query(sql));
      } finally {
        await endClient(client);
      }
    },
    async returned(client, session, usable) {
      sessions.delete(session);
      await pool.give(client, usable);
    },
  };

  return {
    version: `PostgreSQL ${version.split(' ')[0]}`,
    dialect: createPostgresDialect(Math.trunc(number / 10_000)),
    capabilities: postgres.capabilities,
    async session() {
      const session = new PostgresSession(await pool.take(), owner);
      sessions.add(session);
      return session;
    },
    async close() {
      await Promise.all([...sessions].filter((s) => s.busy).map((s) => s.cancel().catch(() => undefined)));
      await Promise.all([...sessions].map((s) => s.destroy()));
      await pool.close();
    },
  };
}
