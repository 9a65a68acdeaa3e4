// A temporary copy of a project, and what may be looked at behind the tool's back: the DuckDB file it built.
import { spawn } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** A copy of `folder`, without what describes the case; `remove` deletes it. */
export function copyProject(folder: string): { readonly root: string; remove(): void } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'dwt-case-')));
  cpSync(folder, root, { recursive: true, filter: (path) => !['expected', 'case.yml'].includes(basename(path)) || dirname(path) !== folder });
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** What a person does to files between two commands. */
export interface Edits {
  readonly write?: Readonly<Record<string, string>>;
  readonly append?: Readonly<Record<string, string>>;
  /** Bytes in hexadecimal, for what is not text. */
  readonly bytes?: Readonly<Record<string, string>>;
  readonly delete?: readonly string[];
}

export function edit(root: string, edits: Edits): void {
  const put = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  for (const [path, text] of Object.entries(edits.write ?? {})) put(path, text);
  for (const [path, text] of Object.entries(edits.append ?? {})) appendFileSync(join(root, path), text);
  for (const [path, hex] of Object.entries(edits.bytes ?? {})) put(path, Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
  for (const path of edits.delete ?? []) rmSync(join(root, path), { recursive: true });
}

/** DuckDB files of a project, wherever its targets put them. */
export function databases(root: string): string[] {
  const found: string[] = [];
  const look = (folder: string): void => {
    for (const e of readdirSync(folder, { withFileTypes: true }))
      if (e.isDirectory()) look(join(folder, e.name));
      else if (e.name.endsWith('.duckdb')) found.push(join(folder, e.name));
  };
  if (existsSync(root)) look(root);
  return found;
}

/** Answers of a DuckDB file to queries, each row an object as JSON has it. Opening the file shows as well that no process holds it. */
export async function ask(file: string, queries: readonly string[]): Promise<Record<string, unknown>[][]> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    const answers: Record<string, unknown>[][] = [];
    for (const query of queries) {
      const found = await connection.runAndReadAll(`select to_json(_row)::varchar from (${query}) _row`);
      answers.push(found.getRows().map(([json]) => JSON.parse(String(json)) as Record<string, unknown>));
    }
    return answers;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Names of objects that only a run in progress may have. */
export const LEFTOVERS = "select table_schema || '.' || table_name as name from information_schema.tables where regexp_matches(table_name, '__(dwt|dbt)_')";

const HOLDER = `
const { DuckDBInstance } = await import('@duckdb/node-api');
const instance = await DuckDBInstance.create(process.argv[1]);
const connection = await instance.connect();
await connection.run('create table if not exists held (i int)');
console.log('held');
// What is held is used in the end, so that it is not collected before.
process.stdin.on('end', () => { connection.closeSync(); instance.closeSync(); process.exit(0); }).resume();
`;

/** Another process that has a DuckDB file open for writing until `release`. */
export async function hold(file: string): Promise<{ readonly pid: number; release(): Promise<void> }> {
  mkdirSync(dirname(file), { recursive: true });
  const child = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise<void>((ready, failed) => {
    child.stdout.once('data', () => ready());
    child.once('exit', () => failed(new Error(`No process could open ${file}.`)));
  });
  const release = (): Promise<void> =>
    new Promise((ended) => {
      child.once('exit', () => ended());
      child.stdin.end();
    });
  return { pid: child.pid!, release };
}
