// run_results.json in dbt's shape (v6): what became of each node of a run.
// https://docs.getdbt.com/reference/artifacts/run-results-json
import { join } from 'node:path';
import type { Dialect } from '../adapters/adapter.ts';
import type { NodeResult, RunSummary } from '../execute/events.ts';
import { messageOf, responseOf, threadOf, timingOf } from '../execute/result-facts.ts';
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
    message: messageOf(r),
    failures: r.failures,
    unique_id: r.id,
    // As in dbt: a seed has nothing to compile.
    compiled: resource.type === 'seed' ? null : r.compiled !== null,
    compiled_code: r.compiled?.sql ?? null,
    relation_name: r.storedIn ?? (resource.type === 'test' ? null : relationName(resource, dialect)),
    batch_results: null,
  };
}
