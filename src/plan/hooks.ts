// pre-hook and post-hook around what builds a resource: those of a transaction run inside it, the others outside.
// Without hooks nothing is added: no transaction is opened for their sake. Foreign keys that point to what is built outlive it.
import { StatementFailure } from '../adapters/failures.ts';
import { begin, commit, statement, type Steps } from '../adapters/step.ts';
import { renderSql } from '../compile/compile.ts';
import { PlacedFailure, placeOfText } from '../compile/placed.ts';
import { label, type Runnable } from '../project/resources.ts';
import type { CompileEnv } from './env.ts';
import { hasGrants } from './finish.ts';
import { foreignKeysTo, keepingForeignKeys, mendForeignKeys } from './foreign-keys.ts';

/** Runs `build` between the hooks. `build` is told whether a transaction is already open. */
export function* withHooks<T>(env: CompileEnv, node: Runnable, build: (inTransaction: boolean) => Steps<T>): Steps<T> {
  const pre = node.config['pre-hook'];
  const post = node.config['post-hook'];
  yield* run(
    env,
    node,
    pre.filter((h) => !h.transaction).map((h) => h.sql),
    'pre-hook',
  );
  // A privilege that cannot be given takes the rows back with it: the next try would add them once more.
  const inside = [...pre, ...post].some((h) => h.transaction) || hasGrants(env, node);
  yield* mendForeignKeys(env, node);
  const keys = yield* foreignKeysTo(env, node.relation);
  const transaction = (inside || keys.length > 0) && env.facts.capabilities.transactionalDdl;
  if (transaction) yield* begin();
  yield* run(
    env,
    node,
    pre.filter((h) => h.transaction).map((h) => h.sql),
    'pre-hook',
  );
  const result = yield* keepingForeignKeys(env, node, keys, function* () {
    const built = yield* build(transaction);
    yield* run(
      env,
      node,
      post.filter((h) => h.transaction).map((h) => h.sql),
      'post-hook',
    );
    return built;
  });
  if (transaction) yield* commit();
  yield* run(
    env,
    node,
    post.filter((h) => !h.transaction).map((h) => h.sql),
    'post-hook',
  );
  return result;
}

function* run(env: CompileEnv, node: Runnable, hooks: readonly string[], what: string): Steps<void> {
  for (const [i, hook] of hooks.entries()) {
    const sql = yield* renderSql(env, node, hook, `${what} of ${label(node)}`);
    if (sql.trim() === '') continue;
    try {
      yield* statement(sql.trim().replace(/;\s*$/, ''));
    } catch (e) {
      if (!(e instanceof StatementFailure)) throw e;
      const span = placeOfText(env, node, hook);
      const shown = span === undefined ? `\n    ${hook.trim().split('\n').join('\n    ')}` : '';
      throw new PlacedFailure(`The ${what} ${hooks.length > 1 ? `(number ${i + 1}) ` : ''}failed: ${e.message}${shown}`, e, span);
    }
  }
}
