// The lines at the foot of a terminal that are written over again and again while something runs. Whatever else is
// written in the meantime goes above them, and in the end nothing is left of them.
import { displayWidth } from './width.ts';

/** Lines for a terminal of this size, each without colour codes that change its width. */
export type Frame = (columns: number, rows: number) => readonly string[];

/** A terminal that can be rewritten. */
export interface Screen {
  readonly write: (text: string) => void;
  /** Its size now. */
  readonly size: () => { readonly columns: number; readonly rows: number };
}

/** How often it is drawn. */
const TICK_MS = 100;
/** A terminal that knows these shows everything between them at once; others pay no attention. */
const [HOLD, SHOW] = ['\u001b[?2026h', '\u001b[?2026l'];

export class LiveArea {
  private readonly screen: Screen;
  private frame: Frame | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Widths of the lines on the screen. */
  private drawn: readonly number[] = [];

  constructor(screen: Screen) {
    this.screen = screen;
  }

  /** Whether there are lines on the screen now. */
  get visible(): boolean {
    return this.drawn.length > 0;
  }

  /** Shows what `frame` gives, from the next tick on: what is over sooner is never seen. */
  show(frame: Frame): void {
    this.frame = frame;
    if (this.timer !== undefined) return;
    this.timer = setInterval(() => this.screen.write(`${HOLD}${this.erase()}${this.draw()}${SHOW}`), TICK_MS);
    this.timer.unref();
  }

  /** Leaves nothing. */
  hide(): void {
    if (this.timer !== undefined) clearInterval(this.timer);
    this.timer = undefined;
    this.frame = undefined;
    if (this.drawn.length > 0) this.screen.write(this.erase());
  }

  /** Writes something else, whole lines, above. */
  above(write: () => void): void {
    if (this.drawn.length === 0) return write();
    this.screen.write(`${HOLD}${this.erase()}`);
    write();
    this.screen.write(`${this.draw()}${SHOW}`);
  }

  /** Back to where the first line begins, and away with all below. Where the terminal has become narrower, it has broken lines in the meantime. */
  private erase(): string {
    if (this.drawn.length === 0) return '';
    const { columns } = this.screen.size();
    const rows = this.drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / Math.max(1, columns))), 0);
    this.drawn = [];
    return `\r${rows > 1 ? `\u001b[${rows - 1}A` : ''}\u001b[J`;
  }

  private draw(): string {
    const { columns, rows } = this.screen.size();
    const lines = this.frame?.(columns, rows) ?? [];
    // oxlint-disable-next-line no-control-regex
    this.drawn = lines.map((line) => displayWidth(line.replaceAll(/\u001b\[[\d;]*m/g, '')));
    return lines.join('\n');
  }
}
