// What a save came to, in one line; failures with their places above it. While it is built, a terminal shows what runs.
import type { Span } from '../diagnostics/diagnostic.ts';
import type { Event } from '../execute/events.ts';
import type { Place, Resource } from '../project/resources.ts';
import type { ReadSource } from './diagnostics.ts';
import { LiveView } from './live-view.ts';
import type { Output } from './output.ts';
import { alike, describeFailures } from './failure-text.ts';
import { countsInWords, countTypes, duration, isBad } from './words.ts';

export interface WatchLineOptions {
  readonly output: Output;
  readonly readSource: ReadSource;
  readonly spanOf: (p: Place) => Span;
  readonly compiledPath: (r: Resource) => string | null;
  /** The files that were saved. */
  readonly files: readonly string[];
  /** When the save was noticed, by the monotonic clock, in milliseconds. */
  readonly began: number;
  readonly now: () => Date;
  /** Whether Ctrl-C was pressed: then nothing more is said. */
  readonly stopped: () => boolean;
}

/** A reader of the events of one build. */
export function watchReporter(o: WatchLineOptions): (e: Event) => void {
  const { output } = o;
  let view: LiveView | undefined;
  return (e) => {
    if (e.kind === 'run-started' && output.live !== undefined) {
      view = new LiveView({ total: e.facts.total, palette: output.errColors, clock: () => performance.now() });
      output.live.show(view.frame);
    }
    if (e.kind === 'node-started') view?.started(e.resource);
    if (e.kind === 'node-finished') view?.finished(e.result);
    if (e.kind === 'log' && e.level === 'warning') output.err(`${output.errColors.yellow('warning')} ${e.message}\n`);
    if (e.kind !== 'run-finished') return;
    output.live?.hide();
    if (o.stopped()) return;
    const p = output.outColors;
    const { results, interrupted } = e.summary;
    const failures = results.filter((r) => isBad(r));
    if (!interrupted) for (const group of alike(results.filter((r) => isBad(r) || r.status === 'warn'))) output.err(`${describeFailures(group, o)}\n\n`);
    const counts = countsInWords(countTypes(results.filter((r) => r.status !== 'skipped').map((r) => r.resource)));
    const parts = counts === '' ? [] : [counts];
    const skipped = results.filter((r) => r.status === 'skipped').length;
    if (failures.length > 0) parts.push(p.red(`${failures.length} failed`));
    if (skipped > 0 && !interrupted) parts.push(p.yellow(`${skipped} skipped`));
    const mark = interrupted ? p.yellow('…') : failures.length > 0 ? p.red('✗') : p.green('✓');
    const names = o.files.length === 0 ? 'start' : few(o.files);
    output.out(
      `${p.dim(o.now().toTimeString().slice(0, 8))} ${mark} ${names}: ${interrupted ? 'superseded by a newer save' : parts.join(', ')} ${p.dim(`in ${duration(performance.now() - o.began)}`)}\n`,
    );
  };
}

/** Up to three names, or two and how many more. */
export function few(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}
