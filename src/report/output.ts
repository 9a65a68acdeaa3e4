// Where reports go. Results are written to `out`, everything else to `err`; what a terminal can do is known here.
import type { LiveArea } from './live-area.ts';
import type { Palette } from './palette.ts';

export interface Output {
  /** Writes to standard output. A line feed is the caller's. */
  readonly out: (text: string) => void;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  /** Columns that a line of `out` and of `err` may take: what COLUMNS says, or those of the terminal as it is now; null in a pipe and in CI, where nothing is cut or wrapped. */
  readonly outColumns: number | null;
  readonly errColumns: number | null;
  /** The foot of a terminal that can be rewritten; undefined in a pipe. */
  readonly live: LiveArea | undefined;
  /** Colours for `out` and for `err`. */
  readonly outColors: Palette;
  readonly errColors: Palette;
  readonly format: 'text' | 'json';
  /** Only what failed. */
  readonly quiet: boolean;
  /** Each passed data test on a line of its own, however many there are. */
  readonly verbose: boolean;
}

/** Columns for a table, which needs an end. */
export function tableWidth(o: Output): number {
  return o.outColumns ?? 100;
}

/** What a command gets from the outside: arguments are its own, the rest is here. Only cli.ts makes one. */
export interface Io {
  readonly output: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Aborts on the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Version of dwt. */
  readonly version: string;
  /** What it runs on, such as `v20.19.0 on linux x64`. */
  readonly runtime: string;
}
