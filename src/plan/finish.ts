// What belongs to a relation beside its rows and indexes: comments from descriptions, grants, statistics.
import { statement, type Steps } from '../adapters/step.ts';
import { asTexts } from '../project/config.ts';
import type { Relation, RelationKind } from '../project/relation.ts';
import type { Runnable } from '../project/resources.ts';
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
    const comments = Object.fromEntries(
      Object.values(node.columns)
        .filter((c) => c.description !== '')
        .map((c) => [c.name, c.description]),
    );
    if (docs['columns'] === true && Object.keys(comments).length > 0) for (const sql of dialect.commentColumns(r, kind, comments)) yield* statement(sql);
  }
  const grants = node.config['grants'];
  if (isMapping(grants))
    for (const [privilege, to] of Object.entries(grants)) if (asTexts(to).length > 0) yield* statement(dialect.grant(r, privilege, asTexts(to)));
  if (kind === 'table' || kind === 'materialized_view') {
    const sql = dialect.analyze(r);
    if (sql !== null) yield* statement(sql);
  }
}
