// What a plan gives back when it went well; what went wrong is thrown.
import type { Table } from '../adapters/adapter.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Compiled, CompileEnv } from './env.ts';
import type { FoundFreshness } from './freshness.ts';

export type { CompileEnv };

export interface Outcome {
  readonly status: 'success' | 'pass' | 'warn' | 'fail' | 'error';
  /** Short and factual: `view`, `table, 500 rows`, `merged 12 rows`. */
  readonly message: string;
  /** Rows of the statement that made the resource, where the engine counts them. */
  readonly rows: number | null;
  /** Failing rows of a data test. */
  readonly failures?: number;
  /** A few of them. */
  readonly sample?: Table;
  /** The relation that holds them, where they are stored. */
  readonly storedIn?: string;
  readonly compiled?: Compiled;
  /** What the check of a source found. */
  readonly freshness?: FoundFreshness;
  /** What there is to say about it; without a place it is that of the node. */
  readonly diagnostics?: readonly Diagnostic[];
}
