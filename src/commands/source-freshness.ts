// source freshness: how old the newest rows of sources are, against the limits they have.
import { optionsFor } from '../api/api.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { openProject } from './project.ts';
import { isDoubt, tell } from './run.ts';

export interface SourceFreshnessOptions extends CommonOptions {
  /** File to write instead of sources.json. */
  readonly output?: string;
}

/** Looks at sources. The exit code is 1 where one is too old or could not be looked at. */
export async function sourceFreshnessCommand(io: Io, o: SourceFreshnessOptions): Promise<ExitCode> {
  const project = openProject(io, o, 'source freshness', isDoubt);
  const help = 'A source is checked where it has freshness: and loaded_at_field: or loaded_at_query:.';
  return await tell(io, o, project, await project.freshness(optionsFor('freshness', o)), { message: 'No source has limits of freshness.', help });
}
