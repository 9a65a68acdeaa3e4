// What a plan or a template asks of a warehouse, one step at a time. Generators yield steps and get answers back:
// the executor answers from a database, a test answers from literals. Nothing here touches an engine.
import type { Span } from '../diagnostics/diagnostic.ts';
import type { Column, ExistingRelation, Relation, RelationKind } from '../project/relation.ts';
import type { LoadRequest, Outcome, SchemaName, Table } from './adapter.ts';

export type Step =
  /**
   * Runs SQL. `main` marks the statement that makes the resource: its row count is reported, its text is kept.
   * `cleanup` marks one that clears away after a failure: it is sent even when the run was interrupted.
   */
  | { readonly kind: 'statement'; readonly sql: string; readonly main?: boolean; readonly cleanup?: boolean }
  | { readonly kind: 'query'; readonly sql: string; readonly limit?: number }
  /** What stands at that name, from the catalog as read at the start and kept up since. */
  | { readonly kind: 'relation'; readonly relation: Relation }
  /** Whether a foreign key of another table pointed to it when that was first asked; with `now`, that one does. */
  | { readonly kind: 'referenced'; readonly relation: Relation; readonly now?: true }
  /** Whether there is such a schema. */
  | { readonly kind: 'schema'; readonly schema: SchemaName }
  /** All that stands in a schema now. */
  | { readonly kind: 'relations'; readonly schema: SchemaName }
  /** Tells the catalog that a schema is gone, and all that was in it. */
  | { readonly kind: 'emptied'; readonly schema: SchemaName }
  | { readonly kind: 'columns'; readonly relation: Relation }
  | { readonly kind: 'load'; readonly request: LoadRequest }
  | { readonly kind: 'begin' }
  | { readonly kind: 'commit' }
  /** Tells the catalog what a statement did to a relation; `exists` null means it is gone. */
  | { readonly kind: 'changed'; readonly relation: Relation; readonly exists: RelationKind | null }
  /** `span`: the call of a template that says it. */
  | { readonly kind: 'log'; readonly message: string; readonly level: 'debug' | 'info' | 'warning'; readonly span?: Span };

export type Answer = Outcome | Table | RelationKind | boolean | readonly ExistingRelation[] | readonly Column[] | null;

/** A piece of work that needs a warehouse: yields steps, returns its result. */
export type Steps<T> = Generator<Step, T, Answer>;

/** Tells what the person should know and nothing fails for. */
export function* warn(message: string): Steps<void> {
  yield { kind: 'log', level: 'warning', message };
}

export function* statement(sql: string, main = false): Steps<Outcome> {
  return (yield main ? { kind: 'statement', sql, main } : { kind: 'statement', sql }) as Outcome;
}

/** Clears away after a failure, as far as that is possible: whoever calls it has the failure to report. */
export function* cleanup(statements: readonly string[]): Steps<void> {
  for (const sql of statements) {
    try {
      yield { kind: 'statement', sql, cleanup: true };
    } catch {
      // The session ended, and what it held with it; the next run clears away the rest.
    }
  }
}

export function* query(sql: string, limit?: number): Steps<Table> {
  return (yield limit === undefined ? { kind: 'query', sql } : { kind: 'query', sql, limit }) as Table;
}

export function* existing(relation: Relation): Steps<RelationKind | null> {
  return (yield { kind: 'relation', relation }) as RelationKind | null;
}

export function* referenced(relation: Relation): Steps<boolean> {
  return (yield { kind: 'referenced', relation }) as boolean;
}

/** Tells that a foreign key of another table points to it now. */
export function* nowReferenced(relation: Relation): Steps<void> {
  yield { kind: 'referenced', relation, now: true };
}

export function* columnsOf(relation: Relation): Steps<readonly Column[] | null> {
  return (yield { kind: 'columns', relation }) as readonly Column[] | null;
}

export function* load(request: LoadRequest): Steps<Outcome> {
  return (yield { kind: 'load', request }) as Outcome;
}

export function* changed(relation: Relation, exists: RelationKind | null): Steps<void> {
  yield { kind: 'changed', relation, exists };
}

export function* begin(): Steps<void> {
  yield { kind: 'begin' };
}

export function* commit(): Steps<void> {
  yield { kind: 'commit' };
}
