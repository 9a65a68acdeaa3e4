// Opens a DuckDB file (or memory) as a target describes it. In: settings. Out: one shared instance per path in this process, with
// extensions loaded and databases attached, or a `ConnectionFailure` that says what to do.
// https://duckdb.org/docs/stable/connect/concurrency
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { ConnectionFailure } from '../failures.ts';
import type { ConnectOptions, TargetSettings } from '../adapter.ts';
import { loadPackage } from '../../files/packages.ts';
import { plainMessage } from './errors.ts';
import { hasLog, replayIndexes } from './replay.ts';

/** An open instance: what sessions need to know of it. */
export interface OpenInstance {
  readonly instance: DuckDBInstance;
  /** Name of the catalog that relations get where nothing else is said. */
  readonly database: string;
  readonly version: string;
  /** Statements that each new connection runs first. */
  readonly prepare: readonly string[];
}

const MEMORY = ':memory:';

/** Settings that DuckDB takes only while it opens. */
const STARTUP = new Set(['access_mode', 'allow_unsigned_extensions', 'custom_user_agent', 'default_block_size', 'storage_compatibility_version', 'duckdb_api']);

/** Folders for relative paths, the project's first; a comma separates them, so a folder with one in its name stands alone. */
function searchPath({ root, cwd }: ConnectOptions): string {
  return cwd === undefined || cwd === root || root.includes(',') || cwd.includes(',') ? root : `${root},${cwd}`;
}

/** The path as the target says it. */
export function targetPath(settings: TargetSettings): string {
  const given = settings['path'];
  return typeof given === 'string' && given !== '' ? given : MEMORY;
}

/** The catalog name: `database`, else what DuckDB makes of the file name (`data/dev.duckdb` is `dev`). */
export function databaseName(settings: TargetSettings): string {
  const given = settings['database'];
  if (typeof given === 'string' && given !== '') return given;
  const file = targetPath(settings);
  if (isMemory(file)) return 'memory';
  const stem =
    file
      .replace(/^.*[\\/]/, '')
      .split('.')
      .find((part) => part !== '') ?? file;
  return ['main', 'temp', 'system'].includes(stem) ? `${stem}_db` : stem;
}

/** Opens the instance. Throws `ConnectionFailure`. */
export async function openInstance(settings: TargetSettings, options: ConnectOptions): Promise<OpenInstance> {
  options.signal?.throwIfAborted();
  const { DuckDBInstance } = loadPackage('@duckdb/node-api') as typeof import('@duckdb/node-api');
  const shown = targetPath(settings);
  const memory = isMemory(shown);
  const file = memory ? MEMORY : path.resolve(options.root, shown);
  const readOnly = !memory && (settings['read_only'] === true || options.readOnly === true);
  const database = databaseName(settings);
  const renamed = database !== databaseName({ ...settings, database: null });

  if (file.includes('\0')) throw new ConnectionFailure('The path has a character of the code 0.', 'Give `path` a file name, such as `dev.duckdb`.');
  if (!memory && file.includes('?'))
    throw new ConnectionFailure(
      `The path ${file} has a question mark, and DuckDB would write its log to another place.`,
      'Rename the folder, or give the target a `path` elsewhere.',
    );
  if (!memory && isDevice(file))
    throw new ConnectionFailure(`The path ${shown} is a pipe or a device, not a database file.`, 'Give `path` a file name, such as `dev.duckdb`.');
  if (!memory && !readOnly) makeFolder(file, shown);
  const config: Record<string, string> = { errors_as_json: 'true' };
  const later: [string, string][] = [];
  for (const [name, value] of Object.entries(asMap(settings['settings']))) {
    if (STARTUP.has(name.toLowerCase())) config[name.toLowerCase()] = String(value);
    else later.push([name, String(value)]);
  }
  if (readOnly && !renamed) config['access_mode'] = 'READ_ONLY';

  const replays = !memory && !readOnly && !renamed && hasLog(file);
  const instance = await cached(DuckDBInstance, !renamed ? file : memory ? MEMORY : MEMORY + file, config, { shown, signal: options.signal });
  let connection: DuckDBConnection | undefined;
  try {
    connection = await instance.connect();
    await applySettings(
      connection,
      later.filter(([name]) => /extension/.test(name)),
    );
    for (const name of asList(settings['extensions'])) await loadExtension(connection, String(name));
    await applySettings(
      connection,
      later.filter(([name]) => !/extension/.test(name)),
    );
    if (replays) await replayIndexes(connection, database);
    if (renamed) await attach(connection, file, shown, database, readOnly ? ['read_only'] : []);
    for (const entry of asList(settings['attach'])) await attachListed(connection, asMap(entry), options.root);
    const version = String((await (await connection.run('select version()')).getRows())[0]![0]);
    // Relative paths in SQL mean the project's files, from wherever dwt is called.
    const search = later.some(([name]) => name.toLowerCase() === 'file_search_path')
      ? []
      : [`set file_search_path = '${searchPath(options).replaceAll("'", "''")}'`];
    return { instance, database, version: `DuckDB ${version}`, prepare: [...search, ...(renamed ? [`use ${quoted(database)}`] : [])] };
  } catch (thrown) {
    connection?.closeSync();
    connection = undefined;
    instance.closeSync();
    throw thrown;
  } finally {
    connection?.closeSync();
  }
}

type Instances = (typeof import('@duckdb/node-api'))['DuckDBInstance'];

/** How long to wait for those of this process that read a file, before it is opened for writing. */
const READERS_MS = 10_000;

/**
 * The one instance of this process for a path: two of them on one file would overwrite each other's pages. It is open in one way at a time: who
 * wants to read joins one that writes, and who wants to write waits for those who read.
 */
async function cached(
  instances: Instances,
  key: string,
  config: Readonly<Record<string, string>>,
  o: { readonly shown: string; readonly signal: AbortSignal | undefined },
): Promise<DuckDBInstance> {
  const { access_mode: mode, ...writing } = config;
  const end = performance.now() + READERS_MS;
  for (let asked = config; ;) {
    try {
      return await instances.fromCache(key, { ...asked });
    } catch (thrown) {
      if (!/different configuration/i.test(plainMessage(thrown))) throw openFailure(thrown, o.shown);
      if (mode !== undefined && asked === config) asked = writing;
      else {
        if (performance.now() > end) throw openFailure(thrown, o.shown);
        await pause(10, undefined, { signal: o.signal });
        asked = config;
      }
    }
  }
}

/** Whether a path is neither a file nor a folder: opening a pipe would wait for ever. What cannot be looked at, DuckDB tells better. */
function isDevice(file: string): boolean {
  try {
    const there = statSync(file);
    return !there.isFile() && !there.isDirectory();
  } catch {
    return false;
  }
}

function isMemory(file: string): boolean {
  return file.startsWith(MEMORY);
}

function makeFolder(file: string, shown: string): void {
  const folder = path.dirname(file);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (thrown) {
    throw new ConnectionFailure(
      `The folder of the database file ${shown} cannot be created: ${whyNoFolder(thrown)}.`,
      'Check `path` in the target, and who may write there.',
    );
  }
}

function whyNoFolder(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'a file has the name of one of its folders';
  if (code === 'EACCES' || code === 'EPERM') return 'you may not write there';
  if (code === 'EROFS') return 'the disk can only be read';
  return thrown instanceof Error ? thrown.message : String(thrown);
}

async function applySettings(connection: DuckDBConnection, settings: readonly (readonly [string, string])[]): Promise<void> {
  for (const [name, value] of settings) {
    await attempt(connection, `set global ${quoted(name)} = ${text(value)}`, (message) => [
      `DuckDB does not accept the setting \`${name}: ${value}\`: ${message}`,
      'Settings and their values: https://duckdb.org/docs/stable/configuration/overview',
    ]);
  }
}

/** Loads, never installs: a build must not download code. */
async function loadExtension(connection: DuckDBConnection, name: string): Promise<void> {
  await attempt(connection, `load ${text(name)}`, (message) =>
    /not found|Install it first/i.test(message)
      ? [
          `The DuckDB extension '${name}' is not installed on this machine.`,
          `Install it once with DuckDB itself (\`INSTALL ${name}\`), or remove it from \`extensions\`.`,
        ]
      : [`The DuckDB extension '${name}' cannot be loaded: ${message}`, 'It has to be built for this version of DuckDB.'],
  );
}

async function attachListed(connection: DuckDBConnection, entry: Readonly<Record<string, unknown>>, root: string): Promise<void> {
  const shown = String(entry['path'] ?? '');
  if (shown === '') throw new ConnectionFailure('An entry of `attach` has no `path`.', 'Give it a path, and an `alias` to reach it by.');
  const [type, alias] = [entry['type'], entry['alias']];
  const isFile = !isMemory(shown) && !/^[a-z][a-z0-9+.-]+:/i.test(shown) && (type === undefined || /^(duckdb|sqlite)$/i.test(String(type)));
  const options = [
    ...(type !== undefined && !/^duckdb$/i.test(String(type)) ? [`type ${String(type).replace(/\W/g, '')}`] : []),
    ...(entry['read_only'] === true ? ['read_only'] : []),
  ];
  await attach(connection, isFile ? path.resolve(root, shown) : shown, shown, typeof alias === 'string' ? alias : databaseName({ path: shown }), options);
}

/** https://duckdb.org/docs/stable/sql/statements/attach */
async function attach(connection: DuckDBConnection, file: string, shown: string, alias: string, options: readonly string[]): Promise<void> {
  const replays = !options.includes('read_only') && hasLog(file);
  const sql = `attach if not exists ${text(file)} as ${quoted(alias)}${options.length > 0 ? ` (${options.join(', ')})` : ''}`;
  try {
    await connection.run(sql);
    if (replays) await replayIndexes(connection, alias);
  } catch (thrown) {
    throw openFailure(thrown, shown);
  }
}

async function attempt(connection: DuckDBConnection, sql: string, explain: (message: string) => [string, string]): Promise<void> {
  try {
    await connection.run(sql);
  } catch (thrown) {
    throw new ConnectionFailure(...explain(plainMessage(thrown)));
  }
}

/** What stops a file from being opened, for the person who has to do something about it. */
function openFailure(thrown: unknown, shown: string): ConnectionFailure {
  if (thrown instanceof ConnectionFailure) return thrown;
  const message = plainMessage(thrown);
  const holder = /Conflicting lock is held in (.+?) \(PID (\d+)\)/.exec(message);
  if (holder ?? /Could not set lock|being used by another process/i.test(message)) {
    const who = holder ? `${holder[1]} (process ${holder[2]})` : 'another program';
    return new ConnectionFailure(
      `The database file ${shown} is in use by ${who}.`,
      'Only one program at a time can write to a DuckDB file. Close it there (a DuckDB shell, a notebook, another run), then try again.',
      true,
    );
  }
  if (/not a valid DuckDB database/i.test(message))
    return new ConnectionFailure(
      `The file ${shown} is not a DuckDB database.`,
      'Point `path` at a DuckDB file, or at one that does not exist yet: it will be created.',
    );
  if (/database does not exist/i.test(message))
    return new ConnectionFailure(
      `The database file ${shown} does not exist, and the target only reads.`,
      'Build it first with a target that may write, or correct `path`.',
    );
  if (/Is a directory/i.test(message))
    return new ConnectionFailure(`The path ${shown} is a folder, not a database file.`, 'Give `path` a file name, such as `dev.duckdb`.');
  if (/different configuration/i.test(message))
    return new ConnectionFailure(
      `The database file ${shown} is already open in this process with other settings.`,
      'Use the same `settings` and `read_only` for each target of this file.',
    );
  return new ConnectionFailure(`The database ${shown} cannot be opened: ${message}`, 'Check `path`, `settings` and `attach` in the target.');
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
