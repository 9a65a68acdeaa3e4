// The run history as the rest of the house knows it: where its tables stand and what they are called. Models read them
// as the source `dwt_history`, which no property file has to declare.
import type { Relation } from './relation.ts';
import type { Source } from './resources.ts';

/** `history:` of project.yml, after defaults. */
export interface HistorySettings {
  readonly database: string | null;
  readonly schema: string;
  /** Days after which a run is forgotten; null: never. */
  readonly keepDays: number | null;
}

/** Name of the source in `source('dwt_history', …)`, and of the schema where nothing else is said. */
export const HISTORY_SOURCE = 'dwt_history';

/** The tables, each with what one row of it is. */
export const HISTORY_TABLES = {
  runs: 'The runs of dwt: when, what was asked for, how it ended.',
  nodes: 'The nodes of each run: models, seeds, snapshots, data tests and hooks, with status, rows and time.',
  batches: 'What each run loaded, or failed to load: a row for every table that a seed, a snapshot or a model writes.',
  test_results: 'The results of data tests.',
} as const;

export type HistoryTable = keyof typeof HISTORY_TABLES;

/** Whether the history has a table of that name. */
export function isHistoryTable(name: string): name is HistoryTable {
  return Object.hasOwn(HISTORY_TABLES, name);
}

/** Where a table of the history stands. */
export function historyRelation(h: HistorySettings, table: HistoryTable): Relation {
  return { database: h.database, schema: h.schema, identifier: table };
}

/** A table of the history as a source of the project `name`; `file` is its project file. */
export function historySource(name: string, h: HistorySettings, table: HistoryTable, file: string): Source {
  return {
    type: 'source',
    id: `source.${name}.${HISTORY_SOURCE}.${table}`,
    package: name,
    name: table,
    sourceName: HISTORY_SOURCE,
    file,
    fqn: [name, HISTORY_SOURCE, table],
    config: { enabled: true, materialized: '', tags: [], meta: {}, 'pre-hook': [], 'post-hook': [] },
    description: HISTORY_TABLES[table],
    columns: {},
    place: { yaml: file, path: ['history'], on: 'key' },
    patch: null,
    written: null,
    relation: historyRelation(h, table),
    externalLocation: null,
    sourceDescription: 'What dwt records of its own runs.',
    loader: 'dwt',
    freshness: null,
    loadedAtField: null,
    loadedAtQuery: null,
  };
}

/** The number of a run, yyyymmddhhmmss of its start in UTC: `run_batch_id` in templates, `batch_id` in the tables. */
export function batchId(startedAt: Date): number {
  return Number(startedAt.toISOString().replace(/\D/g, '').slice(0, 14));
}
