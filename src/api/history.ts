// The record of runs, as callers read it. In: an open project. Out: tables and what was last built well; undefined where no
// run has been recorded yet.
import { existsSync } from 'node:fs';
import type { Cell, Table } from '../adapters/adapter.ts';
import { StatementFailure } from '../adapters/failures.ts';
import type { Steps } from '../adapters/step.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/nearest.ts';
import * as read from '../history/read.ts';
import type { HistorySettings } from '../project/history.ts';
import { checkArgument, checkOptions } from './check-options.ts';
import type { Connections } from './connect.ts';
import type { Opened } from './opened.ts';
import { Work } from './work.ts';

export type { LastGood } from '../history/read.ts';

/** A run that was asked for by the beginning of its id: all that begin so, and the nodes of it where it is one. */
export interface RecordedRun {
  readonly runs: Table;
  readonly nodes: Table | null;
}

/** What is recorded of a node: its runs, and, where it has none, a name that may be meant. */
export interface RecordedNode {
  readonly runs: Table;
  readonly near: string | null;
}

/** The history of a project's runs in its target. Times are in UTC. */
export class History {
  private readonly opened: Opened;
  private readonly connections: Connections;
  private readonly settings: HistorySettings;

  /** @internal */
  constructor(opened: Opened, connections: Connections, settings: HistorySettings) {
    this.opened = opened;
    this.connections = connections;
    this.settings = settings;
  }

  /** The last runs, newest first. */
  async runs(o: { readonly limit?: number } = {}): Promise<Table | undefined> {
    checkOptions('history.runs', o);
    return await this.ask((p, scope) => read.lastRuns(p, scope, o.limit ?? 20));
  }

  /** A run by its id, by the beginning of it, or `last`; with its nodes, failures first. */
  async run(id: string): Promise<RecordedRun | undefined> {
    checkArgument('history.run', 'id', 'text', id);
    return await this.ask(function* (p, scope) {
      const runs = id === 'last' ? yield* read.lastRuns(p, scope, 1) : yield* read.lastRuns(p, scope, 20, id);
      return { runs, nodes: runs.rows.length === 1 ? failuresFirst(yield* read.nodesOfRun(p, String(runs.rows[0]![0]))) : null };
    });
  }

  /** The last runs of a node by its name, newest first; `code_changed` says whether its code was another than in the run before. */
  async node(name: string, o: { readonly limit?: number } = {}): Promise<RecordedNode | undefined> {
    checkArgument('history.node', 'name', 'text', name);
    checkOptions('history.node', o);
    const limit = o.limit ?? 20;
    return await this.ask(function* (p, scope) {
      const found = yield* read.runsOfNode(p, scope, name, limit + 1);
      return { runs: withChanges(found, limit), near: found.rows.length > 0 ? null : (nearest(name, yield* read.nodeNames(p, scope)) ?? null) };
    });
  }

  /** By id: what each node built when it last went well. */
  async lastGood(): Promise<ReadonlyMap<string, read.LastGood>> {
    return (await this.ask((p, scope) => read.lastGood(p, scope))) ?? new Map();
  }

  private async ask<T>(question: (p: Parameters<typeof read.lastRuns>[0], scope: read.Scope) => Steps<T>): Promise<T | undefined> {
    const { adapter, project } = this.opened.loaded;
    const [file] = adapter.files?.(project.target.settings, project.root) ?? [];
    if (file !== undefined && !existsSync(file)) return undefined;
    const place = { dialect: adapter.dialect, history: this.settings };
    const scope = { project: project.name, target: project.target.name, targetSchema: project.target.schema };
    const work = new Work(this.opened, this.connections, { looksOnly: true });
    try {
      return await work.drive(
        (function* (): Steps<T | undefined> {
          return (yield* read.hasHistory(place)) ? yield* question(place, scope) : undefined;
        })(),
      );
    } catch (e) {
      if (!(e instanceof StatementFailure)) throw e;
      return fail(
        e.denied ? 'execute/missing-privilege' : 'execute/sql-failed',
        `The history cannot be read: ${e.message}`,
        e.hint === undefined ? {} : { help: e.hint },
      );
    } finally {
      await work.close();
    }
  }
}

const ORDER = ['error', 'fail', 'warn', 'skipped'];

function failuresFirst(nodes: Table): Table {
  const status = nodes.columns.findIndex((c) => c.name === 'status');
  const rank = (row: readonly Cell[]): number => (ORDER.indexOf(String(row[status])) + ORDER.length + 1) % (ORDER.length + 1);
  return { ...nodes, rows: nodes.rows.toSorted((a, b) => rank(a) - rank(b)) };
}

/** Adds whether the code changed since the run before, of which there is one more than is shown. */
function withChanges(found: Table, limit: number): Table {
  const [id, code] = ['node_id', 'code_version'].map((name) => found.columns.findIndex((c) => c.name === name)) as [number, number];
  const rows = found.rows.map((row, i) => {
    const before = found.rows.slice(i + 1).find((r) => r[id] === row[id] && r[code] !== null);
    return [...row, row[code] === null || before === undefined ? null : row[code] !== before[code]];
  });
  return { columns: [...found.columns, { name: 'code_changed', type: 'boolean' }], rows: rows.slice(0, limit) };
}
