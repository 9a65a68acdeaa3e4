// Where reports go. Results are written to `out`, everything else to `err`; what a terminal can do is known here.
import type { Palette } from './palette.ts';

export interface Output {
  /** Writes to standard output. A line feed is the caller's. */
  readonly out: (text: string) => void;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  /** Columns of the terminal, or what COLUMNS says, or 100. */
  readonly width: number;
  /** Standard error is a terminal that can be rewritten. */
  readonly live: boolean;
  /** Colours for `out` and for `err`. */
  readonly outColors: Palette;
  readonly errColors: Palette;
  readonly format: 'text' | 'json';
  readonly quiet: boolean;
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
