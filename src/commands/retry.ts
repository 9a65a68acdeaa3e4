// retry: what failed or was skipped in the last run, and nothing else, with that run's own settings.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { openProject } from './open.ts';
import { runChosen, type RunCommand } from './run.ts';

interface EarlierRun {
  readonly args: { readonly which?: string; readonly vars?: Readonly<Record<string, unknown>>; readonly full_refresh?: boolean; readonly target?: string };
  readonly results: readonly { readonly unique_id: string; readonly status: string }[];
}

const AGAIN = new Set(['error', 'fail', 'skipped', 'runtime error', 'partial success']);

export async function retryCommand(io: Io, o: CommonOptions): Promise<ExitCode> {
  const first = openProject(io, o, 'retry');
  const path = join(first.loaded.targetPath, 'run_results.json');
  if (!existsSync(path)) fail('cli/usage', 'There is no earlier run to take up again.', { help: 'Run something first: dwt build' });
  const earlier = JSON.parse(readFileSync(path, 'utf8')) as EarlierRun;
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
  const opened = openProject({ ...io, output: { ...io.output, quiet: true } }, options, command);
  return await runChosen(io, command, options, opened, new Set(ids.filter((id) => opened.graph.nodes.has(id))));
}
