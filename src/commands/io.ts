// What a command gets from the outside: arguments are its own, the rest is here. Only cli.ts makes one.
import type { Output } from '../report/output.ts';

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

/** Options that most commands share, as commander names them. */
export interface CommonOptions {
  readonly projectDir?: string;
  readonly target?: string;
  readonly threads?: number;
  readonly vars?: Readonly<Record<string, unknown>>;
  readonly targetPath?: string;
  readonly fullRefresh?: boolean;
  readonly failFast?: boolean;
  readonly select?: readonly string[];
  readonly exclude?: readonly string[];
  readonly selector?: string;
  readonly indirectSelection?: 'eager' | 'cautious' | 'buildable' | 'empty';
  readonly empty?: boolean;
  readonly storeFailures?: boolean;
  readonly resourceType?: readonly string[];
  readonly cache?: boolean;
  /** Folder of an earlier run_results.json, for `result:`. */
  readonly state?: string;
}

export type ExitCode = 0 | 1 | 2 | 130;
