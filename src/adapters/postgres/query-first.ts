// The first rows of a query without fetching the rest. In: one statement and a count. Out: at most that many rows.
// `pg` asks for rows in portions and goes on until there are no more; here the first portion ends it.
// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY (PortalSuspended, then Sync)
import type { Client, QueryArrayResult } from 'pg';

interface Portion {
  handlePortalSuspended(connection: { sync(): void }): void;
}

/** Runs `sql`, which must be a single statement, and keeps `rows` rows. */
export function queryFirst(driver: Pick<typeof import('pg'), 'Query'>, client: Client, sql: string, rows: number, types: unknown): Promise<QueryArrayResult> {
  return new Promise((resolve, reject) => {
    const callback = (error: Error | null, result: QueryArrayResult): void => (error ? reject(error) : resolve(result));
    const query = new driver.Query({ text: sql, rowMode: 'array', types, rows, callback } as never);
    (query as unknown as Portion).handlePortalSuspended = (connection) => connection.sync();
    client.query(query as never);
  });
}
