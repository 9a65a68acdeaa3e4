// What happens during a run, as a closed union: the terminal, the JSON log, the artifacts and any other reader see the
// same stream. A kind that a reader does not handle is a type error there.
import type { Table } from '../adapters/adapter.ts';
import type { Compiled } from '../compile/compile.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FoundFreshness } from '../plan/freshness.ts';
import type { Resource } from '../project/resources.ts';

/** As in dbt, a source that is too old is an `error`, and one that could not be looked at a `runtime error`. */
export type NodeStatus = 'success' | 'error' | 'skipped' | 'pass' | 'warn' | 'fail' | 'runtime error';

export interface NodeResult {
  readonly id: string;
  readonly resource: Resource;
  readonly status: NodeStatus;
  /** Short and factual: `table`, `3 rows`, `skipped: model 'a' failed`. */
  readonly message: string;
  readonly rows: number | null;
  readonly failures: number | null;
  readonly sample: Table | null;
  readonly storedIn: string | null;
  readonly startedAt: Date;
  /** Milliseconds from start to end, waiting for a worker not included. */
  readonly ms: number;
  /** Milliseconds of these until its SQL was known. */
  readonly compileMs: number;
  readonly thread: number;
  /** Of a source that was looked at. */
  readonly freshness: FoundFreshness | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly compiled: Compiled | null;
  /** Statements sent to the engine, in order. */
  readonly executed: readonly string[];
}

export interface RunFacts {
  readonly command: string;
  readonly invocationId: string;
  readonly startedAt: Date;
  readonly target: { readonly name: string; readonly type: string };
  readonly engine: string;
  readonly threads: number;
  readonly total: number;
  readonly counts: Readonly<Record<string, number>>;
}

export interface RunSummary {
  readonly results: readonly NodeResult[];
  readonly elapsedMs: number;
  readonly interrupted: boolean;
}

export type Event =
  | { readonly kind: 'run-started'; readonly facts: RunFacts }
  | { readonly kind: 'node-started'; readonly resource: Resource; readonly index: number; readonly total: number; readonly thread: number }
  | { readonly kind: 'node-finished'; readonly result: NodeResult; readonly index: number; readonly total: number }
  | { readonly kind: 'log'; readonly level: 'debug' | 'info' | 'warning'; readonly message: string; readonly id: string | null }
  | { readonly kind: 'run-finished'; readonly summary: RunSummary };

/** Whether a run with these results was a good one. */
export function succeeded(summary: RunSummary): boolean {
  return !summary.interrupted && summary.results.every((r) => r.status === 'success' || r.status === 'pass' || r.status === 'warn');
}
