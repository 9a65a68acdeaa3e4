// Old or new, never half: a table or a view takes the place of whatever stood under its name, in the most atomic way
// the engine has. Where DDL is transactional nothing of it is seen or left before the end; elsewhere tables are built
// aside and swapped by a single rename, and the next run clears away what a kill left.
import type { Outcome } from '../adapters/adapter.ts';
import { StatementFailure } from '../adapters/failures.ts';
import { begin, changed, cleanup, commit, existing, statement, type Steps } from '../adapters/step.ts';
import type { Relation, RelationKind } from '../project/relation.ts';
import { aside } from './aside.ts';
import { keepingDependents } from './dependents.ts';
import type { CompileEnv } from './env.ts';
import { alone, foreignKeysTo } from './foreign-keys.ts';

export interface ReplaceOptions {
  /** A transaction is open already: its owner commits. */
  readonly inTransaction: boolean;
  /** Statements that finish the new table (indexes, comments), run before others can see it where possible. */
  readonly finish?: (r: Relation) => Steps<void>;
  /** It has foreign keys of its own. */
  readonly keyed?: boolean;
  /** What `make` creates; a table where nothing is said. */
  readonly kind?: 'table' | 'materialized_view';
}

/** `make` creates the table (or materialized view) under the name it is given; afterwards it stands under `target`. */
export function* replaceTable(env: CompileEnv, target: Relation, make: (r: Relation, orReplace: boolean) => Steps<Outcome>, o: ReplaceOptions): Steps<Outcome> {
  const { dialect, capabilities } = env.facts;
  const old = yield* existing(target);
  const { finish = noFinish, kind = 'table' } = o;
  if (capabilities.transactionalDdl) {
    const single = capabilities.createOrReplaceTable && (old === null || old === 'table');
    const transaction = !o.inTransaction && !(single && o.finish === undefined);
    if (transaction) yield* begin();
    let made: Outcome;
    if (single) made = yield* make(target, true);
    else {
      const fresh = old === null ? target : aside(env, target, '__dwt_new');
      made = yield* make(fresh, false);
      // From here on what others point to is locked, until the end of the transaction.
      if (o.keyed === true || (old === 'table' && (yield* foreignKeysTo(env, target)).length > 0)) yield* alone(env, noFinish);
      if (old !== null)
        yield* keepingDependents(env, target, function* () {
          yield* statement(dialect.drop(target, old));
          for (const sql of dialect.rename([{ from: fresh, to: target, kind }])) yield* statement(sql);
        });
    }
    yield* finish(target);
    if (transaction) yield* commit();
    yield* changed(target, kind);
    return made;
  }
  return yield* swapped(env, target, old, kind, function* (fresh) {
    const made = yield* make(fresh, false);
    yield* finish(fresh);
    return made;
  });
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
    yield* keepingDependents(env, target, function* () {
      yield* statement(dialect.drop(target, old));
      yield* statement(dialect.createView(target, select), true);
    });
    if (!o.inTransaction) yield* commit();
    yield* changed(target, 'view');
    return;
  }
  yield* swapped(env, target, old, 'view', (fresh) => statement(dialect.createView(fresh, select), true));
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

/** Makes something aside and puts it in the target's place by a rename; a failure leaves neither it nor what it replaced. */
function* swapped<T>(env: CompileEnv, target: Relation, old: RelationKind | null, kind: RelationKind, make: (fresh: Relation) => Steps<T>): Steps<T> {
  const { dialect } = env.facts;
  const fresh = aside(env, target, '__dwt_new');
  const gone = aside(env, target, '__dwt_old');
  yield* clear(env, [fresh, gone]);
  const keys = old === 'table' ? yield* foreignKeysTo(env, target) : [];
  try {
    const made = yield* make(fresh);
    const pairs = [...(old === null ? [] : [{ from: target, to: gone, kind: old }]), { from: fresh, to: target, kind }];
    const rename = function* (): Steps<void> {
      for (const sql of dialect.rename(pairs)) yield* statement(sql);
    };
    yield* keys.length > 0 ? alone(env, rename) : rename();
    yield* changed(target, kind);
    // What foreign keys point to stays until they point to the new table.
    if (old !== null && keys.length > 0) yield* changed(gone, old);
    else if (old !== null) yield* statement(dialect.drop(gone, old));
    return made;
  } catch (e) {
    // The rename is atomic: under the old one's second name there is the old table after it, and nothing before.
    yield* cleanup([dialect.drop(fresh, kind), ...(old === null ? [] : [dialect.drop(gone, old)])]);
    throw e;
  }
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

/** Changes a table's columns with `alter`, then its rows with `work`: in one transaction, or in two steps where DDL would commit it. */
export function* alteredAtomically<A, T>(env: CompileEnv, inTransaction: boolean, alter: () => Steps<A>, work: (altered: A) => Steps<T>): Steps<T> {
  const before = env.facts.capabilities.transactionalDdl ? undefined : { altered: yield* alter() };
  return yield* atomically(inTransaction, function* () {
    return yield* work(before === undefined ? yield* alter() : before.altered);
  });
}

/** Opens a transaction unless one is open, and closes what it opened. */
export function* atomically<T>(inTransaction: boolean, work: () => Steps<T>): Steps<T> {
  if (inTransaction) return yield* work();
  yield* begin();
  const result = yield* work();
  yield* commit();
  return result;
}
