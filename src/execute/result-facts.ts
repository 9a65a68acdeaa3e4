// What became of a node in dbt's words, as artifacts tell it and on-run-end hooks see it.
// https://docs.getdbt.com/reference/dbt-classes#result-objects
import type { NodeResult } from './events.ts';

/** Compiling, then what was done with it; times as ISO texts in UTC. Nothing of a node that was skipped. */
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

/** The first error where there is one, else how it ended. */
export function messageOf(r: NodeResult): string {
  return r.diagnostics.find((d) => d.severity === 'error')?.message ?? r.message;
}
