// The tables of the run history, as data, and the steps that make them: those that are missing, and the columns that an older
// dwt did not have. Two processes may do so at once. In: a dialect and the settings. Out: steps.
import type { Dialect } from '../adapters/adapter.ts';
import { StatementFailure } from '../adapters/failures.ts';
import { begin, columnsOf, commit, query, statement, type Steps } from '../adapters/step.ts';
import { type HistorySettings, type HistoryTable, historyRelation } from '../project/history.ts';
import type { Column } from '../project/relation.ts';

export interface TableShape {
  /** Names with portable types, which each dialect spells its own way. Texts that are searched by have a length, so that every engine can index them. */
  readonly columns: Readonly<Record<string, string>>;
  readonly indexes: readonly string[];
}

const ID = 'varchar(64)';
const NAME = 'varchar(255)';
const NODE = 'varchar(512)';
const WORD = 'varchar(32)';

export const TABLES: Readonly<Record<HistoryTable, TableShape>> = {
  runs: {
    columns: {
      run_id: ID,
      batch_id: 'bigint',
      project: NAME,
      target: NAME,
      target_schema: NAME,
      command: WORD,
      status: WORD,
      started_at: 'timestamp',
      ended_at: 'timestamp',
      nodes: 'integer',
      succeeded: 'integer',
      failed: 'integer',
      warned: 'integer',
      skipped: 'integer',
      rows_affected: 'bigint',
      message: 'text',
      arguments: 'text',
      dwt_version: WORD,
      host: NAME,
      pid: 'integer',
    },
    indexes: ['run_id'],
  },
  nodes: {
    columns: {
      run_id: ID,
      node_id: NODE,
      resource_type: WORD,
      name: NODE,
      materialized: NAME,
      relation: 'varchar(1024)',
      status: WORD,
      started_at: 'timestamp',
      ended_at: 'timestamp',
      duration_ms: 'bigint',
      rows_affected: 'bigint',
      message: 'text',
      code_version: ID,
      thread: 'integer',
    },
    indexes: ['run_id', 'node_id'],
  },
  batches: {
    columns: {
      batch_id: 'bigint',
      run_id: ID,
      project: NAME,
      target: NAME,
      target_schema: NAME,
      node_id: NODE,
      relation: 'varchar(1024)',
      status: WORD,
      rows_affected: 'bigint',
      started_at: 'timestamp',
      ended_at: 'timestamp',
      message: 'text',
    },
    indexes: ['run_id', 'node_id'],
  },
  test_results: {
    columns: {
      run_id: ID,
      test_id: NODE,
      name: NODE,
      node_id: NODE,
      column_name: NAME,
      severity: WORD,
      status: WORD,
      failures: 'bigint',
      message: 'text',
      started_at: 'timestamp',
      duration_ms: 'bigint',
    },
    indexes: ['run_id', 'test_id'],
  },
};

const NAMES = Object.keys(TABLES) as HistoryTable[];

/** Makes what is missing; one question where nothing is. Fails with what the engine says where it may not. */
export function* ensureTables(d: Dialect, h: HistorySettings): Steps<void> {
  try {
    yield* query(probe(d, h));
    return;
  } catch (e) {
    if (!(e instanceof StatementFailure) || e.cancelled || e.disconnected) throw e;
  }
  let before: string | undefined;
  for (;;) {
    const missing = yield* whatIsMissing(h);
    if (missing.length === 0) return;
    try {
      yield* make(d, h, missing);
      return;
    } catch (e) {
      // Another process may have made the same at the same moment: only where nothing has changed since is it this one's failure.
      const now = JSON.stringify(missing);
      if (!(e instanceof StatementFailure) || e.cancelled || e.disconnected || now === before) throw e;
      before = now;
    }
  }
}

/** A query without rows that names every column of every table. */
function probe(d: Dialect, h: HistorySettings): string {
  const columns = NAMES.flatMap((t) => Object.keys(TABLES[t].columns).map((c) => `${t}.${d.quote(c)} as ${t}_${c}`));
  const from = NAMES.map((t) => `${d.relation(historyRelation(h, t))} as ${t}`);
  return `select ${columns.join(', ')}\nfrom ${from.join(' cross join ')}\nwhere 1 = 0`;
}

interface Missing {
  readonly table: HistoryTable;
  readonly columns: readonly Column[];
  /** The table itself is missing. */
  readonly whole: boolean;
}

function* whatIsMissing(h: HistorySettings): Steps<readonly Missing[]> {
  const missing: Missing[] = [];
  for (const table of NAMES) {
    const found = yield* columnsOf(historyRelation(h, table));
    const there = new Set(found?.map((c) => c.name.toLowerCase()));
    const columns = Object.entries(TABLES[table].columns)
      .filter(([name]) => !there.has(name))
      .map(([name, type]) => ({ name, type }));
    if (columns.length > 0) missing.push({ table, columns, whole: found === null });
  }
  return missing;
}

function* make(d: Dialect, h: HistorySettings, missing: readonly Missing[]): Steps<void> {
  let refused: unknown;
  if (missing.length === NAMES.length && missing.every((m) => m.whole)) {
    try {
      yield* statement(d.createSchema({ database: h.database, schema: h.schema }));
    } catch (e) {
      // The schema may be there, made by somebody who may.
      refused = e;
    }
  }
  try {
    yield* begin();
    for (const { table, columns, whole } of missing) {
      const relation = historyRelation(h, table);
      if (whole) {
        yield* statement(d.createTable(relation, columns));
        // Where columns cannot be added under an index there is none: a later version may need another column.
        if (d.indexesInTheWay(relation) === null) for (const column of TABLES[table].indexes) yield* statement(d.createIndex(relation, { columns: [column] }));
      } else for (const sql of d.addColumns(relation, columns)) yield* statement(sql);
    }
    yield* commit();
  } catch (e) {
    throw refused ?? e;
  }
}
