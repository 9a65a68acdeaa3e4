// What a node reads, for messages about it. In: the graph. Out: relations of the warehouse, or views whose queries run with its own.
import type { Graph } from '../graph/graph.ts';
import type { Relation } from '../project/relation.ts';
import type { Resource } from '../project/resources.ts';

const isEphemeral = (r: Resource): boolean => r.type === 'model' && r.config.materialized === 'ephemeral';

/** Relations that the node's SQL names, those of ephemeral models that it reads among them, and its own, which it may read too. */
export function relationsRead(graph: Graph, node: Resource): readonly Relation[] {
  const found = new Map<string, Relation>();
  const add = (r: Resource): void => {
    if ('relation' in r && r.type !== 'test' && r.type !== 'operation') found.set(r.id, r.relation);
  };
  const visit = (id: string): void => {
    for (const parent of graph.parents.get(id) ?? []) {
      const r = graph.nodes.get(parent);
      if (r === undefined || found.has(r.id)) continue;
      if (isEphemeral(r)) visit(r.id);
      else add(r);
    }
  };
  visit(node.id);
  if (node.type === 'model' && node.config.materialized === 'incremental') add(node);
  return [...found.values()];
}

/** Views and ephemeral models above the node with nothing but such between: their queries run where it runs. */
export function viewsRead(graph: Graph, node: Resource): readonly Resource[] {
  const found = new Map<string, Resource>();
  const visit = (id: string): void => {
    for (const parent of graph.parents.get(id) ?? []) {
      const r = graph.nodes.get(parent);
      if (r?.type !== 'model' || found.has(r.id) || !(r.config.materialized === 'view' || isEphemeral(r))) continue;
      found.set(r.id, r);
      visit(r.id);
    }
  };
  visit(node.id);
  return [...found.values()];
}
