// `results` as an on-run-end hook sees it: for each node its status, message and timing under dbt's names.
import { resourceDict } from '../context/node-names.ts';
import { dictOf, type Value } from '../template/values.ts';
import { float } from '../template/values.ts';
import type { NodeResult } from './events.ts';

export function resultsValue(results: readonly NodeResult[]): Value {
  return results.map((r) =>
    dictOf({
      node: resourceDict(r.resource),
      unique_id: r.id,
      status: r.status,
      message: r.message,
      execution_time: float(r.ms / 1000),
      failures: r.failures,
      thread_id: `Thread-${r.thread}`,
      adapter_response: dictOf({ rows_affected: r.rows }),
    }),
  );
}
