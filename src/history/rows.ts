// What happened, as rows of the history's tables. In: results of nodes and facts of the run. Out: plain records, times as dates.
import type { Dialect } from '../adapters/adapter.ts';
import type { NodeResult } from '../execute/events.ts';
import { batchId, type HistoryTable } from '../project/history.ts';
import { label, nameOf, type Resource } from '../project/resources.ts';

export type Value = string | number | Date | null;
export type Row = Readonly<Record<string, Value>>;

/** What is known of a run when it starts. */
export interface RunRecord {
  readonly id: string;
  readonly startedAt: Date;
  readonly command: string;
  readonly project: string;
  readonly target: string;
  readonly targetSchema: string;
  /** Nodes that are to run. */
  readonly nodes: number;
  /** Options that matter for what it did; secrets are taken out. */
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly version: string;
  readonly host: string;
  readonly pid: number;
}

/** The row of a run that has just begun. */
export function openingRow(r: RunRecord, redact: (text: string) => string): Row {
  return {
    run_id: r.id,
    batch_id: batchId(r.startedAt),
    project: r.project,
    target: r.target,
    target_schema: r.targetSchema,
    command: r.command,
    status: 'running',
    started_at: r.startedAt,
    ended_at: null,
    nodes: r.nodes,
    succeeded: 0,
    failed: 0,
    warned: 0,
    skipped: 0,
    rows_affected: 0,
    message: null,
    arguments: redact(JSON.stringify(r.arguments)),
    dwt_version: r.version,
    host: r.host,
    pid: r.pid,
  };
}

/** What is written into the row of a run when it ends. */
export function closingRow(
  results: readonly NodeResult[],
  status: 'success' | 'failed' | 'interrupted',
  otherwise: string | null,
  endedAt: Date,
  redact: (text: string) => string,
): Row {
  // Hooks are no nodes of the run; one that fails counts as a failure all the same.
  const count = (...of: NodeResult['status'][]): number =>
    results.filter((r) => of.includes(r.status) && (r.resource.type !== 'operation' || r.status === 'error')).length;
  const first = results.find((r) => r.status === 'error' || r.status === 'fail');
  return {
    status,
    ended_at: endedAt,
    succeeded: count('success', 'pass'),
    failed: count('error', 'fail'),
    warned: count('warn'),
    skipped: count('skipped'),
    rows_affected: results.reduce((sum, r) => sum + (r.resource.type === 'test' ? 0 : (r.rows ?? 0)), 0),
    message: first === undefined ? otherwise : redact(`${label(first.resource)}: ${messageOf(first)}`),
  };
}

/** The rows of a node that is done, by table. */
export function resultRows(
  run: RunRecord,
  result: NodeResult,
  dialect: Dialect,
  codeVersion: string | null,
  redact: (text: string) => string,
): Partial<Record<HistoryTable, Row>> {
  const { resource: r, status, startedAt: started_at, rows: rows_affected } = result;
  const ended_at = new Date(started_at.getTime() + result.ms);
  const duration_ms = Math.round(result.ms);
  const relation = relationOf(result, dialect);
  const message = redact(messageOf(result));
  const rows: Partial<Record<HistoryTable, Row>> = {
    nodes: {
      run_id: run.id,
      node_id: r.id,
      resource_type: r.type,
      name: nameOf(r),
      materialized: r.config.materialized,
      relation,
      status,
      started_at,
      ended_at,
      duration_ms,
      rows_affected,
      message,
      code_version: codeVersion,
      thread: result.thread,
    },
  };
  if (loads(r) && (status === 'success' || status === 'error'))
    rows.batches = {
      batch_id: batchId(run.startedAt),
      run_id: run.id,
      project: run.project,
      target: run.target,
      target_schema: run.targetSchema,
      node_id: r.id,
      relation,
      status,
      rows_affected,
      started_at,
      ended_at,
      message,
    };
  if (r.type === 'test')
    rows.test_results = {
      run_id: run.id,
      test_id: r.id,
      name: nameOf(r),
      node_id: r.generic?.attachedTo ?? null,
      column_name: r.generic?.column ?? null,
      severity: String(r.config['severity'] ?? 'error').toLowerCase(),
      status,
      failures: result.failures,
      message,
      started_at,
      duration_ms,
    };
  return rows;
}

/** Whether building it writes rows. */
function loads(r: Resource): boolean {
  return r.type === 'seed' || r.type === 'snapshot' || (r.type === 'model' && r.config.materialized !== 'view' && r.config.materialized !== 'ephemeral');
}

function relationOf({ resource: r, storedIn }: NodeResult, dialect: Dialect): string | null {
  return r.type === 'model' || r.type === 'seed' || r.type === 'snapshot' ? dialect.relation(r.relation) : storedIn;
}

function messageOf(r: NodeResult): string {
  return r.message === 'interrupted' ? r.message : (r.diagnostics[0]?.message ?? r.message);
}
