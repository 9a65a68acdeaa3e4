// A CSV file into a new table by COPY, streamed. In: a request and the session's client. Out: the count of rows; all in one
// transaction (or savepoint), so a failure leaves nothing. https://www.postgresql.org/docs/current/sql-copy.html
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { LoadFailure, StatementFailure, type LoadRequest, type Outcome } from '../adapter.ts';
import { inferColumns, type CsvColumn, type InferredType } from '../csv/index.ts';
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

/** Creates and fills the table. Throws `LoadFailure` for a row, `StatementFailure` for anything else. */
export async function loadFile(request: LoadRequest, session: LoadSession): Promise<Outcome> {
  const { columns } = await inferColumns(request.path, { delimiter: request.delimiter, columnTypes: request.columnTypes });
  const [begin, done, undo] = session.inTransaction
    ? ['savepoint dwt_load', 'release savepoint dwt_load', 'rollback to savepoint dwt_load']
    : ['begin', 'commit', 'rollback'];
  await session.run(begin);
  try {
    const definitions = columns.map((c) => `${postgresDialect.quote(c.name)} ${typeof c.type === 'string' ? TYPES[c.type] : postgresType(c.type.fixed)}`);
    await session.run(
      `create ${request.temporary ? 'temporary ' : ''}table ${postgresDialect.relation(request.relation)} (\n  ${definitions.join(',\n  ')}\n)`,
    );
    const rows = request.empty ? 0 : await copy(request, columns, session);
    await session.run(done);
    return { rows };
  } catch (e) {
    await session.run(undo).catch(() => undefined);
    throw e;
  }
}

async function copy(request: LoadRequest, columns: readonly CsvColumn[], session: LoadSession): Promise<number> {
  const { from } = await import('pg-copy-streams');
  const sql = `copy ${postgresDialect.relation(request.relation)} from stdin (format csv, null '', encoding 'UTF8')`;
  const map = new LineMap();
  const modes = columns.map((c) => fieldMode(c, false));
  let refused: { readonly error: DriverError } | undefined;
  let unreadable: LoadFailure | undefined;
  try {
    return await session.guard(sql, async () => {
      const stream = session.client.query(from(sql));
      try {
        await pipeline(
          Readable.from(encodeCsv({ path: request.path, delimiter: request.delimiter, columns, modes, nullText: '', counts: 'lines', map }), {
            highWaterMark: 2,
          }),
          stream,
        );
      } catch (e) {
        if (e instanceof LoadFailure) unreadable = e;
        else if (e instanceof Error && (asDriverError(e).code ?? '').startsWith('22')) refused = { error: asDriverError(e) };
        throw e;
      }
      return stream.rowCount;
    });
  } catch (e) {
    if (unreadable) throw unreadable;
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
