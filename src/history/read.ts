// What the history says, as steps: the last runs, the nodes of one, the runs of a node, and what was last built well. In: a
// dialect, the settings, and whose runs are meant. Out: steps that give rows.
import { query, type Steps } from '../adapters/step.ts';
import type { Cell, Table } from '../adapters/adapter.ts';
import { type Place, name, sameTarget } from './write.ts';

/** Whose runs: those of a project in a target and its schema. */
export interface Scope {
  readonly project: string;
  readonly target: string;
  readonly targetSchema: string;
}

/** What was built when it last went well. */
export interface LastGood {
  readonly codeVersion: string | null;
  /** As the engine prints it, in UTC. */
  readonly endedAt: string;
  readonly rows: number | null;
  readonly relation: string | null;
}

/** Whether there is a history to read. */
export function* hasHistory(p: Place): Steps<boolean> {
  return ((yield { kind: 'columns', relation: { ...p.history, identifier: 'runs' } }) as readonly unknown[] | null) !== null;
}

/** The last runs, newest first; those whose id begins so, where that is asked for. */
export function* lastRuns(p: Place, scope: Scope, limit: number, idPrefix?: string): Steps<Table> {
  const columns =
    'run_id, batch_id, command, target, target_schema, status, started_at, ended_at, nodes, succeeded, failed, warned, skipped, rows_affected, message, arguments, dwt_version';
  const only = idPrefix === undefined ? '' : ` and run_id like ${p.dialect.stringLiteral(`${idPrefix.replace(/[^\w-]/g, '')}%`)}`;
  return yield* query(`select ${columns}\nfrom ${name(p, 'runs')}\nwhere ${sameTarget(p, scope)}${only}\norder by started_at desc, run_id\nlimit ${limit}`);
}

/** The nodes of a run in the order in which they were done. */
export function* nodesOfRun(p: Place, runId: string): Steps<Table> {
  const columns =
    'node_id, resource_type, name, materialized, relation, status, started_at, ended_at, duration_ms, rows_affected, message, code_version, thread';
  return yield* query(`select ${columns}\nfrom ${name(p, 'nodes')}\nwhere run_id = ${p.dialect.stringLiteral(runId)}\norder by ended_at, node_id`);
}

/** The last runs of the nodes of this name, newest first. */
export function* runsOfNode(p: Place, scope: Scope, node: string, limit: number): Steps<Table> {
  const columns = [
    ...['run_id', 'node_id', 'resource_type', 'status', 'started_at', 'ended_at', 'duration_ms', 'rows_affected', 'message', 'code_version'].map(
      (c) => `n.${c}`,
    ),
    'r.command',
  ];
  const text = p.dialect.stringLiteral(node);
  return yield* query(
    `select ${columns.join(', ')}\nfrom ${name(p, 'nodes')} n\ninner join ${runsOf(p, scope)} r on r.run_id = n.run_id\nwhere n.name = ${text} or n.node_id = ${text}\norder by n.started_at desc, n.node_id\nlimit ${limit}`,
  );
}

/** Names of all nodes that ran. */
export function* nodeNames(p: Place, scope: Scope): Steps<readonly string[]> {
  const { rows } = yield* query(`select distinct n.name\nfrom ${name(p, 'nodes')} n\ninner join ${runsOf(p, scope)} r on r.run_id = n.run_id\norder by n.name`);
  return rows.map(([n]) => String(n));
}

/** By id of the node: what stood there after the last run in which it succeeded, or passed. */
export function* lastGood(p: Place, scope: Scope): Steps<ReadonlyMap<string, LastGood>> {
  const { rows } = yield* query(
    'select node_id, code_version, ended_at, rows_affected, relation\nfrom (\n' +
      '    select n.*, row_number() over (partition by n.node_id order by n.started_at desc, n.run_id) as place\n' +
      `    from ${name(p, 'nodes')} n\n    inner join ${runsOf(p, scope)} r on r.run_id = n.run_id\n    where n.status in ('success', 'pass', 'warn')\n` +
      ') ranked\nwhere place = 1',
  );
  return new Map(
    rows.map(([id, version, endedAt, count, relation]) => [
      String(id),
      {
        codeVersion: textOf(version),
        endedAt: String(endedAt),
        rows: count === null || count === undefined ? null : Number(count),
        relation: textOf(relation),
      },
    ]),
  );
}

function runsOf(p: Place, scope: Scope): string {
  return `(select run_id, command from ${name(p, 'runs')} where ${sameTarget(p, scope)})`;
}

function textOf(cell: Cell | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}
