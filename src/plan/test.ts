// A data test: its query's rows are failures. The count is held against warn_if and error_if by the engine itself, as
// dbt has it; a failure shows a few of its rows, and keeps them all in a table where that is asked for.
import { query, statement, type Steps } from '../adapters/step.ts';
import type { Table } from '../adapters/adapter.ts';
import { compileQuery } from './query.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { DataTest } from '../project/resources.ts';
import { checkName } from './aside.ts';
import type { CompileEnv } from './env.ts';
import type { Outcome } from './outcome.ts';
import { replaceTable, replaceView } from './replace.ts';

export function* dataTest(env: CompileEnv, node: DataTest): Steps<Outcome> {
  const { dialect } = env.facts;
  const compiled = yield* compileQuery(env, node);
  const own = node.config['store_failures'];
  const storedAs = node.config['store_failures_as'] ?? ((typeof own === 'boolean' ? own : env.storeFailures) ? 'table' : 'ephemeral');
  let rows = compiled.sql.replace(/;\s*$/, '');
  const limit = node.config['limit'];
  if (typeof limit === 'number') rows = dialect.limitQuery(rows, limit);
  const relation = storedAs === 'table' || storedAs === 'view' ? node.relation : undefined;
  if (relation !== undefined) {
    checkName(env, node);
    if (storedAs === 'view') yield* replaceView(env, relation, rows, { inTransaction: false });
    else yield* replaceTable(env, relation, (r, orReplace) => statement(dialect.createTableAs(r, rows, { orReplace })), { inTransaction: false });
    rows = `select * from ${dialect.relation(relation)}`;
  }
  const calc = String(node.config['fail_calc'] ?? 'count(*)');
  const warnIf = String(node.config['warn_if'] ?? '!= 0');
  const errorIf = String(node.config['error_if'] ?? '!= 0');
  const counted = yield* query(
    `select\n    ${calc} as failures,\n    ${calc} ${warnIf} as should_warn,\n    ${calc} ${errorIf} as should_error\nfrom (\n${rows}\n) dbt_internal_test`,
  );
  const { failures, shouldWarn, shouldError } = read(counted, node);
  if (failures === null) yield* refuseUncounted(node, calc, rows);
  const severity = String(node.config['severity'] ?? 'error').toLowerCase();
  const status = severity === 'error' && shouldError ? 'fail' : shouldWarn ? 'warn' : 'pass';
  if (status === 'pass') return { status, message: 'pass', rows: null, failures: 0, compiled };
  const sample = env.failuresShown > 0 ? yield* query(rows, env.failuresShown) : undefined;
  return {
    status,
    message: `${failures ?? 0} ${failures === 1 ? 'row' : 'rows'}`,
    rows: null,
    failures: failures ?? 0,
    compiled,
    ...(sample === undefined ? {} : { sample }),
    ...(relation === undefined ? {} : { storedIn: dialect.relation(relation) }),
  };
}

function read(t: Table, node: DataTest): { failures: number | null; shouldWarn: boolean; shouldError: boolean } {
  const row = t.rows[0];
  if (t.rows.length !== 1 || row === undefined || row.length !== 3)
    return fail('plan/bad-result', `Data test '${node.name}' must count its failures in one row, and its fail_calc gave ${t.rows.length}.`);
  const [failures, warn, err] = row;
  return { failures: failures === null ? null : Number(String(failures)), shouldWarn: truthy(warn), shouldError: truthy(err) };
}

/** An aggregate over no rows is null, which is none; over rows it is a count that was not made. */
function* refuseUncounted(node: DataTest, calc: string, rows: string): Steps<void> {
  if ((yield* query(rows, 1)).rows.length === 0) return;
  fail('plan/bad-result', `The fail_calc of data test '${node.name}', ${calc}, is null, though its query gave rows, so whether it fails cannot be told.`, {
    help: 'Where a column of it may be null, wrap it: coalesce(…, 1) counts such a row.',
  });
}

/** Engines give true, 1 or 't'. */
function truthy(cell: unknown): boolean {
  return cell === true || cell === 1 || cell === 1n || cell === 't' || cell === 'true' || cell === '1';
}
