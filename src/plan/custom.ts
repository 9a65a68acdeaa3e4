// A materialization that the project defines itself: `{% materialization name, default %}`. Its macro is rendered with
// the node's names; what it runs (statement blocks, adapter calls) goes out as steps in the order it asks.
// https://docs.getdbt.com/guides/create-new-materializations
import { changed, type Steps } from '../adapters/step.ts';
import { drive } from '../compile/drive.ts';
import { renderSql } from '../compile/compile.ts';
import { compileQuery } from './query.ts';
import { runtimeNames } from '../compile/runtime-names.ts';
import { Context } from '../context/context.ts';
import { RelationValue } from '../context/relation-value.ts';
import type { MacroEntry } from '../project/project.ts';
import { label, type Model, type Snapshot } from '../project/resources.ts';
import { callMacro } from '../template/template.ts';
import { dictOf, type Value } from '../template/values.ts';
import type { CompileEnv } from './env.ts';
import type { Outcome } from './outcome.ts';

/** The macro of a materialization for this engine, or for any. */
export function findMaterialization(env: CompileEnv, node: Model | Snapshot): MacroEntry | undefined {
  const { macros, engine } = env.facts;
  const name = node.config.materialized;
  return macros.find(`materialization_${name}_${engine}`, node.package) ?? macros.find(`materialization_${name}_default`, node.package);
}

export function* custom(env: CompileEnv, node: Model | Snapshot, entry: MacroEntry): Steps<Outcome> {
  const compiled = yield* compileQuery(env, node);
  const hooks = { pre: yield* rendered(env, node, 'pre-hook'), post: yield* rendered(env, node, 'post-hook') };
  const { result, rows, isOpen } = yield* drive((ask) => {
    const extra: Record<string, Value> = { sql: compiled.sql, compiled_code: compiled.sql, pre_hooks: hooks.pre, post_hooks: hooks.post };
    const context = new Context(env.facts, runtimeNames(env, node, new Map(), ask, extra), ask, true);
    const scope = context.scope(node.package);
    const given = callMacro(context.macro(entry), [], undefined, { scope, span: entry.span, frame: { label: label(node) } });
    return { result: given, rows: rowsOf(context.results.get('main')), isOpen: context.isOpen };
  });
  if (isOpen) yield { kind: 'commit' };
  const relations = result instanceof Map && Array.isArray(result.get('relations')) ? (result.get('relations') as Value[]) : [];
  for (const r of relations) if (r instanceof RelationValue) yield* changed(r.relation, r.facts.kind === 'view' ? 'view' : 'table');
  return { status: 'success', message: node.config.materialized, rows, compiled };
}

function* rendered(env: CompileEnv, node: Model | Snapshot, key: 'pre-hook' | 'post-hook'): Steps<Value> {
  const out: Value[] = [];
  for (const h of node.config[key]) out.push(dictOf({ sql: yield* renderSql(env, node, h.sql, `${key} of ${label(node)}`), transaction: h.transaction }));
  return out;
}

function rowsOf(result: Value | undefined): number | null {
  const response = result instanceof Map ? result.get('response') : undefined;
  const rows = response instanceof Map ? response.get('rows_affected') : undefined;
  return typeof rows === 'number' ? rows : null;
}
