// Events and diagnostics as JSON lines, one object each, for programs. Keys are stable; times are ISO in UTC.
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Event, NodeResult } from '../execute/events.ts';

export function diagnosticJson(d: Diagnostic): string {
  return JSON.stringify({ event: 'diagnostic', code: d.code, severity: d.severity, message: d.message, span: d.span, help: d.help, related: d.related });
}

export function eventJson(e: Event): string {
  const at = new Date().toISOString();
  switch (e.kind) {
    case 'run-started':
      return JSON.stringify({
        event: e.kind,
        at,
        command: e.facts.command,
        invocation_id: e.facts.invocationId,
        started_at: e.facts.startedAt.toISOString(),
        target: e.facts.target,
        threads: e.facts.threads,
        engine: e.facts.engine,
        total: e.facts.total,
        counts: e.facts.counts,
      });
    case 'node-started':
      return JSON.stringify({
        event: e.kind,
        at,
        unique_id: e.resource.id,
        name: e.resource.name,
        resource_type: e.resource.type,
        index: e.index,
        total: e.total,
        thread: e.thread,
      });
    case 'node-finished':
      return JSON.stringify({ event: e.kind, at, index: e.index, total: e.total, ...resultFields(e.result) });
    case 'log':
      return JSON.stringify({ event: e.kind, at, level: e.level, message: e.message, unique_id: e.id });
    case 'run-finished': {
      const counts: Record<string, number> = {};
      for (const r of e.summary.results) counts[r.status] = (counts[r.status] ?? 0) + 1;
      return JSON.stringify({ event: e.kind, at, elapsed_ms: Math.round(e.summary.elapsedMs), interrupted: e.summary.interrupted, counts });
    }
  }
}

function resultFields(r: NodeResult): Record<string, unknown> {
  return {
    unique_id: r.id,
    name: r.resource.name,
    resource_type: r.resource.type,
    status: r.status,
    message: r.message,
    rows: r.rows,
    failures: r.failures,
    ...(r.freshness === null
      ? {}
      : { max_loaded_at: r.freshness.maxLoadedAt, snapshotted_at: r.freshness.snapshottedAt, max_loaded_at_time_ago_in_s: r.freshness.age }),
    started_at: r.startedAt.toISOString(),
    ms: Math.round(r.ms * 10) / 10,
    thread: r.thread,
    diagnostics: r.diagnostics.map((d) => ({ code: d.code, message: d.message, span: d.span, help: d.help })),
  };
}
