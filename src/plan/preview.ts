// What a run would do to a node, without doing it. In: a node and what stands in the warehouse. Out: an action and why.
// Only looks: the one step it asks is what stands at the node's name.
import { existing, type Steps } from '../adapters/step.ts';
import type { CompileEnv } from '../compile/runtime-names.ts';
import { wantsFullRefresh } from '../compile/runtime-names.ts';
import { asTexts } from '../project/config.ts';
import type { RelationKind } from '../project/relation.ts';
import type { Runnable } from '../project/resources.ts';

/** `create`: nothing is there yet. `replace`: built anew, old or new, never half. `update`: added to, or rows changed. `rebuild`: an update that starts from nothing. */
export type PreviewAction = 'create' | 'replace' | 'update' | 'rebuild' | 'refresh' | 'load' | 'test' | 'run';

export interface Preview {
  readonly action: PreviewAction;
  /** What stands there now; null where nothing does, or where nothing ever will. */
  readonly existing: RelationKind | null;
  /** Why it is more, or less, than usual: `full refresh asked for`, `is a view now`. Null: nothing to say. */
  readonly reason: string | null;
}

/** What would be done for a node. */
export function* preview(env: CompileEnv, node: Runnable): Steps<Preview> {
  if (node.type === 'test') return { action: 'test', existing: null, reason: null };
  if (node.type === 'operation' || node.type === 'analysis') return { action: 'run', existing: null, reason: null };
  const there = yield* existing(node.relation);
  const kind = node.type === 'model' ? node.config.materialized : node.type;
  const full = wantsFullRefresh(env.flags, node);
  switch (kind) {
    case 'seed':
      return { action: 'load', existing: there, reason: there !== null && full ? 'full refresh: the table is dropped first' : null };
    case 'snapshot':
      return there === null ? created : { action: 'update', existing: there, reason: null };
    case 'incremental': {
      if (there === null) return created;
      if (there !== 'table') return { action: 'rebuild', existing: there, reason: `a ${words(there)} stands there` };
      if (full) return { action: 'rebuild', existing: there, reason: node.config['full_refresh'] === true ? 'full_refresh: true' : 'full refresh asked for' };
      const guarded = env.flags.fullRefresh ? 'full_refresh: false keeps it' : null;
      return { action: 'update', existing: there, reason: guarded ?? strategyOf(node.config) };
    }
    case 'materialized_view':
      if (there === null) return created;
      if (there !== 'materialized_view') return { action: 'replace', existing: there, reason: `a ${words(there)} stands there` };
      return full ? { action: 'rebuild', existing: there, reason: 'full refresh asked for' } : { action: 'refresh', existing: there, reason: null };
    case 'view':
    case 'table':
      if (there === null) return created;
      return { action: 'replace', existing: there, reason: there === kind ? null : `a ${words(there)} stands there` };
    default:
      return { action: there === null ? 'create' : 'run', existing: there, reason: `materialization '${kind}' of the project` };
  }
}

/** Relations of another environment that a node would read, also through ephemeral models, as `schema.name`. */
export function* deferredReads(env: CompileEnv, node: Runnable): Steps<readonly string[]> {
  if (env.deferral === undefined) return [];
  const found = new Set<string>();
  const waiting = [...(env.graph.parents.get(node.id) ?? [])];
  const seen = new Set(waiting);
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    const r = env.graph.nodes.get(id);
    if (r?.type === 'model' && r.config.materialized === 'ephemeral') {
      for (const p of env.graph.parents.get(id) ?? []) if (!seen.has(p)) waiting.push(p);
      for (const p of waiting) seen.add(p);
      continue;
    }
    const elsewhere = env.deferral.relations.get(id);
    if (r === undefined || elsewhere === undefined || env.selected.has(id) || !('relation' in r)) continue;
    if (env.deferral.favor || (yield* existing(r.relation)) === null) found.add(`${elsewhere.schema}.${elsewhere.identifier}`);
  }
  return [...found];
}

const created: Preview = { action: 'create', existing: null, reason: null };

function words(kind: RelationKind): string {
  return kind.replaceAll('_', ' ');
}

function strategyOf(config: Runnable['config']): string {
  const keys = asTexts(config['unique_key']);
  const strategy = String(config['incremental_strategy'] ?? (keys.length > 0 ? 'delete+insert' : 'append'));
  return keys.length === 0 ? strategy : `${strategy} by ${keys.join(', ')}`;
}
