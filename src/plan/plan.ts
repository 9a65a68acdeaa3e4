// Step 4 of the house: what must be done for a node, as a generator of steps. One file a materialization; this one
// chooses. Pure: answers come from whoever drives the generator.
import { existing, statement, type Steps } from '../adapters/step.ts';
import { compileNode, renderSql } from '../compile/compile.ts';
import type { Model, Operation, Runnable, Worked } from '../project/resources.ts';
import { type Value } from '../template/values.ts';
import { checkName } from './aside.ts';
import { custom, findMaterialization } from './custom.ts';
import type { CompileEnv } from './env.ts';
import { exclusively } from './exclusive.ts';
import { freshness } from './freshness.ts';
import { incremental } from './incremental.ts';
import { materializedView } from './materialized-view.ts';
import type { Outcome } from './outcome.ts';
import { seed } from './seed.ts';
import { snapshot } from './snapshot.ts';
import { table, view } from './table.ts';
import { dataTest } from './test.ts';

/** Builds, loads or tests a node, or looks at a source. Throws `Failure` or what the driver throws into it. */
export function planNode(env: CompileEnv, node: Worked): Steps<Outcome> {
  if (node.type === 'model' || node.type === 'snapshot' || node.type === 'seed') checkName(env, node);
  switch (node.type) {
    case 'model':
      return exclusively(env, node, () => planModel(env, node));
    case 'snapshot':
      return exclusively(env, node, () => snapshot(env, node));
    case 'seed':
      return exclusively(env, node, () => seed(env, node));
    case 'test':
      return dataTest(env, node);
    case 'operation':
      return operation(env, node, {});
    case 'analysis':
      return analysis(env, node);
    case 'source':
      return freshness(env, node);
  }
}

const BUILT_IN: Readonly<Record<string, (env: CompileEnv, node: Model) => Steps<Outcome>>> = {
  view,
  table,
  incremental,
  materialized_view: materializedView,
};

function* planModel(env: CompileEnv, node: Model): Steps<Outcome> {
  const own = findMaterialization(env, node);
  if (own !== undefined) return yield* custom(env, node, own);
  const built = BUILT_IN[node.config.materialized];
  // Parsing refuses any other name, and ephemeral models are not run.
  if (built === undefined) throw new Error(`no materialization '${node.config.materialized}'`);
  if (node.config.materialized !== 'incremental') return yield* built(env, node);
  // Whether there is a table is settled before the first hook, and holds until after the last.
  return yield* built({ ...env, standing: (yield* existing(node.relation)) === 'table' }, node);
}

/** An on-run hook: every statement of it. `extra` has `results` and its kin for on-run-end. */
export function* operation(env: CompileEnv, node: Operation, extra: Readonly<Record<string, Value>>): Steps<Outcome> {
  const sql = node.code.kind === 'text' ? yield* renderSql(env, node, node.code.text, `on-run-${node.when} hook ${node.index + 1}`, extra) : '';
  env.onCompiled(node.id, { sql, origins: [], ctes: [] });
  if (sql.trim() === '') return { status: 'success', message: 'hook', rows: null };
  const done = yield* statement(sql.trim().replace(/;\s*$/, ''), true);
  return { status: 'success', message: 'hook', rows: done.rows };
}

function* analysis(env: CompileEnv, node: Exclude<Runnable, { type: 'seed' }>): Steps<Outcome> {
  const compiled = yield* compileNode(env, node);
  env.onCompiled(node.id, compiled);
  return { status: 'success', message: 'compiled', rows: null, compiled };
}
