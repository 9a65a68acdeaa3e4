// What the rest of the house knows of an engine: types only; what engines throw is in `failures.ts`. An adapter is a dialect (SQL text, pure), its
// capabilities (what a plan may rely on) and a way to connect (sessions, introspection, bulk load, cancel).
// Nothing outside this folder asks which engine it is.
import type { Column, ExistingRelation, Relation, RelationKind } from '../project/relation.ts';
import type { ForeignKeySql } from './foreign-key.ts';
import type { FieldKind, Granularity, Period, StandingPartitions } from './partition.ts';
import type { PortableSql } from './portable.ts';

export interface Adapter {
  /** As written in a target's `type`. */
  readonly type: string;
  /** Other spellings of `type`, e.g. `mariadb`. */
  readonly aliases: readonly string[];
  readonly settings: Readonly<Record<string, SettingShape>>;
  readonly capabilities: Capabilities;
  readonly dialect: Dialect;
  /** What is wrong with settings whose kinds are right, such as the address of another engine in `url`. Pure. */
  check?(settings: TargetSettings): readonly SettingMistake[];
  /** Database and schema that relations get where nothing else is said, for settings that `check` finds right. Pure: needs no connection. */
  defaults(settings: TargetSettings): { readonly database: string | null; readonly schema: string; readonly threads: number };
  /** Absolute paths of files that hold the warehouse itself, where it lives in files: nothing may clear them away. */
  files?(settings: TargetSettings, root: string): readonly string[];
  /** Imports the driver and opens the pool. Throws `ConnectionFailure`. `root` is the project's folder, for relative paths. */
  connect(settings: TargetSettings, options: ConnectOptions): Promise<Warehouse>;
}

/** One key of a target, for validation, documentation and redaction. */
export interface SettingShape {
  readonly type: 'string' | 'integer' | 'boolean' | 'list' | 'map';
  readonly required?: boolean;
  /** Never printed, logged or written. */
  readonly secret?: boolean;
  /** Another spelling that means the same, e.g. `pass` for `password`. */
  readonly aliases?: readonly string[];
  /** The only values of a string. */
  readonly oneOf?: readonly string[];
  /** Bounds of an integer, both allowed, and what it counts: `seconds`. */
  readonly least?: number;
  readonly most?: number;
  readonly unit?: string;
  readonly description: string;
}

/** What is wrong with the value of a setting, beyond its kind. Never repeats a secret. */
export interface SettingMistake {
  readonly setting: string;
  readonly kind: 'wrong-type' | 'unknown-key' | 'bad-config';
  readonly message: string;
  readonly help: string;
}

export type TargetSettings = Readonly<Record<string, unknown>>;

export interface ConnectOptions {
  readonly root: string;
  /** Folder that dwt was called from: where a relative path of a person's own is looked for, after the project. */
  readonly cwd?: string;
  /** Upper bound on sessions at once. */
  readonly threads: number;
  /** Open for reading alone, where the engine distinguishes. */
  readonly readOnly?: boolean;
  readonly signal?: AbortSignal;
}

/** What a plan may rely on. */
export interface Capabilities {
  /** DDL can be rolled back. */
  readonly transactionalDdl: boolean;
  /** `CREATE OR REPLACE TABLE … AS` as a single atomic statement. */
  readonly createOrReplaceTable: boolean;
  /** `CREATE OR REPLACE VIEW` accepts any new column list. */
  readonly createOrReplaceView: boolean;
  /** Several renames in one atomic statement. */
  readonly atomicRename: boolean;
  /** Views are bound to names, so what they read can be dropped and replaced under them. */
  readonly lateBindingViews: boolean;
  /** Sees only one writer process at a time: an open warehouse locks others out (a DuckDB file). */
  readonly exclusiveFile: boolean;
  readonly indexes: boolean;
  readonly materializedViews: boolean;
  /** Tables can be partitioned by ranges of a field. */
  readonly partitions: boolean;
  /** Rows are written anew much faster than texts in them are updated. */
  readonly replacesFaster: boolean;
  /** A table can be altered in a transaction in which its rows were changed before. */
  readonly altersChangedTables: boolean;
  /** Foreign keys can be added to a table that stands. */
  readonly foreignKeys: boolean;
  /** Names of relations that differ by case alone are one. */
  readonly foldsCase: boolean;
  /** A name may end in a blank. */
  readonly trailingBlanks: boolean;
  /** How long a name may be. */
  readonly maxIdentifier: { readonly size: number; readonly unit: 'bytes' | 'characters' };
}

export interface Warehouse {
  /** Product and version as the server tells, e.g. `DuckDB v1.5.0`, `MariaDB 10.11.14`. */
  readonly version: string;
  /** The dialect and the capabilities that fit this server's version; the adapter's own are those of the newest. */
  readonly dialect: Dialect;
  readonly capabilities: Capabilities;
  /** A session of its own; waits where all are taken. */
  session(): Promise<Session>;
  /** Ends every session; running statements are cancelled first. Safe to call twice. */
  close(): Promise<void>;
}

/** A value as it came over the wire, exact: int64 beyond 2^53 as bigint, decimals as `Decimal`, dates and times as ISO text, nested values as arrays and objects, binary as `Uint8Array`. */
export type Cell = null | boolean | number | bigint | string | Decimal | Uint8Array | readonly Cell[] | { readonly [key: string]: Cell };

/** An exact decimal, as the engine printed it: `12.50`. */
export class Decimal {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
  /** A JSON number where a double holds it exactly, else its text. */
  toJSON(): number | string {
    const n = Number(this.text);
    return /^-?\d+(\.\d+)?$/.test(this.text) && this.text.replace(/^-?0*|\./g, '').length <= 15 ? n : this.text;
  }
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Outcome {
  /** Rows inserted, updated, deleted or created, where the engine counts them. */
  readonly rows: number | null;
}

export interface Session {
  /** Runs one or more statements; throws `StatementFailure`. */
  run(sql: string): Promise<Outcome>;
  /** Runs one query and keeps at most `limit` rows (the rest is not fetched). Several statements: the last one's rows. */
  query(sql: string, limit?: number): Promise<Table>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  /** Safe without a transaction. */
  rollback(): Promise<void>;
  /** Creates `request.relation` (which must not exist) and fills it from a file, streamed. Throws `LoadFailure` naming line and column; leaves nothing behind then. */
  load(request: LoadRequest): Promise<Outcome>;
  /** Every relation in those schemas that exist, in one question. */
  relations(schemas: readonly SchemaName[]): Promise<readonly ExistingRelation[]>;
  /** The same with what the engine tells of each: owner, comment, size, columns. Two questions, whatever the number of schemas. */
  catalog(schemas: readonly SchemaName[]): Promise<readonly CatalogRelation[]>;
  /** Those tables of these schemas that foreign keys of other tables point to, in one question. */
  referenced(schemas: readonly SchemaName[]): Promise<readonly Relation[]>;
  /** Columns in order, or null where there is no such relation. */
  columns(relation: Relation): Promise<readonly Column[] | null>;
  schemaExists(schema: SchemaName): Promise<boolean>;
  /** Asks the engine to stop what this session runs; the running call then throws `StatementFailure` with `cancelled`. Callable from elsewhere. */
  cancel(): Promise<void>;
  /** The connection is gone: the session does nothing any more and is to be released. */
  readonly lost: boolean;
  /** Back to the pool; an open transaction is rolled back. */
  release(): Promise<void>;
}

export interface SchemaName {
  readonly database: string | null;
  readonly schema: string;
}

/** A relation as the engine's catalog describes it; null where the engine has nothing to tell. */
export interface CatalogRelation extends ExistingRelation {
  readonly owner: string | null;
  readonly comment: string | null;
  /** The engine's own estimate. */
  readonly rows: number | null;
  /** With indexes, as the engine tells or estimates it. */
  readonly bytes: number | null;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly comment: string | null }[];
}

export interface LoadRequest {
  readonly relation: Relation;
  readonly temporary?: boolean;
  /** It takes the place of the table that has its name, if there is one: the old one or the new one stands there, never a part. For engines with `createOrReplaceTable`. */
  readonly replace?: boolean;
  /** Absolute path of a CSV file, or `.gz` of one. */
  readonly path: string;
  /** Path for messages. */
  readonly displayPath: string;
  /** A table without a write-ahead log, where the engine has them. */
  readonly unlogged?: boolean;
  readonly delimiter: string;
  /** Types the project fixes, by column name; the rest is inferred by the rules of `csv/`. */
  readonly columnTypes: Readonly<Record<string, string>>;
  /** Load only the header: a table with no rows. */
  readonly empty?: boolean;
  /** Names of columns as they are written. Else they are what the engine makes of a name without quotes, where it can be one. */
  readonly quoteColumns?: boolean;
}

/** Privileges on relations. */
export interface GrantSql {
  give(r: Relation, privilege: string, grantees: readonly string[]): string;
  take(r: Relation, privilege: string, grantee: string): string;
  /** A query of what stands, as far as the session may see and take it: privilege in small letters, and grantee. */
  standing(r: Relation): string;
  /** A grantee as `standing` has it. */
  grantee(name: string): string;
}

export interface IndexSpec {
  readonly columns: readonly string[];
  readonly unique?: boolean;
  /** The engine's method, e.g. `hash`, `gin`; of no account where the engine lacks it. */
  readonly type?: string;
  /** `indexName` makes one where none is given. */
  readonly name?: string;
}

/** SQL of materialized views. Their definitions are compared by the engine's own text of them. */
export interface MaterializedViewSql {
  create(r: Relation, select: string): string;
  refresh(r: Relation): string;
  /** A query of one row: whether `view` is defined as the materialized view `r` is. No row where `r` is no materialized view (any more). */
  sameDefinition(r: Relation, view: Relation): string;
}

/** SQL of tables that are partitioned by periods of a field. */
export interface PartitionSql {
  /** How many periods a table may have. */
  readonly most: number;
  /** How many may be made in one go. */
  readonly mostAtOnce: number;
  /** What a column of a type holds, or null where a table cannot be partitioned by it. */
  fieldKind(type: string): FieldKind | null;
  /** A query of the periods of a column, as `periodOf` reads them; what is no day gives other texts, null none. */
  periods(source: Relation, field: string, kind: FieldKind, granularity: Granularity): string;
  /** An empty table with the columns of another, with a partition for each period and room for rows of none. Periods are in order. */
  create(
    r: Relation,
    o: {
      readonly like: Relation;
      readonly field: string;
      readonly kind: FieldKind;
      readonly periods: readonly Period[];
      /** What the table is going to be named, where partitions have names of the schema. */
      readonly named: Relation;
      /** Eight hexadecimal digits that tell this build's partitions from those of another. */
      readonly build: string;
      readonly unlogged: boolean;
    },
  ): readonly string[];
  /** A query of a table's partitions; no rows where it has none. */
  standing(r: Relation): string;
  /** The answer to `standing`; null where the table is not partitioned as `create` does it. */
  readStanding(rows: Table['rows']): StandingPartitions | null;
  /** Partitions for periods, in order, that the table has none for; readers of other periods go on meanwhile, where the engine can. */
  add(r: Relation, stands: StandingPartitions, periods: readonly Period[], kind: FieldKind, unlogged: boolean): readonly string[];
}

/** SQL text of an engine. Pure: everything here is a function of its arguments. Returned SQL has no trailing semicolon. */
export interface Dialect extends PortableSql {
  quote(identifier: string): string;
  /** A relation's full name, quoted. */
  relation(r: Relation): string;
  stringLiteral(text: string): string;

  createSchema(s: SchemaName): string;
  dropSchema(s: SchemaName): string;
  /** An empty table of these columns; fails where something stands at that name. */
  createTable(r: Relation, columns: readonly Column[]): string;
  createTableAs(r: Relation, select: string, o?: { temporary?: boolean; orReplace?: boolean; unlogged?: boolean }): string;
  createView(r: Relation, select: string, o?: { orReplace?: boolean }): string;
  /**
   * A temporary view of a table, as good as a copy of it until the transaction ends: all its statements see the tables, and the time, as they were when it
   * began. Null where they do not.
   */
  readonly temporaryView: ((r: Relation, select: string) => string) | null;
  /** Drops with what depends on it, where the engine has that notion (`CASCADE`). */
  drop(r: Relation, kind: RelationKind): string;
  /**
   * The views that dropping `r` takes along: a query of (schema, name, statement), in the order to make them again by the statement,
   * which does nothing where a view no longer fits; `alone` makes sessions that do so wait for each other. Null where views stay.
   */
  dependents(r: Relation): { readonly names: string; readonly query: string; readonly alone: string } | null;
  truncate(r: Relation): string;
  /** One statement each, or one for all where the engine can (`atomicRename`). */
  rename(pairs: readonly { readonly from: Relation; readonly to: Relation; readonly kind: RelationKind }[]): readonly string[];
  /** A temporary table's name as a session sees it: the identifier in the place the engine gives temporary tables. */
  temporary(identifier: string, near: Relation): Relation;
  /** Drops a temporary table if there is one, and never a lasting table of that name. */
  dropTemporary(r: Relation): string;

  insert(target: Relation, columns: readonly string[], select: string): string;
  /** Rows in one statement, in the form that costs the engine least. Dates and times are ISO text. */
  insertRows(target: Relation, columns: readonly Column[], rows: readonly (readonly (string | number | null)[])[]): string;
  /** `SET`s columns of `target` (alias `DBT_INTERNAL_DEST`) from `source` (alias `DBT_INTERNAL_SOURCE`); `set` and `on` are expressions over the two aliases. */
  updateFrom(u: {
    readonly target: Relation;
    readonly source: Relation;
    readonly set: readonly (readonly [column: string, expression: string])[];
    readonly on: string;
  }): string;
  /**
   * Deletes rows of `target` (alias `DBT_INTERNAL_DEST`) whose keys `source` has; a null key matches nothing. Keys are columns, quoted, or
   * expressions over the columns both have; predicates are conditions on the target's rows, its columns named with or without the alias.
   */
  deleteMatching(d: { readonly target: Relation; readonly source: Relation; readonly keys: readonly string[]; readonly predicates: readonly string[] }): string;
  /** Gives a row where a foreign key may point to the table, whose rows then cannot be deleted to be written anew; null where nobody asks. */
  readonly pointedTo: ((r: Relation) => string) | null;
  /** Updates matches and inserts the rest; one statement where the engine has `MERGE`, else several for one transaction. Without `updateColumns` matches stay as they are. */
  merge(m: {
    readonly target: Relation;
    readonly source: Relation;
    readonly on: string;
    readonly updateColumns: readonly string[];
    readonly insertColumns: readonly string[];
  }): readonly string[];

  addColumns(r: Relation, columns: readonly Column[]): readonly string[];
  dropColumns(r: Relation, columns: readonly string[]): readonly string[];
  alterColumnType(r: Relation, column: string, type: string): readonly string[];
  /** A type as `column.dtype` has it: where the engine's own catalog tells lengths apart from it, without them. */
  bareType(type: string): string;
  /** A type that holds both, where one can be widened to the other without loss (varchar lengths, integer and decimal sizes), else null. */
  widerType(a: string, b: string): string | null;

  createIndex(r: Relation, index: IndexSpec): string;
  dropIndex(r: Relation, name: string): string;
  /**
   * A query of the indexes of a table as (name, columns, unique, method), constraints and all but plain lists of columns left out. The
   * columns are a JSON list; columns or method are null where the engine does not tell.
   */
  indexes(r: Relation): string;
  /** A query of those of these names that are no longer free for an index of `r`, or null where each table names its own. */
  takenIndexNames(r: Relation, names: readonly string[]): string | null;
  readonly materializedViews: MaterializedViewSql | null;
  readonly partitions: PartitionSql | null;
  readonly foreignKeys: ForeignKeySql | null;
  /** Statements around what no other session that sends them for the same relation may do at the same time; null where there is only one process. */
  exclusive(r: Relation): { readonly before: string; readonly after: string } | null;
  /** A query of the table's indexes as (name, columns as text, statement that makes it again), where columns cannot be changed under an index; null where they can. */
  indexesInTheWay(r: Relation): string | null;
  /** An index of a temporary table on the columns it is joined by, or null where the engine joins without one. */
  indexForJoin(r: Relation, columns: readonly Column[]): string | null;
  /** Refreshes the planner's statistics, or null where the engine does so itself. */
  analyze(r: Relation): string | null;
  comment(r: Relation, kind: RelationKind, text: string): string | null;
  commentColumns(r: Relation, kind: RelationKind, comments: Readonly<Record<string, string>>): readonly string[];
  /** Null where the engine has no users. */
  readonly grants: GrantSql | null;

  /** True where both are null or equal is false: `IS DISTINCT FROM` or what the engine has for it. */
  isDistinctFrom(a: string, b: string): string;
  isNotDistinctFrom(a: string, b: string): string;
  /** The moment of the transaction as a timestamp without zone, in UTC. */
  currentTimestampUtc(): string;
  /** A date or timestamp as text without a fraction of zeros: the same text on every engine. */
  momentText(expression: string): string;
  /** A timestamp literal, from ISO text in UTC. */
  timestampLiteral(iso: string): string;
  /** `select * from (query) limit n`. */
  limitQuery(query: string, n: number): string;
}
