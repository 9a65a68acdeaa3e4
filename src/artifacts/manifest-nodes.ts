// Nodes of the manifest under dbt's names: models, seeds, snapshots, tests, analyses and hooks.
import type { Dialect } from '../adapters/adapter.ts';
import type { MacroRegistry } from '../context/macros.ts';
import type { Graph } from '../graph/graph.ts';
import { asList } from '../project/config.ts';
import type { Project } from '../project/project.ts';
import type { DataTest, Exposure, Model, Ref, Resource, Seed, Source } from '../project/resources.ts';
import { isMapping } from '../project/shape.ts';
import { checksumOfText, NO_CHECKSUM } from './checksum.ts';
import { contractChecksum } from './contract-checksum.ts';
import { contractDict } from '../project/full-config.ts';
import { columnsDict, configPart, constraintDict, type DocsIndex } from './manifest-config.ts';
import { namesCalled, pathInFolder, relationName } from './names.ts';
import { type ArtifactPlace, compiledFile } from './place.ts';
import { share } from './shared-text.ts';
import { genericTestCode, type WrittenConfig } from './written-config.ts';

/** What a run compiled for a node. */
export interface CompiledNode {
  readonly sql: string;
  /** Ephemeral models that were put into it. */
  readonly ctes: readonly { readonly id: string; readonly sql: string }[];
  /** Something ran for it, so that the statements are written too. */
  readonly ran: boolean;
}

/** What the parts of a manifest are made from. */
export interface ManifestSources {
  readonly project: Project;
  readonly graph: Graph;
  readonly dialect: Dialect;
  readonly macros: MacroRegistry;
  readonly readText: (file: string) => string;
  readonly place: ArtifactPlace;
  readonly written: WrittenConfig;
  readonly docs: DocsIndex;
  readonly compiled: ReadonlyMap<string, CompiledNode>;
  /** Data tests that say which columns identify a row. */
  readonly keyTests: () => ReadonlyMap<string, readonly DataTest[]>;
}

export type Node = Readonly<Record<string, unknown>>;
type Templated = Exclude<Resource, Source | Seed | Exposure>;

/**
 * A node as dbt writes it, in parts: the manifest is written from these, and one that is the same object again (what many
 * nodes share) is turned into text once.
 */
export function nodeParts(m: ManifestSources, r: Exclude<Resource, Source | Exposure>): readonly Node[] {
  const written = m.written.of(r);
  const entry = r.written?.entry ?? {};
  const { target } = m.project;
  const nowhere = r.type === 'analysis' || r.type === 'operation';
  const compiled = m.compiled.get(r.id);
  const head = {
    database: nowhere ? target.database : r.relation.database,
    schema: nowhere ? target.schema : r.relation.schema,
    name: r.name,
    resource_type: r.type,
    package_name: r.package,
    path: pathInFolder(r),
    original_file_path: r.type === 'operation' ? `./${r.file}` : r.file,
    unique_id: r.id,
    fqn: r.fqn,
    alias: r.alias,
    checksum: checksumOf(m, r),
  };
  const common = {
    description: r.description,
    columns: columnsDict(r, m.docs),
    group: groupOf(m.graph, r),
    patch_path: r.patch === null ? null : `${r.package}://${r.patch}`,
    build_path: compiled?.ran === true ? compiledFile(m.place, r, 'run') : null,
    relation_name: relationName(r, m.dialect),
    raw_code: rawCode(m, r),
    doc_blocks: m.docs.mentioned(r.written?.part?.['description'] ?? entry['description'], r.package),
  };
  const parts: Node[] = [head, configPart(r, written), m.written.part(written), common];
  if (r.type === 'seed') return [...parts, { root_path: m.project.root, depends_on: { macros: macrosOfHooks(m, r) } }];
  parts.push(TEMPLATED, referencesOf(m, r), compiledOf(m, r, compiled));
  if (r.type === 'model') return [...parts, ofModel(m, r, entry)];
  parts.push(NO_CONTRACT);
  if (r.type === 'test' && r.generic !== null) parts.push(ofGenericTest(r, r.generic));
  if (r.type === 'operation') parts.push({ index: r.index + 1 });
  return parts;
}

function checksumOf(m: ManifestSources, r: Exclude<Resource, Source | Exposure>): unknown {
  if (r.type === 'seed') return r.checksum.startsWith('path:') ? { name: 'path', checksum: r.checksum.slice(5) } : { name: 'sha256', checksum: r.checksum };
  return r.type === 'test' && r.generic !== null ? NO_CHECKSUM : checksumOfText(m.readText(r.file));
}

/** The template's text, as dbt keeps it. */
function rawCode(m: ManifestSources, r: Exclude<Resource, Source | Exposure>): string {
  if (r.type === 'seed') return '';
  if (r.type === 'test' && r.generic !== null) return genericTestCode(r);
  return r.code.kind === 'text' ? r.code.text : m.readText(r.file).trim();
}

/** A generic test belongs to the group of what it is attached to. */
export function groupOf(graph: Graph, r: Resource): string | null {
  const own = r.type === 'test' && r.generic !== null ? graph.nodes.get(r.generic.attachedTo)?.config['group'] : r.config['group'];
  return typeof own === 'string' ? own : null;
}

function macrosOfHooks(m: ManifestSources, r: Resource): string[] {
  const hooks = [...r.config['pre-hook'], ...r.config['post-hook']];
  return hooks.length === 0
    ? []
    : m.macros.ids(
        hooks.flatMap((h) => namesCalled(h.sql)),
        r.package,
      );
}

const NO_CONTRACT: Node = share({ contract: { ...contractDict(undefined), checksum: null } });

/** What is the same of all that have SQL. */
const TEMPLATED: Node = share({ language: 'sql', metrics: [], functions: [] });

function referencesOf(m: ManifestSources, r: Templated): Node {
  const hooks = macrosOfHooks(m, r);
  const called = m.macros.ids(r.macros, r.package);
  return {
    refs: refsDict(r.refs, r),
    sources: r.sources.map((s) => [s.source, s.table]),
    depends_on: { macros: hooks.length === 0 ? called : [...new Set([...called, ...hooks])], nodes: m.graph.parents.get(r.id) ?? [] },
  };
}

/** The package of what a generic test is attached to goes without saying. */
export function refsDict(refs: readonly Ref[], of: Resource): readonly Node[] {
  const own = of.type === 'test' && of.generic !== null ? of.package : null;
  return refs.map((x) => ({ name: x.name, package: x.package === own ? null : x.package, version: versionOf(x.version) }));
}

/** dbt keeps versions that are numbers as such. */
function versionOf(version: string | null): string | number | null {
  return version !== null && /^\d+(\.\d+)?$/.test(version) ? Number(version) : version;
}

const NOT_COMPILED: Node = share({ compiled_path: null });

function compiledOf(m: ManifestSources, r: Templated, compiled: CompiledNode | undefined): Node {
  if (compiled === undefined) return NOT_COMPILED;
  return {
    compiled_path: compiledFile(m.place, r),
    compiled: true,
    compiled_code: compiled.sql,
    extra_ctes_injected: true,
    extra_ctes: compiled.ctes,
  };
}

function ofModel(m: ManifestSources, r: Model, entry: Node): Node {
  const constraints = asList(r.written?.part?.['constraints'] ?? entry['constraints'])
    .filter(isMapping)
    .map((c) => constraintDict(c, asList(c['columns'])));
  const contract = contractDict(r.config['contract']);
  const spine = entry['time_spine'];
  return {
    contract: { ...contract, checksum: contract.enforced ? contractChecksum(r, constraints) : null },
    access: r.config['access'] ?? 'protected',
    constraints,
    version: versionOf(r.version),
    latest_version: versionOf(r.latestVersion),
    // A version has its own or none.
    deprecation_date: dateOf((r.written?.part ?? entry)['deprecation_date']),
    primary_key: primaryKey(m, r, constraints),
    time_spine: isMapping(spine) && typeof spine['standard_granularity_column'] === 'string' ? { custom_granularities: [], ...spine } : null,
  };
}

function dateOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = String(value);
  return /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00+00:00` : text;
}

/** The columns that identify a row, as constraints or tests say. */
function primaryKey(m: ManifestSources, r: Model, constraints: readonly Node[]): readonly unknown[] {
  const tests = m.keyTests().get(r.id) ?? [];
  if (constraints.length === 0 && tests.length === 0 && Object.keys(r.columns).length === 0) return [];
  const whole = constraints.find((c) => c['type'] === 'primary_key');
  if (whole !== undefined) return whole['columns'] as readonly unknown[];
  for (const c of Object.values(r.columns)) if (c.constraints.some((x) => x['type'] === 'primary_key')) return [c.name];
  const unique = new Set<string>();
  const disabled = new Set<string>();
  const notNull = new Set<string>();
  for (const t of tests) {
    const { test, column, arguments: given } = t.generic!;
    const name = test.slice(test.indexOf('.') + 1);
    const columns = column === null ? asList(given['column_name'] ?? given['combination_of_columns']) : [column];
    for (const c of columns.filter((x) => typeof x === 'string')) {
      if (name === 'unique' || name === 'unique_combination_of_columns') (t.config.enabled ? unique : disabled).add(c);
      else notNull.add(c);
    }
  }
  const both = [...notNull].filter((c) => unique.has(c) || disabled.has(c));
  return [both, [...unique], [...disabled]].find((columns) => columns.length > 0)?.toSorted() ?? [];
}

const KEY_TESTS = /^(.+\.)?(unique|not_null|unique_combination_of_columns)$/;

/** Data tests that say which columns identify a row, by what they are attached to. */
export function keyTests(graph: Graph, project: Project): ReadonlyMap<string, readonly DataTest[]> {
  const found = new Map<string, DataTest[]>();
  for (const r of [...graph.nodes.values(), ...project.disabled.values()]) {
    if (r.type !== 'test' || r.generic === null || !KEY_TESTS.test(r.generic.test)) continue;
    const list = found.get(r.generic.attachedTo);
    if (list === undefined) found.set(r.generic.attachedTo, [r]);
    else list.push(r);
  }
  return found;
}

function ofGenericTest(r: DataTest, generic: NonNullable<DataTest['generic']>): Node {
  const { test, arguments: given, reference, attachedTo, column } = generic;
  const dot = test.indexOf('.');
  const ofSource = attachedTo.startsWith('source.');
  const key = 'yaml' in r.place ? String(r.place.path[0]) : 'models';
  return {
    column_name: column === null ? null : (given['column_name'] ?? column),
    file_key_name: `${key}.${attachedTo.split('.')[2]}`,
    attached_node: ofSource ? null : attachedTo,
    test_metadata: {
      name: test.slice(dot + 1),
      kwargs: { ...given, model: `{{ get_where_subquery(${reference}) }}` },
      namespace: dot < 0 ? null : test.slice(0, dot),
    },
  };
}
