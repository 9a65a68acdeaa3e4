// run_results.json in dbt's shape (v6): what became of each node of a run.
// https://docs.getdbt.com/reference/artifacts/run-results-json
import { join } from 'node:path';
import type { Dialect } from '../adapters/adapter.ts';
import type { NodeResult, RunSummary } from '../execute/events.ts';
import { relationName } from './names.ts';
import type { ArtifactPlace } from './place.ts';
import { type Invocation, metadataOf, writeJson } from './write-json.ts';

/** Writes run_results.json. `args` are the command's, under dbt's names: `retry` goes by them. */
export function writeRunResults(
  place: ArtifactPlace,
  invocation: Invocation,
  summary: RunSummary,
  dialect: Dialect,
  args: Readonly<Record<string, unknown>>,
): void {
  writeJson(join(place.targetPath, 'run_results.json'), {
    metadata: metadataOf('run-results/v6', invocation),
    results: summary.results.map((r) => resultOf(r, dialect)),
    elapsed_time: summary.elapsedMs / 1000,
    args,
  });
}

function resultOf(r: NodeResult, dialect: Dialect): Record<string, unknown> {
  const { resource } = r;
  return {
    status: r.status,
    timing: timingOf(r),
    thread_id: threadOf(r),
    execution_time: r.ms / 1000,
    adapter_response: responseOf(r),
    message: r.diagnostics.find((d) => d.severity === 'error')?.message ?? r.message,
    failures: r.failures,
    unique_id: r.id,
    // As in dbt: a seed has nothing to compile.
    compiled: resource.type === 'seed' ? null : r.compiled !== null,
    compiled_code: r.compiled?.sql ?? null,
    relation_name: r.storedIn ?? (resource.type === 'test' ? null : relationName(resource, dialect)),
    batch_results: null,
  };
}

/** Compiling, then what was done with it. Nothing of a node that was skipped. */
export function timingOf(r: NodeResult): readonly Record<string, string>[] {
  if (r.status === 'skipped') return [];
  const at = (ms: number): string => new Date(r.startedAt.getTime() + ms).toISOString();
  const compiled = Math.min(r.compileMs, r.ms);
  return [
    { name: 'compile', started_at: at(0), completed_at: at(compiled) },
    { name: 'execute', started_at: at(compiled), completed_at: at(r.ms) },
  ];
}

export function threadOf(r: NodeResult): string {
  return `Thread-${r.thread}`;
}

export function responseOf(r: NodeResult): Record<string, unknown> {
  return { ...(r.status === 'skipped' ? {} : { _message: r.message }), ...(r.rows === null ? {} : { rows_affected: r.rows }) };
}
