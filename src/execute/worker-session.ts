// The session of a worker: opened when its first node comes, replaced where its connection was lost.
import type { Session, Warehouse } from '../adapters/adapter.ts';
import { ConnectionFailure } from '../adapters/failures.ts';

export class WorkerSession {
  private readonly warehouse: Warehouse;
  /** Those of all workers, to be cancelled. */
  private readonly all: Set<Session>;
  private session: Session | undefined;

  constructor(warehouse: Warehouse, all: Set<Session>) {
    this.warehouse = warehouse;
    this.all = all;
  }

  /** A session that works, or why there is none. */
  async take(): Promise<Session | ConnectionFailure> {
    if (this.session?.lost === true) await this.release();
    if (this.session !== undefined) return this.session;
    try {
      this.session = await this.warehouse.session();
    } catch (e) {
      if (e instanceof ConnectionFailure) return e;
      throw e;
    }
    this.all.add(this.session);
    return this.session;
  }

  /** Whether some other worker has a session that works. */
  othersWork(): boolean {
    return [...this.all].some((s) => s !== this.session && !s.lost);
  }

  async release(): Promise<void> {
    const { session } = this;
    if (session === undefined) return;
    this.session = undefined;
    this.all.delete(session);
    await session.release();
  }
}
