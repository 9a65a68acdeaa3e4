// A seed file into a table, at the speed of DuckDB's own reader but with the types of `csv/infer.ts`. DuckDB accepts far more than the
// rules allow (`1.5` as a BIGINT, a zone in a TIMESTAMP, leading zeros), so it cannot be the check: while DuckDB loads with the types of
// a sample, the same file is scanned to its end, and the load counts only if that scan came to the same types and the same number of rows.
// https://duckdb.org/docs/stable/data/csv/overview
import type { DuckDBMaterializedResult } from '@duckdb/node-api';
import { LoadFailure } from '../failures.ts';
import type { LoadRequest, Outcome } from '../adapter.ts';
import { Inference } from '../csv/infer.ts';
import type { CsvColumn } from '../csv/infer.ts';
import { openCsv } from '../csv/scan.ts';
import { dialect } from './dialect.ts';
import { toStatementFailure } from './errors.ts';
import { FileForm } from './file-form.ts';
import { explainRefusal } from './load-failure.ts';
import { writeNormalized } from './normalize.ts';

/** What loading needs of a session. */
export interface LoadSession {
  /** Throws what the driver throws. */
  readonly run: (sql: string) => Promise<DuckDBMaterializedResult>;
  /** Works in a cancelled session, too. */
  readonly rollback: () => Promise<void>;
  /** Stops the statement that runs. */
  readonly interrupt: () => void;
  /** Throws where the session was asked to stop. */
  readonly checkpoint: () => void;
}

/** Rows that decide the types which a load starts with. */
const SAMPLE_ROWS = 10_000;

const TYPES = { boolean: 'BOOLEAN', integer: 'INTEGER', bigint: 'BIGINT', double: 'DOUBLE', date: 'DATE', timestamp: 'TIMESTAMP', text: 'VARCHAR' } as const;

/** Creates the table and fills it. Throws `LoadFailure`, or `StatementFailure` where it is not the file's fault. */
export async function loadFile(session: LoadSession, request: LoadRequest): Promise<Outcome> {
  try {
    // A failed statement ends a transaction in DuckDB, so in the caller's nothing is tried that might fail.
    if (await inTransaction(session)) return await loadOnce(session, request, await scanWhole(session, request));
    return await loadInTransaction(session, request);
  } catch (thrown) {
    if (thrown instanceof LoadFailure || !(thrown instanceof Error) || thrown.name !== 'Error') throw thrown;
    throw toStatementFailure(thrown, '');
  }
}

async function loadInTransaction(session: LoadSession, request: LoadRequest): Promise<Outcome> {
  await session.run('begin transaction');
  try {
    const outcome = await loadWhileScanning(session, request);
    await session.run('commit');
    return outcome;
  } catch (thrown) {
    await session.rollback();
    throw thrown;
  }
}

interface Scanned {
  readonly columns: readonly CsvColumn[];
  readonly rows: number;
  readonly form: FileForm;
}

/** Every statement outside a transaction is one of its own, with an id of its own. */
async function inTransaction(session: LoadSession): Promise<boolean> {
  const id = async (): Promise<unknown> => (await (await session.run('select txid_current()')).getRows())[0]![0];
  return (await id()) === (await id());
}

async function scanWhole(session: LoadSession, request: LoadRequest): Promise<Scanned> {
  const { header, batches } = await openCsv(request.path, request);
  const inference = new Inference(header, request.columnTypes);
  const form = new FileForm();
  for await (const batch of batches) {
    session.checkpoint();
    inference.add(batch);
    form.add(batch, header.length);
  }
  return { columns: inference.columns(), rows: inference.rows, form };
}

async function loadWhileScanning(session: LoadSession, request: LoadRequest): Promise<Outcome> {
  const { header, batches } = await openCsv(request.path, request);
  const inference = new Inference(header, request.columnTypes);
  const form = new FileForm();
  let early: Early | undefined;
  try {
    for await (const batch of batches) {
      session.checkpoint();
      inference.add(batch);
      form.add(batch, header.length);
      if (inference.rows < SAMPLE_ROWS || request.empty) continue;
      if (early === undefined) early = startEarly(session, request, inference.columns());
      else if (!early.stopped && !sameColumns(early.columns, inference.columns())) early.stop();
    }
  } catch (thrown) {
    early?.stop();
    await early?.done;
    throw thrown;
  }
  const scanned = { columns: inference.columns(), rows: inference.rows, form };
  if (early === undefined) return loadOnce(session, request, scanned);
  const result = await early.done;
  if (!early.stopped && result.rows === scanned.rows && sameColumns(early.columns, scanned.columns)) return { rows: result.rows };
  await session.rollback();
  await session.run('begin transaction');
  return loadOnce(session, request, scanned);
}

/** A load that runs before it is known whether its types hold. */
interface Early {
  readonly columns: readonly CsvColumn[];
  readonly done: Promise<{ readonly rows: number | null }>;
  stopped: boolean;
  stop(): void;
}

function startEarly(session: LoadSession, request: LoadRequest, columns: readonly CsvColumn[]): Early {
  let timer: NodeJS.Timeout | undefined;
  let settled = false;
  const done = session
    .run(createFrom(request, columns, request))
    // Refused or interrupted: the load after the scan will find out what is wrong.
    .then(
      (result) => ({ rows: createdRows(result) }),
      () => ({ rows: null }),
    )
    .finally(() => {
      settled = true;
      clearInterval(timer);
    });
  return {
    columns,
    done,
    stopped: false,
    stop() {
      this.stopped = true;
      if (settled || timer !== undefined) return;
      session.interrupt();
      timer = setInterval(session.interrupt, 5);
    },
  };
}

/** Loads with types that are certain. */
async function loadOnce(session: LoadSession, request: LoadRequest, { columns, rows, form }: Scanned): Promise<Outcome> {
  if (request.empty || rows === 0) {
    await session.run(
      `${createTable(request)} ${dialect.relation(request.relation)} (${columns.map((c) => `${dialect.quote(c.name)} ${typeOf(c)}`).join(', ')})`,
    );
    return { rows: 0 };
  }
  const rewritten = form.needsRewrite ? await writeNormalized(request.path, request) : undefined;
  try {
    const source = rewritten ? { path: rewritten.path, delimiter: ',' } : request;
    const loaded = createdRows(await session.run(createFrom(request, columns, source, form.maxLineBytes)));
    if (loaded !== rows) throw new LoadFailure(`DuckDB reads ${loaded} rows where the file has ${rows}.`);
    return { rows };
  } catch (thrown) {
    throw thrown instanceof LoadFailure ? thrown : await explainRefusal(thrown, request, columns, typeOf);
  } finally {
    await rewritten?.remove();
  }
}

function createFrom(
  request: LoadRequest,
  columns: readonly CsvColumn[],
  { path, delimiter }: { readonly path: string; readonly delimiter: string },
  maxLineBytes?: number,
): string {
  const text = dialect.stringLiteral;
  // A quoted empty field is a null where the column is not text; read as text first, since DuckDB would refuse to convert it.
  const viaText = (c: CsvColumn): boolean => c.hasQuotedEmpty && !isText(typeOf(c));
  const projection = columns.map((c) =>
    viaText(c) ? `cast(nullif(${dialect.quote(c.name)}, '') as ${typeOf(c)}) as ${dialect.quote(c.name)}` : dialect.quote(c.name),
  );
  const options = [
    `columns = {${columns.map((c) => `${text(c.name)}: ${text(viaText(c) ? 'VARCHAR' : typeOf(c))}`).join(', ')}}`,
    'auto_detect = false',
    'header = true',
    `delim = ${text(delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    `nullstr = ['', 'null', 'NULL', 'Null']`,
    'allow_quoted_nulls = false',
    'strict_mode = true',
    'hive_partitioning = false',
    `compression = '${path.endsWith('.gz') ? 'gzip' : 'none'}'`,
    ...(maxLineBytes === undefined ? [] : [`max_line_size = ${maxLineBytes}`, `buffer_size = ${maxLineBytes * 4}`]),
  ];
  return (
    `${createTable(request)} ${dialect.relation(request.relation)} as\n` +
    `select ${projection.join(', ')}\nfrom read_csv(${text(asGlob(path))}, ${options.join(', ')})`
  );
}

/** DuckDB's readers take a pattern; a bracket around a special character takes its meaning away. */
function asGlob(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}

function createTable(request: LoadRequest): string {
  return `create ${request.replace ? 'or replace ' : ''}${request.temporary ? 'temporary ' : ''}table`;
}

function typeOf(column: CsvColumn): string {
  return typeof column.type === 'string' ? TYPES[column.type] : column.type.fixed;
}

function isText(type: string): boolean {
  return /^\s*(varchar|char|bpchar|text|string|nvarchar|character|blob|bytea|varbinary|binary)\b/i.test(type);
}

function sameColumns(a: readonly CsvColumn[], b: readonly CsvColumn[]): boolean {
  return a.every((column, i) => {
    const other = b[i]!;
    return typeOf(column) === typeOf(other) && (column.hasQuotedEmpty === other.hasQuotedEmpty || isText(typeOf(column)));
  });
}

function createdRows(result: DuckDBMaterializedResult): number {
  return Number(result.getChunk(0).getColumnValues(0)[0]);
}
