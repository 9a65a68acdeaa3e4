// An open DuckDB as a `Warehouse`: sessions are connections of one instance, at most `threads` of them at once.
// Opening a connection takes 0.07 ms, so none is kept: a new session starts clean, without temporary tables of the one before.
import { ConnectionFailure } from '../failures.ts';
import type { Capabilities, ConnectOptions, Dialect, Session, TargetSettings, Warehouse } from '../adapter.ts';
import { openInstance } from './connection.ts';
import { BROKEN_INDEX_HELP } from './errors.ts';
import { rebuildIndexes } from './replay.ts';
import type { OpenInstance } from './connection.ts';
import { DuckDBSession } from './session.ts';

/** What a warehouse says of its engine. */
interface Engine {
  readonly dialect: Dialect;
  readonly capabilities: Capabilities;
}

/** Opens a warehouse. Throws `ConnectionFailure`. */
export async function connect(settings: TargetSettings, options: ConnectOptions, engine: Engine): Promise<Warehouse> {
  const open = (): Promise<OpenInstance> => openInstance(settings, options);
  return new DuckDBWarehouse(await open(), Math.max(1, options.threads), engine, open);
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (reason: ConnectionFailure) => void;
}

class DuckDBWarehouse implements Warehouse {
  readonly version: string;
  readonly dialect: Dialect;
  readonly capabilities: Capabilities;
  readonly #open: OpenInstance;
  readonly #limit: number;
  readonly #again: () => Promise<OpenInstance>;
  readonly #sessions = new Set<DuckDBSession>();
  #taken = 0;
  #waiting: Waiting[] = [];
  #closing: Promise<void> | undefined;
  /** An error has ended the database for this process. */
  #fatal: { readonly ofIndex: boolean } | undefined;
  /** Tables with an index that may be broken. */
  readonly #doubtful = new Set<string>();

  constructor(open: OpenInstance, limit: number, engine: Engine, again: () => Promise<OpenInstance>) {
    this.version = open.version;
    this.dialect = engine.dialect;
    this.capabilities = engine.capabilities;
    this.#open = open;
    this.#limit = limit;
    this.#again = again;
  }

  async session(): Promise<Session> {
    if (this.#closing) throw closed();
    if (this.#fatal) throw new ConnectionFailure('DuckDB stopped after an earlier error.', this.#fatal.ofIndex ? BROKEN_INDEX_HELP : undefined, false, true);
    if (this.#taken < this.#limit) this.#taken++;
    else await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    try {
      const connection = await this.#open.instance.connect();
      for (const sql of this.#open.prepare) await connection.run(sql);
      if (this.#closing) {
        connection.closeSync();
        throw closed();
      }
      const session = new DuckDBSession(
        connection,
        this.#open.database,
        () => {
          this.#sessions.delete(session);
          this.#pass();
        },
        {
          fatal: (ofIndex) => void (this.#fatal ??= { ofIndex }),
          doubtful: (tables) => {
            for (const table of tables) this.#doubtful.add(table);
          },
        },
      );
      this.#sessions.add(session);
      return session;
    } catch (thrown) {
      this.#pass();
      throw this.#closing ? closed() : thrown;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#shut();
    return this.#closing;
  }

  /** Closing the last connection and the instance writes a checkpoint and lets go of the file. */
  async #shut(): Promise<void> {
    for (const waiting of this.#waiting.splice(0)) waiting.reject(closed());
    await Promise.all([...this.#sessions].map((session) => session.release()));
    this.#open.instance.closeSync();
    if (this.#fatal?.ofIndex === true) await this.#repair(null);
    else if (this.#doubtful.size > 0) await this.#repair(this.#doubtful);
  }

  /** Makes the indexes anew, of these tables or of all, for the next run. If that fails, the next run tells. */
  async #repair(tables: ReadonlySet<string> | null): Promise<void> {
    try {
      const { instance, database } = await this.#again();
      const connection = await instance.connect();
      try {
        await rebuildIndexes(connection, database, tables);
      } finally {
        connection.closeSync();
        instance.closeSync();
      }
    } catch {
      // Another program has taken the file, say.
    }
  }

  /** Hands the place of a session to the one that waits longest. */
  #pass(): void {
    const next = this.#waiting.shift();
    if (next) next.resolve();
    else this.#taken--;
  }
}

function closed(): ConnectionFailure {
  return new ConnectionFailure('The warehouse is closed.');
}
