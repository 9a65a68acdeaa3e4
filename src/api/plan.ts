// What a run would do, and why, with nothing touched: each node's action from what stands in the warehouse, and whether its
// code is other than when it was last built well, from the run history.
import { existsSync } from 'node:fs';
import type { Steps } from '../adapters/step.ts';
import type { RunGraph } from '../graph/build-order.ts';
import { codeVersion } from '../graph/code-version.ts';
import { label, type Runnable } from '../project/resources.ts';
import type { Deferral } from '../compile/runtime-names.ts';
import { deferredReads, type Preview, preview } from '../plan/preview.ts';
import type { Connections } from './connect.ts';
import type { LastGood } from './history.ts';
import type { Opened } from './opened.ts';
import type { RunFlagOptions } from './options.ts';
import { Work } from './work.ts';

/** `new`: nothing is there, or nothing was recorded of what is. `changed`: its code is other than when it was last built well. `unknown`: the history is off. */
export type PlannedState = 'new' | 'changed' | 'unchanged' | 'unknown';

/** A node as a run would treat it. */
export interface PlannedNode extends Preview {
  readonly resource: Runnable;
  readonly state: PlannedState;
  /** When it was last built or tested well, as the engine prints it, in UTC. */
  readonly lastGood: string | null;
  /** The nearest nodes above it that are new or changed, as people name them. */
  readonly changedAbove: readonly string[];
  /** Relations of the other environment that it would read, `schema.name`. */
  readonly deferredTo: readonly string[];
}

/** @internal Looks at each node in the order of the run. `last` is null where no history is kept. Throws `Failure` where there is no warehouse. */
export async function planRun(
  opened: Opened,
  connections: Connections,
  run: RunGraph,
  last: ReadonlyMap<string, LastGood> | null,
  o: RunFlagOptions & { readonly deferral?: Deferral },
): Promise<readonly PlannedNode[]> {
  const { loaded, graph, place } = opened;
  const [file] = place.adapter.files?.(place.target.settings, place.root) ?? [];
  const env = {
    facts: loaded.facts,
    graph,
    flags: { fullRefresh: o.fullRefresh === true, empty: o.empty === true },
    readText: loaded.readText,
    locate: loaded.spanOf,
    selected: new Set(run.order),
    ...(o.deferral === undefined ? {} : { deferral: o.deferral }),
  };
  const work = new Work(opened, connections, { looksOnly: true });
  const planned = new Map<string, PlannedNode>();
  /** Of every node of the graph: what above it, or it itself, is new or changed. */
  const moved = new Map<string, readonly string[]>();
  try {
    const runs = new Set(run.order);
    for (const id of graph.order) {
      const resource = graph.nodes.get(id)!;
      const above = [...new Set((graph.parents.get(id) ?? []).flatMap((p) => moved.get(p) ?? []))];
      if (!runs.has(id)) {
        moved.set(id, above);
        continue;
      }
      const node = resource as Runnable;
      // Opening a file that is not there would make one.
      const looked = <T>(steps: Steps<T>): Promise<T> | T => (file !== undefined && !existsSync(file) ? withNothingThere(steps) : work.drive(steps));
      const found = await looked(preview(env, node));
      const deferredTo = await looked(deferredReads(env, node));
      const before = last?.get(id);
      const state = stateOf(node, found, last === null ? null : (before ?? undefined), opened);
      planned.set(id, { ...found, resource: node, state, lastGood: before?.endedAt ?? null, changedAbove: above, deferredTo });
      moved.set(id, state === 'new' || state === 'changed' ? [label(node)] : above);
    }
  } finally {
    await work.close();
  }
  return run.order.map((id) => planned.get(id)!);
}

function stateOf(node: Runnable, found: Preview, before: LastGood | null | undefined, opened: Opened): PlannedState {
  if (found.existing === null && found.action !== 'test') return 'new';
  if (before === null) return 'unknown';
  if (before === undefined) return 'new';
  return before.codeVersion === codeVersion(node, opened.loaded.project, opened.graph) ? 'unchanged' : 'changed';
}

function withNothingThere<T>(steps: Steps<T>): T {
  let next = steps.next();
  while (next.done !== true) next = steps.next(null);
  return next.value;
}
