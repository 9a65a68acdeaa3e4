// One connection to DuckDB as a `Session`. In: SQL. Out: outcomes and rows, failures as `StatementFailure`. Results are read
// materialized, never streamed: the driver's stream ends silently where the query fails half-way, and a stream that is not read to its
// end keeps the file locked. A limit goes into the SQL instead, so DuckDB itself stops early.
import type { DuckDBConnection, DuckDBMaterializedResult } from '@duckdb/node-api';
import { StatementFailure } from '../failures.ts';
import type { CatalogRelation, LoadRequest, Outcome, SchemaName, Session, Table } from '../adapter.ts';
import type { Column, ExistingRelation, Relation } from '../../project/relation.ts';
import { readTable } from './cells.ts';
import { fatality, isDoubtful, isParserError, toStatementFailure } from './errors.ts';
import { findCatalog, findColumns, findRelations, findSchema } from './introspect.ts';
import { loadFile } from './load.ts';

const CREATE_STATEMENT = 7;
const CHANGED_ROWS = 1;

/** How long to wait before asking a statement again to stop: DuckDB forgets an interrupt that arrives before the statement starts. */
const INTERRUPT_EVERY_MS = 20;

/** A statement that changes rows, and its table. */
const CHANGES = /^\s*(?:insert\s+into|merge\s+into|update|delete\s+from)\s+((?:"(?:[^"]|"")*"|[\w.])+)/i;

/** Whom to tell of what concerns the whole database. */
interface Trouble {
  /** It has ended for this process. */
  readonly fatal: (ofIndex: boolean) => void;
  /** An index of one of these tables may be broken. */
  readonly doubtful: (tables: Iterable<string>) => void;
}

/** A session that `release` gives back to its warehouse. */
export class DuckDBSession implements Session {
  readonly #connection: DuckDBConnection;
  readonly #database: string;
  readonly #onRelease: () => void;
  readonly #on: Trouble;
  /** Tables that the statements since the last commit change, as they are written there. */
  readonly #touched = new Set<string>();
  #running = 0;
  #calls = 0;
  #cancelled = false;
  #released = false;
  #inTransaction = false;
  #stopped = false;
  #idle: (() => void)[] = [];

  constructor(connection: DuckDBConnection, database: string, onRelease: () => void, on: Trouble = { fatal: () => {}, doubtful: () => {} }) {
    this.#connection = connection;
    this.#database = database;
    this.#onRelease = onRelease;
    this.#on = on;
  }

  async run(sql: string): Promise<Outcome> {
    const counts = (await this.#executeEach(sql)).map(countRows).filter((n) => n !== null);
    return { rows: counts.length === 0 ? null : counts.reduce((a, b) => a + b, 0) };
  }

  async query(sql: string, limit?: number): Promise<Table> {
    if (limit === undefined) return readTable((await this.#executeEach(sql)).at(-1)!);
    const body = limitable(sql);
    if (body !== null) {
      const head = 'select * from (\n';
      try {
        const result = await this.#send(`${head}${body}\n) limit ${Math.max(0, Math.trunc(limit))}`);
        return await readTable(result, limit, await this.#namesOf(body, result.columnNames()));
      } catch (thrown) {
        // Several statements, or one that cannot stand in parentheses: nothing of it ran, so it is run as it is.
        if (!isParserError(thrown)) throw toStatementFailure(thrown, `${head}${body}`, head.length);
      }
    }
    return readTable((await this.#executeEach(sql)).at(-1)!, limit);
  }

  async begin(): Promise<void> {
    await this.#execute('begin transaction');
    this.#inTransaction = true;
  }

  async commit(): Promise<void> {
    await this.#execute('commit');
    this.#inTransaction = false;
  }

  async rollback(): Promise<void> {
    this.#inTransaction = false;
    for (;;) {
      try {
        await this.#connection.run('rollback');
        return;
      } catch (thrown) {
        const failure = toStatementFailure(thrown, 'rollback');
        if (/no transaction is active/.test(failure.message)) return;
        // An interrupt meant for the statement before may hit this one.
        if (!failure.cancelled) throw failure;
      }
    }
  }

  async load(request: LoadRequest): Promise<Outcome> {
    const session = {
      run: (sql: string) => this.#send(sql),
      rollback: () => this.rollback(),
      interrupt: () => this.#connection.interrupt(),
      checkpoint: () => {
        if (this.#cancelled) throw cancelled();
      },
    };
    return this.#call(() => loadFile(session, request));
  }

  async relations(schemas: readonly SchemaName[]): Promise<readonly ExistingRelation[]> {
    return findRelations(this.#ask, schemas, this.#database);
  }

  async catalog(schemas: readonly SchemaName[]): Promise<readonly CatalogRelation[]> {
    return findCatalog(this.#ask, schemas, this.#database);
  }

  /** Nothing is asked: a table is not replaced while a foreign key points to it, and none can be added to one that stands. */
  async referenced(): Promise<readonly Relation[]> {
    return [];
  }

  async columns(relation: Relation): Promise<readonly Column[] | null> {
    return this.#call(() => findColumns(this.#ask, relation, this.#database));
  }

  async schemaExists(schema: SchemaName): Promise<boolean> {
    return findSchema(this.#ask, schema, this.#database);
  }

  /** Without a connection between, only `release` ends a session, or an error that ends the whole database. */
  get lost(): boolean {
    return this.#released || this.#stopped;
  }

  async cancel(): Promise<void> {
    if (this.#running === 0 && this.#calls === 0) return;
    this.#cancelled = true;
    this.#connection.interrupt();
    const again = setInterval(() => this.#connection.interrupt(), INTERRUPT_EVERY_MS);
    await new Promise<void>((resolve) => this.#idle.push(resolve));
    clearInterval(again);
  }

  /** Closes the connection: DuckDB rolls an open transaction back and drops the session's temporary tables. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    await this.cancel();
    this.#connection.closeSync();
    this.#onRelease();
  }

  readonly #ask = async (sql: string): Promise<readonly (readonly unknown[])[]> => (await this.#send(sql)).getRows();

  /** The names that the query itself gives its columns: as a subquery, a second `id` becomes `id_1`. */
  async #namesOf(sql: string, names: readonly string[]): Promise<readonly string[]> {
    if (!names.some((name) => /_\d+$/.test(name))) return names;
    const prepared = await this.#connection.prepare(sql);
    try {
      return names.map((_, i) => prepared.columnName(i));
    } finally {
      prepared.destroySync();
    }
  }

  /** One result for each statement of the text; all of it is parsed before the first one runs. */
  async #executeEach(sql: string): Promise<readonly DuckDBMaterializedResult[]> {
    if (!/;\s*\S/.test(sql)) return [await this.#execute(sql)];
    return this.#call(async () => {
      try {
        const statements = await this.#connection.extractStatements(sql);
        // Nothing but comments behind the semicolon.
        if (statements.count <= 1) return [await this.#send(sql)];
        const results: DuckDBMaterializedResult[] = [];
        for (let i = 0; i < statements.count; i++) {
          if (this.#cancelled) throw cancelled();
          const prepared = await statements.prepare(i);
          try {
            results.push(await this.#watch(() => prepared.run()));
          } finally {
            prepared.destroySync();
          }
        }
        return results;
      } catch (thrown) {
        // A transaction that the project's own SQL opened and that failed: nobody else would end it.
        if (!this.#inTransaction) await this.#connection.run('rollback').catch(() => undefined);
        throw toStatementFailure(thrown, sql);
      }
    });
  }

  async #execute(sql: string): Promise<DuckDBMaterializedResult> {
    try {
      return await this.#send(sql);
    } catch (thrown) {
      throw toStatementFailure(thrown, sql);
    }
  }

  /** Runs SQL; throws what the driver throws, or that the call was cancelled. */
  async #send(sql: string): Promise<DuckDBMaterializedResult> {
    if (this.#released && this.#calls === 0) throw new StatementFailure('The session is closed.', { disconnected: true, hint: 'Run it again.' });
    if (this.#cancelled) throw cancelled();
    if (!this.#inTransaction) this.#touched.clear();
    const changed = CHANGES.exec(sql);
    if (changed !== null) this.#touched.add(changed[1]!);
    return this.#watch(() => this.#connection.run(sql));
  }

  async #watch<T>(work: () => Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await work();
    } catch (thrown) {
      const fatal = fatality(thrown);
      if (fatal !== null) {
        this.#stopped = true;
        this.#on.fatal(fatal.ofIndex);
      }
      if (isDoubtful(thrown)) this.#on.doubtful(this.#touched);
      throw thrown;
    } finally {
      this.#running--;
      this.#settle();
    }
  }

  /** A call of several statements: a cancellation between two of them stops the call as well. */
  async #call<T>(work: () => Promise<T>): Promise<T> {
    this.#calls++;
    try {
      return await work();
    } finally {
      this.#calls--;
      this.#settle();
    }
  }

  #settle(): void {
    if (this.#running > 0 || this.#calls > 0) return;
    this.#cancelled = false;
    if (this.#idle.length === 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

function cancelled(): StatementFailure {
  return new StatementFailure('Interrupted!', { cancelled: true, engineCode: 'INTERRUPT Error' });
}

/** Rows changed; for `create table as`, the rows created. */
function countRows(result: DuckDBMaterializedResult): number | null {
  if (result.returnType === CHANGED_ROWS) return result.rowsChanged;
  if ((result.statementType as number) !== CREATE_STATEMENT || result.rowCount !== 1) return null;
  const count = result.getChunk(0).getColumnValues(0)[0];
  return typeof count === 'bigint' ? Number(count) : null;
}

/** The query without its final semicolon where it may be wrapped as a subquery; `pivot` must stand alone. */
function limitable(sql: string): string | null {
  const body = sql.replace(/[\s;]+$/, '');
  const start = body.replace(/^(\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '');
  return /^(select|with|from|values|\()/i.test(start) && !/\bpivot/i.test(body) ? body : null;
}
