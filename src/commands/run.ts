// seed, run, snapshot, test and build: choose nodes, connect, walk the plan, report. They differ in what they choose
// and in what a failing data test stops.
import { relative } from 'node:path';
import type { ResourceType } from '../project/resources.ts';
import type { Operation } from '../project/resources.ts';
import { execute } from '../execute/execute.ts';
import { type RunFacts, succeeded } from '../execute/events.ts';
import { runGraph } from '../graph/build-order.ts';
import { warning } from '../diagnostics/diagnostic.ts';
import { compiledFile, writeNodeFiles, writeRunResults } from '../report/artifacts.ts';
import { FileWriter } from '../report/file-writer.ts';
import { eventJson } from '../report/json-lines.ts';
import { progressReporter } from '../report/progress.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { chooseNodes, connect, openProject, printDiagnostics, sourceReader } from './open.ts';

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
  const { loaded, graph } = opened;
  const { project } = loaded;
  const types = o.resourceType === undefined ? TYPES[command] : TYPES[command].filter((t) => o.resourceType!.includes(t));
  const chosen = chooseNodes(io, opened, o, types);
  const run = runGraph(graph, chosen, command);
  if (run.order.length === 0) {
    // A selection that matches nothing has said so already.
    if (chosen.size > 0 || o.select === undefined)
      printDiagnostics(io, [warning('graph/empty-selection', `Nothing to ${command}.`, { help: 'See what there is: dwt ls' })], project.root);
    return 0;
  }
  const threads = Math.max(1, Math.min(project.target.threads, run.order.length));
  const warehouse = await connect(io, opened, { threads });
  const place = { root: project.root, targetPath: loaded.targetPath, projectName: project.name };
  const report =
    io.output.format === 'json'
      ? (e: Parameters<typeof eventJson>[0]): void => io.output.out(`${eventJson(e)}\n`)
      : progressReporter({
          output: io.output,
          readSource: sourceReader(project.root),
          compiledPath: (r) => compiledFile(place, r),
          spanOf: loaded.spanOf,
          rerunFlags: rerunFlags(io, o),
        });
  const operations = (when: 'start' | 'end'): Operation[] => [...graph.nodes.values()].filter((n): n is Operation => n.type === 'operation' && n.when === when);
  let facts: RunFacts | undefined;
  const writer = new FileWriter();
  try {
    const events = execute({
      facts: {
        command,
        invocationId: opened.invocationId,
        startedAt: opened.startedAt,
        target: { name: project.target.name, type: project.target.type },
        threads,
      },
      warehouse,
      env: {
        facts: { ...loaded.facts, dialect: warehouse.dialect, capabilities: warehouse.capabilities },
        graph,
        flags: { fullRefresh: o.fullRefresh === true, empty: o.empty === true },
        readText: loaded.readText,
        selected: chosen,
        root: project.root,
        storeFailures: o.storeFailures === true,
        failuresShown: 5,
      },
      run,
      failuresBlock: command === 'build',
      failFast: o.failFast === true,
      operations: { start: operations('start'), end: operations('end') },
      spanOf: loaded.spanOf,
      compiledPath: (r) => compiledFile(place, r),
      signal: io.signal,
    });
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value.interrupted ? 130 : succeeded(next.value) ? 0 : 1;
      const e = next.value;
      if (e.kind === 'run-started') facts = e.facts;
      if (e.kind === 'node-finished') writeNodeFiles(place, writer, e.result);
      if (e.kind === 'run-finished')
        writeRunResults(place, facts!, e.summary, { which: command, select: o.select ?? [], exclude: o.exclude ?? [], vars: o.vars ?? {} });
      report(e);
    }
  } finally {
    await Promise.all([warehouse.close(), writer.close()]);
  }
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
