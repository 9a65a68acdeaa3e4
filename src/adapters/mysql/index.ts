// MySQL 8 and MariaDB 10.6 and later as an engine of dwt. In: a target's settings. Out: the `Adapter`, and by `connect` a
// warehouse over a pool of connections. The driver is imported only there.
import type { Connection } from 'mysql2/promise';
import type { Adapter, ConnectOptions, TargetSettings, Warehouse } from '../adapter.ts';
import { Pool } from '../server/pool.ts';
import { retryConnect } from '../server/retry.ts';
import { readTarget } from '../server/target.ts';
import {
  answered,
  mysqlAddress,
  mysqlSettings,
  settingMistakes,
  openBare,
  openConnection,
  readMysqlTarget,
  targetSchema,
  type ServerFacts,
} from './connection.ts';
import { mysqlDialect } from './dialect.ts';
import { MysqlSession, type SessionOwner } from './session.ts';

/** The adapter for `type: mysql` and `type: mariadb`. */
export const mysql: Adapter = {
  type: 'mysql',
  aliases: ['mariadb'],
  settings: mysqlSettings,
  capabilities: {
    transactionalDdl: false,
    createOrReplaceTable: false,
    createOrReplaceView: true,
    atomicRename: true,
    lateBindingViews: true,
    exclusiveFile: false,
    indexes: true,
    materializedViews: false,
    partitions: true,
    replacesFaster: false,
    altersChangedTables: true,
    foreignKeys: true,
    foldsCase: false,
    trailingBlanks: false,
    // https://dev.mysql.com/doc/refman/8.0/en/identifier-length.html
    maxIdentifier: { size: 64, unit: 'characters' },
  },
  dialect: mysqlDialect,
  check: settingMistakes,
  defaults(settings) {
    return { database: null, schema: targetSchema(settings) ?? '', threads: readTarget(mysqlAddress, settings).integer('threads') ?? 4 };
  },
  connect,
};

interface Member {
  readonly connection: Connection;
  readonly server: ServerFacts;
}

async function connect(settings: TargetSettings, options: ConnectOptions): Promise<Warehouse> {
  const target = readMysqlTarget(settings, options.root, options.readOnly);
  const open = async (): Promise<Member> => {
    const member = await retryConnect(() => openConnection(target, options.signal), target.retries, options.signal);
    member.connection.once('error', () => pool.forget(member));
    member.connection.once('end', () => pool.forget(member));
    return member;
  };
  const close = async ({ connection }: Member): Promise<void> => connection.destroy();
  const pool: Pool<Member> = new Pool(options.threads, open, close);
  const members = new Map<MysqlSession, Member>();

  const first = await pool.take();
  await pool.give(first, true);

  const owner: SessionOwner = {
    schema: target.schema,
    async aside(sql) {
      const connection = await openBare(target);
      try {
        await answered(target, connection, connection.query(sql));
      } finally {
        connection.destroy();
      }
    },
    async returned(_connection, session, usable) {
      const member = members.get(session);
      members.delete(session);
      if (member) await pool.give(member, usable);
    },
  };

  return {
    version: first.server.version,
    dialect: mysqlDialect,
    capabilities: { ...mysql.capabilities, foldsCase: first.server.foldsCase },
    async session() {
      const member = await pool.take();
      const session = new MysqlSession(member.connection, member.server, owner);
      members.set(session, member);
      return session;
    },
    async close() {
      const sessions = [...members.keys()];
      await Promise.all(sessions.filter((s) => s.busy).map((s) => s.cancel().catch(() => undefined)));
      await Promise.all(sessions.map((s) => s.destroy()));
      await pool.close();
    },
  };
}
