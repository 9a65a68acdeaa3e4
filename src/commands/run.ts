// seed, run, snapshot, test and build: choose nodes, run them, tell what happens.
import { relative } from 'node:path';
import {
  type Diagnostic,
  type DwtProject,
  type Event,
  fail,
  optionsFor,
  type Run,
  type RunCommand,
  type RunOptions,
  type RunSummary,
  succeeded,
  warning,
} from '../api/api.ts';
import { printDiagnostic } from '../report/diagnostics.ts';
import { eventJson } from '../report/json-lines.ts';
import { progressReporter } from '../report/progress.ts';
import { shellWord, varsWord } from '../report/rerun.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { openProject, printDiagnostics, sourceReader } from './project.ts';

/** Runs one of the five. Returns the exit code. */
export async function runCommand(io: Io, command: RunCommand, o: CommonOptions): Promise<ExitCode> {
  return await runAndTell(io, command, o, openProject(io, o, command, isDoubt), o);
}

/** Names of columns that look like slips: where they are some, the run fails at them, and then that is enough. They are told after it. */
export function isDoubt(d: Diagnostic): boolean {
  return d.code === 'parse/undocumented-column';
}

/** The doubts of a project that no failure of its run is about. */
function doubtsLeft(project: DwtProject, { results }: RunSummary): readonly Diagnostic[] {
  const place = ({ span }: Diagnostic): string => `${span?.file}:${span?.line}:${span?.column}`;
  const told = new Set(results.flatMap((r) => r.diagnostics.map(place)));
  return project.warnings.filter((d) => isDoubt(d) && !told.has(place(d)));
}

/** Runs nodes of an open project, as this command does. */
export async function runAndTell(io: Io, command: RunCommand, o: CommonOptions, project: DwtProject, options: RunOptions): Promise<ExitCode> {
  const nothing = { message: `Nothing to ${command}.`, help: 'See what there is: dwt ls' };
  return await tell(io, o, project, await project.run(command, optionsFor('run', options)), nothing);
}

/** Reads a run's events and tells them; `nothing` is what to say where it has no nodes. */
export async function tell(
  io: Io,
  o: CommonOptions,
  project: DwtProject,
  run: Run,
  nothing: { readonly message: string; readonly help: string },
): Promise<ExitCode> {
  printDiagnostics(io, run.warnings, project.root);
  if (run.isEmpty) {
    // A selection that matches nothing has said so already.
    if (run.chosen.size > 0 || run.warnings.length === 0) {
      if (o.warnError === true) fail('graph/empty-selection', nothing.message, { help: nothing.help });
      printDiagnostics(io, [warning('graph/empty-selection', nothing.message, { help: nothing.help })], project.root);
    }
    printDiagnostics(io, project.warnings.filter(isDoubt), project.root);
    // Its artifacts say so.
    await run.finish();
    printDiagnostics(io, run.lateWarnings, project.root);
    return 0;
  }
  const report =
    io.output.format === 'json'
      ? (e: Event): void => io.output.out(`${eventJson(e)}\n`)
      : progressReporter({
          output: io.output,
          readSource: sourceReader(project.root),
          compiledPath: project.compiledPath,
          spanOf: project.locate,
          rerun: { flags: rerunFlags(io, o, project), retry: retry(io, o) },
          planned: run.order.map((id) => project.resources.get(id)!),
          byId: (id) => project.resources.get(id),
        });
  for await (const event of run) {
    if (event.kind === 'run-finished') {
      io.output.live?.hide();
      tellDoubts(io, project, doubtsLeft(project, event.summary));
    }
    report(event);
  }
  printDiagnostics(io, run.lateWarnings, project.root);
  return run.summary!.interrupted ? 130 : succeeded(run.summary!) ? 0 : 1;
}

/** Before the failures, and like them. */
function tellDoubts(io: Io, project: DwtProject, doubts: readonly Diagnostic[]): void {
  const { output } = io;
  if (output.format === 'json') printDiagnostics(io, doubts, project.root);
  else if (!output.quiet) for (const d of doubts) output.err(`\n${printDiagnostic(d, sourceReader(project.root), output.errColors, output.errColumns)}\n`);
}

/** Flags without which the same command would run something else. */
function rerunFlags(io: Io, o: CommonOptions, project: DwtProject): string {
  return [
    projectFlag(io, o),
    o.target === undefined || project.target.byDefault === true ? '' : ` --target ${shellWord(o.target)}`,
    o.vars === undefined || Object.keys(o.vars).length === 0 ? '' : ` --vars ${varsWord(o.vars)}`,
    o.fullRefresh === true ? ' --full-refresh' : '',
    o.empty === true ? ' --empty' : '',
    o.storeFailures === true ? ' --store-failures' : '',
    o.defer === true ? ' --defer' : '',
    o.favorState === true ? ' --favor-state' : '',
    o.state === undefined || o.defer !== true ? '' : ` --state ${shellWord(o.state)}`,
    o.deferState === undefined ? '' : ` --defer-state ${shellWord(o.deferState)}`,
    o.indirectSelection === undefined ? '' : ` --indirect-selection ${o.indirectSelection}`,
    o.targetPath === undefined ? '' : ` --target-path ${shellWord(o.targetPath)}`,
    o.warnError === true ? ' --warn-error' : '',
  ].join('');
}

/** The command that takes up this run again, with all its flags. */
function retry(io: Io, o: CommonOptions): string {
  return `dwt retry${projectFlag(io, o)}${o.targetPath === undefined ? '' : ` --target-path ${shellWord(o.targetPath)}`}`;
}

function projectFlag(io: Io, o: CommonOptions): string {
  return o.projectDir === undefined ? '' : ` --project-dir ${shellWord(relative(io.cwd, o.projectDir) || o.projectDir)}`;
}
