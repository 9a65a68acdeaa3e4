// A relation as a template sees it: `{{ ref('orders') }}`, `{{ this.schema }}`, `this.is_view`.
// https://docs.getdbt.com/reference/dbt-classes#relation
import type { Dialect } from '../adapters/adapter.ts';
import type { Relation, RelationKind } from '../project/relation.ts';
import { bind } from '../template/arguments.ts';
import { Callable, dictOf, HostObject, type Keywords, type Value } from '../template/values.ts';
import { truth } from '../template/compare.ts';

export interface RelationFacts {
  readonly dialect: Dialect;
  readonly kind?: RelationKind | 'cte' | null;
  /** What stands in SQL in place of the name: a CTE's name, a file, a filtered subquery. */
  readonly text?: string;
  /** The call that gave it, while parsing, when names are not settled: `ref('orders')`. */
  readonly call?: string;
  /** Parts left out of the name by `include()`. */
  readonly omit?: ReadonlySet<string>;
  /** Parts that `quote()` leaves without quotes. */
  readonly bare?: ReadonlySet<string>;
}

const PARTS = ['database', 'schema', 'identifier'] as const;

export class RelationValue extends HostObject {
  /** dbt's relations are mappings too, and packages tell them by that. */
  override readonly mapping = true;
  readonly relation: Relation;
  readonly facts: RelationFacts;

  constructor(relation: Relation, facts: RelationFacts) {
    super();
    this.relation = relation;
    this.facts = facts;
  }

  override display(): string {
    const { text, omit, bare, dialect } = this.facts;
    if (text !== undefined) return text;
    if (omit === undefined && bare === undefined) return dialect.relation(this.relation);
    return PARTS.filter((part) => omit?.has(part) !== true && this.relation[part] !== null)
      .map((part) => (bare?.has(part) === true ? this.relation[part]! : dialect.quote(this.relation[part]!)))
      .join('.');
  }

  override attribute(name: string): Value | undefined {
    const { database, schema, identifier } = this.relation;
    const kind = this.facts.kind ?? null;
    switch (name) {
      case 'database':
        return database;
      case 'schema':
        return schema;
      case 'identifier':
      case 'name':
      case 'table':
        return identifier;
      case 'type':
        return kind;
      case 'is_table':
        return kind === 'table';
      case 'is_view':
        return kind === 'view';
      case 'is_cte':
        return kind === 'cte';
      case 'is_materialized_view':
        return kind === 'materialized_view';
      case 'is_dynamic_table':
      case 'is_iceberg_format':
        return false;
      case 'path':
        return dictOf({ database, schema, identifier });
      case 'metadata':
        return dictOf({ type: this.typeName() });
      case 'quote_policy':
        return dictOf({ database: true, schema: true, identifier: true });
      case 'include_policy':
        return dictOf({ database: this.includes('database'), schema: this.includes('schema'), identifier: this.includes('identifier') });
      case 'quote_character':
        return this.facts.dialect.quote('x').charAt(0);
      case 'get':
        return new Callable(name, (args) => this.item(args[0] ?? null) ?? args[1] ?? null);
      case 'can_be_renamed':
        return kind === 'table' || kind === 'view' || kind === 'materialized_view';
      case 'can_be_replaced':
        return kind === 'table' || kind === 'view';
      case 'render':
        return new Callable('render', () => this.display());
      case 'quoted':
        return new Callable('quoted', (args) => this.facts.dialect.quote(String(args[0])));
      case 'include':
        return new Callable('include', (args, kwargs) => this.with({ omit: this.without(name, this.facts.omit, args, kwargs) }));
      case 'quote':
        return new Callable('quote', (args, kwargs) => this.with({ bare: this.without(name, this.facts.bare, args, kwargs) }));
      case 'without_identifier':
        return new Callable('without_identifier', () => this.with({ omit: new Set([...(this.facts.omit ?? []), 'identifier']) }));
      case 'incorporate':
      case 'replace_path':
        return new Callable(name, (_args, kwargs) => this.incorporate(kwargs));
      case 'information_schema':
        return new Callable(name, (args) => this.informationSchema(args[0] === undefined || args[0] === null ? null : String(args[0])));
      case 'matches':
        return new Callable(name, (args, kwargs) => {
          const [d, s, i] = bind(name, ['database?', 'schema?', 'identifier?'], args, kwargs);
          return (d ?? database) === database && (s ?? schema) === schema && (i ?? identifier) === identifier;
        });
      default:
        return undefined;
    }
  }

  override item(key: Value): Value | undefined {
    return typeof key === 'string' ? this.attribute(key) : undefined;
  }

  private includes(part: 'database' | 'schema' | 'identifier'): boolean {
    return this.facts.omit?.has(part) !== true;
  }

  override attributeNames(): Iterable<string> {
    return [
      'database',
      'schema',
      'identifier',
      'name',
      'table',
      'type',
      'is_table',
      'is_view',
      'is_cte',
      'render',
      'include',
      'quote',
      'without_identifier',
      'incorporate',
      'information_schema',
    ];
  }

  override equals(other: Value): boolean {
    return other instanceof RelationValue && other.display() === this.display();
  }

  override truth(): boolean {
    return true;
  }

  override typeName(): string {
    return 'Relation';
  }

  with(facts: Partial<RelationFacts>, relation: Relation = this.relation): RelationValue {
    return new RelationValue(relation, { ...this.facts, ...facts });
  }

  /** The parts that are switched off once the given switches are set. */
  private without(name: string, off: ReadonlySet<string> | undefined, args: Value[], kwargs: Keywords): ReadonlySet<string> {
    const given = bind(
      name,
      PARTS.map((n) => `${n}?`),
      args,
      kwargs,
    );
    const out = new Set(off ?? []);
    PARTS.forEach((n, i) => {
      const on = given[i];
      if (on === undefined) return;
      if (truth(on)) out.delete(n);
      else out.add(n);
    });
    return out;
  }

  private incorporate(kwargs: Keywords): RelationValue {
    const path = kwargs.get('path');
    const part = (n: 'database' | 'schema' | 'identifier'): string | null => {
      const v = (path instanceof Map ? path.get(n) : undefined) ?? kwargs.get(n);
      return v === undefined ? this.relation[n] : v === null ? null : String(v);
    };
    const kind = kwargs.get('type');
    const relation = { database: part('database'), schema: part('schema') ?? '', identifier: part('identifier') ?? '' };
    return this.with(kind === undefined ? {} : { kind: kind as RelationKind }, relation);
  }

  private informationSchema(view: string | null): RelationValue {
    const { dialect } = this.facts;
    const parts = [this.relation.database, 'information_schema'].filter((p): p is string => p !== null).map((p) => dialect.quote(p));
    return this.with({ text: [...parts, ...(view === null ? [] : [view])].join('.') });
  }
}

/** A relation's name out of an argument of a template, or undefined where it is none. */
export function asRelation(value: Value | undefined): Relation | undefined {
  return value instanceof RelationValue ? value.relation : undefined;
}
