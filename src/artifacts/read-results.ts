// run_results.json of an earlier run, for `retry` and `result:`.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';

/** What of an earlier run is read again. */
export interface EarlierRun {
  /** As `invocation_id` has it. */
  readonly id: string;
  readonly args: {
    readonly which?: string;
    readonly vars?: Readonly<Record<string, unknown>>;
    readonly full_refresh?: boolean;
    readonly warn_error?: boolean;
    readonly target?: string;
    readonly empty?: boolean;
    readonly store_failures?: boolean;
    readonly defer?: boolean;
    readonly favor_state?: boolean;
    /** Absolute, as is `defer_state`. */
    readonly state?: string;
    readonly defer_state?: string;
  };
  readonly results: readonly { readonly unique_id: string; readonly status: string }[];
}

/** run_results.json of a folder; undefined where there is none. Throws `Failure` where it cannot be read. */
export function readRunResults(folder: string): EarlierRun | undefined {
  const path = join(folder, 'run_results.json');
  if (!existsSync(path)) return undefined;
  try {
    const read = JSON.parse(readFileSync(path, 'utf8')) as Partial<EarlierRun> & { readonly metadata?: { readonly invocation_id?: unknown } };
    if (Array.isArray(read.results)) return { id: String(read.metadata?.invocation_id ?? ''), args: read.args ?? {}, results: read.results };
  } catch {
    // Said below.
  }
  return fail('cli/usage', `${path} is not what a run leaves behind, so there is nothing to go by.`, { help: 'Run something again: it is written anew.' });
}
