// retry: what failed or was skipped in the last run, and nothing else, with that run's own settings.
import { resolve } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { readProjectFile } from '../parse/read-project.ts';
import { readRunResults } from '../report/artifacts.ts';
import { openProject, projectRoot } from './open.ts';
import { runChosen, type RunCommand } from './run.ts';

const AGAIN = new Set(['error', 'fail', 'skipped', 'runtime error', 'partial success']);

export async function retryCommand(io: Io, o: CommonOptions): Promise<ExitCode> {
  // The run's own variables may be what the project needs to be read at all, so they come before it.
  const root = projectRoot(io.cwd, o.projectDir);
  const earlier = readRunResults(resolve(root, o.targetPath ?? readProjectFile(root).project['target-path'] ?? 'target'));
  if (earlier === undefined) fail('cli/usage', 'There is no earlier run to take up again.', { help: 'Run something first: dwt build' });
  const ids = earlier.results.filter((r) => AGAIN.has(r.status)).map((r) => r.unique_id);
  if (ids.length === 0) {
    if (!io.output.quiet) io.output.err('Nothing failed in the last run, so there is nothing to take up again.\n');
    return 0;
  }
  const { which, vars, full_refresh: fullRefresh, target } = earlier.args;
  const options: CommonOptions = {
    ...o,
    vars: { ...vars, ...o.vars },
    ...(fullRefresh === true ? { fullRefresh } : {}),
    ...(o.target === undefined && target !== undefined ? { target } : {}),
  };
  const command: RunCommand = which === 'seed' || which === 'run' || which === 'snapshot' || which === 'test' ? which : 'build';
  const opened = openProject(io, options, command);
  return await runChosen(io, command, options, opened, new Set(ids.filter((id) => opened.graph.nodes.has(id))));
}
