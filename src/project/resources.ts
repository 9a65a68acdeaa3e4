// The nouns: what a project consists of once its files are read. Plain readonly data; ids are dbt's
// (`model.shop.orders`), paths are relative to the project's root, with `/`.
import type { Span } from '../diagnostics/diagnostic.ts';
import type { Config } from './config.ts';
import type { Path } from './shape.ts';
import type { Freshness } from './freshness.ts';
import type { Relation } from './relation.ts';

export type ResourceType = 'model' | 'seed' | 'snapshot' | 'test' | 'source' | 'analysis' | 'operation' | 'unit_test' | 'exposure';

/** Where a resource or a property of it is written: a span, or a path within a YAML file that is found when asked for. */
export type Place = { readonly span: Span } | { readonly yaml: string; readonly path: Path; readonly on?: 'key' | 'value' };

export interface Ref {
  readonly package: string | null;
  readonly name: string;
  readonly version: string | null;
  readonly place: Place;
}

export interface SourceRef {
  readonly source: string;
  readonly table: string;
  readonly place: Place;
}

export interface ColumnProperties {
  readonly name: string;
  readonly description: string;
  readonly data_type: string | null;
  readonly quote: boolean | null;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  readonly constraints: readonly Readonly<Record<string, unknown>>[];
}

/** What an entry of a property file says, as it is written: nothing is rendered or merged. */
export interface Written {
  readonly entry: Readonly<Record<string, unknown>>;
  /** The entry inside it that is meant: the table of a source, the version of a model. */
  readonly part: Readonly<Record<string, unknown>> | null;
}

interface ResourceBase {
  readonly id: string;
  readonly package: string;
  readonly name: string;
  /** Path of the file that defines it. */
  readonly file: string;
  readonly fqn: readonly string[];
  readonly config: Config;
  readonly description: string;
  readonly columns: Readonly<Record<string, ColumnProperties>>;
  readonly place: Place;
  /** The property file that describes it, where there is one. */
  readonly patch: string | null;
  /** Its entry in a property file, where there is one; of a generic test, its configuration there. */
  readonly written: Written | null;
}

interface Templated extends ResourceBase {
  readonly refs: readonly Ref[];
  readonly sources: readonly SourceRef[];
  /** Names that its template calls: macros of the project or its packages, and what comes with dwt. */
  readonly macros: readonly string[];
  /** The arguments of its config() call as they are written; where a model has literals alone, their values, as in dbt. */
  readonly configText: Readonly<Record<string, unknown>>;
  /** The template's text; a `.sql` file's is read when first needed. */
  readonly code: Code;
  /** There is nothing in its file: it is not built. */
  readonly empty?: true;
  readonly relation: Relation;
  readonly alias: string;
  /** Hash of what was read, for state and caches. */
  readonly checksum: string;
}

/** Template text: inline, or (part of) a file. `firstLine` is the line of the file at which `text` starts. */
export type Code = { readonly kind: 'file' } | { readonly kind: 'text'; readonly text: string; readonly firstLine: number };

export interface Model extends Templated {
  readonly type: 'model';
  readonly version: string | null;
  readonly latestVersion: string | null;
}

export interface Analysis extends Templated {
  readonly type: 'analysis';
}

export interface Snapshot extends Templated {
  readonly type: 'snapshot';
}

export interface Seed extends ResourceBase {
  readonly type: 'seed';
  readonly relation: Relation;
  readonly alias: string;
  readonly checksum: string;
}

export interface Source extends ResourceBase {
  readonly type: 'source';
  readonly sourceName: string;
  readonly relation: Relation;
  /** An expression read in place of the relation (a file, a table function), still a template. */
  readonly externalLocation: string | null;
  readonly sourceDescription: string;
  readonly loader: string;
  /** How old its newest row may be; null where that is not checked. */
  readonly freshness: Freshness | null;
  /** The column or expression that says when a row was loaded, or a query for the newest such moment. */
  readonly loadedAtField: string | null;
  readonly loadedAtQuery: string | null;
}

export interface DataTest extends Templated {
  readonly type: 'test';
  /** Null for a singular test. */
  readonly generic: GenericTest | null;
}

export interface GenericTest {
  /** Name of the test: `not_null`, or `dbt_utils.expression_is_true`. */
  readonly test: string;
  /** Arguments as written, `model` and `column_name` among them. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Id of the resource it is attached to. */
  readonly attachedTo: string;
  /** The reference that finds it: `ref('orders')`. */
  readonly reference: string;
  readonly column: string | null;
}

/** An on-run-start or on-run-end hook. */
export interface Operation extends Templated {
  readonly type: 'operation';
  readonly when: 'start' | 'end';
  readonly index: number;
}

export interface Exposure extends ResourceBase {
  readonly type: 'exposure';
  readonly refs: readonly Ref[];
  readonly sources: readonly SourceRef[];
  readonly properties: Readonly<Record<string, unknown>>;
}

export type Resource = Model | Analysis | Snapshot | Seed | Source | DataTest | Operation | Exposure;

/** What can be run: has SQL or a file, and a place in the warehouse. */
export type Runnable = Model | Analysis | Snapshot | Seed | DataTest | Operation;

/** What a run works on: it builds or tests what can be run, and looks at sources. */
export type Worked = Runnable | Source;

export function isTemplated(r: Resource): r is Model | Analysis | Snapshot | DataTest | Operation {
  return r.type === 'model' || r.type === 'analysis' || r.type === 'snapshot' || r.type === 'test' || r.type === 'operation';
}

export function isRefable(r: Resource): r is Model | Seed | Snapshot {
  return r.type === 'model' || r.type === 'seed' || r.type === 'snapshot';
}

/** What a person calls it, and selects it by: `orders`, `raw.orders` of a source, `orders.v2` of a model with versions. */
export function nameOf(r: Resource): string {
  if (r.type === 'source') return `${r.sourceName}.${r.name}`;
  return r.type === 'model' && typeof r.version === 'string' ? `${r.name}.v${r.version}` : r.name;
}

/** How a person names it: `model 'orders'`. */
export function label(r: Resource): string {
  if (r.file === '--inline') return 'the inline query';
  if (r.type === 'operation') return `on-run-${r.when} hook ${r.index + 1}`;
  return `${r.type === 'test' ? 'data test' : r.type} '${nameOf(r)}'`;
}
