// The node's own names: `model`, `config`, `this`, and, while parsing, ref and source that write down what they are
// asked for. Rendering for parsing answers as dbt does: relations look plausible, nothing is looked up.
import type { Relation } from '../project/relation.ts';
import { mergeConfig } from '../project/config.ts';
import { repr, str } from '../template/print.ts';
import { Callable, type CallSite, dictOf, HostObject, type Keywords, raise, toPlain, toValue, Undefined, type Value } from '../template/values.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import type { Facts, NodeNames } from './context.ts';
import { callable } from './globals.ts';
import { RelationValue } from './relation-value.ts';

export { resourceDict } from './node-dict.ts';

/** Keys of config() that are names and nothing else. */
const TEXTS = new Set('materialized alias schema database unique_key incremental_strategy on_schema_change strategy updated_at'.split(' '));

/** Throws where a name that nothing defines stands for a text. */
function missesQuotes(key: string, value: Undefined): void {
  if (/^'\w+' is undefined$/.test(value.hint)) raise(`${value.hint}, and ${key} needs a text.`, 'undefined', `Put it in quotes: ${key}='${value.name}'`);
}

/** `config(…)` sets, `config.get` and its kin read. `set` gets what the template declares. */
export class ConfigValue extends HostObject {
  private readonly current: () => Readonly<Record<string, unknown>>;
  private readonly set: (kwargs: Record<string, unknown>, at: CallSite) => void;

  constructor(current: () => Readonly<Record<string, unknown>>, set: (kwargs: Record<string, unknown>, at: CallSite) => void) {
    super();
    this.current = current;
    this.set = set;
  }

  override display(): string {
    return '<config>';
  }

  override callAs(args: Value[], kwargs: Keywords, at: CallSite): Value {
    const [dict, second] = args;
    if (second !== undefined || (dict !== undefined && (!(dict instanceof Map) || kwargs.size > 0)))
      raise('config() takes keyword arguments, or one dict.', 'type', "Write config(materialized='table').");
    const given = dict === undefined ? {} : (toPlain(dict) as Record<string, unknown>);
    for (const [k, v] of kwargs) if (TEXTS.has(k) && v instanceof Undefined) missesQuotes(k, v);
    for (const [k, v] of kwargs) given[k] = k === 'foreign_keys' ? withCalls(v) : toPlain(v);
    this.set(given, at);
    return '';
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'get':
        return callable(name, 'name default? validator?', ([n, otherwise]) => this.find(str(n ?? null), this.current()) ?? otherwise ?? null);
      case 'require':
        return callable(
          name,
          'name validator?',
          ([n]) => this.find(str(n ?? null), this.current()) ?? raise(`The configuration '${str(n ?? null)}' is required and not set.`, 'undefined'),
        );
      case 'meta_get':
        return callable(
          name,
          'name default?',
          ([n, otherwise]) => this.find(str(n ?? null), this.current()['meta'] as Record<string, unknown>) ?? otherwise ?? null,
        );
      case 'meta_require':
        return callable(
          name,
          'name',
          ([n]) =>
            this.find(str(n ?? null), this.current()['meta'] as Record<string, unknown>) ??
            raise(`'${str(n ?? null)}' is required under meta and not set.`, 'undefined'),
        );
      case 'set':
        return callable(name, 'name value', ([n, v], at) => {
          this.set({ [str(n ?? null)]: toPlain(v ?? null) }, at);
          return '';
        });
      case 'persist_relation_docs':
      case 'persist_column_docs':
        return callable(name, '', () => false);
      case 'model':
        return undefined;
      default:
        return this.find(name, this.current());
    }
  }

  override item(key: Value): Value | undefined {
    return typeof key === 'string' ? this.find(key, this.current()) : undefined;
  }

  override attributeNames(): Iterable<string> {
    return ['get', 'require', 'meta_get', 'meta_require', ...Object.keys(this.current())];
  }

  private find(name: string, among: Readonly<Record<string, unknown>> | undefined): Value | undefined {
    if (among === undefined) return undefined;
    const canonical = name === 'pre_hook' ? 'pre-hook' : name === 'post_hook' ? 'post-hook' : name;
    const value = Object.hasOwn(among, canonical) ? among[canonical] : undefined;
    if (value !== undefined) return toValue(value);
    return among === this.current() && Object.hasOwn(UNSET, canonical) ? toValue(UNSET[canonical]) : undefined;
  }
}

/** What dbt's settings are where nobody sets them, as far as macros look into them without asking first. */
const UNSET: Readonly<Record<string, unknown>> = {
  contract: { enforced: false, alias_types: true },
  docs: { show: true },
  grants: {},
  column_types: {},
  quoting: {},
  persist_docs: {},
  packages: [],
};

/** A plain value, where relations that a call gave are that call: what it gives is only known when it runs. */
function withCalls(value: Value): unknown {
  if (value instanceof RelationValue && value.facts.call !== undefined) return value.facts.call;
  if (Array.isArray(value)) return value.map(withCalls);
  if (value instanceof Map) return Object.fromEntries([...value].map(([k, v]) => [String(toPlain(k)), withCalls(v)]));
  return toPlain(value);
}

/** A call as it may be written. */
function callText(name: string, args: readonly Value[], kwargs: ReadonlyMap<string, Value> = new Map()): string {
  return `${name}(${[...args.map(repr), ...[...kwargs].map(([k, v]) => `${k}=${repr(v)}`)].join(', ')})`;
}

/** What rendering for parsing found out. */
export interface Recording {
  readonly refs: { readonly args: readonly unknown[]; readonly kwargs: Readonly<Record<string, unknown>>; readonly span: Span }[];
  readonly sources: { readonly args: readonly unknown[]; readonly span: Span }[];
  config: Record<string, unknown>;
  /** Where config() was first called. */
  configAt?: Span;
}

/** The arguments of a ref or source. Throws where one is a name that nothing defines: quotes are what is missing. */
export function named(what: 'ref' | 'source', args: readonly Value[]): readonly Value[] {
  const bare = args.find((a) => a instanceof Undefined);
  if (bare instanceof Undefined)
    raise(
      `${bare.hint.replace(/^./, (c) => c.toUpperCase())}, and ${what}() needs names.`,
      'undefined',
      /^'\w+' is undefined$/.test(bare.hint) ? `Put the name in quotes: '${bare.name}'.` : undefined,
    );
  return args;
}

/** Names for rendering a template while parsing: what it asks for goes into `into`. */
export function recordingNames(
  facts: Facts,
  into: Recording,
  known: Readonly<Record<string, unknown>>,
  self: Relation | null,
  incremental: boolean,
  extra: Readonly<Record<string, Value>> = {},
): NodeNames {
  const placeholder = (identifier: string, call: string): RelationValue =>
    new RelationValue({ database: facts.target.database, schema: facts.target.schema, identifier }, { dialect: facts.dialect, call });
  const names: Record<string, () => Value> = {
    ref: () =>
      new Callable('ref', (args, kwargs, at) => {
        into.refs.push({
          args: named('ref', args).map((a) => toPlain(a)),
          kwargs: Object.fromEntries([...kwargs].map(([k, v]) => [k, toPlain(v)])),
          span: at.span,
        });
        return placeholder(str(args.at(-1) ?? null), callText('ref', args, kwargs));
      }),
    source: () =>
      new Callable('source', (args, _kwargs, at) => {
        into.sources.push({ args: named('source', args).map((a) => toPlain(a)), span: at.span });
        return placeholder(str(args.at(-1) ?? null), callText('source', args));
      }),
    config: () =>
      new ConfigValue(
        () => mergeConfig(known, into.config),
        (kwargs, at) => {
          into.config = mergeConfig(into.config, kwargs);
          into.configAt ??= at.span;
        },
      ),
    this: () => (self === null ? null : new RelationValue(self, { dialect: facts.dialect, call: 'this' })),
    is_incremental: () => callable('is_incremental', '', () => incremental),
    model: () => unread(self?.identifier ?? null),
    graph: () => dictOf({ nodes: dictOf({}), sources: dictOf({}), exposures: dictOf({}), metrics: dictOf({}), groups: dictOf({}) }),
    selected_resources: () => [],
    schemas: () => [],
    results: () => [],
    database_schemas: () => [],
    pre_hooks: () => [],
    post_hooks: () => [],
    sql: () => '',
    compiled_code: () => '',
  };
  return {
    lookup: (name) => (Object.hasOwn(extra, name) ? extra[name] : Object.hasOwn(names, name) ? names[name]!() : undefined),
    names: () => [...Object.keys(names), ...Object.keys(extra)],
  };
}

/** `model` while its file is read: what is not known yet is empty, as in dbt. */
function unread(name: string | null): Value {
  const config = dictOf({ enabled: true, tags: [], meta: dictOf({}), docs: dictOf({ show: true }) });
  const dependsOn = dictOf({ nodes: [], macros: [] });
  return dictOf({
    name,
    description: '',
    tags: [],
    meta: dictOf({}),
    columns: dictOf({}),
    refs: [],
    sources: [],
    docs: dictOf({ show: true }),
    config,
    depends_on: dependsOn,
  });
}
