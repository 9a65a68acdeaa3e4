// A run for a person: a line for each node that is done, at a terminal also a line that shows what runs right now, then
// the failures with their places and how to run them again, then the counts in dbt's words.
import type { Event, NodeResult, RunFacts, RunSummary } from '../execute/events.ts';
import { printDiagnostic, printPlace, type ReadSource } from './diagnostics.ts';
import type { Output } from './output.ts';
import { displayWidth, fit } from './palette.ts';
import { printTable } from './rows.ts';
import { rerunCommand } from './rerun.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import type { Place, Resource } from '../project/resources.ts';

export interface ProgressOptions {
  readonly output: Output;
  readonly readSource: ReadSource;
  readonly compiledPath: (r: Resource) => string | null;
  readonly spanOf: (p: Place) => Span;
  /** Shown in front of the command that runs the failures again: flags that matter for it. */
  readonly rerunFlags: string;
}

/** A reader of events; call it with each. */
export function progressReporter(o: ProgressOptions): (e: Event) => void {
  const { output } = o;
  const live = output.live ? new LiveLine(output) : undefined;
  let facts: RunFacts | undefined;
  return (e) => {
    switch (e.kind) {
      case 'run-started':
        facts = e.facts;
        if (!output.quiet) output.err(`${startLine(e.facts, output)}\n`);
        live?.start(e.facts);
        break;
      case 'node-started':
        live?.began(e.resource, e.index, e.total);
        break;
      case 'node-finished': {
        const text = nodeLine(e.result, e.index, e.total, output);
        live?.ended(e.result, e.index);
        if (!output.quiet || isError(e.result) || e.result.status === 'fail')
          live === undefined ? output.out(`${text}\n`) : live.above(() => output.out(`${text}\n`));
        break;
      }
      case 'log':
        if (e.level !== 'debug' && !(output.quiet && e.level === 'info')) {
          const write = (): void => output.err(`${e.level === 'warning' ? output.errColors.yellow('warning') : '       '} ${e.message}\n`);
          live === undefined ? write() : live.above(write);
        }
        break;
      case 'run-finished':
        live?.stop();
        finish(e.summary, facts!, o);
        break;
    }
  };
}

function startLine(f: RunFacts, output: Output): string {
  const p = output.errColors;
  const counts = Object.entries(f.counts)
    .map(([type, n]) => plural(n, type === 'test' ? 'data test' : type === 'analysis' ? 'query' : type))
    .join(', ');
  return `${p.bold(`dwt ${f.command}`)} ${counts === '' ? 'nothing to do' : counts} ${p.dim(`on ${f.target.name} (${f.engine}), ${plural(f.threads, 'thread')}`)}`;
}

function plural(n: number, noun: string): string {
  return `${String(n).replace(/\B(?=(\d{3})+$)/g, ',')} ${n === 1 ? noun : noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}

const WORDS: Readonly<Record<NodeResult['status'], string>> = {
  success: 'OK',
  pass: 'PASS',
  warn: 'WARN',
  fail: 'FAIL',
  error: 'ERROR',
  skipped: 'SKIP',
  'runtime error': 'ERROR',
};

function tinted(status: NodeResult['status'], text: string, output: Output): string {
  const p = output.outColors;
  return status === 'success' || status === 'pass' ? p.green(text) : status === 'warn' || status === 'skipped' ? p.yellow(text) : p.red(text);
}

/** `  12/40  OK     table stg_orders                 1,000 rows   0.02s` */
function nodeLine(r: NodeResult, index: number, total: number, output: Output): string {
  const p = output.outColors;
  const digits = String(total).length;
  const count = index === 0 ? ' '.repeat(digits * 2 + 1) : `${String(index).padStart(digits)}/${total}`;
  const kind =
    r.resource.type === 'model'
      ? r.status === 'success'
        ? r.message.split(',')[0]!
        : r.resource.config.materialized
      : r.resource.type === 'test'
        ? 'test'
        : r.resource.type === 'operation'
          ? 'hook'
          : r.resource.type;
  const time = r.status === 'skipped' ? '' : `${(r.ms / 1000).toFixed(2)}s`;
  const detail = detailOf(r);
  const left = `  ${p.dim(count)}  ${tinted(r.status, WORDS[r.status].padEnd(5), output)}  ${p.dim(kind.padEnd(11))} `;
  const leftWidth = 2 + count.length + 2 + 5 + 2 + Math.max(11, kind.length) + 1;
  const right = [detail, time.padStart(7)].filter((s) => s.trim() !== '').join('  ');
  const room = Math.max(16, output.width - leftWidth - displayWidth(right) - 2);
  const name = fit(r.resource.type === 'source' ? `${r.resource.sourceName}.${r.resource.name}` : r.resource.name, room);
  return `${left}${name}${' '.repeat(Math.max(1, Math.min(room, 60) - displayWidth(name) + 1))}${p.dim(right)}`.trimEnd();
}

function isError(r: NodeResult): boolean {
  return r.status === 'error' || r.status === 'runtime error';
}

function detailOf(r: NodeResult): string {
  if (r.status === 'skipped' || (isError(r) && r.freshness === null)) return fit(r.message, 60);
  if (r.failures !== null && r.status !== 'pass') return plural(r.failures, 'row');
  const extra = r.message.includes(', ') ? r.message.slice(r.message.indexOf(', ') + 2) : '';
  const rows = r.rows === null ? '' : plural(r.rows, 'row');
  return [extra, rows].filter((s) => s !== '').join(', ');
}

/** Failures told at length; hundreds at once have one cause, and it is among the first. */
const SHOWN = 20;

function finish(s: RunSummary, facts: RunFacts, o: ProgressOptions): void {
  const { output } = o;
  const isGood = (r: NodeResult): boolean => r.status === 'success' || r.status === 'pass';
  const bad = s.results.filter((r) => isError(r) || r.status === 'fail' || r.status === 'warn');
  const write = output.err;
  const told = s.results.filter((r) => bad.includes(r) || (isGood(r) && r.diagnostics.length > 0));
  const shown = told.filter((r) => !((r.status === 'warn' || isGood(r)) && output.quiet));
  for (const r of shown.slice(0, SHOWN)) write(`\n${describeFailure(r, o)}\n`);
  if (shown.length > SHOWN) write(`\n${output.errColors.dim(`… and ${shown.length - SHOWN} more: target/run_results.json has them all.`)}\n`);
  const failed = s.results.filter((r) => isError(r) || r.status === 'fail' || r.status === 'skipped');
  if (failed.length > 0) write(`\n${output.errColors.dim('run these again with:')} ${rerunCommand(facts.command, s.results, o.rerunFlags)}\n`);
  if (output.quiet && failed.length === 0) return;
  output.out(`${bad.length > 0 || !output.quiet ? '\n' : ''}${summaryLine(s, output)}\n`);
}

/** A failure with its place, rows and SQL. */
export function describeFailure(r: NodeResult, o: ProgressOptions): string {
  const { output } = o;
  const p = output.errColors;
  const diagnostics = r.diagnostics.map((d) => printDiagnostic(d, o.readSource, p));
  if (r.resource.type === 'test' && (r.status === 'fail' || r.status === 'warn')) diagnostics.push(describeFailingTest(r, o));
  return diagnostics.join('\n\n');
}

function describeFailingTest(r: NodeResult, o: ProgressOptions): string {
  const { output } = o;
  const p = output.errColors;
  const tint = r.status === 'warn' ? p.yellow : p.red;
  const rows = r.failures ?? 0;
  const lines = [
    `${p.bold(tint(r.status === 'warn' ? 'warning' : 'failure'))}${p.dim('[execute/test-failed]')} ${p.bold(`Data test '${r.resource.name}' found ${plural(rows, 'failing row')}.`)}`,
  ];
  lines.push(...printPlace(o.spanOf(r.resource.place), o.readSource, p, tint));
  if (r.sample !== null && r.sample.rows.length > 0)
    lines.push(
      printTable(r.sample, Math.min(output.width, 120), p, '  '),
      ...(rows > r.sample.rows.length && r.sample.rows.length >= 5 ? [`   ${p.dim(`… the first ${r.sample.rows.length}`)}`] : []),
    );
  if (r.storedIn !== null) lines.push(`  ${p.blue('stored in:')} ${r.storedIn}`);
  const path = o.compiledPath(r.resource);
  if (path !== null) lines.push(`  ${p.blue('SQL:')} ${path}`);
  return lines.join('\n');
}

/** Counts in dbt's words, with the time. */
export function summaryLine(s: RunSummary, output: Output): string {
  const p = output.outColors;
  const n = (...statuses: NodeResult['status'][]): number => s.results.filter((r) => statuses.includes(r.status)).length;
  const counts = { PASS: n('success', 'pass'), WARN: n('warn'), ERROR: n('error', 'runtime error', 'fail'), SKIP: n('skipped'), TOTAL: s.results.length };
  const good = counts.ERROR === 0 && counts.SKIP === 0 && !s.interrupted;
  const word = s.interrupted ? p.red('Interrupted.') : good ? p.green('Done.') : p.red('Done with errors.');
  return `${p.bold(word)} ${Object.entries(counts)
    .map(([k, v]) => `${k}=${v}`)
    .join(' ')} ${p.dim(`in ${(s.elapsedMs / 1000).toFixed(2)}s`)}`;
}

/** The last line of a terminal, rewritten at most ten times a second. */
class LiveLine {
  private readonly output: Output;
  private readonly running = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private done = 0;
  private total = 0;
  private shown = false;

  constructor(output: Output) {
    this.output = output;
  }

  start(f: RunFacts): void {
    this.total = f.total;
    this.timer = setInterval(() => this.draw(), 100);
    this.timer.unref();
  }

  began(r: Resource, _index: number, total: number): void {
    this.total = total;
    this.running.set(r.name, performance.now());
  }

  ended(r: NodeResult, index: number): void {
    this.done = Math.max(this.done, index);
    this.running.delete(r.resource.name);
  }

  above(write: () => void): void {
    this.erase();
    write();
  }

  stop(): void {
    if (this.timer !== undefined) clearInterval(this.timer);
    this.erase();
  }

  private erase(): void {
    if (this.shown) this.output.err('\r\u001b[2K');
    this.shown = false;
  }

  private draw(): void {
    if (this.running.size === 0) return;
    const p = this.output.errColors;
    const width = 20;
    const filled = Math.round((this.done / Math.max(1, this.total)) * width);
    const now = performance.now();
    const names = [...this.running].map(([name, at]) => `${name} ${((now - at) / 1000).toFixed(1)}s`).join(', ');
    const text = fit(`${'━'.repeat(filled)}${'─'.repeat(width - filled)} ${this.done}/${this.total}  ${names}`, this.output.width - 1);
    this.output.err(`\r\u001b[2K${p.dim(text)}`);
    this.shown = true;
  }
}
