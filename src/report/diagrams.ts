// Pictures of a project as Mermaid text, which GitHub and many editors draw: what reads what, and the star schema.
// In: resources, what they read, the ids chosen. Out: text, the same for the same project.
import { nameOf, type ColumnProperties, type DataTest, type Resource, type ResourceType } from '../project/resources.ts';

/** What of a graph a picture needs. */
export interface GraphView {
  readonly resources: ReadonlyMap<string, Resource>;
  /** Each after all that it reads. */
  readonly order: readonly string[];
  readonly parents: (id: string) => readonly string[];
  /** Columns and their types as they stand in the warehouse, as far as that is known. */
  readonly columns?: ReadonlyMap<string, readonly { readonly name: string; readonly type: string }[]>;
}

/** Brackets give a shape; colours go by type and are readable on light and on dark ground. */
const LOOKS: Readonly<Record<ResourceType, readonly [open: string, close: string, style: string]>> = {
  source: ['[(', ')]', 'fill:#d7f0dd,stroke:#2da44e,color:#1f2328'],
  seed: ['[(', ')]', 'fill:#e6f4c8,stroke:#7a9a01,color:#1f2328'],
  model: ['[', ']', 'fill:#d3e5fd,stroke:#2a6fc9,color:#1f2328'],
  snapshot: ['[[', ']]', 'fill:#e8dcfb,stroke:#8250df,color:#1f2328'],
  test: ['([', '])', 'fill:#f2f2f2,stroke:#888888,color:#1f2328'],
  unit_test: ['([', '])', 'fill:#f2f2f2,stroke:#888888,color:#1f2328'],
  analysis: ['[/', '/]', 'fill:#fbeccb,stroke:#bf8700,color:#1f2328'],
  exposure: ['>', ']', 'fill:#fde0d3,stroke:#cf5b20,color:#1f2328'],
  operation: ['{{', '}}', 'fill:#f2f2f2,stroke:#888888,color:#1f2328'],
};

/** A flowchart of the nodes chosen. What one reads through others that were left out is a dotted arrow. */
export function mermaid(graph: GraphView, chosen: ReadonlySet<string>): string {
  const nodes = ordered(graph, chosen);
  const ids = uniqueIds(nodes, (r) => `${r.type}_${nameOf(r)}`);
  const types = [...new Set(nodes.map((r) => r.type))].toSorted();
  return lines(
    'flowchart LR',
    ...nodes.map((r) => {
      const [open, close] = LOOKS[r.type];
      return `  ${ids.get(r.id)!}${open}"${escaped(nameOf(r))}"${close}:::${r.type}`;
    }),
    ...nodes.flatMap((r) => {
      const { direct, through } = reads(graph, r.id, chosen);
      return [...direct.map((p) => `  ${ids.get(p)!} --> ${ids.get(r.id)!}`), ...through.map((p) => `  ${ids.get(p)!} -.-> ${ids.get(r.id)!}`)];
    }),
    ...types.map((type) => `  classDef ${type} ${LOOKS[type][2]}`),
  );
}

/** An entity-relationship diagram of the models, seeds, snapshots and sources chosen: their columns as they are known to stand or else as documented, keys and relations as tests and constraints say. */
export function erd(graph: GraphView, chosen: ReadonlySet<string>): string {
  const entities = ordered(graph, chosen).filter((r) => r.type === 'model' || r.type === 'seed' || r.type === 'snapshot' || r.type === 'source');
  const ids = uniqueIds(entities, nameOf, ER_WORDS);
  const facts = new Map(entities.map((r) => [r.id, new ColumnFacts(graph, r)]));
  const factsOf = (id: string): ColumnFacts => facts.get(id) ?? new ColumnFacts(graph, graph.resources.get(id)!);
  const relations = entities.flatMap((r) =>
    factsOf(r.id)
      .relations.filter((to) => chosen.has(to.parent))
      .map((to) => ({ child: r.id, ...to })),
  );
  return lines(
    'erDiagram',
    ...entities.flatMap((r) => entity(graph, r, ids.get(r.id)!, factsOf(r.id))),
    ...relations.map(({ child, parent, column, field }) => {
      const own = factsOf(child);
      const isKey = factsOf(parent).unique.has(field);
      const parentSide = isKey ? (own.notNull.has(column) ? '||' : '|o') : own.notNull.has(column) ? '}|' : '}o';
      const childSide = own.unique.has(column) ? 'o|' : 'o{';
      return `  ${ids.get(parent)!} ${parentSide}--${childSide} ${ids.get(child)!} : "${quoted(column)}"`;
    }),
  );
}

function entity(graph: GraphView, r: Resource, id: string, facts: ColumnFacts): string[] {
  const head = id === nameOf(r) ? `  ${id}` : `  ${id}["${quoted(nameOf(r))}"]`;
  const columns = columnsOf(graph, r);
  if (columns.length === 0) return [head];
  const rows = columns.map((c) => {
    const keys = [
      ...(facts.primary.has(c.name) ? ['PK'] : facts.unique.has(c.name) ? ['UK'] : []),
      ...(facts.relations.some((to) => to.column === c.name) ? ['FK'] : []),
    ];
    return `    ${token(c.type, '_')} ${token(c.name, 'column')}${keys.length === 0 ? '' : ` ${keys.join(', ')}`}`;
  });
  return [`${head} {`, ...rows, '  }'];
}

interface Reference {
  readonly column: string;
  readonly parent: string;
  readonly field: string;
}

/** What data tests and constraints say about the columns of one resource. */
class ColumnFacts {
  readonly unique = new Set<string>();
  readonly notNull = new Set<string>();
  readonly primary = new Set<string>();
  readonly relations: readonly Reference[];

  constructor(graph: GraphView, r: Resource) {
    const tests = [...graph.resources.values()].filter((t): t is DataTest => t.type === 'test' && t.generic?.attachedTo === r.id);
    // A test of some rows says nothing of the column.
    for (const { generic } of tests.filter((t) => (t.config['where'] ?? null) === null)) {
      if (generic?.column === null || generic === null) continue;
      if (generic.test === 'unique') this.unique.add(generic.column);
      if (generic.test === 'not_null') this.notNull.add(generic.column);
    }
    const declared = Object.values(r.columns).flatMap((c) => c.constraints.map((k): Constraint => ({ column: c.name, ...k })));
    for (const { column, type } of declared) {
      if (type === 'primary_key') this.primary.add(column);
      if (type === 'unique' || type === 'primary_key') this.unique.add(column);
      if (type === 'not_null' || type === 'primary_key') this.notNull.add(column);
    }
    if (this.primary.size === 0) {
      const key = Object.keys(r.columns).find((c) => this.unique.has(c) && this.notNull.has(c));
      if (key !== undefined) this.primary.add(key);
    }
    const configured: unknown = r.config['foreign_keys'];
    this.relations = distinct([
      ...tests.flatMap((t) => referenceOfTest(graph, t)),
      ...declared.flatMap((c) => referenceOfConstraint(graph, c)),
      ...(Array.isArray(configured) ? configured.flatMap((k: ForeignKey) => referenceOfKey(graph, r, k)) : []),
    ]);
  }
}

interface Constraint {
  readonly column: string;
  readonly type?: unknown;
  readonly to?: unknown;
  readonly to_columns?: unknown;
}

/** As it is configured; `to` is a call as a text, or the relation that it gave. */
interface ForeignKey {
  readonly columns?: readonly string[];
  readonly to?: unknown;
  readonly to_columns?: readonly string[];
}

function referenceOfTest(graph: GraphView, { id, generic }: DataTest): Reference[] {
  if (generic === null || generic.test.split('.').at(-1) !== 'relationships' || generic.column === null) return [];
  const { field } = generic.arguments;
  // A table may point to itself.
  const parent = graph.parents(id).find((p) => p !== generic.attachedTo) ?? generic.attachedTo;
  return typeof field === 'string' ? [{ column: generic.column, parent, field }] : [];
}

function referenceOfConstraint(graph: GraphView, c: Constraint): Reference[] {
  if (c.type !== 'foreign_key' || typeof c.to !== 'string') return [];
  const parent = named(graph, c.to);
  const field: unknown = Array.isArray(c.to_columns) ? c.to_columns[0] : undefined;
  return parent === undefined ? [] : [{ column: c.column, parent: parent.id, field: typeof field === 'string' ? field : c.column }];
}

function referenceOfKey(graph: GraphView, r: Resource, { columns: [column] = [], to, to_columns: [field] = [] }: ForeignKey): Reference[] {
  if (column === undefined || typeof to !== 'string') return [];
  const plain = to.replace(/["`]/g, '');
  const read = graph.parents(r.id).flatMap((id) => graph.resources.get(id) ?? []);
  const parent = named(graph, to) ?? read.find((p) => 'relation' in p && (plain === p.relation.identifier || plain.endsWith(`.${p.relation.identifier}`)));
  return parent === undefined ? [] : [{ column, parent: parent.id, field: field ?? column }];
}

/** What `ref('orders')`, as a text, names. */
function named(graph: GraphView, call: string): Resource | undefined {
  const name = /^\s*ref\(\s*(?:['"][^'"]*['"]\s*,\s*)?['"]([^'"]+)['"]\s*\)\s*$/.exec(call)?.[1];
  return [...graph.resources.values()].find((r) => r.name === name && (r.type === 'model' || r.type === 'seed' || r.type === 'snapshot'));
}

function distinct(references: readonly Reference[]): Reference[] {
  return [...new Map(references.map((r) => [`${r.column} ${r.parent}`, r])).values()];
}

/** Nodes that are read directly, and those that are read only through nodes that were not chosen. */
function reads(graph: GraphView, id: string, chosen: ReadonlySet<string>): { direct: string[]; through: string[] } {
  const direct = graph.parents(id).filter((p) => chosen.has(p));
  const through = new Set<string>();
  const seen = new Set<string>();
  const waiting = graph.parents(id).filter((p) => !chosen.has(p));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const p of graph.parents(next)) {
      if (!chosen.has(p)) waiting.push(p);
      else if (!direct.includes(p)) through.add(p);
    }
  }
  return { direct, through: [...through].toSorted() };
}

function ordered(graph: GraphView, chosen: ReadonlySet<string>): Resource[] {
  return graph.order.flatMap((id) => {
    const r = graph.resources.get(id);
    return r === undefined || !chosen.has(id) ? [] : [r];
  });
}

/** Those documented, with the types that they stand with or are declared with, then the others that stand; in the order of the table where it is known. */
function columnsOf(graph: GraphView, r: Resource): readonly { readonly name: string; readonly type: string | null }[] {
  const documented = Object.values(r.columns);
  const standing = graph.columns?.get(r.id);
  if (standing === undefined) return documented.map((c) => ({ name: c.name, type: declaredType(r, c) }));
  const named = (name: string): ColumnProperties | undefined => documented.find((c) => c.name.toLowerCase() === name.toLowerCase());
  const gone = documented.filter((c) => !standing.some((s) => s.name.toLowerCase() === c.name.toLowerCase()));
  return [...standing.map((s) => ({ name: named(s.name)?.name ?? s.name, type: s.type })), ...gone.map((c) => ({ name: c.name, type: declaredType(r, c) }))];
}

function declaredType(r: Resource, c: ColumnProperties): string | null {
  const types: unknown = r.config['column_types'];
  const given = typeof types === 'object' && types !== null ? (types as Record<string, unknown>)[c.name] : undefined;
  return c.data_type ?? (typeof given === 'string' ? given : null);
}

/** Words that mean something to Mermaid where the name of an entity stands, in small letters. */
const ER_WORDS: ReadonlySet<string> = new Set(
  'acctitle accdescr class classdef direction end erdiagram many one only optionally style subgraph title to u zero'.split(' '),
);

/** An id of letters, digits and underscores for each, in which the name can be recognised. */
function uniqueIds(nodes: readonly Resource[], name: (r: Resource) => string, reserved: ReadonlySet<string> = new Set()): Map<string, string> {
  const ids = new Map<string, string>();
  const used = new Set<string>();
  for (const r of nodes) {
    const plain = name(r)
      .replace(/[^A-Za-z0-9_]/g, '_')
      .replace(/^(?=\d)/, '_');
    let id = plain;
    for (let n = 2; used.has(id) || reserved.has(id.toLowerCase()); n++) id = `${plain}_${n}`;
    used.add(id);
    ids.set(r.id, id);
  }
  return ids;
}

/** A label between quotes in a flowchart, which would take some characters for markup. */
function escaped(text: string): string {
  return text.replace(/["#&<>`\\]/g, (c) => `#${c.charCodeAt(0)};`);
}

/** A text between quotes in an entity-relationship diagram, which knows no escapes. */
function quoted(text: string): string {
  return text.replaceAll('"', "'").replaceAll('\n', ' ');
}

/** A type or name of a column as Mermaid can read it. */
function token(text: string | null, otherwise: string): string {
  const plain = (text ?? '')
    .trim()
    .replace(/["'`]/g, '')
    .replace(/\s*,\s*/g, '-')
    .replace(/[^A-Za-z0-9_()[\]-]+/g, '_');
  return plain === '' ? otherwise : plain.replace(/^(?![A-Z_])|^(?=[PFU]K$)/i, '_');
}

function lines(...all: readonly string[]): string {
  return all.join('\n');
}
