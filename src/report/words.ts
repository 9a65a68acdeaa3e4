// How reports put numbers, times and kinds into words.
import type { NodeResult } from '../execute/events.ts';
import type { Resource } from '../project/resources.ts';

/** `1 row`, `2,000 rows`, `3 queries`. */
export function plural(n: number, noun: string): string {
  return `${String(n).replace(/\B(?=(\d{3})+$)/g, ',')} ${n === 1 ? noun : noun.endsWith('is') ? `${noun.slice(0, -2)}es` : noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}

const NOUNS: Readonly<Record<string, string>> = { test: 'data test', operation: 'hook' };
/** In the order of a build. */
const ORDER = ['source', 'seed', 'model', 'snapshot', 'test', 'analysis', 'exposure', 'operation'];

/** `2 seeds, 1 model, 4 data tests`, or ``. */
export function countsInWords(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .toSorted(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .map(([type, n]) => plural(n, NOUNS[type] ?? type))
    .join(', ');
}

/** How many there are of each type. */
export function countTypes(resources: Iterable<Resource>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const r of resources) counts[r.type] = (counts[r.type] ?? 0) + 1;
  return counts;
}

/** `0.42s`, `2m 05s`. */
export function duration(ms: number): string {
  const s = ms / 1000;
  return s < 100 ? `${s.toFixed(2)}s` : s < 3600 ? `${Math.floor(s / 60)}m ${two(s % 60)}s` : `${Math.floor(s / 3600)}h ${two((s % 3600) / 60)}m`;
}

function two(n: number): string {
  return String(Math.floor(n)).padStart(2, '0');
}

export const STATUS_WORDS: Readonly<Record<NodeResult['status'], string>> = {
  success: 'OK',
  pass: 'PASS',
  warn: 'WARN',
  fail: 'FAIL',
  error: 'ERROR',
  skipped: 'SKIP',
  'runtime error': 'ERROR',
};

/** Whether the node could not be done at all. */
export function isError(r: Pick<NodeResult, 'status'>): boolean {
  return r.status === 'error' || r.status === 'runtime error';
}

/** Whether something is wrong with it. */
export function isBad(r: Pick<NodeResult, 'status'>): boolean {
  return isError(r) || r.status === 'fail';
}
