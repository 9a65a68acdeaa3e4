// Options and exit codes of commands, and what they get from the outside.
import type { DeferOptions, ProjectOptions, RunFlagOptions, Selection } from '../api/api.ts';

export type { Io } from '../report/output.ts';

/** Options that most commands share, as commander names them. */
export interface CommonOptions extends Omit<ProjectOptions, 'flags'>, Selection, RunFlagOptions, DeferOptions {}

export type ExitCode = 0 | 1 | 2 | 130;
