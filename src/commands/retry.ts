// retry: what failed or was skipped in the last run, and nothing else, with that run's own settings.
import { lastRun } from '../api/last-run.ts';
import { fail, type RunCommand } from '../api/api.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { note, openProject } from './project.ts';
import { isDoubt, runAndTell } from './run.ts';

const AGAIN = new Set(['error', 'fail', 'skipped', 'runtime error', 'partial success']);

export async function retryCommand(io: Io, o: CommonOptions): Promise<ExitCode> {
  // The run's own variables may be what the project needs to be read at all, so they come before it.
  const earlier = lastRun(io, o);
  if (earlier === undefined) fail('cli/usage', 'There is no earlier run to take up again.', { help: 'Run something first: dwt build' });
  const ids = earlier.results.filter((r) => AGAIN.has(r.status)).map((r) => r.unique_id);
  if (ids.length === 0) {
    note(io, 'Nothing failed in the last run, so there is nothing to take up again.');
    return 0;
  }
  const { args } = earlier;
  const { which, vars, target } = args;
  const deferState = args.defer_state ?? args.state;
  const options: CommonOptions = {
    ...o,
    vars: { ...vars, ...o.vars },
    ...(args.full_refresh === true ? { fullRefresh: true } : {}),
    ...(args.warn_error === true ? { warnError: true } : {}),
    ...(args.empty === true ? { empty: true } : {}),
    ...(args.store_failures === true ? { storeFailures: true } : {}),
    ...(args.defer === true ? { defer: true, favorState: args.favor_state === true } : {}),
    ...(args.defer === true && deferState !== undefined ? { deferState } : {}),
    ...(o.target === undefined && target !== undefined ? { target } : {}),
  };
  const command: RunCommand = which === 'seed' || which === 'run' || which === 'snapshot' || which === 'test' ? which : 'build';
  const project = openProject(io, options, command, isDoubt);
  return await runAndTell(io, command, options, project, { ...options, retryOf: earlier.id, ids: new Set(ids.filter((id) => project.resources.has(id))) });
}
