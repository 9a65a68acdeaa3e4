// One session on a PostgreSQL server: statements, transactions, load, cancel. Wraps a client of `pg` that it alone uses
// until it is released. https://node-postgres.com/apis/client
import type { Client, FieldDef, QueryArrayResult } from 'pg';
import type { Column, ExistingRelation, Relation } from '../../project/relation.ts';
import type { CatalogRelation, Cell, LoadRequest, Outcome, SchemaName, Session, Table } from '../adapter.ts';
import { StatementFailure } from '../failures.ts';
import { streamOf } from './connection.ts';
import { committed } from '../server/commit.ts';
import { stopOrDrop } from '../server/deadline.ts';
import { isDisconnect, asDriverError, statementFailure } from './errors.ts';
import { referencedQuery } from './foreign-keys.ts';
import { catalogColumnsQuery, catalogQuery, columnsQuery, relationsQuery, schemaQuery, toCatalogRelations, toRelations } from './introspect.ts';
import { loadFile } from './load.ts';
import { explainDenial, isDenied } from './privileges.ts';
import { queryFirst } from './query-first.ts';
import { cellParser, typeName } from './values.ts';

/** The parts of the driver that a session uses itself. */
export type Driver = Pick<typeof import('pg'), 'Query' | 'types'>;
type Result = QueryArrayResult<Cell[]>;

/** What a session needs of the warehouse it belongs to. */
export interface SessionOwner {
  readonly driver: Driver;
  /** The connection's own database. */
  readonly database: string;
  /** Runs one statement on another connection. */
  aside(sql: string): Promise<void>;
  /** Takes the client back. */
  returned(client: Client, session: PostgresSession, usable: boolean): Promise<void>;
}

/** A session over a client. */
export class PostgresSession implements Session {
  readonly #client: Client;
  readonly #owner: SessionOwner;
  #running = 0;
  /** Statements so far. */
  #sent = 0;
  /** The connection was ended because a statement could not be stopped. */
  #dropped = false;
  #inTransaction = false;
  #temporary = false;
  #broken = false;
  #released = false;

  constructor(client: Client, owner: SessionOwner) {
    this.#client = client;
    this.#owner = owner;
  }

  async run(sql: string): Promise<Outcome> {
    return { rows: affectedRows(await this.#send(sql)) };
  }

  async query(sql: string, limit?: number): Promise<Table> {
    const several = /;\s*\S/.test(sql);
    const results =
      limit === undefined || several
        ? await this.#send(sql)
        : [await this.#guard(sql, () => queryFirst(this.#owner.driver, this.#client, sql, Math.max(1, limit), this.#types) as Promise<Result>)];
    const last = results.at(-1);
    if (!last) return { columns: [], rows: [] };
    return { columns: await this.#describe(last.fields), rows: limit === undefined ? last.rows : last.rows.slice(0, limit) };
  }

  async begin(): Promise<void> {
    await this.#send('begin');
    this.#inTransaction = true;
  }

  async commit(): Promise<void> {
    await committed(() => this.#send('commit'));
    this.#inTransaction = false;
  }

  async rollback(): Promise<void> {
    if (!this.#inTransaction || this.#broken) return;
    this.#inTransaction = false;
    await this.#send('rollback');
  }

  async load(request: LoadRequest): Promise<Outcome> {
    if (request.temporary) this.#temporary = true;
    return loadFile(request, {
      client: this.#client,
      inTransaction: this.#inTransaction,
      run: async (sql) => void (await this.#send(sql)),
      guard: (sql, work) => this.#guard(sql, work),
    });
  }

  async relations(schemas: readonly SchemaName[]): Promise<readonly ExistingRelation[]> {
    const here = schemas.filter((s) => this.#isHere(s.database));
    if (here.length === 0) return [];
    const [result] = await this.#send(relationsQuery([...new Set(here.map((s) => s.schema))]));
    return toRelations(result!.rows, here);
  }

  async catalog(schemas: readonly SchemaName[]): Promise<readonly CatalogRelation[]> {
    const here = schemas.filter((s) => this.#isHere(s.database));
    if (here.length === 0) return [];
    const names = [...new Set(here.map((s) => s.schema))];
    const [relations] = await this.#send(catalogQuery(names));
    const [columns] = await this.#send(catalogColumnsQuery(names));
    return toCatalogRelations(relations!.rows, columns!.rows, here);
  }

  async referenced(schemas: readonly SchemaName[]): Promise<readonly Relation[]> {
    const here = schemas.filter((s) => this.#isHere(s.database));
    if (here.length === 0) return [];
    const [result] = await this.#send(referencedQuery([...new Set(here.map((s) => s.schema))]));
    return here.flatMap(({ database, schema }) =>
      result!.rows.filter((row) => row[0] === schema).map((row) => ({ database, schema, identifier: String(row[1]) })),
    );
  }

  async columns(relation: Relation): Promise<readonly Column[] | null> {
    if (!this.#isHere(relation.database)) return null;
    const rows = (await this.#send(columnsQuery(relation)))[0]!.rows;
    if (rows.length === 0) return null;
    return rows.filter((row) => row[0] !== null).map(([name, type]) => ({ name: String(name), type: String(type) }));
  }

  async schemaExists(schema: SchemaName): Promise<boolean> {
    return this.#isHere(schema.database) && (await this.#send(schemaQuery(schema.schema)))[0]!.rows.length > 0;
  }

  /** https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL */
  async cancel(): Promise<void> {
    const pid = (this.#client as Client & { readonly processID?: number }).processID;
    if (this.#running === 0 || pid === undefined) return;
    const statement = this.#sent;
    await stopOrDrop(
      () => this.#owner.aside(`select pg_cancel_backend(${pid})`),
      () => this.#running > 0 && this.#sent === statement,
      () => {
        this.#dropped = true;
        streamOf(this.#client).destroy();
      },
    );
  }

  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    try {
      if (!this.#broken && this.#client.getTransactionStatus() !== 'I') await this.#client.query('rollback');
      // Temporary tables would meet the next user of this connection.
      if (!this.#broken && this.#temporary) await this.#client.query('discard temp');
    } catch {
      this.#broken = true;
    }
    await this.#owner.returned(this.#client, this, !this.#broken);
  }

  get lost(): boolean {
    return this.#broken;
  }

  /** True while the server works for this session. */
  get busy(): boolean {
    return this.#running > 0;
  }

  /** Ends the connection at once, whatever runs on it. */
  async destroy(): Promise<void> {
    this.#broken = true;
    if (this.#released) return;
    this.#released = true;
    await this.#owner.returned(this.#client, this, false);
  }

  #isHere(database: string | null): boolean {
    return database === null || database === this.#owner.database;
  }

  readonly #types = {
    getTypeParser: ((oid: number) => cellParser(oid, this.#owner.driver.types.arrayParser as never)) as never,
  };

  async #send(sql: string): Promise<readonly Result[]> {
    if (/\btemp(orary)?\b/i.test(sql)) this.#temporary = true;
    const result = await this.#guard(sql, () => this.#client.query<Cell[]>({ text: sql, rowMode: 'array', types: this.#types }));
    // Several statements give an array, which the driver's types do not tell.
    return Array.isArray(result) ? result : [result];
  }

  async #guard<T>(sql: string, work: () => Promise<T>): Promise<T> {
    this.#running++;
    this.#sent++;
    try {
      return await work();
    } catch (e) {
      const driven = asDriverError(e);
      if (e instanceof Error && isDisconnect(driven)) this.#broken = true;
      // A transaction that the project's own SQL opened and that failed: nobody else would end it. The driver may not know of it yet, and
      // where there is none this is but a notice.
      // Where a privilege is lacking the server is asked which, and answers no question in a transaction that failed.
      const denied = !this.#broken && isDenied(driven);
      if (!this.#broken && (denied || !this.#inTransaction)) await this.#client.query('rollback').catch(() => undefined);
      if (this.#dropped) throw new StatementFailure('The connection was ended.', { cancelled: true });
      throw statementFailure(e, sql, denied ? await explainDenial(driven, sql, (asked) => this.#ask(asked)).catch(() => null) : null);
    } finally {
      this.#running--;
    }
  }

  /** Rows of a question of our own. */
  async #ask(sql: string): Promise<readonly (readonly unknown[])[]> {
    return (await this.#client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;
  }

  /** Columns of a result; the catalog is asked for the names of types that are not built in. */
  async #describe(fields: readonly FieldDef[]): Promise<readonly Column[]> {
    const names = fields.map((f) => typeName(f.dataTypeID, f.dataTypeModifier));
    if (names.includes(undefined)) {
      const asked = fields.map((f) => `pg_catalog.format_type(${f.dataTypeID}, ${f.dataTypeModifier})`);
      const [result] = await this.#send(`select ${asked.join(', ')}`);
      result!.rows[0]!.forEach((name, i) => (names[i] = String(name)));
    }
    return fields.map((f, i) => ({ name: f.name, type: names[i]! }));
  }
}

const COUNTED: readonly string[] = ['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY'];

/** Rows that were written: the sum over statements that write; null where none does. `create table as` reports itself as SELECT without fields. */
function affectedRows(results: readonly Result[]): number | null {
  const counts = results.filter((r) => COUNTED.includes(r.command) || (r.command === 'SELECT' && r.fields.length === 0)).map((r) => r.rowCount ?? 0);
  return counts.length === 0 ? null : counts.reduce((a, b) => a + b, 0);
}
