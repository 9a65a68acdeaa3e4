// The engines of the tests, all real: DuckDB in the process, PostgreSQL and MariaDB started once for a run of vitest (see
// global-setup.ts) or named by DWT_POSTGRES_URL and DWT_MYSQL_URL. Out: target settings, each test file with a database of its own.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type EngineName = 'duckdb' | 'postgres' | 'mysql';

/** Every engine, in the order of reports. */
export const ENGINES: readonly EngineName[] = ['duckdb', 'postgres', 'mysql'];

/** A place to work in: settings for a project.yml's target, and its URL where the engine has one. */
export interface FreshTarget {
  readonly target: Record<string, unknown>;
  readonly url?: string;
  /** Removes the database. */
  drop(): Promise<void>;
}

export type Engine =
  | {
      readonly available: true;
      readonly name: EngineName;
      readonly target: Record<string, unknown>;
      readonly url?: string;
      /** A new, empty database. */
      fresh(): Promise<FreshTarget>;
      /** Removes every database that `fresh` made. */
      stop(): Promise<void>;
    }
  | { readonly available: false; readonly name: EngineName; readonly reason: string };

/** Engines that must be there: `DWT_ENGINES=duckdb,postgres,mysql`. */
export function requiredEngines(): readonly string[] {
  return (process.env['DWT_ENGINES'] ?? '')
    .split(',')
    .map((s) => s.trim())
    .filter(Boolean);
}

/** An engine to test with. Where it is missing, an error if DWT_ENGINES names it, else the reason. */
export async function startEngine(name: EngineName): Promise<Engine> {
  const dropped: (() => Promise<void>)[] = [];
  const make = name === 'duckdb' ? freshDuckDb : name === 'postgres' ? freshPostgres : freshMysql;
  const found = name === 'duckdb' ? { url: '' } : await serverUrl(name);
  if ('reason' in found) {
    if (requiredEngines().includes(name)) throw new Error(`DWT_ENGINES asks for ${name}. ${found.reason}`);
    return { available: false, name, reason: found.reason };
  }
  const fresh = async (): Promise<FreshTarget> => {
    const made = await make(found.url);
    dropped.push(made.drop);
    return made;
  };
  const first = await fresh();
  return {
    available: true,
    name,
    target: first.target,
    ...(first.url === undefined ? {} : { url: first.url }),
    fresh,
    stop: async () => void (await Promise.allSettled(dropped.splice(0).map((drop) => drop()))),
  };
}

/** A new, empty database on a server of the test's own. */
export function freshOn(name: 'postgres' | 'mysql', server: string): Promise<FreshTarget> {
  return name === 'postgres' ? freshPostgres(server) : freshMysql(server);
}

/** The server that the environment names (vitest's global setup sees to that), else one started for this process alone. */
async function serverUrl(name: 'postgres' | 'mysql'): Promise<{ url: string } | { reason: string }> {
  const variable = name === 'postgres' ? 'DWT_POSTGRES_URL' : 'DWT_MYSQL_URL';
  const [url, missing] = [process.env[variable], process.env[`DWT_${name.toUpperCase()}_MISSING`]];
  if (url) return { url };
  if (missing) return { reason: missing };
  const { EngineMissing, startMariaDb, startPostgres } = await import('./engines-servers.ts');
  try {
    const server = await (name === 'postgres' ? startPostgres() : startMariaDb());
    process.env[variable] = server.url;
    return { url: server.url };
  } catch (e) {
    if (e instanceof EngineMissing) return { reason: e.message };
    throw e;
  }
}

const uniqueName = (): string => `dwt_test_${randomBytes(6).toString('hex')}`;

async function freshDuckDb(): Promise<FreshTarget> {
  const folder = mkdtempSync(join(tmpdir(), 'dwt-duckdb-'));
  return { target: { type: 'duckdb', path: join(folder, 'warehouse.duckdb') }, drop: async () => rmSync(folder, { recursive: true, force: true }) };
}

async function freshPostgres(server: string): Promise<FreshTarget> {
  const { default: pg } = await import('pg');
  const name = uniqueName();
  const admin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await admin(`create database "${name}"`);
  const url = withDatabase(server, name);
  return { target: { type: 'postgres', url, schema: 'public' }, url, drop: () => admin(`drop database if exists "${name}" with (force)`) };
}

async function freshMysql(server: string): Promise<FreshTarget> {
  const { createConnection } = await import('mysql2/promise');
  const name = uniqueName();
  const admin = async (sql: string): Promise<void> => {
    const connection = await createConnection(server);
    try {
      await connection.query(sql);
    } finally {
      connection.destroy();
    }
  };
  await admin(`create database \`${name}\``);
  const url = withDatabase(server, name);
  return { target: { type: 'mysql', url }, url, drop: () => dropAll(server, name) };
}

/** A project's other schemas are databases too, with its name in front. */
async function dropAll(server: string, name: string): Promise<void> {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection(server);
  try {
    const [rows] = await connection.query('select schema_name as name from information_schema.schemata');
    for (const row of rows as { name: string }[])
      if (row.name === name || row.name.startsWith(`${name}_`)) await connection.query(`drop database \`${row.name}\``);
  } finally {
    connection.destroy();
  }
}

function withDatabase(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
