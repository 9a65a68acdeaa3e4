// One node of a run: its plan is driven in a session, once more where it met another writer, and what it comes to, a failure too, is
// its result.
import type { Session } from '../adapters/adapter.ts';
import { StatementFailure } from '../adapters/failures.ts';
import { type Diagnostic, placeAndMessage, sentence, warning } from '../diagnostics/diagnostic.ts';
import { refuseWarnings } from '../diagnostics/strict.ts';
import type { CompileEnv } from '../plan/env.ts';
import type { Outcome } from '../plan/outcome.ts';
import { operation, planNode } from '../plan/plan.ts';
import { label, type Worked } from '../project/resources.ts';
import type { Catalog } from './catalog.ts';
import { withDoubts } from './doubts.ts';
import { driveSteps } from './drive-steps.ts';
import type { Event, NodeResult, NodeStatus } from './events.ts';
import { explain, type NodeFacts } from './failure.ts';
import { MATERIALIZATIONS } from '../project/config.ts';
import type { Job } from './job.ts';
import { blankResult } from './node-result.ts';
import { relationsRead, viewsRead } from './reads.ts';
import { resultNames } from './results-value.ts';

/** Repeats after a deadlock or a conflict with another writer. */
const RETRIES = 6;

/** What a node needs of the run that it is part of. */
export interface Within {
  readonly job: Job;
  readonly catalog: Catalog;
  /** Warnings that this run has given. */
  readonly warned: Set<string>;
  readonly results: () => readonly NodeResult[];
  readonly isInterrupted: () => boolean;
  /** Whether nothing more is to be started. */
  readonly isStopping: () => boolean;
  /** The database has ended for this process. Returns why nothing more can be done. */
  readonly ended: () => string;
  readonly emit: (e: Event) => void;
}

/** Never throws for the node's failure: that is its result. */
export async function runNode(resource: Worked, session: Session, thread: number, within: Within): Promise<NodeResult> {
  const { job, emit } = within;
  const startedAt = new Date();
  const began = performance.now();
  let compiled: NodeResult['compiled'] = null;
  let compileMs = 0;
  let executed: string[] = [];
  const failed: [sql: string, thrown: unknown][] = [];
  const doubtful: Diagnostic[] = [];
  const said: Diagnostic[] = [];
  const env: CompileEnv = {
    ...job.env,
    onCompiled: (_id, c) => {
      compiled = c;
      compileMs = performance.now() - began;
      refuseWarnings(job.warnError, [...doubtful, ...said]);
    },
    onWarning: (d) => doubtful.push(d),
  };
  const result = (status: NodeStatus, message: string, more: Partial<NodeResult> = {}): NodeResult => ({
    ...blankResult(resource, status, message),
    startedAt,
    ms: performance.now() - began,
    compileMs,
    thread,
    compiled,
    executed,
    ...more,
  });
  const once = async (e: unknown, attempt: number): Promise<boolean> => {
    if (!(e instanceof StatementFailure) || !e.retryable || attempt > RETRIES || within.isStopping()) return false;
    emit({
      kind: 'log',
      level: 'warning',
      id: resource.id,
      message: `${sentence(label(resource))} met another writer and is tried again (${attempt} of ${RETRIES}): ${e.message.split('\n')[0]}`,
    });
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * 2 ** attempt));
    return true;
  };
  for (let attempt = 1; ; attempt++) {
    const progress = { settled: false, byMain: resource.type !== 'model' || MATERIALIZATIONS.includes(resource.config.materialized) };
    try {
      executed = [];
      failed.length = 0;
      doubtful.length = 0;
      said.length = 0;
      const steps = resource.type === 'operation' ? operation(env, resource, resultNames(env, within.results())) : planNode(env, resource);
      const outcome: Outcome = await driveSteps(steps, {
        session,
        catalog: within.catalog,
        transactionalDdl: job.env.facts.capabilities.transactionalDdl,
        check: () => {
          if (within.isInterrupted()) throw new StatementFailure('interrupted', { cancelled: true });
        },
        log: (level, message, span) => {
          if (span !== undefined) doubtful.push(warning('template/warning', message, { span }));
          else if (level === 'warning' && job.warnError) said.push(warning('execute/warning', message));
          else emit({ kind: 'log', level, message, id: resource.id });
        },
        progress,
        again: once,
        sent: (sql) => void executed.push(sql),
        failed: (sql, thrown) => failed.push([sql, thrown]),
      });
      if (outcome.status !== 'fail') refuseWarnings(job.warnError, [...doubtful, ...said]);
      return result(outcome.status === 'warn' && job.warnError && resource.type === 'test' ? 'fail' : outcome.status, outcome.message, {
        rows: outcome.rows,
        failures: outcome.failures ?? null,
        sample: outcome.sample ?? null,
        storedIn: outcome.storedIn ?? null,
        freshness: outcome.freshness ?? null,
        diagnostics: [...news(doubtful, within.warned), ...(outcome.diagnostics ?? []).map((d) => ({ span: job.spanOf(resource.place), ...d }))],
      });
    } catch (e) {
      // What lasts is not done twice.
      if (!progress.settled && (await once(e, attempt))) continue;
      // What another node's statement ended is no fault of this one.
      const ended = e instanceof StatementFailure && e.ended !== undefined ? { at: e.ended, why: within.ended() } : undefined;
      if (ended?.at === 'before') return result('skipped', ended.why);
      const statement = failed.find(([, thrown]) => thrown === e)?.[0] ?? null;
      const explained = explain(e, await surroundings(e, resource, session, job, compiled, statement), job.spanOf);
      const cancelled = explained[0]?.code === 'execute/cancelled';
      const diagnostics = cancelled ? explained : withDoubts(without(news(doubtful, within.warned), explained), explained);
      const first = diagnostics.find((d) => d.severity === 'error');
      return result(resource.type === 'source' ? 'runtime error' : 'error', cancelled ? 'interrupted' : (first?.message.split('\n')[0] ?? 'failed'), {
        diagnostics,
      });
    }
  }
}

/** What explains a failure: for a column that is missing, those of what the node reads, as the warehouse has them. */
async function surroundings(
  e: unknown,
  resource: Worked,
  session: Session,
  { env, compiledPath }: Job,
  compiled: NodeResult['compiled'],
  statement: string | null,
): Promise<NodeFacts> {
  const facts = {
    resource,
    compiled,
    statement,
    compiledPath: compiledPath(resource),
    resources: env.graph.nodes.values(),
    target: env.facts.target,
    readText: env.readText,
    root: env.root,
  };
  if (!(e instanceof StatementFailure) || e.disconnected || e.cancelled) return facts;
  if (e.aboutValue) return { ...facts, views: viewsRead(env.graph, resource) };
  if (e.missing?.kind !== 'column') return facts;
  const columns = new Map<string, readonly string[]>();
  for (const relation of relationsRead(env.graph, resource)) {
    const found = await session.columns(relation).catch(() => null);
    if (found !== null)
      columns.set(
        relation.identifier.toLowerCase(),
        found.map((c) => c.name),
      );
  }
  return { ...facts, columns };
}

/** Those that are not among the others, which may have become errors. */
function without(warnings: readonly Diagnostic[], others: readonly Diagnostic[]): readonly Diagnostic[] {
  const told = new Set(others.map(placeAndMessage));
  return warnings.filter((d) => !told.has(placeAndMessage(d)));
}

/** Warnings that have not been given in this run: a macro's is met by each node that calls it. */
function news(warnings: readonly Diagnostic[], warned: Set<string>): readonly Diagnostic[] {
  return warnings.filter((d) => {
    const key = placeAndMessage(d);
    if (warned.has(key)) return false;
    warned.add(key);
    return true;
  });
}
