// Walks the plan for nodes already chosen: connects, executes, writes what belongs beside the output, and hands every
// event on. `run` and its kin call it once, `watch` again and again.
import type { Operation } from '../project/resources.ts';
import type { Event, RunFacts, RunSummary } from '../execute/events.ts';
import { execute } from '../execute/execute.ts';
import type { RunGraph } from '../graph/build-order.ts';
import { type ArtifactPlace, compiledFile, writeNodeFiles, writeRunResults } from '../report/artifacts.ts';
import { FileWriter } from '../report/file-writer.ts';
import type { CommonOptions, Io } from './io.ts';
import { connect, type Opened } from './open.ts';

export interface RunRequest {
  readonly opened: Opened;
  readonly command: string;
  readonly chosen: ReadonlySet<string>;
  readonly run: RunGraph;
  /** A failing data test stops what depends on what it tests. */
  readonly failuresBlock: boolean;
  readonly options: CommonOptions;
  readonly signal: AbortSignal;
  readonly report: (e: Event) => void;
}

/** Runs the nodes and returns the summary. Throws `Failure` where there is no warehouse. */
export async function runNodes(io: Io, r: RunRequest): Promise<RunSummary> {
  const { opened, options: o } = r;
  const { loaded, graph } = opened;
  const { project } = loaded;
  const threads = Math.max(1, Math.min(project.target.threads, r.run.order.length));
  const warehouse = await connect(io, opened, { threads });
  const place = artifactPlace(opened);
  const operations = (when: 'start' | 'end'): Operation[] => [...graph.nodes.values()].filter((n): n is Operation => n.type === 'operation' && n.when === when);
  const writer = new FileWriter();
  let facts: RunFacts | undefined;
  try {
    const events = execute({
      facts: {
        command: r.command,
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
        selected: r.chosen,
        root: project.root,
        storeFailures: o.storeFailures === true,
        failuresShown: 5,
      },
      run: r.run,
      failuresBlock: r.failuresBlock,
      failFast: o.failFast === true,
      operations: { start: operations('start'), end: operations('end') },
      spanOf: loaded.spanOf,
      compiledPath: (node) => compiledFile(place, node),
      signal: r.signal,
    });
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value;
      const e = next.value;
      if (e.kind === 'run-started') facts = e.facts;
      if (e.kind === 'node-finished') writeNodeFiles(place, writer, e.result);
      if (e.kind === 'run-finished')
        writeRunResults(place, facts!, e.summary, {
          which: r.command,
          select: o.select ?? [],
          exclude: o.exclude ?? [],
          vars: o.vars ?? {},
          full_refresh: o.fullRefresh === true,
          target: project.target.name,
        });
      r.report(e);
    }
  } finally {
    await Promise.all([warehouse.close(), writer.close()]);
  }
}

export function artifactPlace(opened: Opened): ArtifactPlace {
  const { loaded } = opened;
  return { root: loaded.project.root, targetPath: loaded.targetPath, projectName: loaded.project.name };
}
