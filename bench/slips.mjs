// What dwt says, and what dbt says, to the same slips: see slips/list.mjs for them and README.md for the options.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SLIPS } from './slips/list.mjs';
import { judge, said, tidy } from './slips/judge.mjs';
import { page } from './slips/page.mjs';

/**
 * @typedef {import('./slips/list.mjs').Slip} Slip
 * @typedef {import('./slips/judge.mjs').Verdict} Verdict
 * @typedef {{ slip: Slip, ours: string, oursJudged: Verdict, theirs: string | undefined, theirsJudged: Verdict | undefined }} Row
 */

const USAGE = `node bench/slips.mjs [options]
  --only LIST   names of slips
  --write       writes docs/messages.md
  --check       fails where docs/messages.md does not have what dwt says
  --json FILE   the rows as JSON, too
Environment: DWT_BENCH_DBT (the dbt executable, with dbt-duckdb): runs dbt beside it, and --write keeps its messages in bench/slips/dbt.json,
from where they are taken without it.
`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const DWT = resolve(import.meta.dirname, '..', 'bin', 'dwt.js');
const SHOP = join(import.meta.dirname, 'slips', 'shop');
const RECORDED = join(import.meta.dirname, 'slips', 'dbt.json');
const PAGE = resolve(import.meta.dirname, '..', 'docs', 'messages.md');
const DBT = process.env['DWT_BENCH_DBT'];

/** A tool that says nothing for so long says nothing. */
const LONGEST = 300_000;

/** Words of a command line; quotes group. @param {string} line */
function words(line) {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** A folder with the project in it. @param {(root: string) => T} work @returns {T} @template T */
function inShop(work) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'dwt-slip-')));
  cpSync(SHOP, root, { recursive: true });
  try {
    return work(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** @param {string} root @param {Slip} slip */
function edit(root, slip) {
  for (const [file, change] of Object.entries(slip.edit ?? {})) {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof change === 'function' ? change(readFileSync(path, 'utf8')) : change);
  }
}

/** @param {string} root @param {readonly string[]} command @param {Slip} slip */
function once(root, command, slip) {
  const { COLUMNS: _, ...inherited } = process.env;
  const env = { ...inherited, ...slip.env, NO_COLOR: '1', DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' };
  const done = spawnSync(command[0] ?? '', command.slice(1), { cwd: root, env, encoding: 'utf8', timeout: LONGEST, killSignal: 'SIGKILL', maxBuffer: 1 << 28 });
  return { out: done.stdout, err: done.stderr, ended: done.error === undefined };
}

/** What a tool says to a slip. @param {Slip} slip @param {'dwt' | 'dbt'} tool */
function play(slip, tool) {
  const command = (/** @type {string} */ line) =>
    tool === 'dwt'
      ? [process.execPath, DWT, ...words(line)]
      : [
          /** @type {string} */ (DBT),
          '--no-use-colors',
          ...words(line),
          ...(/^(build|run|snapshot|run-operation)\b/.test(line) ? ['--profiles-dir', '.'] : []),
        ];
  return inShop((root) => {
    for (const line of slip.before ?? []) once(root, command(line), slip);
    edit(root, slip);
    const holder = slip.hold === undefined ? undefined : hold(join(root, slip.hold));
    const done = once(root, command(slip.run), slip);
    holder?.kill();
    return done.ended ? said(tool, done, root) : '(It did not end within five minutes.)\n';
  });
}

/** Whether a message leads to the mend. @param {Slip} slip @param {string} text */
function judged(slip, text) {
  return inShop((root) => {
    edit(root, slip);
    return judge(slip, text, (file) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : ''));
  });
}

/** Another process that has a DuckDB file open. @param {string} file */
function hold(file) {
  const code = `const { DuckDBInstance } = await import('@duckdb/node-api'); await (await DuckDBInstance.create(${JSON.stringify(file)})).connect(); process.on('SIGTERM', () => process.exit(0)); (await import('node:fs')).writeFileSync(${JSON.stringify(`${file}.held`)}, ''); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { cwd: import.meta.dirname, stdio: 'ignore' });
  const waiting = new Int32Array(new SharedArrayBuffer(4));
  for (let i = 0; i < 2400 && !existsSync(`${file}.held`); i++) Atomics.wait(waiting, 0, 0, 50);
  return child;
}

if (options.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const wanted = options.only?.split(',');
/** @type {{ version: string, said: Record<string, string> }} */
const recorded = existsSync(RECORDED) ? JSON.parse(readFileSync(RECORDED, 'utf8')) : { version: '', said: {} };
if (DBT !== undefined) recorded.version = /installed: (\S+)/.exec(spawnSync(DBT, ['--version'], { encoding: 'utf8' }).stdout)?.[1] ?? recorded.version;
/** @type {Row[]} */
const rows = [];
for (const slip of SLIPS) {
  if (wanted !== undefined && !wanted.includes(slip.name)) continue;
  const ours = play(slip, 'dwt');
  const oursJudged = judged(slip, ours);
  if (DBT !== undefined) {
    recorded.said[slip.name] = play(slip, 'dbt');
    if (options.write) writeFileSync(RECORDED, `${JSON.stringify(recorded, undefined, 1)}\n`);
  }
  const theirs = recorded.said[slip.name];
  rows.push({ slip, ours, oursJudged, theirs, theirsJudged: theirs === undefined ? undefined : judged(slip, tidy(theirs)) });
  if (options.check || options.write) continue;
  const lacks = Object.entries(oursJudged).flatMap(([k, v]) => (v === false ? [k] : []));
  process.stdout.write(`=== ${slip.name}: ${slip.what}${lacks.length === 0 ? '' : `  [lacks ${lacks.join(', ')}]`}\n${ours}`);
  process.stdout.write(DBT === undefined ? '\n' : `--- dbt\n${theirs}\n`);
}
if (options.json !== undefined) writeFileSync(options.json, JSON.stringify(rows, undefined, 2));
if (wanted === undefined) {
  const text = page(rows, recorded.version);
  if (options.write) writeFileSync(PAGE, text);
  const written = readFileSync(PAGE, 'utf8');
  if (options.check && written !== text) {
    const [had, has] = [written, text].map((t) => t.split('\n'));
    const at = had.findIndex((line, i) => line !== has[i]);
    process.stderr.write(
      `docs/messages.md does not have what dwt says: node bench/slips.mjs --write\nline ${at + 1} there:\n${had.slice(at - 3, at + 5).join('\n')}\nand now:\n${has.slice(at - 3, at + 5).join('\n')}\n`,
    );
    process.exit(1);
  }
}
