// Opens connections to a MySQL or MariaDB server. In: a target's settings. Out: connections whose session is strict, in UTC,
// utf8mb4 compared byte by byte, and has run the target's own statements. https://sidorares.github.io/node-mysql2/docs
import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { Connection, ConnectionOptions } from 'mysql2/promise';
import type { SettingMistake, SettingShape, TargetSettings } from '../adapter.ts';
import { ConnectionFailure } from '../failures.ts';
import { inTime, unlessAborted } from '../server/deadline.ts';
import { listenerAt, noAnswer, unlessForeign } from '../server/listener.ts';
import type { Place } from '../server/place.ts';
import {
  type AddressKind,
  KEEPALIVES_IDLE,
  MOST_KEEPALIVE,
  MOST_MILLISECONDS,
  MOST_RETRIES,
  MOST_SECONDS,
  readTarget,
  readUrl,
  SSL_MODES,
  tlsOptional,
  tlsOptions,
} from '../server/target.ts';
import { asDriverError, connectionFailure, isPuzzling, placeName } from './errors.ts';
import { MARIADB_COLLATION, MYSQL_COLLATION } from './types.ts';

/** Settings of a target of type `mysql`. A schema and a database are one thing on these servers. */
export const mysqlSettings: Readonly<Record<string, SettingShape>> = {
  url: {
    type: 'string',
    secret: true,
    description: 'mysql://user:password@host:port/database, in place of the parts; a part written beside it wins. The database in it must exist.',
  },
  host: { type: 'string', aliases: ['server'], description: 'Name or address of the server; `localhost` by default.' },
  port: { type: 'integer', least: 1, most: 65_535, description: '3306 by default.' },
  socket: { type: 'string', description: "File of the server's Unix socket, in place of `host`." },
  user: { type: 'string', aliases: ['username'], description: 'Name to log in with.' },
  password: { type: 'string', secret: true, aliases: ['pass'], description: 'Password.' },
  schema: {
    type: 'string',
    aliases: ['database', 'dbname'],
    description: 'Schema (the server says database) to build in; the one of `url` by default. A run creates it where it does not exist.',
  },
  threads: { type: 'integer', least: 1, description: 'Statements at once; 4 by default.' },
  sslmode: { type: 'string', oneOf: SSL_MODES, description: 'disable, allow, prefer (default), require, verify-ca or verify-full.' },
  sslrootcert: { type: 'string', description: "File of the authority's certificate." },
  sslcert: { type: 'string', description: "File of the client's certificate." },
  sslkey: { type: 'string', description: "File of the client's key." },
  connect_timeout: { type: 'integer', least: 1, most: MOST_SECONDS, unit: 'seconds', description: 'Seconds to wait for a connection; 10 by default.' },
  statement_timeout: {
    type: 'integer',
    most: MOST_MILLISECONDS,
    unit: 'milliseconds',
    description: 'Milliseconds a statement may take (MySQL: a SELECT); no limit by default.',
  },
  role: { type: 'string', description: 'Role to set after the login.' },
  keepalives_idle: {
    type: 'integer',
    most: MOST_KEEPALIVE,
    unit: 'seconds',
    description: 'Seconds without traffic before TCP asks whether the server is there, 60 by default; 0 leaves it to the system.',
  },
  retries: { type: 'integer', most: MOST_RETRIES, description: 'Further attempts to connect, with growing pauses; 1 by default.' },
  local_infile: {
    type: 'boolean',
    description: 'false fills seeds by INSERT even where the server allows LOAD DATA LOCAL, e.g. behind a proxy that does not.',
  },
  session: { type: 'list', description: 'Statements to run at the start of each session.' },
};

/** The addresses that name such a server. */
export const mysqlAddress: AddressKind = { schemes: ['mysql', 'mariadb'], shapes: mysqlSettings };

/** A target as read. */
export interface MysqlTarget {
  readonly options: ConnectionOptions;
  readonly place: Place;
  /** The schema to build in. */
  readonly schema: string;
  /** A database that `url` names must exist; one that is only a `schema` may be created later. */
  readonly mustExist: boolean;
  readonly statementTimeout: number | undefined;
  readonly role: string | undefined;
  readonly localInfile: boolean;
  readonly session: readonly string[];
  readonly retries: number;
  /** A server without TLS will do; remembered once it turned out to have none. */
  readonly tls: { optional: boolean; refused: boolean };
}

/** What the server told of itself. */
export interface ServerFacts {
  readonly version: string;
  readonly isMariaDb: boolean;
  readonly localInfile: boolean;
  /** Has the optimizer's `derived_condition_pushdown` (MySQL 8.0.22). */
  readonly movesConditions: boolean;
  /** Names of tables are stored or compared in small letters. */
  readonly foldsCase: boolean;
}

/** What is wrong with a target beyond the kinds of its values. https://dev.mysql.com/doc/refman/8.0/en/identifiers.html */
export function settingMistakes(settings: TargetSettings): readonly SettingMistake[] {
  const { parts, mistakes } = readUrl(mysqlAddress, settings['url']);
  const [setting, schema] = typeof settings['schema'] === 'string' ? ['schema', settings['schema']] : ['url', parts['database'] ?? ''];
  if (!/\s$/.test(schema)) return mistakes;
  const message = `The target's schema '${schema}' ends in a blank, which these servers take in no name.`;
  return [...mistakes, { setting, kind: 'bad-config', message, help: 'Take the blank out.' }];
}

/** The schema a target builds in, without a connection. */
export function targetSchema(settings: TargetSettings): string | undefined {
  return readTarget(mysqlAddress, settings).text('schema');
}

/** Reads and checks settings; throws `ConnectionFailure` where one is missing or wrong. */
export function readMysqlTarget(settings: TargetSettings, root: string, readOnly = false): MysqlTarget {
  const read = readTarget(mysqlAddress, settings);
  const user = read.text('user');
  if (user === undefined)
    throw new ConnectionFailure('The target has no `user`.', 'Write `user:` and `password:`, or `url: mysql://user:password@host/database`.');
  const urlDatabase = readUrl(mysqlAddress, settings['url']).parts['database'];
  const schema = read.text('schema');
  if (schema === undefined) throw new ConnectionFailure('The target has no `schema`.', 'Write `schema:`, or name the database at the end of `url`.');
  const named = read.text('socket');
  const socket = named === undefined ? undefined : resolve(root, named);
  const place = { host: socket ?? read.text('host') ?? 'localhost', port: read.integer('port') ?? 3306, user, database: urlDatabase ?? schema };
  const tls = socket === undefined ? tlsOptions(read, root) : false;
  // The driver holds the certificate against the name `localhost` where the host is an address.
  if (tls !== false && tls.checkServerIdentity === undefined && isIP(place.host) !== 0)
    throw new ConnectionFailure(
      `\`sslmode: verify-full\` compares the name of the server with its certificate, and \`host\` is an address: ${place.host}.`,
      'Write the name that is in the certificate as `host`, or `sslmode: verify-ca`.',
    );
  const idle = read.integer('keepalives_idle') ?? KEEPALIVES_IDLE;
  return {
    place,
    schema,
    mustExist: urlDatabase !== undefined,
    statementTimeout: read.integer('statement_timeout'),
    role: read.text('role'),
    localInfile: read.boolean('local_infile') ?? true,
    session: [...(readOnly ? ['set session transaction read only'] : []), ...read.list('session')],
    retries: read.integer('retries') ?? 1,
    tls: { optional: tlsOptional(read), refused: false },
    options: {
      ...(socket === undefined ? { host: place.host, port: place.port } : { socketPath: socket }),
      user,
      password: read.text('password') ?? '',
      database: place.database,
      charset: 'UTF8MB4_BIN',
      connectTimeout: (read.integer('connect_timeout') ?? 10) * 1000,
      enableKeepAlive: true,
      ...(idle > 0 ? { keepAliveInitialDelay: idle * 1000 } : {}),
      multipleStatements: true,
      rowsAsArray: true,
      // Bytes as they come: `values.ts` makes exact cells of them.
      typeCast: false,
      ...(tls === false
        ? {}
        : {
            ssl: {
              rejectUnauthorized: tls.rejectUnauthorized,
              verifyIdentity: tls.checkServerIdentity === undefined,
              ...(tls.ca ? { ca: tls.ca } : {}),
              ...(tls.cert ? { cert: tls.cert } : {}),
              ...(tls.key ? { key: tls.key } : {}),
            },
          }),
    },
  };
}

/** A connection as the driver gives it, without any set-up; throws `ConnectionFailure`. Where the schema does not exist yet it stands in none. */
export async function openBare(target: MysqlTarget, signal?: AbortSignal, withDatabase = true): Promise<Connection> {
  const { place } = target;
  const { database, ssl, ...rest } = target.options;
  const options: ConnectionOptions = {
    ...rest,
    ...(withDatabase && database !== undefined ? { database } : {}),
    ...(ssl === undefined || target.tls.refused ? {} : { ssl }),
  };
  try {
    return await attempt(options, place, signal);
  } catch (e) {
    const { code, errno } = asDriverError(e);
    if (code === 'HANDSHAKE_NO_SSL_SUPPORT' && target.tls.optional && !target.tls.refused) {
      target.tls.refused = true;
      return openBare(target, signal, withDatabase);
    }
    if (errno === 1049 && withDatabase && !target.mustExist) return openBare(target, signal, false);
    throw connectionFailure(e, place, await listenerAt(place, e, isPuzzling));
  }
}

async function attempt(options: ConnectionOptions, place: Place, signal: AbortSignal | undefined): Promise<Connection> {
  const { createConnection } = createRequire(import.meta.url)('mysql2') as typeof import('mysql2');
  const connection = createConnection(options);
  const connected = new Promise<void>((resolve, reject) => {
    connection.once('connect', () => resolve());
    // One lost while idle is noticed by the next statement; without a listener it would end the process.
    connection.on('error', reject);
  });
  try {
    const slow = place.host.startsWith('/') ? connected : unlessForeign(connected, place, 'mysql', () => undefined);
    await unlessAborted(slow, signal, () => undefined);
    return connection.promise();
  } catch (e) {
    connection.destroy();
    throw e;
  }
}

/** A connection set up for work, and what its server is. */
export async function openConnection(target: MysqlTarget, signal?: AbortSignal): Promise<{ connection: Connection; server: ServerFacts }> {
  const connection = await openBare(target, signal);
  const query = (sql: string): Promise<unknown> => answered(target, connection, connection.query(sql));
  try {
    const server = await answered(target, connection, readServer(connection, target.localInfile));
    for (const sql of startupStatements(target, server)) await query(sql);
    if (target.role !== undefined) await answered(target, connection, setRole(connection, target.role, target.place.user));
    if (target.schema !== target.place.database)
      await query(`use \`${target.schema.replaceAll('`', '``')}\``).catch((e: unknown) => {
        // One that does not exist yet.
        if (e instanceof ConnectionFailure) throw e;
      });
    for (const sql of target.session) await query(sql);
    return { connection, server };
  } catch (e) {
    connection.destroy();
    if (e instanceof ConnectionFailure) throw e;
    throw new ConnectionFailure(
      `The session could not be set up: ${asDriverError(e).message}.`,
      'Check `role`, `statement_timeout` and `session` of the target.',
    );
  }
}

/** What a new connection answers within `connect_timeout`; else it is ended. */
export async function answered<T>({ options, place }: MysqlTarget, connection: Connection, work: Promise<T>): Promise<T> {
  return await inTime(
    work,
    options.connectTimeout!,
    () => connection.destroy(),
    () => noAnswer(placeName(place), { kind: 'mysql' }, 'mysql'),
  );
}

/** The servers say the same of a role that does not exist and of one that was not granted. */
async function setRole(connection: Connection, role: string, user: string): Promise<void> {
  const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  try {
    await connection.query(`set role ${literal(role)}`);
  } catch (e) {
    const [rows] = await connection.query('select current_user()');
    const account = String((rows as unknown as [[Buffer]])[0][0]);
    const at = account.lastIndexOf('@');
    throw new ConnectionFailure(
      `\`${user}\` may not act as role \`${role}\`: ${asDriverError(e).message}.`,
      `Check the target's \`role\`. Ask for: grant ${literal(role)} to ${literal(account.slice(0, at))}@${literal(account.slice(at + 1))};`,
    );
  }
}

/** Without these, MariaDB compares every row with every row where no index helps. https://mariadb.com/kb/en/block-based-join-algorithms/ */
const HASH_JOINS =
  "set session join_cache_level = 8, join_buffer_size = 33554432, join_buffer_space_limit = 268435456, optimizer_switch = 'optimize_join_buffer_size=off'";

/** MySQL moves conditions into unions by their text, where `cast(… as char)` loses its collation: 'b' would equal 'B' (9.7). */
const CONDITIONS_STAY = "set session optimizer_switch = 'derived_condition_pushdown=off'";

async function readServer(connection: Connection, mayLoad: boolean): Promise<ServerFacts> {
  const [rows] = await connection.query('select version(), @@local_infile, @@optimizer_switch, @@lower_case_table_names');
  const [version, infile, switches, lowered] = (rows as unknown as [[Buffer, Buffer, Buffer, unknown]])[0].map(String) as [string, string, string, string];
  const number = /^\d+\.\d+\.\d+/.exec(version.replace(/^5\.5\.5-/, ''))?.[0] ?? version;
  const isMariaDb = /mariadb/i.test(version);
  const [major = 0, minor = 0] = number.split('.').map(Number);
  if (isMariaDb ? major < 10 || (major === 10 && minor < 6) : major < 8) {
    throw new ConnectionFailure(
      `The server is ${isMariaDb ? 'MariaDB' : 'MySQL'} ${number}, which is too old.`,
      'dwt needs MySQL 8.0.17 or MariaDB 10.6, or later.',
    );
  }
  return {
    version: `${isMariaDb ? 'MariaDB' : 'MySQL'} ${number}`,
    isMariaDb,
    localInfile: mayLoad && infile === '1',
    movesConditions: switches.includes('derived_condition_pushdown='),
    foldsCase: lowered !== '0',
  };
}

/**
 * What makes rows the same as on other engines: errors in place of adjusted values, `||` that joins text, a backslash that is
 * itself, text compared byte by byte without padding, no clock but UTC.
 * https://dev.mysql.com/doc/refman/8.0/en/sql-mode.html, https://mariadb.com/kb/en/sql-mode/
 */
function startupStatements(target: MysqlTarget, server: ServerFacts): readonly string[] {
  const collation = server.isMariaDb ? MARIADB_COLLATION : MYSQL_COLLATION;
  const modes = 'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT';
  const timeout = target.statementTimeout;
  return [
    `set names utf8mb4 collate ${collation}`,
    `set session sql_mode = '${modes}', time_zone = '+00:00', default_storage_engine = InnoDB, group_concat_max_len = 1073741824, character_set_server = utf8mb4, collation_server = ${collation}`,
    ...(server.isMariaDb ? [HASH_JOINS] : server.movesConditions ? [CONDITIONS_STAY] : []),
    ...(timeout === undefined ? [] : [server.isMariaDb ? `set session max_statement_time = ${timeout / 1000}` : `set session max_execution_time = ${timeout}`]),
  ];
}
