// Options and exit codes of commands, and what they get from the outside.

export type { Io } from '../report/output.ts';

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
