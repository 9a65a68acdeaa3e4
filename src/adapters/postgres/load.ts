// A CSV file into a new table by COPY, streamed. In: a request and the session's client. Out: the count of rows; all in one
// transaction (or savepoint), so a failure leaves nothing. https://www.postgresql.org/docs/current/sql-copy.html
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import type { LoadRequest, Outcome } from '../adapter.ts';
import { LoadFailure, StatementFailure } from '../failures.ts';
import { inferColumns, type CsvColumn, type InferredType } from '../csv/index.ts';
import { Inference } from '../csv/infer.ts';
import type { Batch } from '../csv/scan.ts';
import { postgresDialect } from './dialect.ts';
import { asDriverError, type DriverError } from './errors.ts';
import { encodeCsv, fieldMode, LineMap, refusedValue } from '../server/encode-csv.ts';
import { postgresType } from './types.ts';

/** What a load needs of its session. */
export interface LoadSession {
  readonly client: Client;
  readonly inTransaction: boolean;
  run(sql: string): Promise<void>;
  guard<T>(sql: string, work: () => Promise<T>): Promise<T>;
}

const TYPES: Readonly<Record<InferredType, string>> = {
  boolean: 'boolean',
  integer: 'integer',
  bigint: 'bigint',
  double: 'double precision',
  date: 'date',
  timestamp: 'timestamp',
  text: 'text',
};

/** Rows that decide the types which a load starts with. */
const SAMPLE_ROWS = 10_000;

/**
 * Creates and fills the table. Throws `LoadFailure` for a row, `StatementFailure` for anything else. The file is read once: the types
 * are those of its first rows, and what follows is held against them on its way to the server. Where they do not hold, the whole file
 * decides and the load starts again.
 */
export async function loadFile(request: LoadRequest, session: LoadSession): Promise<Outcome> {
  const sample = await inferColumns(request.path, { ...request, sampleRows: request.empty ? Infinity : SAMPLE_ROWS });
  const [begin, done, undo] = session.inTransaction
    ? ['savepoint dwt_load', 'release savepoint dwt_load', 'rollback to savepoint dwt_load']
    : ['begin', 'commit', 'rollback'];
  const attempt = async (columns: readonly CsvColumn[], certain: boolean): Promise<number | null> => {
    await session.run(begin);
    try {
      const definitions = columns.map((c) => `${postgresDialect.quote(request.quoteColumns === true ? c.name : unquoted(c.name))} ${typeOf(c)}`);
      await session.run(
        `create ${request.temporary ? 'temporary ' : request.unlogged ? 'unlogged ' : ''}table ${postgresDialect.relation(request.relation)} (\n  ${definitions.join(',\n  ')}\n)`,
      );
      const rows = request.empty ? 0 : await copy(request, columns, certain, session);
      await session.run(rows === null ? undo : done);
      return rows;
    } catch (e) {
      await session.run(undo).catch(() => undefined);
      throw e;
    }
  };
  const rows = await attempt(sample.columns, sample.complete);
  return { rows: rows ?? (await attempt((await inferColumns(request.path, request)).columns, true)) };
}

/** What the server makes of a name without quotes; one that needs them is as it is written. */
function unquoted(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_$]*$/.test(name) ? name.toLowerCase() : name;
}

function typeOf(c: CsvColumn): string {
  return typeof c.type === 'string' ? TYPES[c.type] : postgresType(c.type.fixed);
}

/** Ends a COPY whose types turned out to be others. */
class OtherTypes extends Error {}

/** Rows that were copied; null where the types do not hold for the whole file. */
async function copy(request: LoadRequest, columns: readonly CsvColumn[], certain: boolean, session: LoadSession): Promise<number | null> {
  const { from } = await import('pg-copy-streams');
  const sql = `copy ${postgresDialect.relation(request.relation)} from stdin (format csv, null '', encoding 'UTF8')`;
  const map = new LineMap();
  const modes = columns.map((c) => fieldMode(c, false));
  const types = columns.map(typeOf);
  const inference = new Inference(
    columns.map((c) => c.name),
    request.columnTypes,
  );
  const onBatch = (batch: Batch): void => {
    inference.add(batch);
    if (inference.rows >= SAMPLE_ROWS && !inference.columns().every((c, i) => typeOf(c) === types[i])) throw new OtherTypes();
  };
  let refused: { readonly error: DriverError } | undefined;
  let known: LoadFailure | OtherTypes | undefined;
  try {
    return await session.guard(sql, async () => {
      const stream = session.client.query(from(sql));
      const { path, delimiter } = request;
      const blocks = encodeCsv({ path, delimiter, columns, modes, nullText: '', counts: 'lines', map, ...(certain ? {} : { onBatch }) });
      try {
        await pipeline(Readable.from(blocks, { highWaterMark: 2 }), stream);
      } catch (e) {
        if (e instanceof LoadFailure || e instanceof OtherTypes) known = e;
        else if (e instanceof Error && (asDriverError(e).code ?? '').startsWith('22')) refused = { error: asDriverError(e) };
        throw e;
      }
      return stream.rowCount;
    });
  } catch (e) {
    if (known instanceof OtherTypes) return null;
    if (known) throw known;
    if (refused && e instanceof StatementFailure) throw await toLoadFailure(refused.error, request, columns, map);
    throw e;
  }
}

/** The context of a COPY error: `COPY orders, line 3, column amount: "abc"`. */
async function toLoadFailure(e: DriverError, request: LoadRequest, columns: readonly CsvColumn[], map: LineMap): Promise<LoadFailure> {
  const [, line, column] = /, line (\d+)(?:, column ([\s\S]*?): )?/.exec(e.where ?? '') ?? [];
  if (line === undefined) return new LoadFailure(e.message);
  return refusedValue({ path: request.path, delimiter: request.delimiter, columns }, map.line(Number(line)), column, e.message);
}
