// The first rows of a query without fetching the rest. In: one statement and a count. Out: at most that many rows.
// `pg` asks for rows in portions and goes on until there are no more; here the first portion ends it.
// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY (PortalSuspended, then Sync)
import type { Client, QueryArrayResult } from 'pg';

interface Portion {
  handlePortalSuspended(connection: { sync(): void }): void;
  handleError(error: Error, connection: { sync(): void }): void;
  handleCommandComplete(message: unknown, connection: { sync(): void }): void;
}

/** Runs `sql`, which must be a single statement, and keeps `rows` rows. */
export function queryFirst(driver: Pick<typeof import('pg'), 'Query'>, client: Client, sql: string, rows: number, types: unknown): Promise<QueryArrayResult> {
  return new Promise((resolve, reject) => {
    const callback = (error: Error | null, result: QueryArrayResult): void => (error ? reject(error) : resolve(result));
    const query = new driver.Query({ text: sql, rowMode: 'array', types, rows, callback } as never);
    const portion = query as unknown as Portion;
    // The server goes on only after a Sync, one: the driver sends it where all rows are read, and nobody else where a portion or an error ends the query.
    let synced = false;
    const sync = (connection: { sync(): void }): void => {
      if (!synced) connection.sync();
      synced = true;
    };
    const handleError = portion.handleError.bind(query);
    const handleCommandComplete = portion.handleCommandComplete.bind(query);
    portion.handlePortalSuspended = sync;
    portion.handleCommandComplete = (message, connection) => {
      synced = true;
      handleCommandComplete(message, connection);
    };
    portion.handleError = (error, connection) => {
      sync(connection);
      handleError(error, connection);
    };
    client.query(query as never);
  });
}
