// The name of a table or view in a warehouse, and what kind of thing stands there.

/** `database` is null where the engine has no level above the schema (MySQL) or the connection's own is meant. */
export interface Relation {
  readonly database: string | null;
  readonly schema: string;
  readonly identifier: string;
}

export type RelationKind = 'table' | 'view' | 'materialized_view' | 'external';

export interface ExistingRelation extends Relation {
  readonly kind: RelationKind;
}

/** A column as the engine describes it; `type` is the engine's own spelling with length and precision, e.g. `DECIMAL(10,2)`. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

/** A key by which the same relation is found again, whatever object names it. Case is kept: engines fold unquoted names, we always quote. */
export function relationKey(r: Relation): string {
  return `${r.database ?? ''}\u0000${r.schema}\u0000${r.identifier}`;
}
