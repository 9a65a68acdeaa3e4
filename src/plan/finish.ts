// What belongs to a relation beside its rows and indexes: comments from descriptions, grants, statistics.
import { columnsOf, query, statement, type Steps, warn } from '../adapters/step.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { asTexts } from '../project/config.ts';
import type { Relation, RelationKind } from '../project/relation.ts';
import { label, type Runnable } from '../project/resources.ts';
import { isMapping } from '../project/shape.ts';
import type { CompileEnv } from './env.ts';

/** Comments, grants and statistics, once the relation stands. */
export function* describe(env: CompileEnv, node: Runnable, r: Relation, kind: RelationKind): Steps<void> {
  const { dialect } = env.facts;
  const docs = node.config['persist_docs'];
  if (isMapping(docs)) {
    if (docs['relation'] === true && node.description !== '') {
      const sql = dialect.comment(r, kind, node.description);
      if (sql !== null) yield* statement(sql);
    }
    if (docs['columns'] === true) yield* commentColumns(env, node, r, kind);
  }
  yield* giveAndTake(env, node, r);
  if (kind === 'table' || kind === 'materialized_view') {
    const sql = dialect.analyze(r);
    if (sql !== null) yield* statement(sql);
  }
}

/** Whether privileges are configured, and the engine has users. */
export function hasGrants({ facts: { dialect } }: CompileEnv, node: Runnable): boolean {
  const configured = node.config['grants'];
  return dialect.grants !== null && isMapping(configured) && Object.keys(configured).length > 0;
}

/**
 * The configured privileges, and no others: as in dbt, what stands beside them on a relation that stayed is taken. Nothing where none
 * are configured, or the engine has no users.
 */
function* giveAndTake({ facts: { dialect } }: CompileEnv, node: Runnable, r: Relation): Steps<void> {
  const { grants } = dialect;
  const configured = node.config['grants'];
  if (grants === null || !isMapping(configured)) return;
  const wanted = Object.entries(configured).map(([privilege, to]) => ({ privilege: privilege.trim().toLowerCase(), to: asTexts(to) }));
  if (wanted.length === 0) return;
  const isWanted = (privilege: string, grantee: string): boolean =>
    wanted.some((w) => (w.privilege === privilege || /^all( privileges)?$/.test(w.privilege)) && w.to.some((name) => grants.grantee(name) === grantee));
  for (const [privilege, grantee] of (yield* query(grants.standing(r))).rows)
    if (!isWanted(String(privilege), String(grantee))) yield* statement(grants.take(r, String(privilege), String(grantee)));
  for (const { privilege, to } of wanted) if (to.length > 0) yield* statement(grants.give(r, privilege, to));
}

/** Of the columns that are there. As in dbt, one that is described and is not is told, and nothing fails for it. */
function* commentColumns({ facts: { dialect } }: CompileEnv, node: Runnable, r: Relation, kind: RelationKind): Steps<void> {
  const described = Object.values(node.columns).filter((c) => c.description !== '');
  if (described.length === 0) return;
  const have = ((yield* columnsOf(r)) ?? []).map((c) => c.name);
  const comments: Record<string, string> = {};
  for (const { name, description } of described) {
    const column = have.includes(name) ? name : have.find((c) => c.toLowerCase() === name.toLowerCase());
    if (column !== undefined) comments[column] = description;
    else
      yield* warn(
        `${node.patch ?? node.file} describes the column '${name}' of ${label(node)}, which ${dialect.relation(r)} does not have. ${didYouMean(name, have) ?? ''}`.trim(),
      );
  }
  if (Object.keys(comments).length > 0) for (const sql of dialect.commentColumns(r, kind, comments)) yield* statement(sql);
}
