// Relations and their columns, as two questions to an engine's catalog answered them, put together. In: rows. Out: `CatalogRelation`s.
import type { RelationKind } from '../project/relation.ts';
import type { CatalogRelation, SchemaName } from './adapter.ts';

/** A row about a relation; what the engine has nothing for is null. */
export interface RelationRow {
  readonly schema: SchemaName;
  readonly identifier: string;
  readonly kind: RelationKind;
  readonly owner: unknown;
  readonly comment: unknown;
  readonly rows: unknown;
  readonly bytes: unknown;
}

/** A row about a column, in the order of the relation. */
export interface ColumnRow {
  readonly schema: SchemaName;
  readonly identifier: string;
  readonly name: unknown;
  readonly type: unknown;
  readonly comment: unknown;
}

/** Each relation with its columns. */
export function toCatalog(relations: readonly RelationRow[], columns: readonly ColumnRow[]): readonly CatalogRelation[] {
  const key = (r: { readonly schema: SchemaName; readonly identifier: string }): string => JSON.stringify([r.schema.database, r.schema.schema, r.identifier]);
  const byRelation = new Map<string, ColumnRow[]>();
  for (const c of columns) {
    const found = byRelation.get(key(c));
    if (found === undefined) byRelation.set(key(c), [c]);
    else found.push(c);
  }
  return relations.map((r) => ({
    database: r.schema.database,
    schema: r.schema.schema,
    identifier: r.identifier,
    kind: r.kind,
    owner: text(r.owner),
    comment: text(r.comment),
    rows: count(r.rows),
    bytes: count(r.bytes),
    columns: (byRelation.get(key(r)) ?? []).map((c) => ({ name: String(c.name), type: String(c.type), comment: text(c.comment) })),
  }));
}

function text(cell: unknown): string | null {
  return cell === null || cell === undefined || cell === '' ? null : String(cell);
}

function count(cell: unknown): number | null {
  return cell === null || cell === undefined ? null : Math.round(Number(String(cell)));
}
