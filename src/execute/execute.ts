// Step 5 of the house: N workers walk the plan. A node starts when what it waits for is done; what depends on a failure
// is skipped; Ctrl-C asks the engine to stop and still reports every node. Out: a stream of events, the last of them the summary.
import { ConnectionFailure, type SchemaName, type Session, StatementFailure, type Warehouse } from '../adapters/adapter.ts';
import { type Diagnostic, sentence, type Span } from '../diagnostics/diagnostic.ts';
import type { RunGraph } from '../graph/build-order.ts';
import { operation, planNode } from '../plan/plan.ts';
import type { CompileEnv } from '../plan/env.ts';
import type { Outcome } from '../plan/outcome.ts';
import { resultsValue } from './results-value.ts';
import { label, type Operation, type Place, type Resource, type Worked } from '../project/resources.ts';
import { Catalog } from './catalog.ts';
import { Channel } from './channel.ts';
import { ReadyQueue } from './ready-queue.ts';
import { driveSteps } from './drive-steps.ts';
import type { Event, NodeResult, NodeStatus, RunFacts, RunSummary } from './events.ts';
import { explain, type NodeFacts } from './failure.ts';
import { relationsRead, viewsRead } from './reads.ts';
import { withDoubts } from './doubts.ts';
import { WorkerSession } from './worker-session.ts';

export interface Job {
  readonly facts: Omit<RunFacts, 'engine' | 'total' | 'counts'>;
  readonly warehouse: Warehouse;
  readonly env: Omit<CompileEnv, 'onCompiled'>;
  readonly run: RunGraph;
  /** Statuses that stop what depends on a node, beside errors: a failed data test does in a build. */
  readonly failuresBlock: boolean;
  readonly failFast: boolean;
  readonly operations: { readonly start: readonly Operation[]; readonly end: readonly Operation[] };
  readonly spanOf: (p: Place) => Span;
  /** Where a node's compiled SQL will be found, relative to the project. */
  readonly compiledPath: (r: Resource) => string | null;
  readonly signal?: AbortSignal;
}

/** Runs everything and yields what happens. Never throws for a node's failure; a lost warehouse is every node's error. */
export async function* execute(job: Job): AsyncGenerator<Event, RunSummary> {
  const channel = new Channel<Event>();
  const work = new Run(job, (e) => channel.push(e)).all().finally(() => channel.close());
  yield* channel;
  return await work;
}

/** Repeats after a deadlock or a conflict with another writer. */
const RETRIES = 6;

class Run {
  private readonly job: Job;
  private readonly emit: (e: Event) => void;
  private readonly catalog = new Catalog();
  private readonly results = new Map<string, NodeResult>();
  private readonly warned = new Set<string>();
  private readonly total: number;
  private started = 0;
  private readonly sessions = new Set<Session>();
  /** Why nothing more is started. */
  private stopping: string | null = null;
  private interrupted = false;

  constructor(job: Job, emit: (e: Event) => void) {
    this.job = job;
    this.emit = emit;
    this.total = job.run.order.length;
  }

  async all(): Promise<RunSummary> {
    const { job } = this;
    const began = performance.now();
    const counts: Record<string, number> = {};
    for (const id of job.run.order) {
      const type = this.node(id).type;
      counts[type] = (counts[type] ?? 0) + 1;
    }
    this.emit({ kind: 'run-started', facts: { ...job.facts, engine: job.warehouse.version, total: this.total, counts } });
    const interrupt = (): void => this.interrupt();
    job.signal?.addEventListener('abort', interrupt);
    if (job.signal?.aborted === true) this.interrupt();
    const hooks: NodeResult[] = [];
    try {
      const ready = await this.prepare();
      let startFailed = !ready;
      for (const hook of job.operations.start) {
        const result = startFailed ? this.skipped(hook, 'an earlier hook failed') : await this.runHook(hook);
        hooks.push(result);
        if (result.status === 'error') startFailed = true;
        if (result.status !== 'success') this.emit({ kind: 'node-finished', result, index: 0, total: this.total });
      }
      if (startFailed) {
        const why = ready ? 'an on-run-start hook failed' : 'the warehouse could not be prepared';
        for (const id of job.run.order) if (!this.results.has(id)) this.finish(this.skipped(this.node(id), why));
      } else await this.workers();
      let endFailed = false;
      for (const hook of job.operations.end) {
        const result = endFailed || this.interrupted ? this.skipped(hook, 'an earlier hook failed') : await this.runHook(hook);
        hooks.push(result);
        if (result.status === 'error') endFailed = true;
        if (result.status !== 'success') this.emit({ kind: 'node-finished', result, index: 0, total: this.total });
      }
    } finally {
      job.signal?.removeEventListener('abort', interrupt);
    }
    const ordered = job.run.order.flatMap((id) => this.results.get(id) ?? []);
    const summary: RunSummary = { results: [...ordered, ...hooks], elapsedMs: performance.now() - began, interrupted: this.interrupted };
    this.emit({ kind: 'run-finished', summary });
    return summary;
  }

  private node(id: string): Worked {
    return this.job.env.graph.nodes.get(id) as Worked;
  }

  private async withSession<T>(work: (s: Session) => Promise<T>): Promise<T> {
    const session = await this.job.warehouse.session();
    this.sessions.add(session);
    try {
      return await work(session);
    } finally {
      this.sessions.delete(session);
      await session.release();
    }
  }

  /** Reads the catalog and makes the schemas that are missing. False where that failed: the failure is then the first node's. */
  private async prepare(): Promise<boolean> {
    const { job } = this;
    const building = job.run.order.map((id) => this.node(id));
    const schemas = new Map<string, SchemaName>();
    for (const node of building) {
      if (node.type === 'analysis' || node.type === 'source' || (node.type === 'test' && !storesFailures(job, node.config)) || !('relation' in node)) continue;
      schemas.set(`${node.relation.database ?? ''}.${node.relation.schema}`, { database: node.relation.database, schema: node.relation.schema });
    }
    if (schemas.size === 0) return true;
    try {
      await this.withSession(async (s) => {
        for (const schema of schemas.values()) if (!(await s.schemaExists(schema))) await s.run(job.warehouse.dialect.createSchema(schema));
        await this.catalog.load(s, [...schemas.values()]);
      });
      return true;
    } catch (e) {
      const first = building[0]!;
      const diagnostics = explain(e, { resource: first, compiled: null, statement: null, compiledPath: null }, job.spanOf).map((d) => ({
        ...d,
        message: `The schema could not be prepared: ${d.message}`,
      }));
      this.finish({ ...this.skipped(first, 'the schema could not be prepared'), status: 'error', diagnostics });
      return false;
    }
  }

  private async workers(): Promise<void> {
    const { run, facts } = this.job;
    const position = new Map(run.order.map((id, i) => [id, i]));
    const waiting = new Map<string, number>();
    const unblocks = new Map<string, string[]>();
    for (const id of run.order) {
      const waits = run.waitsFor.get(id) ?? [];
      waiting.set(id, waits.length);
      for (const w of waits) {
        const list = unblocks.get(w);
        if (list === undefined) unblocks.set(w, [id]);
        else list.push(id);
      }
    }
    const ready = new ReadyQueue(run.order.filter((id) => waiting.get(id) === 0).map((id) => position.get(id)!));
    let running = 0;
    const idle: (() => void)[] = [];
    const wakeAll = (): void => {
      for (const wake of idle.splice(0)) wake();
    };
    const done = (id: string): void => {
      for (const next of unblocks.get(id) ?? []) {
        const left = waiting.get(next)! - 1;
        waiting.set(next, left);
        if (left === 0) ready.push(position.get(next)!);
      }
    };
    const worker = async (thread: number): Promise<void> => {
      const place = new WorkerSession(this.job.warehouse, this.sessions);
      try {
        for (;;) {
          const at = ready.pop();
          if (at === undefined) {
            if (running === 0) {
              wakeAll();
              return;
            }
            await new Promise<void>((resolve) => idle.push(resolve));
            continue;
          }
          const id = run.order[at]!;
          if (this.results.has(id)) {
            done(id);
            continue;
          }
          if (this.stopping !== null) {
            this.finish(this.skipped(this.node(id), this.stopping));
            done(id);
            continue;
          }
          running++;
          const resource = this.node(id);
          const session = await place.take();
          if (session instanceof ConnectionFailure && place.othersWork()) {
            // Fewer workers will do: whoever has a connection takes the node.
            this.emit({ kind: 'log', level: 'warning', id: null, message: `Thread ${thread} works no more: ${session.message}` });
            running--;
            ready.push(at);
            wakeAll();
            return;
          }
          this.started++;
          this.emit({ kind: 'node-started', resource, index: this.started, total: this.total, thread });
          const result = session instanceof ConnectionFailure ? this.unreached(resource, session) : await this.runNode(resource, session, thread);
          running--;
          this.finish(result);
          this.afterwards(result);
          done(id);
          if (ready.size > 0 || running === 0) wakeAll();
        }
      } finally {
        await place.release();
      }
    };
    const count = Math.max(1, Math.min(facts.threads, this.total));
    await Promise.all(Array.from({ length: count }, (_, i) => worker(i + 1)));
  }

  /** Skips what depends on a failure. */
  private afterwards(result: NodeResult): void {
    const bad = result.status === 'error' || result.status === 'runtime error' || (result.status === 'fail' && this.job.failuresBlock);
    if ((bad || result.status === 'fail') && this.job.failFast) this.stopping ??= 'stopped after the first failure (--fail-fast)';
    if (!bad || result.resource.config['on_error'] === 'continue') return;
    const stack = [...(this.job.run.blocks.get(result.id) ?? [])];
    while (stack.length > 0) {
      const id = stack.pop()!;
      if (this.results.has(id)) continue;
      const why = result.status === 'fail' ? 'found failures' : result.message === 'interrupted' ? 'was interrupted' : 'failed';
      this.finish(this.skipped(this.node(id), `${label(result.resource)} ${why}`));
      stack.push(...(this.job.run.blocks.get(id) ?? []));
    }
  }

  private async runNode(resource: Worked, session: Session, thread: number): Promise<NodeResult> {
    const { job } = this;
    const startedAt = new Date();
    const began = performance.now();
    let compiled: NodeResult['compiled'] = null;
    let compileMs = 0;
    let executed: string[] = [];
    const failed: [sql: string, thrown: unknown][] = [];
    const doubtful: Diagnostic[] = [];
    const env: CompileEnv = {
      ...job.env,
      onCompiled: (_id, c) => {
        compiled = c;
        compileMs = performance.now() - began;
      },
      onWarning: (d) => doubtful.push(d),
    };
    const result = (status: NodeStatus, message: string, more: Partial<NodeResult> = {}): NodeResult => ({
      id: resource.id,
      resource,
      status,
      message,
      rows: null,
      failures: null,
      sample: null,
      storedIn: null,
      freshness: null,
      startedAt,
      ms: performance.now() - began,
      compileMs,
      thread,
      diagnostics: [],
      compiled,
      executed,
      ...more,
    });
    for (let attempt = 1; ; attempt++) {
      try {
        executed = [];
        failed.length = 0;
        doubtful.length = 0;
        const steps = resource.type === 'operation' ? operation(env, resource, { results: resultsValue([...this.results.values()]) }) : planNode(env, resource);
        const outcome: Outcome = await driveSteps(steps, {
          session,
          catalog: this.catalog,
          check: () => {
            if (this.interrupted) throw new StatementFailure('interrupted', { cancelled: true });
          },
          log: (level, message) => this.emit({ kind: 'log', level, message, id: resource.id }),
          sent: (sql) => void executed.push(sql),
          failed: (sql, thrown) => failed.push([sql, thrown]),
        });
        return result(outcome.status, outcome.message, {
          rows: outcome.rows,
          failures: outcome.failures ?? null,
          sample: outcome.sample ?? null,
          storedIn: outcome.storedIn ?? null,
          freshness: outcome.freshness ?? null,
          diagnostics: [...this.news(doubtful), ...(outcome.diagnostics ?? []).map((d) => ({ span: job.spanOf(resource.place), ...d }))],
        });
      } catch (e) {
        if (e instanceof StatementFailure && e.retryable && attempt <= RETRIES && this.stopping === null) {
          this.emit({
            kind: 'log',
            level: 'warning',
            id: resource.id,
            message: `${sentence(label(resource))} met another writer and is tried again (${attempt} of ${RETRIES}): ${e.message.split('\n')[0]}`,
          });
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * 2 ** attempt));
          continue;
        }
        const statement = failed.find(([, thrown]) => thrown === e)?.[0] ?? null;
        const explained = explain(e, await this.surroundings(e, resource, session, compiled, statement), job.spanOf);
        const cancelled = explained[0]?.code === 'execute/cancelled';
        const diagnostics = cancelled ? explained : withDoubts(this.news(doubtful), explained);
        const first = diagnostics.find((d) => d.severity === 'error');
        return result(resource.type === 'source' ? 'runtime error' : 'error', cancelled ? 'interrupted' : (first?.message.split('\n')[0] ?? 'failed'), {
          diagnostics,
        });
      }
    }
  }

  /** What explains a failure: for a column that is missing, those of what the node reads, as the warehouse has them. */
  private async surroundings(e: unknown, resource: Worked, session: Session, compiled: NodeResult['compiled'], statement: string | null): Promise<NodeFacts> {
    const { env, compiledPath } = this.job;
    const facts = { resource, compiled, statement, compiledPath: compiledPath(resource), resources: env.graph.nodes.values(), readText: env.readText };
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

  /** Warnings that have not been given in this run: a macro's is met by each node that calls it. */
  private news(warnings: readonly Diagnostic[]): readonly Diagnostic[] {
    return warnings.filter(({ span, message }) => {
      const key = `${span?.file}:${span?.line}:${span?.column}:${message}`;
      if (this.warned.has(key)) return false;
      this.warned.add(key);
      return true;
    });
  }

  private async runHook(hook: Operation): Promise<NodeResult> {
    try {
      return await this.withSession((s) => this.runNode(hook, s, 1));
    } catch (e) {
      if (e instanceof ConnectionFailure) return this.unreached(hook, e);
      throw e;
    }
  }

  /** The warehouse cannot be reached any more: this node's error, and the end of the run. */
  private unreached(resource: Worked, e: ConnectionFailure): NodeResult {
    this.stopping ??= 'the warehouse cannot be reached';
    const diagnostics = explain(e, { resource, compiled: null, statement: null, compiledPath: null }, this.job.spanOf);
    return { ...this.skipped(resource, e.message), status: 'error', diagnostics };
  }

  private finish(result: NodeResult): void {
    this.results.set(result.id, result);
    this.emit({ kind: 'node-finished', result, index: this.results.size, total: this.total });
  }

  private skipped(resource: Worked, why: string): NodeResult {
    return {
      id: resource.id,
      resource,
      status: 'skipped',
      message: why,
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

  private interrupt(): void {
    this.stopping = 'interrupted';
    this.interrupted = true;
    for (const s of this.sessions) s.cancel().catch(() => {});
  }
}

function storesFailures(job: Job, config: Resource['config']): boolean {
  return (
    config['store_failures'] === true ||
    config['store_failures_as'] === 'table' ||
    config['store_failures_as'] === 'view' ||
    (job.env.storeFailures && config['store_failures'] !== false)
  );
}
