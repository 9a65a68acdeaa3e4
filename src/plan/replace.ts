// Old or new, never half: a table or a view takes the place of whatever stood under its name, in the most atomic way
// the engine has. Where DDL is transactional nothing of it is seen or left before the end; elsewhere tables are built
// aside and swapped by a single rename, and the next run clears away what a kill left.
import type { Outcome } from '../adapters/adapter.ts';
import { StatementFailure } from '../adapters/adapter.ts';
import { begin, changed, commit, existing, statement, type Steps } from '../adapters/step.ts';
import type { Relation, RelationKind } from '../project/relation.ts';
import type { CompileEnv } from './env.ts';

/** Names for what is in the making and what is on its way out, within the engine's limit. */
export function aside(env: CompileEnv, r: Relation, suffix: '__dwt_new' | '__dwt_old' | '__dwt_tmp' | '__dwt_src' | '__dwt_del'): Relation {
  const room = env.facts.capabilities.maxIdentifierBytes - suffix.length;
  let name = r.identifier;
  while (Buffer.byteLength(name) > room) name = name.slice(0, -1);
  return { ...r, identifier: `${name}${suffix}` };
}

export interface ReplaceOptions {
  /** A transaction is open already: its owner commits. */
  readonly inTransaction: boolean;
  /** Statements that finish the new table (indexes, comments), run before others can see it where possible. */
  readonly finish?: (r: Relation) => Steps<void>;
  readonly unlogged?: boolean;
}

/** `make` creates the table under the name it is given; afterwards it stands under `target`. */
export function* replaceTable(env: CompileEnv, target: Relation, make: (r: Relation, orReplace: boolean) => Steps<Outcome>, o: ReplaceOptions): Steps<Outcome> {
  const { dialect, capabilities } = env.facts;
  const old = yield* existing(target);
  const finish = o.finish ?? noFinish;
  if (capabilities.transactionalDdl) {
    const single = capabilities.createOrReplaceTable && (old === null || old === 'table');
    const transaction = !o.inTransaction && !(single && o.finish === undefined);
    if (transaction) yield* begin();
    let made: Outcome;
    if (single) made = yield* make(target, true);
    else {
      const fresh = old === null ? target : aside(env, target, '__dwt_new');
      made = yield* make(fresh, false);
      if (old !== null) {
        yield* statement(dialect.drop(target, old));
        for (const sql of dialect.rename([{ from: fresh, to: target, kind: 'table' }])) yield* statement(sql);
      }
    }
    yield* finish(target);
    if (transaction) yield* commit();
    yield* changed(target, 'table');
    return made;
  }
  const fresh = aside(env, target, '__dwt_new');
  const gone = aside(env, target, '__dwt_old');
  yield* clear(env, [fresh, gone]);
  const made = yield* make(fresh, false);
  yield* finish(fresh);
  yield* swapIn(env, target, old, fresh, 'table', gone);
  return made;
}

function* noFinish(): Steps<void> {}

/** Makes the view stand under `target`, whatever stood there. */
export function* replaceView(env: CompileEnv, target: Relation, select: string, o: { readonly inTransaction: boolean }): Steps<void> {
  const { dialect, capabilities } = env.facts;
  const old = yield* existing(target);
  if (old === null || (old === 'view' && capabilities.createOrReplaceView)) {
    yield* statement(dialect.createView(target, select, { orReplace: true }), true);
    yield* changed(target, 'view');
    return;
  }
  if (old === 'view' && !o.inTransaction && (yield* replacesInPlace(env, target, select))) {
    yield* changed(target, 'view');
    return;
  }
  if (capabilities.transactionalDdl) {
    if (!o.inTransaction) yield* begin();
    yield* statement(dialect.drop(target, old));
    yield* statement(dialect.createView(target, select), true);
    if (!o.inTransaction) yield* commit();
    yield* changed(target, 'view');
    return;
  }
  const fresh = aside(env, target, '__dwt_new');
  const gone = aside(env, target, '__dwt_old');
  yield* clear(env, [fresh, gone]);
  yield* statement(dialect.createView(fresh, select), true);
  yield* swapIn(env, target, old, fresh, 'view', gone);
}

/** A view whose columns stay can be replaced with all that reads it left alone; the engine says whether they do. */
function* replacesInPlace(env: CompileEnv, target: Relation, select: string): Steps<boolean> {
  try {
    yield* statement(env.facts.dialect.createView(target, select, { orReplace: true }), true);
    return true;
  } catch (e) {
    if (e instanceof StatementFailure && !e.cancelled && !e.disconnected) return false;
    throw e;
  }
}

function* swapIn(env: CompileEnv, target: Relation, old: RelationKind | null, fresh: Relation, kind: RelationKind, gone: Relation): Steps<void> {
  const { dialect } = env.facts;
  const pairs = [...(old === null ? [] : [{ from: target, to: gone, kind: old }]), { from: fresh, to: target, kind }];
  for (const sql of dialect.rename(pairs)) yield* statement(sql);
  if (old !== null) yield* statement(dialect.drop(gone, old));
  yield* changed(target, kind);
}

/** What an interrupted run left under these names. */
function* clear(env: CompileEnv, leftovers: readonly Relation[]): Steps<void> {
  for (const r of leftovers) {
    const kind = yield* existing(r);
    if (kind === null) continue;
    yield* statement(env.facts.dialect.drop(r, kind));
    yield* changed(r, null);
  }
}

/** Opens a transaction unless one is open, and closes what it opened. */
export function* atomically<T>(inTransaction: boolean, work: () => Steps<T>): Steps<T> {
  if (inTransaction) return yield* work();
  yield* begin();
  const result = yield* work();
  yield* commit();
  return result;
}
