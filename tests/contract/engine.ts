// The ground of the contract suite: one block of tests for each engine, with a warehouse in a database of its own.
// An engine that is missing is skipped, and the block's name says how to get it.
import { afterAll, beforeAll, describe } from 'vitest';
import type { Adapter, Capabilities, Cell, Dialect, Session, Warehouse } from '../../src/adapters/adapter.ts';
import { duckdb } from '../../src/adapters/duckdb/index.ts';
import { mysql } from '../../src/adapters/mysql/index.ts';
import { postgres } from '../../src/adapters/postgres/index.ts';
import type { Relation } from '../../src/project/relation.ts';
import { ENGINES, startEngine, type EngineName } from '../support/engines.ts';

const ADAPTERS: Readonly<Record<EngineName, Adapter>> = { duckdb, postgres, mysql };

/** What a test of the contract works with. */
export interface Bench {
  readonly name: EngineName;
  readonly adapter: Adapter;
  readonly dialect: Dialect;
  readonly can: Capabilities;
  readonly target: Record<string, unknown>;
  readonly warehouse: Warehouse;
  /** A session for the whole block. */
  readonly session: Session;
  /** A relation in the target's own schema. */
  at(identifier: string): Relation;
  /** Rows of a query, cells as they come. */
  rows(sql: string): Promise<readonly (readonly Cell[])[]>;
  /** The first cell, as text for comparison across engines: `plain`. */
  value(expression: string): Promise<string | null>;
  /** Makes a table of rows: column definitions as SQL expressions in a select. */
  table(identifier: string, select: string): Promise<Relation>;
}

/** Runs `tests` for each engine; `bench` is filled in before the first test. */
export function onEveryEngine(title: string, tests: (bench: Bench) => void): void {
  for (const name of ENGINES) {
    describe(`${title} on ${name}`, async () => {
      const engine = await startEngine(name);
      if (!engine.available) {
        describe.skip(`is skipped. ${engine.reason}`, () => tests({ name } as Bench));
        return;
      }
      const bench = benchOf(name, engine.target);
      beforeAll(async () => {
        await open(bench);
      });
      afterAll(async () => {
        await bench.session?.release();
        await bench.warehouse?.close();
        await engine.stop();
      });
      tests(bench);
    });
  }
}

type Open = { -readonly [K in keyof Bench]: Bench[K] };

/** A bench without its warehouse yet. */
function benchOf(name: EngineName, target: Record<string, unknown>): Open {
  const adapter = ADAPTERS[name];
  const bench = { name, adapter, dialect: adapter.dialect, can: adapter.capabilities, target } as Open;
  const { database, schema } = adapter.defaults(target);
  bench.at = (identifier) => ({ database, schema, identifier });
  bench.rows = async (sql) => (await bench.session.query(sql)).rows;
  bench.value = async (expression) => plain((await bench.rows(`select ${expression} as x`))[0]![0]!);
  bench.table = async (identifier, select) => {
    const r = bench.at(identifier);
    await bench.session.run(bench.dialect.createTableAs(r, select));
    return r;
  };
  return bench;
}

async function open(bench: Open): Promise<void> {
  bench.warehouse = await bench.adapter.connect(bench.target, { root: process.cwd(), threads: 4 });
  // Those of the server's version.
  Object.assign(bench, { dialect: bench.warehouse.dialect, can: bench.warehouse.capabilities });
  bench.session = await bench.warehouse.session();
}

/** A bench for each engine that is there, all at once, for what compares them; and what closes them. */
export async function everyEngine(): Promise<{ benches: readonly Bench[]; close: () => Promise<void> }> {
  const engines = (await Promise.all(ENGINES.map(startEngine))).filter((engine) => engine.available);
  const benches = engines.map((engine) => benchOf(engine.name, engine.target));
  for (const bench of benches) await open(bench);
  return {
    benches,
    close: async () => {
      for (const bench of benches) {
        await bench.session.release();
        await bench.warehouse.close();
      }
      for (const engine of engines) await engine.stop();
    },
  };
}

/** A cell as text that is the same on every engine: booleans as 1 and 0, midnights as days, decimals without trailing zeros. */
export function plain(cell: Cell): string | null {
  if (cell === null) return null;
  if (typeof cell === 'boolean') return cell ? '1' : '0';
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString('hex');
  if (typeof cell === 'number' || typeof cell === 'bigint') return String(cell);
  const text = typeof cell === 'object' && !('text' in cell) ? JSON.stringify(cell) : String(cell);
  if (/^-?\d+\.\d+$/.test(text)) return text.replace(/\.?0+$/, '');
  return text.replace(/^(\d{4}-\d\d-\d\d) 00:00:00(\.0+)?(\+00:00)?$/, '$1').replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?)\+00:00$/, '$1');
}
