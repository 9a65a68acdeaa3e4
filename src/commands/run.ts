// seed, run, snapshot, test and build: choose nodes, connect, walk the plan, report. They differ in what they choose
// and in what a failing data test stops.
import { relative } from 'node:path';
import type { ResourceType } from '../project/resources.ts';
import { type Event, succeeded } from '../execute/events.ts';
import { runGraph } from '../graph/build-order.ts';
import { warning } from '../diagnostics/diagnostic.ts';
import { compiledFile } from '../report/artifacts.ts';
import { eventJson } from '../report/json-lines.ts';
import { progressReporter } from '../report/progress.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { artifactPlace, runNodes } from './run-nodes.ts';
import { chooseNodes, type Opened, openProject, printDiagnostics, sourceReader } from './open.ts';

export type RunCommand = 'seed' | 'run' | 'snapshot' | 'test' | 'build';

const TYPES: Readonly<Record<RunCommand, readonly ResourceType[]>> = {
  seed: ['seed'],
  run: ['model'],
  snapshot: ['snapshot'],
  test: ['test'],
  build: ['seed', 'model', 'snapshot', 'test'],
};

/** Runs one of the five. Returns the exit code. */
export async function runCommand(io: Io, command: RunCommand, o: CommonOptions): Promise<ExitCode> {
  const opened = openProject(io, o, command);
  const types = o.resourceType === undefined ? TYPES[command] : TYPES[command].filter((t) => o.resourceType!.includes(t));
  return await runChosen(io, command, o, opened, chooseNodes(io, opened, o, types));
}

/** Runs nodes already chosen, as this command does. */
export async function runChosen(io: Io, command: RunCommand, o: CommonOptions, opened: Opened, chosen: ReadonlySet<string>): Promise<ExitCode> {
  const { loaded, graph } = opened;
  const { project } = loaded;
  const run = runGraph(graph, chosen, command);
  if (run.order.length === 0) {
    // A selection that matches nothing has said so already.
    if (chosen.size > 0 || o.select === undefined)
      printDiagnostics(io, [warning('graph/empty-selection', `Nothing to ${command}.`, { help: 'See what there is: dwt ls' })], project.root);
    return 0;
  }
  const report =
    io.output.format === 'json'
      ? (e: Event): void => io.output.out(`${eventJson(e)}\n`)
      : progressReporter({
          output: io.output,
          readSource: sourceReader(project.root),
          compiledPath: (r) => compiledFile(artifactPlace(opened), r),
          spanOf: loaded.spanOf,
          rerunFlags: rerunFlags(io, o),
        });
  const summary = await runNodes(io, { opened, command, chosen, run, failuresBlock: command === 'build', options: o, signal: io.signal, report });
  return summary.interrupted ? 130 : succeeded(summary) ? 0 : 1;
}

/** Flags without which the same command would run something else. */
function rerunFlags(io: Io, o: CommonOptions): string {
  const quote = (s: string): string => (/^[\w./:=-]+$/.test(s) ? s : `'${s.replaceAll("'", "'\\''")}'`);
  return [
    o.projectDir === undefined ? '' : ` --project-dir ${quote(relative(io.cwd, o.projectDir) || o.projectDir)}`,
    o.target === undefined ? '' : ` --target ${quote(o.target)}`,
    o.vars === undefined || Object.keys(o.vars).length === 0 ? '' : ` --vars ${quote(JSON.stringify(o.vars))}`,
    o.fullRefresh === true ? ' --full-refresh' : '',
    o.empty === true ? ' --empty' : '',
  ].join('');
}
