// One session on a MySQL or MariaDB server: statements, transactions, load, cancel. Wraps a connection of mysql2 that it alone
// uses until it is released. DDL commits what is open: https://dev.mysql.com/doc/refman/8.0/en/implicit-commit.html
import type { Connection, FieldPacket } from 'mysql2/promise';
import type { Column, ExistingRelation, Relation } from '../../project/relation.ts';
import type { CatalogRelation, Cell, LoadRequest, Outcome, SchemaName, Session, Table } from '../adapter.ts';
import { StatementFailure } from '../failures.ts';
import { committed } from '../server/commit.ts';
import { stopOrDrop } from '../server/deadline.ts';
import type { ServerFacts } from './connection.ts';
import { fillStatement, loosenStatement, parseCreateTableAs, shapeStatement, type CreateTableAs } from './create-table-as.ts';
import { mysqlDialect } from './dialect.ts';
import { asDriverError, isDisconnect, statementFailure } from './errors.ts';
import { referencedQuery } from './foreign-keys.ts';
import { catalogColumnsQuery, catalogQuery, relationsQuery, schemaQuery, toCatalogRelations, toRelations } from './introspect.ts';
import { loadFile } from './load.ts';
import { explainDenial, isDenied } from './privileges.ts';
import type { Denial } from '../server/denied.ts';
import { MARIADB_COLLATION, MYSQL_COLLATION } from './types.ts';
import { cellReader, fieldType, type FieldFacts } from './values.ts';

/** What a session needs of the warehouse it belongs to. */
export interface SessionOwner {
  /** The schema that unqualified names are in. */
  readonly schema: string;
  /** Runs one statement on another connection. */
  aside(sql: string): Promise<void>;
  /** Takes the connection back. */
  returned(connection: Connection, session: MysqlSession, usable: boolean): Promise<void>;
}

/** What one statement answered. */
export interface StatementResult {
  readonly affectedRows: number | null;
  readonly warnings: number;
  readonly fields: readonly FieldFacts[];
  readonly rows: readonly (readonly (Uint8Array | null)[])[];
}

const NO_DATABASE = 1046;
const ALLOW_ZERO_DATES = `set @dwt_sql_mode = @@session.sql_mode, session sql_mode = trim(both ',' from replace(concat(',', @@session.sql_mode, ','), ',NO_ZERO_DATE,', ','))`;

/** A session over a connection. */
export class MysqlSession implements Session {
  readonly #connection: Connection;
  readonly #server: ServerFacts;
  readonly #owner: SessionOwner;
  #running = 0;
  /** Statements so far. */
  #sent = 0;
  /** The connection was ended because a statement could not be stopped. */
  #dropped = false;
  #inTransaction = false;
  /** A statement of the project may have opened a transaction by itself. */
  #mayBeOpen = false;
  #temporary = false;
  #broken = false;
  #released = false;

  constructor(connection: Connection, server: ServerFacts, owner: SessionOwner) {
    this.#connection = connection;
    this.#server = server;
    this.#owner = owner;
  }

  async run(sql: string): Promise<Outcome> {
    const creation = parseCreateTableAs(sql);
    if (creation) return this.#createTableAs(creation);
    const counts = (await this.#send(sql)).map((r) => r.affectedRows).filter((n) => n !== null);
    return { rows: counts.length === 0 ? null : counts.reduce((a, b) => a + b, 0) };
  }

  async query(sql: string, limit?: number): Promise<Table> {
    // https://dev.mysql.com/doc/refman/8.0/en/server-system-variables.html#sysvar_sql_select_limit
    if (limit !== undefined) await this.#send(`set sql_select_limit = ${Math.max(1, limit)}`);
    try {
      return toTable(
        (await this.#send(sql)).findLast((r) => r.fields.length > 0),
        limit,
      );
    } finally {
      if (limit !== undefined && !this.#broken) await this.#send('set sql_select_limit = default');
    }
  }

  async begin(): Promise<void> {
    await this.#send('start transaction');
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
      localInfile: this.#server.localInfile,
      run: (sql, stream) => this.#send(sql, stream),
      aside: (sql) => this.#owner.aside(sql),
    });
  }

  async relations(schemas: readonly SchemaName[]): Promise<readonly ExistingRelation[]> {
    if (schemas.length === 0) return [];
    return toRelations((await this.query(relationsQuery([...new Set(schemas.map((s) => s.schema))]))).rows, schemas);
  }

  async catalog(schemas: readonly SchemaName[]): Promise<readonly CatalogRelation[]> {
    if (schemas.length === 0) return [];
    const names = [...new Set(schemas.map((s) => s.schema))];
    const relations = await this.query(catalogQuery(names));
    const columns = await this.query(catalogColumnsQuery(names));
    return toCatalogRelations(relations.rows, columns.rows, schemas);
  }

  async referenced(schemas: readonly SchemaName[]): Promise<readonly Relation[]> {
    if (schemas.length === 0) return [];
    const { rows } = await this.query(referencedQuery([...new Set(schemas.map((s) => s.schema))]));
    return schemas.flatMap(({ database, schema }) => rows.filter((row) => row[0] === schema).map((row) => ({ database, schema, identifier: String(row[1]) })));
  }

  /** SHOW, because information_schema does not have temporary tables. */
  async columns(relation: Relation): Promise<readonly Column[] | null> {
    try {
      const { rows } = await this.query(`show columns from ${mysqlDialect.relation(relation)}`);
      return rows.map(([name, type]) => ({ name: shownText(name!)!, type: shownText(type!)! }));
    } catch (e) {
      if (e instanceof StatementFailure && ['ER_NO_SUCH_TABLE', 'ER_BAD_DB_ERROR'].includes(e.engineCode ?? '')) return null;
      throw e;
    }
  }

  async schemaExists(schema: SchemaName): Promise<boolean> {
    return (await this.query(schemaQuery(schema.schema))).rows.length > 0;
  }

  /** https://dev.mysql.com/doc/refman/8.0/en/kill.html */
  async cancel(): Promise<void> {
    if (this.#running === 0) return;
    const statement = this.#sent;
    await stopOrDrop(
      () => this.#owner.aside(`kill query ${this.#connection.threadId}`).catch((e: unknown) => ignoreGone(e)),
      () => this.#running > 0 && this.#sent === statement,
      () => {
        this.#dropped = true;
        abandon(this.#connection);
      },
    );
  }

  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    try {
      if (!this.#broken && (this.#inTransaction || this.#mayBeOpen)) await this.#connection.query('rollback');
    } catch {
      this.#broken = true;
    }
    // Temporary tables would meet the next user of this connection, so it goes with them.
    await this.#owner.returned(this.#connection, this, !this.#broken && !this.#temporary);
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
    await this.#owner.returned(this.#connection, this, false);
  }

  async #enterSchema(): Promise<boolean> {
    return this.#connection.query(`use ${mysqlDialect.quote(this.#owner.schema)}`).then(
      () => true,
      () => false,
    );
  }

  async #createTableAs(creation: CreateTableAs): Promise<Outcome> {
    try {
      await this.#makeShape(creation).catch(async (e: unknown) => {
        // A date of a subquery that is never null gets a default of zeros, until its column is loosened.
        if (!(e instanceof StatementFailure) || e.engineCode !== 'ER_INVALID_DEFAULT') throw e;
        await this.#send(ALLOW_ZERO_DATES);
        try {
          await this.#makeShape(creation);
        } finally {
          if (!this.#broken) await this.#send('set session sql_mode = @dwt_sql_mode');
        }
      });
      const [filled] = await this.#send(fillStatement(creation));
      return { rows: filled!.affectedRows };
    } catch (e) {
      if (!this.#broken) await this.#send(`drop ${creation.temporary ? 'temporary ' : ''}table if exists ${creation.table}`).catch(() => undefined);
      throw e;
    }
  }

  /** What is lacking, where the server refused for want of a privilege. */
  async #denial(e: unknown, sql: string): Promise<Denial | null> {
    const driven = asDriverError(e);
    if (this.#broken || !isDenied(driven)) return null;
    try {
      const [rows] = await this.#connection.query('select current_user()');
      return explainDenial(driven, sql, this.#owner.schema, String((rows as unknown as [[Buffer]])[0][0]));
    } catch {
      return null;
    }
  }

  /** The table without rows, its columns loosened. */
  async #makeShape(creation: CreateTableAs): Promise<void> {
    await this.#send(shapeStatement(creation));
    const { rows } = await this.query(`show full columns from ${creation.table}`);
    const shown = rows.map((row) => {
      const [name, type, collation, nullable, , byDefault] = row.map(shownText);
      return { name: name!, type: type!, collation: collation ?? null, nullable: nullable === 'YES', hasDefault: byDefault !== null };
    });
    const loosen = loosenStatement(creation.table, shown, this.#server.isMariaDb ? MARIADB_COLLATION : MYSQL_COLLATION);
    if (loosen !== null) await this.#send(loosen);
  }

  async #send(sql: string, stream?: () => NodeJS.ReadableStream): Promise<readonly StatementResult[]> {
    if (/\btemporary\b/i.test(sql)) this.#temporary = true;
    if (/\b(begin|start\s+transaction|autocommit)\b/i.test(sql)) this.#mayBeOpen = true;
    this.#running++;
    this.#sent++;
    try {
      const [rows, fields] = await this.#connection.query({ sql, ...(stream ? { infileStreamFactory: stream as never } : {}) });
      return results(rows, fields);
    } catch (e) {
      if (isDisconnect(asDriverError(e))) this.#broken = true;
      // The schema did not exist when this connection was opened, and does now.
      if (asDriverError(e).errno === NO_DATABASE && !stream && !/;\s*\S/.test(sql) && (await this.#enterSchema())) return await this.#send(sql);
      // A transaction that the project's own SQL opened and that failed: nobody else would end it.
      if (!this.#broken && !this.#inTransaction && this.#mayBeOpen) {
        this.#mayBeOpen = false;
        await this.#connection.query('rollback').catch(() => undefined);
      }
      if (this.#dropped) throw new StatementFailure('The connection was ended.', { cancelled: true });
      throw statementFailure(e, sql, await this.#denial(e, sql));
    } finally {
      this.#running--;
    }
  }
}

/** One result for each statement: the driver gives a bare one where there was one statement, else arrays. */
function results(rows: unknown, fields: unknown): readonly StatementResult[] {
  const several = Array.isArray(rows) && Array.isArray(fields) && fields.length > 0 && fields.every((f) => f === undefined || Array.isArray(f));
  const pairs: [unknown, unknown][] = several ? (rows as unknown[]).map((r, i) => [r, (fields as unknown[])[i]]) : [[rows, fields]];
  return pairs.map(([r, f]) => {
    if (Array.isArray(r)) return { affectedRows: null, warnings: 0, fields: (f ?? []) as FieldPacket[], rows: r as (Uint8Array | null)[][] };
    const header = r as { affectedRows?: number; warningStatus?: number; info?: string };
    return { affectedRows: header.affectedRows ?? 0, warnings: header.warningStatus ?? 0, fields: [], rows: [] };
  });
}

function toTable(result: StatementResult | undefined, limit = Infinity): Table {
  if (!result) return { columns: [], rows: [] };
  const readers = result.fields.map(cellReader);
  const rows = result.rows.slice(0, limit).map((row) => row.map((v, i): Cell => (v === null ? null : readers[i]!(v))));
  return { columns: result.fields.map((f) => ({ name: f.name, type: fieldType(f) })), rows };
}

/** SHOW gives some text as bytes. */
function shownText(cell: Cell): string | null {
  return cell === null ? null : cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : String(cell);
}

/** Ends a connection so that what runs on it fails; the driver's own `destroy` lets it wait for ever. */
function abandon(connection: Connection): void {
  const core = connection as Connection & { readonly connection: { readonly stream: { destroy(e: Error): void } } };
  core.connection.stream.destroy(new Error('The connection was ended.'));
}

function ignoreGone(e: unknown): void {
  // "Unknown thread": it ended by itself.
  if (asDriverError(e).errno !== 1094) throw e;
}
