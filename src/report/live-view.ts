// What runs right now, at the foot of a terminal: a line for each node with its time, then a bar with the counts.
import type { NodeResult } from '../execute/events.ts';
import { nameOf, type Resource } from '../project/resources.ts';
import type { Frame } from './live-area.ts';
import { KIND, kindOf } from './node-line.ts';
import type { Palette } from './palette.ts';
import { displayWidth, fit, pad } from './width.ts';
import { duration, plural } from './words.ts';

/** What has been running for less is not worth a line that comes and goes. */
const WORTH_A_LINE_MS = 200;
const MOST_LINES = 8;
/** A terminal that is made narrower breaks lines before it tells of its size: a margin keeps them whole meanwhile. */
const USED = 0.85;
const BAR = 24;
/** Below this the bar is left out. */
const ROOM_FOR_BAR = 60;

interface Running {
  readonly resource: Resource;
  readonly at: number;
}

export interface LiveViewOptions {
  readonly total: number;
  readonly palette: Palette;
  /** A monotonic clock, in milliseconds. */
  readonly clock: () => number;
}

/** A reader of events that can say at any time what is going on. */
export class LiveView {
  private readonly o: LiveViewOptions;
  private readonly began: number;
  private readonly running = new Map<string, Running>();
  private readonly counts: Record<NodeResult['status'], number> = { success: 0, pass: 0, warn: 0, fail: 0, error: 0, skipped: 0, 'runtime error': 0 };
  private done = 0;

  constructor(o: LiveViewOptions) {
    this.o = o;
    this.began = o.clock();
  }

  started(resource: Resource): void {
    this.running.set(resource.id, { resource, at: this.o.clock() });
  }

  finished(r: NodeResult): void {
    this.running.delete(r.id);
    this.counts[r.status]++;
    if (r.resource.type !== 'operation') this.done++;
  }

  /** The lines for a terminal of this size. */
  readonly frame: Frame = (whole, rows) => {
    if (whole < 2 || rows < 2) return [];
    const columns = Math.max(Math.min(whole, 24), Math.floor(whole * USED));
    const { palette: p, clock } = this.o;
    const now = clock();
    const long = [...this.running.values()].filter((r) => now - r.at >= WORTH_A_LINE_MS);
    const most = Math.min(MOST_LINES, rows - 3);
    const shown = long.length <= most ? long : long.slice(0, Math.max(0, most - 1));
    const lines = shown.length === 0 ? [] : this.runningLines(shown, columns, now);
    if (shown.length < long.length && most > 0) lines.push(p.dim(fit(`  … and ${long.length - shown.length} more`, columns - 1)));
    return [...lines, this.foot(columns, now)];
  };

  /** The time stands close to the name: the shorter a line, the less there is to break when the terminal is made narrower. */
  private runningLines(shown: readonly Running[], columns: number, now: number): string[] {
    const { palette: p, total } = this.o;
    const count = columns >= ROOM_FOR_BAR ? `  ${' '.repeat(String(total).length * 2 + 1)}` : '';
    const rows = shown.map(({ resource, at }) => ({
      kind: columns >= ROOM_FOR_BAR ? pad(kindOf(resource), KIND) + ' ' : '',
      name: nameOf(resource),
      time: `${((now - at) / 1000).toFixed(1)}s`,
    }));
    const timeWidth = Math.max(...rows.map((r) => r.time.length));
    const room = Math.max(1, columns - 1 - count.length - 2 - 'RUN  '.length - 2 - rows[0]!.kind.length - 2 - timeWidth);
    const width = Math.min(room, Math.max(...rows.map((r) => displayWidth(r.name))));
    // Too narrow even for the shortest: nothing at all is better than broken lines.
    if (columns < 24) return [];
    return rows.map((r) => `${count}  ${p.blue('RUN')}    ${p.dim(r.kind)}${pad(fit(r.name, width), width)}  ${p.dim(r.time.padStart(timeWidth))}`);
  }

  private foot(columns: number, now: number): string {
    const { total, palette: p } = this.o;
    const { warn, fail, error, skipped } = this.counts;
    const filled = Math.min(BAR, Math.floor((this.done / Math.max(1, total)) * BAR));
    const bar = columns >= ROOM_FOR_BAR ? `${p.green('━'.repeat(filled))}${p.dim('─'.repeat(BAR - filled))}  ` : '';
    const parts: readonly (readonly [string, (s: string) => string])[] = [
      [`${this.done}/${total}`, p.bold],
      ...(fail + error > 0 ? [[`${fail + error} failed`, p.red] as const] : []),
      ...(warn > 0 ? [[plural(warn, 'warning'), p.yellow] as const] : []),
      ...(skipped > 0 ? [[`${skipped} skipped`, p.yellow] as const] : []),
      [duration(now - this.began).replace(/\.(\d)\ds$/, '.$1s'), p.dim],
    ];
    let room = columns - 1 - 2 - (bar === '' ? 0 : BAR + 2);
    const said: string[] = [];
    for (const [text, tint] of parts) {
      if (text.length > room) break;
      said.push(tint(text));
      room -= text.length + 2;
    }
    return `${columns < 6 ? '' : '  '}${bar}${said.join('  ')}`;
  }
}
