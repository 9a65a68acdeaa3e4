// Steps outside a run: compiling, looking, calling a macro. The warehouse is opened when the first step needs it, for
// reading alone where nothing is to be changed.
import { existsSync } from 'node:fs';
import type { Session } from '../adapters/adapter.ts';
import { StatementFailure } from '../adapters/failures.ts';
import type { Step, Steps } from '../adapters/step.ts';
import { type Diagnostic, placeAndMessage, warning } from '../diagnostics/diagnostic.ts';
import { refuseWarnings } from '../diagnostics/strict.ts';
import { Catalog } from '../execute/catalog.ts';
import { driveSteps } from '../execute/drive-steps.ts';
import type { Connections, Lease } from './connect.ts';
import type { Opened } from './opened.ts';

export interface WorkOptions {
  /** Changes nothing: several may look at once where a file allows one writer. */
  readonly looksOnly?: boolean;
  readonly log?: (level: 'info' | 'warning', message: string) => void;
  /** Told what is doubtful in a template that was rendered, such as an undefined name that is printed. */
  readonly warn?: (d: Diagnostic) => void;
}

/** @internal */
export class Work {
  private readonly opened: Opened;
  private readonly options: WorkOptions;
  private readonly connections: Connections;
  private lease: Lease | undefined;
  private session: Session | undefined;
  private cancel: (() => void) | undefined;
  private readonly catalog: Catalog;
  private readonly warned: Set<string>;

  constructor(opened: Opened, connections: Connections, options: WorkOptions = {}) {
    this.opened = opened;
    this.warned = new Set(opened.warnings.map(placeAndMessage));
    this.connections = connections;
    this.options = options;
    this.catalog = new Catalog(opened.loaded.adapter.capabilities);
  }

  /** Tells what is doubtful, a place once. */
  readonly warn = (d: Diagnostic): void => {
    const key = placeAndMessage(d);
    if (this.warned.has(key)) return;
    this.warned.add(key);
    refuseWarnings(this.opened.options.warnError, [d]);
    this.options.warn?.(d);
  };

  /** Drives steps to their end. What a step throws is thrown back into them. */
  async drive<T>(steps: Steps<T>): Promise<T> {
    const first = steps.next();
    if (first.done === true) return first.value;
    const session = await this.open();
    return await driveSteps(replay(first, steps), {
      session,
      catalog: this.catalog,
      transactionalDdl: this.opened.loaded.facts.capabilities.transactionalDdl,
      check: () => {
        if (this.opened.host.signal.aborted) throw new StatementFailure('interrupted', { cancelled: true });
      },
      log: (level, message, span) => {
        if (span !== undefined) return this.warn(warning('template/warning', message, { span }));
        if (level === 'warning') refuseWarnings(this.opened.options.warnError, [warning('execute/warning', message)]);
        if (level !== 'debug') this.options.log?.(level, message);
      },
      sent: () => {},
    });
  }

  /** The one session of this work. Throws `Failure` where there is no warehouse. */
  async open(): Promise<Session> {
    this.lease ??= await this.connections.acquire({ threads: 1, readOnly: this.readOnly() });
    if (this.session === undefined) {
      const session = (this.session = await this.lease.warehouse.session());
      this.cancel = (): void => void session.cancel().catch(() => {});
      this.opened.host.signal.addEventListener('abort', this.cancel);
    }
    return this.session;
  }

  /** A file has to be there to be opened for reading. */
  private readOnly(): boolean {
    const { adapter, target, root } = this.opened.place;
    const [file] = adapter.files?.(target.settings, root) ?? [];
    return this.options.looksOnly === true && file !== undefined && existsSync(file);
  }

  async close(): Promise<void> {
    if (this.cancel !== undefined) this.opened.host.signal.removeEventListener('abort', this.cancel);
    try {
      await this.session?.release();
    } finally {
      await this.lease?.release();
    }
  }
}

/** The generator from its first, already taken, step on. */
function* replay<T>(first: IteratorYieldResult<Step>, rest: Steps<T>): Steps<T> {
  let result: IteratorResult<Step, T> = first;
  while (result.done !== true) {
    try {
      const answer = yield result.value;
      result = rest.next(answer);
    } catch (e) {
      result = rest.throw(e);
    }
  }
  return result.value;
}
