// The result of a node of which nothing is known but how it ended.
import type { Worked } from '../project/resources.ts';
import type { NodeResult, NodeStatus } from './events.ts';

export function blankResult(resource: Worked, status: NodeStatus, message: string): NodeResult {
  return {
    id: resource.id,
    resource,
    status,
    message,
    rows: null,
    failures: null,
    sample: null,
    storedIn: null,
    freshness: null,
    startedAt: new Date(),
    ms: 0,
    compileMs: 0,
    thread: 0,
    diagnostics: [],
    compiled: null,
    executed: [],
  };
}
