// The end of a run for a person: failures at length, the command that runs them again, what took longest, the counts.
import type { NodeResult, RunFacts, RunSummary } from '../execute/events.ts';
import { nameOf } from '../project/resources.ts';
import { alike, describeFailures, type FailureOptions } from './failure-text.ts';
import type { Output } from './output.ts';
import { rerunCommand, type RerunOptions } from './rerun.ts';
import { displayWidth } from './width.ts';
import { duration, isBad } from './words.ts';

/** Failures told at length; hundreds at once have one cause, and it is among the first. */
const SHOWN = 20;
/** Runs that took longer than this say what took longest. */
const LONG_MS = 5000;
const SLOWEST = 3;

export interface SummaryOptions extends FailureOptions {
  /** For the command that runs the failures again. */
  readonly rerun: Omit<RerunOptions, 'command'>;
}

/** Writes it. */
export function writeSummary(s: RunSummary, facts: RunFacts, o: SummaryOptions): void {
  const { output } = o;
  const { err, errColors: p } = output;
  const bad = s.results.filter((r) => isBad(r) || r.status === 'warn');
  const isGood = (r: NodeResult): boolean => r.status === 'success' || r.status === 'pass';
  const told = s.results.filter((r) => bad.includes(r) || (isGood(r) && r.diagnostics.length > 0));
  const shown = told.filter((r) => !((r.status === 'warn' || isGood(r)) && output.quiet));
  const groups = alike(shown);
  for (const group of groups.slice(0, SHOWN)) err(`\n${describeFailures(group, o)}\n`);
  const left = groups.slice(SHOWN).flat().length;
  if (left > 0) err(`\n${p.dim(`… and ${left} more: target/run_results.json has them all.`)}\n`);
  const failed = s.results.filter((r) => isBad(r) || r.status === 'skipped');
  if (failed.length > 0) err(`\n${p.dim('run these again with:')} ${rerunCommand(s.results, { ...o.rerun, command: facts.command })}\n`);
  if (output.quiet && failed.length === 0) return;
  // In a pipe, where a run may be compared with another, nothing is said that depends on the clock but for the times themselves.
  const slow = output.live === undefined ? '' : slowest(s, (output.errColumns ?? 100) - 1);
  if (slow !== '') err(`\n${p.dim(slow)}\n`);
  output.out(`${slow === '' ? '\n' : ''}${summaryLine(s, output)}\n`);
}

/** `slowest: fact_sales 12.05s, dim_date 3.10s`, as many as there is room for; nothing where it was quick. */
function slowest(s: RunSummary, columns: number): string {
  if (s.elapsedMs < LONG_MS || s.results.length <= SLOWEST) return '';
  const slow = s.results.filter((r) => r.status !== 'skipped' && r.ms >= s.elapsedMs / 20).toSorted((a, b) => b.ms - a.ms);
  let line = '';
  for (const r of slow.slice(0, SLOWEST)) {
    const next = `${line === '' ? 'slowest: ' : `${line}, `}${nameOf(r.resource)} ${duration(r.ms)}`;
    if (displayWidth(next) > columns) break;
    line = next;
  }
  return line;
}

/** Counts in dbt's words, with the time. */
export function summaryLine(s: RunSummary, output: Output): string {
  const p = output.outColors;
  const n = (...statuses: NodeResult['status'][]): number => s.results.filter((r) => statuses.includes(r.status)).length;
  const plain = (text: string): string => text;
  const counts: readonly (readonly [string, number, (text: string) => string])[] = [
    ['PASS', n('success', 'pass'), plain],
    ['WARN', n('warn'), p.yellow],
    ['ERROR', n('error', 'runtime error', 'fail'), p.red],
    ['SKIP', n('skipped'), p.yellow],
    ['TOTAL', s.results.length, plain],
  ];
  const good = n('error', 'runtime error', 'fail', 'skipped') === 0 && !s.interrupted;
  const word = s.interrupted ? p.red('Interrupted.') : good ? p.green('Done.') : p.red('Done with errors.');
  // A narrow terminal is not told what there is none of, and has it on two lines if it must be.
  const width = (of: readonly (readonly [string, number, unknown])[]): number =>
    'Done with errors. '.length + of.map(([name, count]) => `${name}=${count} `).join('').length + `in ${duration(s.elapsedMs)}`.length;
  const room = output.outColumns ?? Infinity;
  const told = width(counts) < room ? counts : counts.filter(([, count]) => count > 0);
  const said = told.map(([name, count, tint]) => (count > 0 ? tint(`${name}=${count}`) : `${name}=${count}`)).join(' ');
  return `${p.bold(word)}${width(told) < room ? ' ' : '\n'}${said} ${p.dim(`in ${duration(s.elapsedMs)}`)}`;
}
