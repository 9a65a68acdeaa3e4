// Reads and plays a case: `tests/cases/<theme>-<what>/` is a small project, `case.yml` says what a person does with it, step by
// step, and `expected/` has what they read. `UPDATE_CASES=1` writes `expected/` anew.
//
//   about: one sentence                    what is shown
//   steps:
//     - write: {models/a.sql: select 1}    edits first: write, append, bytes (hex), delete
//       hold: target/w.duckdb              another process has this database open
//       env: {NAME: value}
//       run: build --select a              a line for the shell, without `dwt`; run in the folder `in:`, if given
//       signal: {name: SIGINT, after: a}   sent once the output has said `after` (and `wait` ms have passed)
//       exit: 1                            0 where nothing is said
//       keep: [stdout, stderr]             streams kept in expected/; stderr where the exit code is not 0
//       says: [text]                       texts that the output has; `silent: [text]` must not be there
//       lines: json                        each line of stdout is a JSON object
//       rows:                              queries and their rows: asked by `dwt show --inline … --output json` where they have a
//         select id from {{ ref('a') }}: [[1]]   template, else of target/w.duckdb behind the tool's back (and much faster)
//       exists: [path], absent: [path]     files afterwards
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { dwt, type CliResult, words } from './cli.ts';
import { ask, copyProject, databases, edit, type Edits, hold, LEFTOVERS } from './project.ts';

type Stream = 'stdout' | 'stderr';

interface Step extends Edits {
  readonly hold?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly in?: string;
  readonly run?: string;
  readonly signal?: { readonly name: NodeJS.Signals; readonly after: string; readonly wait?: number; readonly times?: number };
  readonly exit?: number;
  readonly keep?: readonly Stream[];
  readonly says?: readonly string[];
  readonly silent?: readonly string[];
  readonly lines?: 'json';
  readonly rows?: Readonly<Record<string, readonly unknown[]>>;
  readonly exists?: readonly string[];
  readonly absent?: readonly string[];
}

interface Case {
  readonly about: string;
  readonly steps: readonly Step[];
}

const KEYS = 'write append bytes delete hold env in run signal exit keep says silent lines rows exists absent'.split(' ');
const UPDATE = process.env['UPDATE_CASES'] === '1';

/** Names of the cases, in order. */
export function caseNames(): string[] {
  return readdirSync('tests/cases', { withFileTypes: true })
    .filter((e) => e.isDirectory())
    .map((e) => e.name)
    .toSorted();
}

function readCase(folder: string): Case {
  const read = parse(readFileSync(join(folder, 'case.yml'), 'utf8')) as Case;
  for (const step of read.steps) {
    const unknown = Object.keys(step).filter((k) => !KEYS.includes(k));
    if (unknown.length > 0) throw new Error(`${folder}/case.yml: a step has no key ${unknown.join(', ')}.`);
  }
  return read;
}

/** Plays a case in a copy of its folder. Throws where something is not as expected. */
export async function playCase(name: string): Promise<void> {
  const folder = join('tests/cases', name);
  const { steps } = readCase(folder);
  const project = copyProject(folder);
  const expected = new Expected(join(folder, 'expected'));
  try {
    for (const [i, step] of steps.entries()) await playStep(step, project.root, steps.length === 1 ? '' : `${i + 1}-`, expected);
    expected.finish();
  } finally {
    project.remove();
  }
}

async function playStep(step: Step, root: string, number: string, expected: Expected): Promise<void> {
  edit(root, step);
  const cwd = join(root, step.in ?? '.');
  if (step.run !== undefined) {
    const holder = step.hold === undefined ? undefined : await hold(join(root, step.hold));
    const { signal } = step;
    let result: CliResult;
    try {
      result = await dwt(words(step.run), {
        cwd,
        ...(step.env === undefined ? {} : { env: step.env }),
        ...(signal === undefined ? {} : { signal: { wait: 1, times: 1, ...signal } }),
      });
    } finally {
      await holder?.release();
    }
    const read = (text: string): string => normalize(text, root, holder?.pid);
    checkResult(step, result, read, number, expected);
    if (holder === undefined && step.exit !== 2)
      for (const file of databases(root)) expect(await ask(file, [LEFTOVERS]), `what \`dwt ${step.run}\` left in ${file.slice(root.length + 1)}`).toEqual([[]]);
  }
  for (const path of step.exists ?? []) expect(existsSync(join(root, path)), `${path} exists`).toBe(true);
  for (const path of step.absent ?? []) expect(existsSync(join(root, path)), `${path} exists`).toBe(false);
  for (const [query, rows] of Object.entries(step.rows ?? {})) {
    const answer = query.includes('{{') ? await show(query, cwd, step.env) : (await ask(join(root, 'target/w.duckdb'), [query]))[0]!;
    const found = answer.map((row, i) => (Array.isArray(rows[i] ?? rows[0] ?? []) ? Object.values(row) : row));
    expect(found, `rows of: ${query} (after ${number}${step.run ?? 'edits'})`).toEqual(rows);
  }
}

async function show(query: string, cwd: string, env: Step['env']): Promise<Record<string, unknown>[]> {
  const shown = await dwt(['show', '--inline', query, '--output', 'json', '--limit', '-1'], { cwd, ...(env === undefined ? {} : { env }) });
  if (shown.exit !== 0) throw new Error(`${query}\n${shown.stderr}`);
  return JSON.parse(shown.stdout) as Record<string, unknown>[];
}

function checkResult(step: Step, result: CliResult, read: (text: string) => string, number: string, expected: Expected): void {
  const both = `$ dwt ${step.run}\n${result.stdout}${result.stderr}`;
  expect(result.exit, both).toBe(step.exit ?? 0);
  expect(both).not.toMatch(/internal\/bug|^Node\.js v\d/m);
  for (const text of step.says ?? []) expect(both).toContain(text);
  for (const text of step.silent ?? []) expect(both).not.toContain(text);
  if (step.lines === 'json')
    for (const line of result.stdout
      .trim()
      .split('\n')
      .filter((l) => l !== ''))
      expect(JSON.parse(line), line).toBeTypeOf('object');
  const keep = step.keep ?? ((step.exit ?? 0) === 0 ? [] : ['stderr']);
  for (const stream of keep) expected.compare(`${number}${stream}.txt`, read(result[stream]));
}

/** Only what no two runs have in common: times, versions, places, random names. */
function normalize(text: string, root: string, pid: number | undefined): string {
  const named = (pid === undefined ? text : text.replaceAll(String(pid), '<pid>')).replaceAll(root, '<project>').replaceAll(process.execPath, '<node>');
  return named
    .replaceAll(/\b\d+\.\d\ds\b/g, '0.00s')
    .replaceAll(/\bDuckDB v\d[\w.]*/g, 'DuckDB <version>')
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uuid>')
    .replaceAll(/\b[0-9a-f]{32}\b/g, '<hash>')
    .replaceAll(/\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, '<time>')
    .replaceAll(/"(ms|elapsed_ms)":[\d.]+/g, '"$1":0')
    .replaceAll(/(changed since |"last_good_at": ")20[-\d]+ [:.\d]+/g, '$1<time>')
    .replaceAll(/[ \t]+$/gm, '');
}

/** The files of `expected/`: compared, or written where that is wished; one that no step asks for is an error. */
class Expected {
  private readonly folder: string;
  private readonly used = new Set<string>();

  constructor(folder: string) {
    this.folder = folder;
  }

  compare(file: string, text: string): void {
    this.used.add(file);
    const path = join(this.folder, file);
    if (UPDATE) {
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(path, text);
    } else expect(text, path).toBe(existsSync(path) ? readFileSync(path, 'utf8') : '(there is no such file: UPDATE_CASES=1 writes it)');
  }

  finish(): void {
    const left = existsSync(this.folder) ? readdirSync(this.folder).filter((f) => !this.used.has(f)) : [];
    if (UPDATE) for (const f of left) rmSync(join(this.folder, f));
    else expect(left, `files of ${this.folder} that no step asks for`).toEqual([]);
  }
}
