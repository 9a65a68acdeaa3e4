// `api.*` of a template: relations and columns made by hand.
// https://docs.getdbt.com/reference/dbt-classes
import type { Dialect } from '../adapters/adapter.ts';
import type { RelationKind } from '../project/relation.ts';
import { str } from '../template/print.ts';
import type { CallSite, Callable, Keywords, Value } from '../template/values.ts';
import { ColumnValue } from './column-value.ts';
import { callable, Namespace } from './globals.ts';
import { RelationValue } from './relation-value.ts';

/** A class of dbt: its functions are members, and calling it makes an object. */
class ClassValue extends Namespace {
  private readonly make: Callable;

  constructor(label: string, make: Callable, members: Readonly<Record<string, Value>>) {
    super(label, { ...members, create: make });
    this.make = make;
  }

  override callAs(args: Value[], kwargs: Keywords, at: CallSite): Value {
    return this.make.call(args, kwargs, at);
  }
}

const optional = (v: Value | undefined): string | null => (v === undefined || v === null ? null : str(v));

function sized(type: string, [size, precision, scale]: readonly (Value | undefined)[]): string {
  const char = optional(size);
  const digits = optional(precision);
  if (char !== null) return `${type}(${char})`;
  return digits === null ? type : `${type}(${digits},${optional(scale) ?? '0'})`;
}

/** `api.Relation.create(…)` and `api.Column(…)`. */
export function apiObject(dialect: Dialect): Value {
  const column = callable(
    'Column',
    'column dtype char_size? numeric_precision? numeric_scale?',
    ([c, ty, ...sizes]) => new ColumnValue({ name: str(c ?? null), type: sized(str(ty ?? null), sizes) }, dialect),
  );
  const relation = callable('create', 'database? schema? identifier? type?', ([d, s, i, kind]) => {
    const type = optional(kind);
    const identifier = optional(i);
    return new RelationValue(
      { database: optional(d), schema: optional(s) ?? '', identifier: identifier ?? '' },
      {
        dialect,
        ...(type === null ? {} : { kind: type as RelationKind }),
        omit: new Set([...(identifier === null ? ['identifier'] : []), ...(optional(s) === null ? ['schema'] : [])]),
      },
    );
  });
  const translate: Record<string, () => string> = {
    string: () => dialect.type_string(),
    timestamp: () => dialect.type_timestamp(),
    float: () => dialect.type_float(),
    integer: () => dialect.type_int(),
    boolean: () => dialect.type_boolean(),
    numeric: () => dialect.type_numeric(),
  };
  return new Namespace('api', {
    Relation: new ClassValue('Relation', relation, {}),
    Column: new ClassValue('Column', column, {
      translate_type: callable('translate_type', 'dtype', ([ty]) => translate[str(ty ?? null).toLowerCase()]?.() ?? str(ty ?? null)),
      numeric_type: callable('numeric_type', 'dtype precision scale', ([ty, p, s]) =>
        p === null || p === undefined ? str(ty ?? null) : `${str(ty ?? null)}(${str(p)},${str(s ?? 0)})`,
      ),
      string_type: callable('string_type', 'size', ([n]) => `character varying(${str(n ?? null)})`),
    }),
  });
}
