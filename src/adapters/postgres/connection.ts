// Opens connections to a PostgreSQL server. In: a target's settings. Out: clients whose session speaks UTC and ISO dates and
// has run the target's own statements. https://node-postgres.com/apis/client
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, ClientConfig } from 'pg';
import type { SettingShape, TargetSettings } from '../adapter.ts';
import { ConnectionFailure } from '../failures.ts';
import { asDriverError, connectionFailure, isPuzzling, placeName } from './errors.ts';
import { INSUFFICIENT_PRIVILEGE } from './privileges.ts';
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
  SSL_MODES,
  tlsOptional,
  tlsOptions,
  type TargetReader,
} from '../server/target.ts';

/** Settings of a target of type `postgres`. */
export const postgresSettings: Readonly<Record<string, SettingShape>> = {
  url: {
    type: 'string',
    secret: true,
    description: 'postgres://user:password@host:port/database?sslmode=…, in place of the parts; a part written beside it wins.',
  },
  host: { type: 'string', description: 'Name or address of the server; `localhost` by default.' },
  port: { type: 'integer', least: 1, most: 65_535, description: '5432 by default.' },
  socket: { type: 'string', description: "Folder of the server's Unix socket, in place of `host`." },
  user: { type: 'string', aliases: ['username'], description: 'Name to log in with.' },
  password: { type: 'string', secret: true, aliases: ['pass'], description: 'Password; without it ~/.pgpass counts.' },
  database: { type: 'string', aliases: ['dbname'], description: "Database; the user's name by default." },
  schema: { type: 'string', description: 'Schema to build in; `public` by default.' },
  threads: { type: 'integer', least: 1, description: 'Statements at once; 4 by default.' },
  sslmode: { type: 'string', oneOf: SSL_MODES, description: 'disable, allow, prefer (default), require, verify-ca or verify-full.' },
  sslrootcert: { type: 'string', description: "File of the authority's certificate." },
  sslcert: { type: 'string', description: "File of the client's certificate." },
  sslkey: { type: 'string', description: "File of the client's key." },
  connect_timeout: { type: 'integer', least: 1, most: MOST_SECONDS, unit: 'seconds', description: 'Seconds to wait for a connection; 10 by default.' },
  statement_timeout: { type: 'integer', most: MOST_MILLISECONDS, unit: 'milliseconds', description: 'Milliseconds a statement may take; no limit by default.' },
  search_path: { type: 'string', description: 'Schemas in which unqualified names are looked up.' },
  role: { type: 'string', description: 'Role to act as after the login.' },
  keepalives_idle: {
    type: 'integer',
    most: MOST_KEEPALIVE,
    unit: 'seconds',
    description: 'Seconds without traffic before TCP asks whether the server is there, 60 by default; 0 leaves it to the system.',
  },
  retries: { type: 'integer', most: MOST_RETRIES, description: 'Further attempts to connect, with growing pauses; 1 by default.' },
  session: { type: 'list', description: 'Statements to run at the start of each session.' },
};

/** The addresses that name such a server. */
export const postgresAddress: AddressKind = { schemes: ['postgres', 'postgresql'], shapes: postgresSettings };

/** A target as read: what the driver gets, what a session starts with, and what messages may say. */
export interface PostgresTarget {
  readonly config: ClientConfig;
  readonly place: Place;
  readonly startup: readonly string[];
  readonly role: string | undefined;
  readonly retries: number;
  /** A server without TLS will do (`sslmode: prefer`). */
  readonly tlsOptional: boolean;
}

/** Reads and checks settings; throws `ConnectionFailure` where one is missing or wrong. `root` is where certificate paths start. */
export function readPostgresTarget(settings: TargetSettings, root: string, readOnly = false): PostgresTarget {
  const read = readTarget(postgresAddress, settings);
  const user = read.text('user');
  if (user === undefined)
    throw new ConnectionFailure('The target has no `user`.', 'Write `user:` and `password:`, or `url: postgres://user:password@host/database`.');
  const socket = read.text('socket');
  const host = socket === undefined ? (read.text('host') ?? 'localhost') : resolve(root, socket);
  const place = { host, port: read.integer('port') ?? 5432, user, database: read.text('database') ?? user };
  const password = read.text('password');
  const idle = read.integer('keepalives_idle') ?? KEEPALIVES_IDLE;
  return {
    place,
    config: {
      ...place,
      ...(password === undefined ? {} : { password }),
      ssl: host.startsWith('/') ? false : tlsOptions(read, root),
      connectionTimeoutMillis: (read.integer('connect_timeout') ?? 10) * 1000,
      keepAlive: true,
      ...(idle > 0 ? { keepAliveInitialDelayMillis: idle * 1000 } : {}),
      application_name: 'dwt',
    },
    startup: [...startupStatements(read), ...(readOnly ? ['set default_transaction_read_only to on'] : [])],
    role: read.text('role'),
    retries: read.integer('retries') ?? 1,
    tlsOptional: tlsOptional(read),
  };
}

/** Values come back exact only under these: https://www.postgresql.org/docs/current/runtime-config-client.html */
function startupStatements(read: TargetReader): readonly string[] {
  const [timeout, path, role] = [read.integer('statement_timeout'), read.text('search_path'), read.text('role')];
  return [
    "set timezone to 'UTC'; set datestyle to 'ISO'; set bytea_output to 'hex'; set client_min_messages to 'warning'",
    ...(timeout === undefined ? [] : [`set statement_timeout to ${timeout}`]),
    ...(role === undefined ? [] : [`set role ${quoted(role)}`]),
    ...(path === undefined
      ? []
      : [
          `set search_path to ${path
            .split(',')
            .map((s) => `"${s.trim().replace(/^"|"$/g, '').replaceAll('"', '""')}"`)
            .join(', ')}`,
        ]),
    ...read.list('session'),
  ];
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A client, connected and set up; throws `ConnectionFailure`. */
export async function openClient(target: PostgresTarget, signal?: AbortSignal): Promise<Client> {
  const { config, place } = target;
  let client: Client;
  try {
    client = await attempt(config, place, signal).catch((e: Error) => {
      if (config.ssl && target.tlsOptional && /does not support SSL/i.test(e.message)) return attempt({ ...config, ssl: false }, place, signal);
      throw e;
    });
  } catch (e) {
    throw connectionFailure(e, place, await listenerAt(place, e, isPuzzling));
  }
  for (const sql of target.startup) {
    try {
      await answered(target, client, client.query(sql));
    } catch (e) {
      if (e instanceof ConnectionFailure) throw e;
      await endClient(client);
      const { code, message } = asDriverError(e);
      const role = target.role;
      if (role !== undefined && sql.startsWith('set role'))
        throw code === INSUFFICIENT_PRIVILEGE
          ? new ConnectionFailure(`\`${place.user}\` may not act as role \`${role}\`: ${message}.`, `Ask for: grant ${quoted(role)} to ${quoted(place.user)};`)
          : new ConnectionFailure(`There is no role \`${role}\`: ${message}.`, "Check the target's `role`.");
      throw new ConnectionFailure(
        `The session could not be set up: ${message}.`,
        'Check `role`, `search_path`, `statement_timeout` and `session` of the target.',
      );
    }
  }
  return client;
}

/** A client, connected. */
async function attempt(config: ClientConfig, place: Place, signal: AbortSignal | undefined): Promise<Client> {
  const pg = createRequire(import.meta.url)('pg') as typeof import('pg');
  const client = new pg.Client(config);
  // A connection lost while idle is noticed by the next statement; without a listener it would end the process.
  client.on('error', () => undefined);
  const connected = client.connect();
  try {
    const drop = (): void => streamOf(client).destroy();
    await unlessAborted(place.host.startsWith('/') ? connected : unlessForeign(connected, place, 'postgres', drop), signal, drop);
    return client;
  } catch (e) {
    streamOf(client).destroy();
    throw e;
  }
}

/** What a new connection answers within `connect_timeout`; else it is ended. */
export async function answered<T>({ config, place }: PostgresTarget, client: Client, work: Promise<T>): Promise<T> {
  return await inTime(
    work,
    config.connectionTimeoutMillis!,
    () => streamOf(client).destroy(),
    () => noAnswer(placeName(place), { kind: 'postgres' }, 'postgres'),
  );
}

/** How long a server may take to say goodbye. */
const GOODBYE_MS = 1000;

/** Ends a connection; a server that does not answer any more is not waited for. */
export async function endClient(client: Client): Promise<void> {
  const ended = client.end().catch(() => undefined);
  await Promise.race([ended, pause(GOODBYE_MS, undefined, { ref: false })]);
  streamOf(client).destroy();
}

/** The socket under a client. */
export function streamOf(client: Client): { destroy(): void } {
  return (client as Client & { readonly connection: { readonly stream: { destroy(): void } } }).connection.stream;
}
