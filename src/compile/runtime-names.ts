// The names of a node when it is compiled for a run: ref and source give relations, `this` the node's own, and
// is_incremental asks whether its table stands. A ref that parsing could not see is an error here, as in dbt.
import { createHash } from 'node:crypto';
import { Context, type Facts, type NodeNames } from '../context/context.ts';
import { callable } from '../context/globals.ts';
import { ConfigValue, named, resourceDict } from '../context/node-names.ts';
import { RelationValue } from '../context/relation-value.ts';
import { type Diagnostic, fail, type Span } from '../diagnostics/diagnostic.ts';
import { emptyInput } from './empty-inputs.ts';
import type { Graph } from '../graph/graph.ts';
import type { Relation } from '../project/relation.ts';
import { label, type Model, type Place, type Resource, type Source, type Worked } from '../project/resources.ts';
import { parseTemplate, render } from '../template/template.ts';
import { Callable, dictOf, toPlain, toValue, Undefined, type Value } from '../template/values.ts';
import type { Ask } from '../context/context.ts';

export interface RunFlags {
  readonly fullRefresh: boolean;
  /** As if nothing had been built yet, whatever a model's own full_refresh says: to look at a whole query. */
  readonly asNew?: boolean;
  /** Every input is taken as empty; the DDL still runs. */
  readonly empty: boolean;
}

export interface CompileEnv {
  readonly facts: Facts;
  readonly graph: Graph;
  readonly flags: RunFlags;
  readonly readText: (file: string) => string;
  /** Where something is written. */
  readonly locate: (place: Place) => Span;
  /** Whether the node's own table stood when its run began; asked for where it is not given. */
  readonly standing?: boolean;
  /** Ids of what runs, for `selected_resources`. */
  readonly selected: ReadonlySet<string>;
  /** Told what is doubtful in a template that was rendered. */
  readonly onWarning?: (d: Diagnostic) => void;
  /** Where another environment has what does not run here. */
  readonly deferral?: Deferral;
}

/** Relations of another environment, read in place of this one's where a node does not run and has none here. */
export interface Deferral {
  readonly relations: ReadonlyMap<string, Relation>;
  /** Reads them even where there is one here. */
  readonly favor: boolean;
}

const CTE_PREFIX = '__dbt__cte__';

/** Names that several ephemeral models of a project have, in small letters. */
const shared = new WeakMap<Graph, ReadonlySet<string>>();

/** The name of the common table expression that stands for an ephemeral model: its own where another has the same alias. */
export function cteName(graph: Graph, { id, alias }: Model): string {
  let several = shared.get(graph);
  if (several === undefined) {
    const met = new Set<string>();
    const twice = new Set<string>();
    for (const r of graph.nodes.values()) {
      if (r.type !== 'model' || r.config.materialized !== 'ephemeral') continue;
      const name = r.alias.toLowerCase();
      (met.has(name) ? twice : met).add(name);
    }
    shared.set(graph, (several = twice));
  }
  return `${CTE_PREFIX}${alias}${several.has(alias.toLowerCase()) ? `_${createHash('md5').update(id).digest('hex').slice(0, 8)}` : ''}`;
}

/** Ephemeral models that a template refers to, in order of appearance. */
export type Ephemerals = Map<string, Model>;

export function runtimeNames(env: CompileEnv, node: Worked, ephemerals: Ephemerals, ask: Ask, extra: Readonly<Record<string, Value>> = {}): NodeNames {
  const { facts, graph } = env;
  const { dialect } = facts;
  const declared = new Set(graph.parents.get(node.id) ?? []);
  const known = (r: Resource): Resource => {
    if (declared.has(r.id) || node.type === 'operation' || node.type === 'analysis' || node.type === 'source') return r;
    const call = r.type === 'source' ? `source('${r.sourceName}', '${r.name}')` : `ref('${r.name}')`;
    return fail('compile/undeclared-ref', `${label(node)} refers to ${label(r)} only when it runs, so it may be built too early.`, {
      help: `Say it where it is always seen, at the top of the file:\n\n-- depends_on: {{ ${call} }}`,
    });
  };
  const resolve = (args: readonly Value[], kwargs: ReadonlyMap<string, Value>): Value => {
    const texts = args.map((a) => String(toPlain(a)));
    const version = toPlain(kwargs.get('v') ?? kwargs.get('version') ?? null);
    const found = graph.resolver.ref(
      { package: texts.length > 1 ? texts[0]! : null, name: texts.at(-1) ?? '', version: version === null ? null : String(version) },
      node.package,
    );
    if ('problem' in found) return fail('graph/missing-ref', `${label(node)} reads ${found.message}`, found.help === undefined ? {} : { help: found.help });
    const target = known(found.resource);
    if (target.type === 'model' && target.config.materialized === 'ephemeral') {
      ephemerals.set(target.id, target);
      const name = cteName(env.graph, target);
      return input(env, new RelationValue({ database: null, schema: '', identifier: name }, { dialect, kind: 'cte', text: dialect.quote(name) }));
    }
    const relation = 'relation' in target ? target.relation : { database: null, schema: '', identifier: target.name };
    return input(env, new RelationValue(deferred(env, target, ask) ?? relation, { dialect }));
  };
  const resolveSource = (args: readonly Value[]): Value => {
    const [source, table] = args.map((a) => String(toPlain(a)));
    const found = graph.resolver.source({ source: source ?? '', table: table ?? '' });
    if ('problem' in found) return fail('graph/missing-source', `${label(node)} reads ${found.message}`, found.help === undefined ? {} : { help: found.help });
    return sourceRelation(env, known(found.resource) as Source, node);
  };
  const own = 'relation' in node ? new RelationValue(node.relation, { dialect }) : null;
  const names: Record<string, () => Value> = {
    ref: () => new Callable('ref', (args, kwargs) => resolve(named('ref', args), kwargs)),
    source: () => new Callable('source', (args) => resolveSource(named('source', args))),
    config: () =>
      new ConfigValue(
        () => node.config,
        () => {},
      ),
    this: () => (node.type === 'operation' ? new Undefined('this') : own),
    model: () => dictOfResource(env, node),
    is_incremental: () => callable('is_incremental', '', () => isIncremental(env, node, ask)),
    graph: () => graphDict(env),
    selected_resources: () => [...env.selected],
    pre_hooks: () => toValue(node.config['pre-hook']),
    post_hooks: () => toValue(node.config['post-hook']),
  };
  return {
    lookup: (name) => (Object.hasOwn(extra, name) ? extra[name] : Object.hasOwn(names, name) ? names[name]!() : undefined),
    names: () => [...Object.keys(names), ...Object.keys(extra)],
  };
}

/** The other environment's relation, where that one is meant. https://docs.getdbt.com/reference/node-selection/defer */
export function deferred(env: CompileEnv, target: Resource, ask: Ask): Relation | undefined {
  const elsewhere = env.deferral?.relations.get(target.id);
  if (elsewhere === undefined || env.selected.has(target.id) || !('relation' in target)) return undefined;
  return env.deferral!.favor || ask({ kind: 'relation', relation: target.relation }) === null ? elsewhere : undefined;
}

/** A relation as input: with --empty, one without rows. */
export function input(env: CompileEnv, relation: RelationValue): RelationValue {
  return env.flags.empty ? relation.with({ text: emptyInput(relation.display()) }) : relation;
}

/** A source's relation, or the file that stands for it. */
export function sourceRelation(env: CompileEnv, source: Source, reader: Resource): RelationValue {
  const { dialect } = env.facts;
  if (source.externalLocation === null) return input(env, new RelationValue(source.relation, { dialect }));
  const scope = new Context(env.facts).scope(source.package);
  const text = render(parseTemplate(source.externalLocation, source.file), { scope, frame: { label: `${label(source)}, read by ${label(reader)}` } });
  return new RelationValue(source.relation, {
    dialect,
    kind: 'external',
    text: text.includes('(') || text.startsWith("'") ? text : dialect.stringLiteral(text),
  });
}

/** Whether a run adds to what is there: the model is incremental, its table stands, and no full refresh is asked for. */
function isIncremental(env: CompileEnv, node: Worked, ask: Ask): boolean {
  if (node.type !== 'model' || node.config.materialized !== 'incremental' || env.flags.asNew === true || wantsFullRefresh(env.flags, node)) return false;
  return env.standing ?? ask({ kind: 'relation', relation: node.relation }) === 'table';
}

/** --full-refresh, unless the resource's own setting says otherwise. */
export function wantsFullRefresh(flags: RunFlags, node: Resource): boolean {
  const own = node.config['full_refresh'];
  return typeof own === 'boolean' ? own : flags.fullRefresh;
}

const graphs = new WeakMap<Graph, Value>();

/** A resource as `model` shows it; `whole`: as `graph` and results do. */
export function dictOfResource(env: Pick<CompileEnv, 'facts' | 'graph' | 'readText'>, r: Resource, whole = false): Value {
  return resourceDict(r, { whole, dialect: env.facts.dialect, readText: env.readText, parents: env.graph.parents.get(r.id) ?? [], macros: env.facts.macros });
}

/** `graph` as templates see it, made when one first looks. */
function graphDict(env: CompileEnv): Value {
  const { graph } = env;
  let value = graphs.get(graph);
  if (value === undefined) {
    const of = (keep: (r: Resource) => boolean): Value =>
      dictOf([...graph.nodes.values()].filter(keep).map((r) => [r.id, dictOfResource(env, r, true)] as const));
    value = dictOf({
      nodes: of((r) => r.type !== 'source' && r.type !== 'exposure'),
      sources: of((r) => r.type === 'source'),
      exposures: of((r) => r.type === 'exposure'),
      metrics: dictOf({}),
      groups: dictOf({}),
    });
    graphs.set(graph, value);
  }
  return value;
}
