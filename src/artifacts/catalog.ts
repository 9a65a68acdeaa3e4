// catalog.json in dbt's shape (v1): what the warehouse itself tells of the relations of a project.
// https://docs.getdbt.com/reference/artifacts/catalog-json
import type { CatalogRelation } from '../adapters/adapter.ts';
import { relationKey, type RelationKind } from '../project/relation.ts';
import type { Resource } from '../project/resources.ts';

interface Stat {
  readonly id: string;
  readonly label: string;
  readonly value: number | boolean;
  readonly include: boolean;
  readonly description: string;
}

/** `nodes` and `sources` of the catalog: those of the resources that stand in the warehouse, by id. */
export function buildCatalog(
  resources: Iterable<Resource>,
  relations: readonly CatalogRelation[],
): { readonly nodes: Record<string, unknown>; readonly sources: Record<string, unknown> } {
  const exact = new Map(relations.map((r) => [relationKey(r), r]));
  // As in dbt, else names match whatever their case.
  const alike = new Map(relations.map((r) => [relationKey(r).toLowerCase(), r]));
  const nodes: Record<string, unknown> = {};
  const sources: Record<string, unknown> = {};
  for (const r of [...resources].toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    if (!stands(r)) continue;
    const there = exact.get(relationKey(r.relation)) ?? alike.get(relationKey(r.relation).toLowerCase());
    if (there !== undefined) (r.type === 'source' ? sources : nodes)[r.id] = tableDict(r.id, there);
  }
  return { nodes, sources };
}

/** Whether a resource is something that stands in the warehouse. */
export function stands(r: Resource): r is Extract<Resource, { type: 'source' | 'seed' | 'snapshot' | 'model' }> {
  return r.type === 'source' || r.type === 'seed' || r.type === 'snapshot' || (r.type === 'model' && r.config.materialized !== 'ephemeral');
}

const TYPES: Readonly<Record<RelationKind, string>> = { table: 'BASE TABLE', view: 'VIEW', materialized_view: 'MATERIALIZED VIEW', external: 'EXTERNAL' };

function tableDict(id: string, r: CatalogRelation): Record<string, unknown> {
  return {
    metadata: { type: TYPES[r.kind], schema: r.schema, name: r.identifier, database: r.database, comment: r.comment, owner: r.owner },
    columns: Object.fromEntries(r.columns.map((c, i) => [c.name, { type: c.type, index: i + 1, name: c.name, comment: c.comment }])),
    stats: statsDict(r),
    unique_id: id,
  };
}

function statsDict(r: CatalogRelation): Record<string, Stat> {
  const stats: Record<string, Stat> = {};
  if (r.rows !== null)
    stats['row_count'] = { id: 'row_count', label: 'Row Count', value: r.rows, include: true, description: 'Rows, as the engine estimates them' };
  if (r.bytes !== null)
    stats['bytes'] = {
      id: 'bytes',
      label: 'Approximate Size',
      value: r.bytes,
      include: true,
      description: 'Size in bytes, with indexes, as the engine estimates it',
    };
  const has = Object.keys(stats).length > 0;
  stats['has_stats'] = {
    id: 'has_stats',
    label: 'Has Stats?',
    value: has,
    include: false,
    description: 'Indicates whether there are statistics for this table',
  };
  return stats;
}
