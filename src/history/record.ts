// The recorder: reads the events of a run and writes them to the history in a session of its own, about once a second and at
// the end. It neither fails nor holds up a run: what cannot be written becomes one warning. In: facts, then events.
import type { Session, Warehouse } from '../adapters/adapter.ts';
import { ConnectionFailure, StatementFailure } from '../adapters/failures.ts';
import type { Steps } from '../adapters/step.ts';
import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { Catalog } from '../execute/catalog.ts';
import { driveSteps } from '../execute/drive-steps.ts';
import { type Event, type NodeResult, type RunSummary, succeeded } from '../execute/events.ts';
import type { HistorySettings, HistoryTable } from '../project/history.ts';
import type { Resource } from '../project/resources.ts';
import { isAlive } from './process.ts';
import { closingRow, openingRow, resultRows, type RunRecord } from './rows.ts';
import { ensureTables } from './tables.ts';
import { append, openRun, prune, type Rows } from './write.ts';

export interface RecorderOptions {
  readonly warehouse: Warehouse;
  readonly history: HistorySettings;
  readonly run: RunRecord;
  /** The hash of a node's code; null where what it built says nothing of it. */
  readonly codeVersion: (r: Resource) => string | null;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
  /** Called once at most, before the run or after it. */
  readonly warn: (d: Diagnostic) => void;
}

/** How often rows are written while a run goes on: less often where that takes long, so that it is a fiftieth of the time at most. */
const EVERY_MS = 1000;
const SHARE = 50;
const SELDOM_MS = 5_000;
/** How long the run waits for its history, at its start and at its end. */
const PATIENCE_MS = 10_000;
/** Repeats after a conflict with another writer. */
const RETRIES = 5;

/** Runs of this very process. */
const active = new Set<string>();

/** Makes the tables and writes that the run has begun. Returns when models may read the history, or when it is known that it cannot be written. */
export async function startRecorder(o: RecorderOptions): Promise<Recorder> {
  const recorder = new Recorder(o);
  await recorder.open();
  return recorder;
}

export class Recorder {
  private readonly o: RecorderOptions;
  private session: Session | undefined;
  private waiting: Rows = {};
  private readonly seen = new Set<string>();
  private readonly results: NodeResult[] = [];
  private summary: RunSummary | undefined;
  private timer: NodeJS.Timeout | undefined;
  private wroteAt = performance.now();
  private pause = EVERY_MS;
  private writing: Promise<void> = Promise.resolve();
  private busy = false;
  /** A write failed: the rest waits for the end of the run. */
  private troubled = false;
  /** Nothing can be written. */
  private off = false;

  constructor(o: RecorderOptions) {
    this.o = o;
  }

  async open(): Promise<void> {
    const { history, run, redact, warehouse } = this.o;
    const place = { dialect: warehouse.dialect, history };
    const isGone = (host: string, pid: number, id: string): boolean => host === run.host && !(pid === run.pid ? active.has(id) : isAlive(pid));
    function* opening(again: boolean): Steps<void> {
      yield* ensureTables(warehouse.dialect, history);
      yield* openRun(place, run, openingRow(run, redact), isGone, again);
    }
    try {
      await this.patiently(() => this.drive(opening));
      active.add(run.id);
    } catch (e) {
      await this.giveUp(e);
    }
    this.wroteAt = performance.now();
  }

  /** Takes an event and returns at once. */
  take(e: Event): void {
    if (this.off) return;
    if (e.kind === 'node-finished') this.add(e.result);
    if (e.kind === 'run-finished') {
      // Hooks that went well are not announced one by one.
      for (const r of e.summary.results) this.add(r);
      this.summary = e.summary;
      return;
    }
    this.schedule();
  }

  /** Writes the rest and ends the run. The session is given back. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    const { history, run, warehouse } = this.o;
    const place = { dialect: warehouse.dialect, history };
    if (!this.off) {
      const status = this.summary === undefined ? 'failed' : this.summary.interrupted ? 'interrupted' : succeeded(this.summary) ? 'success' : 'failed';
      const otherwise = this.summary === undefined ? 'dwt itself failed.' : status === 'interrupted' ? 'interrupted' : null;
      const closing = { runId: run.id, row: closingRow(this.results, status, otherwise, new Date(), this.o.redact) };
      try {
        await this.patiently(async () => {
          await this.writing;
          if (this.troubled) await this.letGo();
          const rest = this.waiting;
          try {
            await this.drive((again) => append(place, rest, again || this.troubled, closing));
          } catch (e) {
            // How the run ended is worth more than its details.
            await this.drive((again) => append(place, {}, again, closing)).catch(() => {});
            throw e;
          }
          if (history.keepDays === null) return;
          const until = new Date(run.startedAt.getTime() - history.keepDays * 86_400_000);
          await this.drive(() => prune(place, run, until));
        });
      } catch (e) {
        await this.giveUp(e);
      }
    }
    active.delete(run.id);
    await this.letGo();
  }

  private add(result: NodeResult): void {
    if (this.seen.has(result.id)) return;
    this.seen.add(result.id);
    this.results.push(result);
    const { codeVersion, redact, run, warehouse } = this.o;
    const rows = resultRows(run, result, warehouse.dialect, result.status === 'skipped' ? null : codeVersion(result.resource), redact);
    for (const table in rows) (this.waiting[table as HistoryTable] ??= []).push(rows[table as HistoryTable]!);
  }

  private schedule(): void {
    if (this.busy || this.troubled || this.timer !== undefined || Object.keys(this.waiting).length === 0) return;
    this.timer = setTimeout(() => this.write(), Math.max(0, this.pause - (performance.now() - this.wroteAt)));
  }

  private write(): void {
    this.timer = undefined;
    const rows = this.waiting;
    const began = performance.now();
    this.waiting = {};
    this.busy = true;
    this.writing = this.drive((again) => append({ dialect: this.o.warehouse.dialect, history: this.o.history }, rows, again))
      .catch(() => {
        // They are tried once more at the end, in another session.
        this.troubled = true;
        for (const [table, list] of Object.entries(this.waiting)) (rows[table as HistoryTable] ??= []).push(...list);
        this.waiting = rows;
      })
      .finally(() => {
        this.busy = false;
        this.wroteAt = performance.now();
        this.pause = Math.min(SELDOM_MS, Math.max(EVERY_MS, SHARE * (this.wroteAt - began)));
        this.schedule();
      });
  }

  /** `again` is told where an earlier attempt lost its connection and may have been committed all the same. */
  private async drive(steps: (again: boolean) => Steps<void>): Promise<void> {
    const nothing = (): void => {};
    let again = false;
    for (let attempt = 1; ; attempt++) {
      try {
        const session = (this.session ??= await this.o.warehouse.session());
        // It came too late.
        if (this.off) return await session.release();
        return await driveSteps(steps(again), {
          session,
          catalog: new Catalog(this.o.warehouse.capabilities),
          transactionalDdl: false,
          check: nothing,
          log: nothing,
          sent: nothing,
        });
      } catch (e) {
        if (!(e instanceof StatementFailure) || !(e.retryable || e.disconnected) || attempt > RETRIES) throw e;
        // A connection that was cut while it was idle is replaced once.
        if (e.disconnected && attempt > 1) throw e;
        if (e.disconnected) {
          again = true;
          await this.letGo();
        }
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * 2 ** attempt));
      }
    }
  }

  /** Ends with the work, or with a failure where that takes too long: the statement is then cancelled. */
  private async patiently(work: () => Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new StatementFailure(`The warehouse did not answer within ${PATIENCE_MS / 1000} seconds.`)), PATIENCE_MS);
    });
    const done = work();
    done.catch(() => {});
    try {
      await Promise.race([done, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async giveUp(e: unknown): Promise<void> {
    this.off = true;
    const { history, redact, warn } = this.o;
    const reason = (e instanceof Error ? e.message : String(e)).split('\n')[0]!;
    const { session } = this;
    this.session = undefined;
    if (session !== undefined) await abandon(session);
    const ended = (e instanceof StatementFailure || e instanceof ConnectionFailure) && (e.ended ?? false) !== false;
    const asked = e instanceof StatementFailure && e.denied && e.hint !== undefined ? `\n${e.hint}` : '';
    warn(
      warning('history/not-written', `The history of this run could not be written: ${redact(reason)}`, {
        help: ended
          ? 'Nothing is wrong with the history: it has the runs that come after.'
          : `Let the target's user make and write the schema ${history.schema}, or turn the history off: history: false in project.yml.${asked}`,
      }),
    );
  }

  private async letGo(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    await session?.release().catch(() => {});
  }
}

/** Stops what the session does and gives it back; nobody waits for an engine that does not answer. */
async function abandon(session: Session): Promise<void> {
  const gone = session
    .cancel()
    .catch(() => {})
    .then(() => session.release())
    .catch(() => {});
  await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 1000).unref())]);
}
