// Two runs in one schema at once: what a node adds to what stands there would be added twice, as both have looked at the same table; and where
// tables are built aside and renamed, both would build under one name. So the second waits for the first, node by node.
import { StatementFailure } from '../adapters/failures.ts';
import { cleanup, statement, type Steps } from '../adapters/step.ts';
import type { Model, Seed, Snapshot } from '../project/resources.ts';
import type { CompileEnv } from './env.ts';

/** Does `work` while no other run of dwt builds the node's relation. */
export function* exclusively<T>(env: CompileEnv, node: Model | Seed | Snapshot, work: () => Steps<T>): Steps<T> {
  const lock = needsLock(env, node) ? env.facts.dialect.exclusive(node.relation) : null;
  if (lock === null || !(yield* taken(lock.before))) return yield* work();
  try {
    return yield* work();
  } finally {
    yield* cleanup([lock.after]);
  }
}

/** Whether two of them at once would come to something else than one after the other. */
function needsLock({ facts: { capabilities } }: CompileEnv, node: Model | Seed | Snapshot): boolean {
  if (node.type === 'snapshot' || node.config.materialized === 'incremental') return true;
  return !capabilities.transactionalDdl && node.config.materialized !== 'view';
}

/** The target's own limits: what waits for longer than they allow has failed. */
const TIMED_OUT = /time-?out|timed out|max_statement_time|execution time/i;

/** Some servers have no locks by name, such as those of a cluster: then there is none. */
function* taken(sql: string): Steps<boolean> {
  try {
    yield* statement(sql);
    return true;
  } catch (e) {
    if (!(e instanceof StatementFailure) || e.cancelled || e.disconnected || e.retryable || TIMED_OUT.test(e.message)) throw e;
    return false;
  }
}
