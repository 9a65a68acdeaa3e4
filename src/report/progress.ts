// A run for a person: a line for each node that is done, at a terminal also what runs right now, then the failures with
// their places and how to run them again, then the counts in dbt's words.
import type { Event, RunFacts } from '../execute/events.ts';
import type { Resource } from '../project/resources.ts';
import { Folding, type StatusLine } from './folding.ts';
import { LiveView } from './live-view.ts';
import { Layout, lineOf, tintOf } from './node-line.ts';
import type { Output } from './output.ts';
import { type SummaryOptions, writeSummary } from './summary.ts';
import { wrap } from './width.ts';
import { countsInWords, isBad, plural } from './words.ts';

export interface ProgressOptions extends SummaryOptions {
  /** The nodes that will run. */
  readonly planned: readonly Resource[];
  readonly byId: (id: string) => Resource | undefined;
}

/** A reader of events; call it with each. */
export function progressReporter(o: ProgressOptions): (e: Event) => void {
  const { output } = o;
  const { live } = output;
  const folding = live === undefined || output.verbose ? undefined : new Folding(o.planned, o.byId);
  const layout = new Layout(o.planned.length, namesSeen(o.planned, folding));
  let view: LiveView | undefined;
  let facts: RunFacts | undefined;
  const write = ({ status, line }: StatusLine): void =>
    output.out(`${layout.line(line, output.outColumns, output.outColors, tintOf(status, output.outColors))}\n`);
  return (e) => {
    switch (e.kind) {
      case 'run-started':
        facts = e.facts;
        if (!output.quiet) output.err(`${startLine(e.facts, output)}\n`);
        if (live === undefined) break;
        view = new LiveView({ total: e.facts.total, palette: output.errColors, clock: () => performance.now() });
        live.show(view.frame);
        break;
      case 'node-started':
        view?.started(e.resource);
        break;
      case 'node-finished':
        view?.finished(e.result);
        if (output.quiet && !isBad(e.result)) break;
        for (const line of folding?.take(e.result, e.index, e.total) ?? [{ status: e.result.status, line: lineOf(e.result, e.index, e.total) }]) write(line);
        break;
      case 'log':
        if (e.level !== 'debug' && !(output.quiet && e.level === 'info'))
          output.err(`${e.level === 'warning' ? output.errColors.yellow('warning') : '       '} ${e.message}\n`);
        break;
      case 'run-finished':
        for (const line of folding?.flush() ?? []) write(line);
        live?.hide();
        writeSummary(e.summary, facts!, o);
        break;
    }
  };
}

/** Names that set the width of their column: those of data tests that will have no line of their own do not. */
function namesSeen(planned: readonly Resource[], folding: Folding | undefined): string[] {
  return planned.map((r) => (folding?.folds === true && r.type === 'test' ? r.name.slice(0, ROOM_FOR_A_TEST) : r.name));
}

/** A failing data test among many passed ones is to be recognised. */
const ROOM_FOR_A_TEST = 36;

/** What is about to run, where: one line, or two where it is narrow. */
function startLine(f: RunFacts, output: Output): string {
  const p = output.errColors;
  const counts = countsInWords(f.counts) || 'hooks alone';
  const where = `on ${f.target.name} (${f.engine}), ${plural(f.threads, 'thread')}`;
  const head = `${p.bold(`dwt ${f.command}`)} `;
  const whole = `${counts} ${where}`;
  if (output.errColumns === null || `dwt ${f.command} ${whole}`.length <= output.errColumns) return `${head}${counts} ${p.dim(where)}`;
  const [first, ...rest] = wrap(counts, output.errColumns - `dwt ${f.command} `.length);
  return [`${head}${first}`, ...rest, ...wrap(where, output.errColumns).map(p.dim)].join('\n');
}
