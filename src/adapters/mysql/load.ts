// A CSV file into a new table by LOAD DATA LOCAL INFILE, streamed, or by batches of INSERT where the server forbids that.
// In: a request and the session. Out: the count of rows. DDL commits, so after a failure the table is dropped again.
// https://dev.mysql.com/doc/refman/8.0/en/load-data.html, https://mariadb.com/kb/en/load-data-infile/
import { Readable } from 'node:stream';
import type { LoadRequest, Outcome } from '../adapter.ts';
import { LoadFailure, StatementFailure } from '../failures.ts';
import { inferColumns, readRecords, type CsvColumn, type InferredType } from '../csv/index.ts';
import { encodeCsv, fieldMode, LineMap, refusedValue } from '../server/encode-csv.ts';
import { FALSE_TEXTS, TRUE_TEXTS } from '../server/patterns.ts';
import { mysqlDialect } from './dialect.ts';
import type { StatementResult } from './session.ts';
import { columnDefinition } from './types.ts';

/** What a load needs of its session. */
export interface LoadSession {
  readonly localInfile: boolean;
  run(sql: string, stream?: () => NodeJS.ReadableStream): Promise<readonly StatementResult[]>;
  aside(sql: string): Promise<void>;
}

const TYPES: Readonly<Record<InferredType, string>> = {
  boolean: 'boolean',
  integer: 'int',
  bigint: 'bigint',
  double: 'double',
  date: 'date',
  timestamp: 'datetime(6)',
  text: 'varchar(255)',
};

/** Text columns beyond this many are `longtext`, as a row of varchars may have 65,535 bytes. */
const MAX_VARCHARS = 50;

/** Creates and fills the table. Throws `LoadFailure` for a row, `StatementFailure` for anything else. */
export async function loadFile(request: LoadRequest, session: LoadSession): Promise<Outcome> {
  const { columns } = await inferColumns(request.path, { delimiter: request.delimiter, columnTypes: request.columnTypes });
  const name = mysqlDialect.relation(request.relation);
  const drop = `drop ${request.temporary ? 'temporary ' : ''}table if exists ${name}`;
  const longTexts = new Set<number>();
  if (columns.filter((c) => c.type === 'text').length > MAX_VARCHARS) columns.forEach((c, i) => c.type === 'text' && longTexts.add(i));
  for (;;) {
    const definitions = columns.map(
      (c, i) =>
        `${mysqlDialect.quote(c.name)} ${columnDefinition(typeof c.type !== 'string' ? c.type.fixed : longTexts.has(i) ? 'longtext' : TYPES[c.type])} null`,
    );
    await session.run(`create ${request.temporary ? 'temporary ' : ''}table ${name} (\n  ${definitions.join(',\n  ')}\n)`);
    try {
      if (request.empty) return { rows: 0 };
      const found = longTexts.size;
      const rows = await (session.localInfile ? loadData : insertBatches)(name, request, columns, longTexts, session);
      if (longTexts.size === found) return { rows };
      // A text was longer than 255 characters: once more, with room for it.
      await session.run(drop);
    } catch (e) {
      const gone = e instanceof StatementFailure && e.disconnected;
      // A temporary table ends with its connection.
      if (!gone) await session.run(drop).catch(() => undefined);
      else if (!request.temporary) await session.aside(drop).catch(() => undefined);
      throw e;
    }
  }
}

async function loadData(name: string, request: LoadRequest, columns: readonly CsvColumn[], longTexts: Set<number>, session: LoadSession): Promise<number> {
  const map = new LineMap();
  // Newlines are written as they are: sessions take a backslash for itself.
  const sql = `load data local infile 'dwt' into table ${name} character set utf8mb4\nfields terminated by ',' optionally enclosed by '"' escaped by '' lines terminated by '\n' (${columns.map((c) => mysqlDialect.quote(c.name)).join(', ')})`;
  let failure: LoadFailure | undefined;
  const blocks = async function* (): AsyncGenerator<Buffer> {
    const found = longTexts.size;
    try {
      const modes = columns.map((c) => fieldMode(c, true));
      const onLongText = (i: number): void => void (typeof columns[i]!.type === 'string' && longTexts.add(i));
      for await (const block of encodeCsv({
        path: request.path,
        delimiter: request.delimiter,
        columns,
        modes,
        nullText: 'NULL',
        counts: 'rows',
        map,
        onLongText,
      })) {
        if (longTexts.size > found) return;
        yield block;
      }
    } catch (e) {
      // The stream ends in good order, so that the connection stays in step; the failure is thrown once the server has answered.
      if (!(e instanceof LoadFailure)) throw e;
      failure = e;
    }
  };
  const found = longTexts.size;
  // LOCAL makes warnings of errors, so warnings count as errors here, and mere notes are off.
  await session.run('set sql_notes = 0');
  try {
    const [result] = await session.run(sql, () => Readable.from(blocks(), { highWaterMark: 2, objectMode: true }));
    if (failure) throw failure;
    if (longTexts.size > found) return 0;
    if (result!.warnings > 0) await refuseWarnings(request, columns, map, session);
    return result!.affectedRows ?? 0;
  } finally {
    await session.run('set sql_notes = 1').catch(() => undefined);
  }
}

/** `Incorrect integer value: 'abc' for column `db`.`t`.`amount` at row 3` (MariaDB) or `… for column 'amount' at row 3` (MySQL). */
async function refuseWarnings(request: LoadRequest, columns: readonly CsvColumn[], map: LineMap, session: LoadSession): Promise<void> {
  const [result] = await session.run('show warnings limit 1');
  const message = result!.rows[0]?.[2];
  if (message === undefined || message === null) return;
  throw await refusal(Buffer.from(message).toString('utf8'), request, columns, (row) => map.line(row));
}

async function refusal(text: string, request: LoadRequest, columns: readonly CsvColumn[], lineOf: (row: number) => number): Promise<LoadFailure> {
  const row = Number(/ at row (\d+)/.exec(text)?.[1] ?? NaN);
  if (Number.isNaN(row)) return new LoadFailure(text);
  const named = columns.find((c) => text.includes(`\`${c.name.replaceAll('`', '``')}\` at row`) || text.includes(`'${c.name}' at row`));
  return refusedValue({ path: request.path, delimiter: request.delimiter, columns }, lineOf(row), named?.name, text);
}

/** Rows of a batch: below the server's smallest max_allowed_packet by far. */
const BATCH_ROWS = 500;
const BATCH_BYTES = 1 << 19;

async function insertBatches(name: string, request: LoadRequest, columns: readonly CsvColumn[], longTexts: Set<number>, session: LoadSession): Promise<number> {
  const modes = columns.map((c) => fieldMode(c, true));
  const head = `insert into ${name} (${columns.map((c) => mysqlDialect.quote(c.name)).join(', ')}) values\n`;
  const found = longTexts.size;
  let rows = 0;
  let tuples: string[] = [];
  let lines: number[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    if (tuples.length === 0) return;
    const [batch, at] = [tuples.join(',\n'), lines];
    rows += tuples.length;
    [tuples, lines, size] = [[], [], 0];
    try {
      await session.run(head + batch);
    } catch (e) {
      if (e instanceof StatementFailure && !e.disconnected && !e.cancelled && / at row \d+/.test(e.message))
        throw await refusal(e.message, request, columns, (row) => at[row - 1]!);
      throw e;
    }
  };
  await session.run('start transaction');
  try {
    for await (const batch of readRecords(request.path, { delimiter: request.delimiter })) {
      for (const { line, fields } of batch) {
        const values = fields.map((v, i) => {
          if (v === null || (v === '' && modes[i] !== 'text')) return 'null';
          if (modes[i] === 'boolean')
            return TRUE_TEXTS.includes(v.trim().toLowerCase()) ? '1' : FALSE_TEXTS.includes(v.trim().toLowerCase()) ? '0' : mysqlDialect.stringLiteral(v);
          if (v.length > 255 && typeof columns[i]!.type === 'string' && !longTexts.has(i) && [...v].length > 255) longTexts.add(i);
          return mysqlDialect.stringLiteral(v);
        });
        const tuple = `(${values.join(', ')})`;
        tuples.push(tuple);
        lines.push(line);
        size += tuple.length;
        if (longTexts.size > found) {
          await session.run('rollback');
          return 0;
        }
        if (tuples.length >= BATCH_ROWS || size > BATCH_BYTES) await flush();
      }
    }
    await flush();
    await session.run('commit');
    return rows;
  } catch (e) {
    await session.run('rollback').catch(() => undefined);
    throw e;
  }
}
