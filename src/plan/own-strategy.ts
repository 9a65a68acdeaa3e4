// An incremental strategy of the project's own: the macro `get_incremental_<name>_sql` gives the statement that moves the new rows into
// the table. One named as a strategy that dwt has goes before it, as in dbt.
// https://docs.getdbt.com/docs/build/incremental-strategy#custom-strategies
import type { Outcome } from '../adapters/adapter.ts';
import { columnsOf, statement, type Steps } from '../adapters/step.ts';
import { drive } from '../compile/drive.ts';
import { runtimeNames } from '../compile/runtime-names.ts';
import { ColumnValue } from '../context/column-value.ts';
import { Context } from '../context/context.ts';
import { RelationValue } from '../context/relation-value.ts';
import { strategyMacro } from '../project/config.ts';
import type { MacroEntry } from '../project/project.ts';
import type { Relation } from '../project/relation.ts';
import { label, type Model } from '../project/resources.ts';
import { str } from '../template/print.ts';
import { callMacro } from '../template/template.ts';
import { dictOf, toValue } from '../template/values.ts';
import type { CompileEnv } from './env.ts';

/** The macro of a strategy, where the project has one. */
export function findStrategy(env: CompileEnv, node: Model, strategy: string): MacroEntry | undefined {
  return env.facts.macros.override(strategyMacro(strategy), node.package);
}

/** Moves the rows of `fresh` by the macro's statement. */
export function* applyOwn(env: CompileEnv, node: Model, entry: MacroEntry, fresh: Relation): Steps<Outcome> {
  const { dialect } = env.facts;
  const columns = ((yield* columnsOf(node.relation)) ?? []).map((c) => new ColumnValue(c, dialect));
  const given = dictOf({
    target_relation: new RelationValue(node.relation, { dialect }),
    temp_relation: new RelationValue(fresh, { dialect }),
    unique_key: toValue(node.config['unique_key'] ?? null),
    dest_columns: columns,
    incremental_predicates: toValue(node.config['incremental_predicates'] ?? null),
  });
  const sql = yield* drive((ask) => {
    const context = new Context(env.facts, runtimeNames(env, node, new Map(), ask), ask);
    const scope = context.scope(node.package);
    return str(callMacro(context.macro(entry), [given], undefined, { scope, span: entry.span, frame: { label: label(node) } }));
  });
  return yield* statement(sql.trim().replace(/;\s*$/, ''), true);
}
