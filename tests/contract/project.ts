// The ground of the project-level contract: small projects in a folder of their own, built by the true command line on each
// engine, each in a database of its own, and read back by `dwt show`. An engine that is missing is skipped by name.
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Adapter, Capabilities, Dialect, Session, Warehouse } from '../../src/adapters/adapter.ts';
import { duckdb } from '../../src/adapters/duckdb/index.ts';
import { mysql } from '../../src/adapters/mysql/index.ts';
import { postgres } from '../../src/adapters/postgres/index.ts';
import { ENGINES, startEngine, type EngineName, type FreshTarget } from '../support/engines.ts';

const BIN = resolve('bin/dwt.js');
export const ADAPTERS: Readonly<Record<EngineName, Adapter>> = { duckdb, postgres, mysql };

/** What a command did. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A row as `dwt show --output json` prints it. */
export type Row = Readonly<Record<string, unknown>>;

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly done: Promise<Ran>;
}

/** A project on one engine. */
export interface Project {
  readonly engine: EngineName;
  readonly can: Capabilities;
  readonly dialect: Dialect;
  readonly root: string;
  readonly target: FreshTarget;
  /** Where models are built, as the engine names it. */
  readonly database: string | null;
  readonly schema: string;
  /** Writes files of the project; null removes one. */
  write(files: Readonly<Record<string, string | null>>): void;
  start(...args: readonly string[]): Running;
  /** Runs a command to its end. */
  dwt(...args: readonly string[]): Promise<Ran>;
  /** Runs a command that must exit with 0. */
  good(...args: readonly string[]): Promise<Ran>;
  /** Runs a command that must exit with 1. */
  bad(...args: readonly string[]): Promise<Ran>;
  /** Rows of queries (templates) by name, all in one command; in a settled order, midnight as a day, booleans as 1 and 0. */
  read<Name extends string>(queries: Readonly<Record<Name, string>>): Promise<Record<Name, readonly Row[]>>;
  /** Rows of one query. */
  rows(query: string): Promise<readonly Row[]>;
  /** Names of all tables and views in the project's schema. */
  relations(): Promise<readonly string[]>;
  /** Works on the warehouse beside dwt. */
  beside<T>(work: (session: Session, warehouse: Warehouse) => Promise<T>): Promise<T>;
}

/** Runs `tests` for each engine, with a project made of `files`; `config` is put into its project.yml. */
export function onEveryProject(title: string, files: Readonly<Record<string, string>>, tests: (p: Project) => void, config = ''): void {
  for (const engine of ENGINES) {
    describe(`${title} on ${engine}`, async () => {
      const started = await startEngine(engine);
      if (!started.available) {
        describe.skip(`is skipped. ${started.reason}`, () => tests({ engine } as Project));
        return;
      }
      const project = { engine, can: ADAPTERS[engine].capabilities, dialect: ADAPTERS[engine].dialect } as { -readonly [K in keyof Project]: Project[K] };
      beforeAll(async () => Object.assign(project, makeProject(engine, await started.fresh(), files, config)));
      afterAll(async () => {
        rmSync(project.root, { recursive: true, force: true });
        await started.stop();
      });
      tests(project);
    });
  }
}

/** A project in a new folder, built on `target`; `remove` deletes the folder. */
export function projectOn(engine: EngineName, target: FreshTarget, files: Readonly<Record<string, string>>): Project & { remove(): void } {
  const project = { engine, can: ADAPTERS[engine].capabilities, dialect: ADAPTERS[engine].dialect, ...makeProject(engine, target, files, '') };
  return { ...project, remove: () => rmSync(project.root, { recursive: true, force: true }) };
}

function makeProject(
  engine: EngineName,
  target: FreshTarget,
  files: Readonly<Record<string, string>>,
  config: string,
): Omit<Project, 'engine' | 'can' | 'dialect'> {
  const root = mkdtempSync(join(tmpdir(), `dwt-${engine}-`));
  const adapter = ADAPTERS[engine];
  const defaults = adapter.defaults(target.target);
  const write: Project['write'] = (given) => {
    for (const [name, text] of Object.entries(given)) {
      const path = join(root, name);
      mkdirSync(dirname(path), { recursive: true });
      if (text === null) rmSync(path, { force: true });
      else writeFileSync(path, text);
    }
  };
  write({ 'project.yml': `name: shop\ntarget: dev\ntargets:\n  dev: ${JSON.stringify(target.target)}\n${config}`, ...files });
  const start: Project['start'] = (...args) => {
    const child = spawn(process.execPath, [BIN, ...args, '--no-color', '--project-dir', root], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (b: Buffer) => out.push(b));
    child.stderr.on('data', (b: Buffer) => err.push(b));
    const done = new Promise<Ran>((settle) => {
      child.once('close', (code) => settle({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }));
    });
    return { child, done };
  };
  const dwt: Project['dwt'] = (...args) => start(...args).done;
  const exits =
    (code: number) =>
    async (...args: readonly string[]): Promise<Ran> => {
      const ran = await dwt(...args);
      expect(ran.code, `dwt ${args.join(' ')}\n${ran.stdout}\n${ran.stderr}`).toBe(code);
      return ran;
    };
  const beside: Project['beside'] = async (work) => {
    const warehouse = await adapter.connect(target.target, { root, threads: 2 });
    try {
      return await work(await warehouse.session(), warehouse);
    } finally {
      await warehouse.close();
    }
  };
  return {
    root,
    target,
    database: defaults.database,
    schema: defaults.schema,
    write,
    start,
    dwt,
    good: exits(0),
    bad: exits(1),
    beside,
    // Analyses, so that one start of the program reads them all.
    async read(queries) {
      const entries = Object.entries<string>(queries);
      const files = entries.map(([name, query], i) => [`analyses/check_${i}.sql`, `select '${name}' as check_name, q.* from (\n${query}\n) q`] as const);
      write(Object.fromEntries(files));
      const { stdout } = await exits(0)('show', '--select', 'path:analyses', '--output', 'json', '--limit', '-1', '--quiet');
      write(Object.fromEntries(files.map(([name]) => [name, null])));
      const shown = JSON.parse(stdout) as Row[] | Record<string, Row[]>;
      const all = Array.isArray(shown) ? shown : Object.values(shown).flat();
      const found = entries.map(
        ([name]) =>
          [
            name,
            inOrder(all.filter((row) => row['check_name'] === name).map((row) => Object.fromEntries(Object.entries(row).filter(([k]) => k !== 'check_name')))),
          ] as const,
      );
      return Object.fromEntries(found) as Record<keyof typeof queries, readonly Row[]>;
    },
    async rows(query) {
      const { stdout } = await exits(0)('show', '--inline', query, '--output', 'json', '--limit', '-1', '--quiet');
      return inOrder(JSON.parse(stdout) as Row[]);
    },
    relations: () =>
      beside(async (session) => (await session.relations([{ database: defaults.database, schema: defaults.schema }])).map((r) => r.identifier).toSorted()),
  };
}

function inOrder(rows: readonly Row[]): readonly Row[] {
  const plain = rows.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, settled(v)])));
  return plain
    .map((row) => [JSON.stringify(row), row] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, row]) => row);
}

/** A moment without a fraction of nothing; a day where it is midnight. */
function settled(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' ? value.replace(/^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)\.0+$/, '$1').replace(/^(\d{4}-\d\d-\d\d)[ T]00:00:00$/, '$1') : value;
}

/** Copies the demo warehouse of this repository, without its tests in TypeScript and their projects. Returns the folder. */
export function copyDemo(to: string): string {
  const dataTests = ['tests/generic', ...readdirSync('tests').flatMap((f) => (f.endsWith('.sql') ? [`tests/${f}`] : []))];
  for (const part of ['project.yml', 'models', 'seeds', 'snapshots', 'macros', ...dataTests]) cpSync(part, join(to, part), { recursive: true });
  return to;
}
