// `dwt generate` that is stopped: by Ctrl-C it ends at once and leaves nothing; what a kill leaves, the next run clears away.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dwt } from './support/cli.ts';

const PROGRAM = resolve(process.env['DWT_CLI'] ?? 'bin/dwt.js');
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dwt-stopped-'));
  mkdirSync(join(root, 'seeds'));
  writeFileSync(join(root, 'project.yml'), 'name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: w.duckdb}\n');
  writeFileSync(join(root, 'seeds/few.csv'), 'mine\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A table of few rows, and one that is not done within the life of a test. */
function declare(rows: number): void {
  const many = `{rows: ${rows}, columns: {id: {sequence: '{}'}, n: {int: [1, 1000]}}}`;
  writeFileSync(
    join(root, 'seeds/generate.yml'),
    `as_of: 2024-12-31\ntables:\n  few: {rows: 3, columns: {id: {sequence: '{}'}}}\n  many: ${many}\n  lines: {each: {table: many, as: m, rows: [0, 2]}, columns: {id: {expr: m.id}}}\n`,
  );
}

const files = (): string[] => readdirSync(join(root, 'seeds')).toSorted();
const isWriting = (): boolean => files().some((f) => f.startsWith('.many.csv.'));

/** Sends a signal once the large table is being written. */
function stopped(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly said: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [PROGRAM, 'generate'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const s of [child.stdout, child.stderr]) s.setEncoding('utf8').on('data', (text: string) => (said += text));
    const looking = setInterval(() => {
      if (!isWriting()) return;
      clearInterval(looking);
      child.kill(signal);
    }, 20);
    child.on('close', (code, by) => done({ code, signal: by, said }));
  });
}

it('ends at Ctrl-C, and leaves no file and no part of one', async () => {
  declare(500_000_000);
  const { code, said } = await stopped('SIGINT');
  expect([code, said]).toEqual([130, expect.stringContaining('Interrupted.')]);
  expect(files()).toEqual(['few.csv', 'generate.yml']);
  expect(readFileSync(join(root, 'seeds/few.csv'), 'utf8')).toBe('mine\n');
});

it('clears away what a killed one left of its own files', async () => {
  declare(500_000_000);
  expect((await stopped('SIGKILL')).signal).toBe('SIGKILL');
  writeFileSync(join(root, 'seeds/.few.csv.6a0df577.tmp'), 'of an older version');
  const others = ['.few.csv.notes.tmp', `.few.csv.${process.pid}-0123abcd.tmp`, '.other.csv.6a0df577.tmp'];
  for (const f of others) writeFileSync(join(root, 'seeds', f), "somebody else's, or of a process that is alive");
  expect(files().filter((f) => f.startsWith('.'))).toHaveLength(6);
  declare(10);
  expect(await dwt(['generate'], { cwd: root })).toMatchObject({ exit: 0 });
  expect(files()).toEqual([...others, 'few.csv', 'generate.yml', 'lines.csv', 'many.csv'].toSorted());
});
