// The floor: statements sent one after another through the driver from one connection, in a process of their own.
// `node bare.mjs duckdb FILE STATEMENTS.json` (or `postgres URL …`, `mysql URL …`); prints {"seconds": …}, connecting not included.
// A statement is a text, or [text, file] where a file is streamed into it (COPY … FROM STDIN, LOAD DATA LOCAL INFILE).
import { createReadStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pipeline } from 'node:stream/promises';

const [engine, where, list] = /** @type {[string, string, string]} */ (process.argv.slice(2));
/** @type {(string | [string, string])[]} */
const statements = JSON.parse(readFileSync(list, 'utf8'));

/** @type {{ run: (sql: string, file?: string) => Promise<unknown>, close: () => unknown }} */
let connection;
if (engine === 'duckdb') {
  // The floor is what the driver can do: `import` takes 0.2 s longer to load it.
  const { DuckDBInstance } = /** @type {typeof import('@duckdb/node-api')} */ (createRequire(import.meta.url)('@duckdb/node-api'));
  const instance = await DuckDBInstance.create(where);
  const duckdb = await instance.connect();
  connection = {
    run: (sql) => duckdb.run(sql),
    close: () => {
      duckdb.closeSync();
      instance.closeSync();
    },
  };
} else if (engine === 'postgres') {
  const [{ default: pg }, { from }] = await Promise.all([import('pg'), import('pg-copy-streams')]);
  const client = new pg.Client({ connectionString: where });
  await client.connect();
  connection = {
    run: (sql, file) => (file === undefined ? client.query(sql) : pipeline(createReadStream(file), client.query(from(sql)))),
    close: () => client.end(),
  };
} else {
  const mysql = await import('mysql2/promise');
  const client = await mysql.createConnection({ uri: where });
  connection = {
    run: (sql, file) => client.query(file === undefined ? { sql } : { sql, infileStreamFactory: () => createReadStream(file) }),
    close: () => client.end(),
  };
}

const began = performance.now();
for (const s of statements) await (typeof s === 'string' ? connection.run(s) : connection.run(...s));
const seconds = (performance.now() - began) / 1000;
await connection.close();
process.stdout.write(JSON.stringify({ seconds }));
