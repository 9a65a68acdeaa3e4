// What the history is told of a run: its identity, its options without secrets, and the versions of its nodes' code.
import type { Warehouse } from '../adapters/adapter.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { codeVersion } from '../graph/code-version.ts';
import { thisProcess } from '../history/process.ts';
import { type Recorder, startRecorder } from '../history/record.ts';
import { openVars, redactor } from '../history/redact.ts';
import type { Opened } from './opened.ts';
import type { RunRequest } from './run.ts';

/** Begins the record of a run; undefined where the history is off. Whatever stands in its way is one warning. */
export async function recordRun(opened: Opened, r: RunRequest, warehouse: Warehouse, warn: (d: Diagnostic) => void): Promise<Recorder | undefined> {
  const { adapter, project } = opened.loaded;
  const { options: o, invocation } = r;
  if (project.history === null) return undefined;
  return await startRecorder({
    warehouse,
    history: project.history,
    run: {
      id: invocation.id,
      startedAt: invocation.startedAt,
      command: o.retryOf === undefined ? r.command : 'retry',
      project: project.name,
      target: project.target.name,
      targetSchema: project.target.schema,
      nodes: r.graph.order.length,
      arguments: {
        ...(o.retryOf === undefined ? {} : { command: r.command, retry_of: o.retryOf }),
        ...(o.ids === undefined ? {} : { nodes: [...o.ids].slice(0, 50) }),
        select: o.select,
        exclude: o.exclude,
        selector: o.selector,
        resource_type: o.resourceType,
        exclude_resource_type: o.excludeResourceType,
        full_refresh: o.fullRefresh === true,
        empty: o.empty === true,
        vars: openVars(opened.options.vars ?? {}),
      },
      version: opened.host.version,
      ...thisProcess(),
    },
    // An empty table says nothing of the code that it was made with.
    codeVersion: (node) => (o.empty === true ? null : codeVersion(node, project, opened.graph)),
    redact: redactor(adapter, project.target.settings, opened.host.env),
    warn,
  });
}
