// Runs commands as whole processes and says what each took: wall time, processor time and peak memory.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {object} Took
 * @property {number} wall seconds
 * @property {number | null} cpu seconds of the process and its children, user and system
 * @property {number | null} peak megabytes
 * @property {string} stdout
 */

/** GNU time says it of any process; elsewhere Node processes say it of themselves (see at-exit.mjs), others not at all. */
const GNU_TIME = spawnSync('/usr/bin/time', ['-f', '%e', 'true']).status === 0;
const AT_EXIT = pathToFileURL(join(import.meta.dirname, 'at-exit.mjs')).href;

/**
 * Runs a command to its end. Throws with what it printed where it fails.
 *
 * @param {readonly string[]} command
 * @param {{ cwd?: string, env?: Record<string, string> }} [o]
 * @returns {Took}
 */
export function run(command, o = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'dwt-bench-'));
  const file = join(folder, 'took');
  try {
    const isNode = command[0] === process.execPath;
    const words = GNU_TIME
      ? ['/usr/bin/time', '-o', file, '-f', '%U %S %M', ...command]
      : isNode
        ? [process.execPath, '--import', AT_EXIT, ...command.slice(1)]
        : [...command];
    const began = performance.now();
    const done = spawnSync(/** @type {string} */ (words[0]), words.slice(1), {
      cwd: o.cwd,
      env: { ...process.env, NO_COLOR: '1', DBT_SEND_ANONYMOUS_USAGE_STATS: 'false', ...(GNU_TIME ? {} : { DWT_BENCH_TOOK: file }), ...o.env },
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    });
    const wall = (performance.now() - began) / 1000;
    if (done.error !== undefined) throw done.error;
    if (done.status !== 0) throw new Error(`${command.join(' ')} ended with ${done.status}:\n${(done.stdout + done.stderr).slice(-3000)}`);
    const [user, system, kilobytes] = GNU_TIME || isNode ? readFileSync(file, 'utf8').trim().split(' ').map(Number) : [];
    return {
      wall,
      cpu: user === undefined ? null : user + /** @type {number} */ (system),
      peak: kilobytes === undefined ? null : kilobytes / 1024,
      stdout: done.stdout,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs two things in turn, A B A B …, so that a machine whose speed drifts slows both.
 *
 * @template A, B
 * @param {number} runs
 * @param {() => A} a
 * @param {() => B} b
 * @returns {{ ours: A[], theirs: B[] }}
 */
export function inTurn(runs, a, b) {
  /** @type {A[]} */
  const ours = [];
  /** @type {B[]} */
  const theirs = [];
  for (let i = 0; i < runs; i++) {
    ours.push(a());
    theirs.push(b());
  }
  return { ours, theirs };
}

/** @param {readonly (number | null)[]} values */
export function median(values) {
  const known = values.filter((v) => v !== null).toSorted((x, y) => x - y);
  if (known.length === 0) return null;
  const middle = known.length >> 1;
  const upper = /** @type {number} */ (known[middle]);
  return known.length % 2 === 1 ? upper : (/** @type {number} */ (known[middle - 1]) + upper) / 2;
}
