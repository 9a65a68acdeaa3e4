// What a run is given.
import type { Warehouse } from '../adapters/adapter.ts';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.ts';
import type { RunGraph } from '../graph/build-order.ts';
import type { CompileEnv } from '../plan/env.ts';
import type { Operation, Place, Resource } from '../project/resources.ts';
import type { RunFacts } from './events.ts';

export interface Job {
  readonly facts: Omit<RunFacts, 'engine' | 'total' | 'counts'>;
  readonly warehouse: Warehouse;
  readonly env: Omit<CompileEnv, 'onCompiled'>;
  readonly run: RunGraph;
  /** Statuses that stop what depends on a node, beside errors: a failed data test does in a build. */
  readonly failuresBlock: boolean;
  readonly failFast: boolean;
  /** A node that gives a warning has failed. */
  readonly warnError: boolean;
  /** Warnings that were given before: they are not given again. */
  readonly told: readonly Diagnostic[];
  readonly operations: { readonly start: readonly Operation[]; readonly end: readonly Operation[] };
  readonly spanOf: (p: Place) => Span;
  /** Where a node's compiled SQL will be found, relative to the project. */
  readonly compiledPath: (r: Resource) => string | null;
  readonly signal?: AbortSignal;
}
