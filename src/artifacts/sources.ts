// sources.json in dbt's shape (v3): how old each source was when it was looked at.
// https://docs.getdbt.com/reference/artifacts/sources-json
import type { NodeResult, RunSummary } from '../execute/events.ts';
import { responseOf, threadOf, timingOf } from '../execute/result-facts.ts';
import type { Source } from '../project/resources.ts';
import { freshnessDict } from './written-config.ts';
import { type Invocation, metadataOf, writeJson } from './write-json.ts';

/** Writes sources.json. A source that could not be looked at is there with why; one that was skipped is not. */
export function writeSources(path: string, invocation: Invocation, summary: RunSummary): void {
  writeJson(path, {
    metadata: metadataOf('sources/v3', invocation),
    results: summary.results.flatMap((r) => (r.resource.type !== 'source' || r.status === 'skipped' ? [] : [resultOf(r, r.resource)])),
    elapsed_time: summary.elapsedMs / 1000,
  });
}

function resultOf(r: NodeResult, source: Source): Record<string, unknown> {
  if (r.freshness === null) return { unique_id: r.id, error: r.diagnostics[0]?.message ?? r.message, status: 'runtime error' };
  return {
    unique_id: r.id,
    max_loaded_at: r.freshness.maxLoadedAt,
    snapshotted_at: r.freshness.snapshottedAt,
    max_loaded_at_time_ago_in_s: r.freshness.age,
    status: r.status,
    criteria: freshnessDict(source),
    adapter_response: responseOf(r),
    timing: timingOf(r),
    thread_id: threadOf(r),
    execution_time: r.ms / 1000,
  };
}
