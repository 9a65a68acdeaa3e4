// The part of dbt's context that depends on nothing: conversions, exceptions, sets. One instance serves all templates.
// https://docs.getdbt.com/reference/dbt-jinja-functions
import { createHash } from 'node:crypto';
import { Failure, type Span } from '../diagnostics/diagnostic.ts';
import { bind } from '../template/arguments.ts';
import { iterate, truth } from '../template/compare.ts';
import { call } from '../template/evaluate.ts';
import { str } from '../template/print.ts';
import { Callable, type CallSite, dictOf, HostObject, PySet, raise, ReturnSignal, TemplateError, toValue, Tuple, type Value } from '../template/values.ts';
import { fromJson, fromYaml, toJson, toYaml } from './data-text.ts';

/** A function of the context. `parameters` are names; one that ends in `?` may be left out and is undefined then. */
export function callable(name: string, parameters: string, run: (args: (Value | undefined)[], at: CallSite) => Value): Callable {
  const names = parameters === '' ? [] : parameters.split(' ');
  return new Callable(name, (args, kwargs, at) => run(bind(name, names, args, kwargs), at));
}

/** An object with fixed members. */
export class Namespace extends HostObject {
  private readonly members: ReadonlyMap<string, Value>;
  private readonly label: string;

  constructor(label: string, members: Readonly<Record<string, Value>>) {
    super();
    this.label = label;
    this.members = new Map(Object.entries(members));
  }

  override display(): string {
    return this.label;
  }

  override attribute(name: string): Value | undefined {
    return this.members.get(name);
  }

  override item(key: Value): Value | undefined {
    return typeof key === 'string' ? this.members.get(key) : undefined;
  }

  override attributeNames(): Iterable<string> {
    return this.members.keys();
  }
}

const isTrue = (value: Value | undefined): boolean => value !== undefined && truth(value);
const orElse = (value: Value | undefined): Value => value ?? null;

function attempt(run: () => Value, otherwise: Value | undefined): Value {
  try {
    return run();
  } catch {
    return orElse(otherwise);
  }
}

function zip(lists: readonly Value[]): Value[] {
  const all = lists.map((l) => [...iterate(l)]);
  const length = all.length === 0 ? 0 : Math.min(...all.map((l) => l.length));
  return Array.from({ length }, (_, i) => new Tuple(all.map((l) => l[i] ?? null)));
}

function raiseCompilerError(message: Value | undefined): never {
  return raise(str(message ?? null), 'raised');
}

/** `exceptions.*`; `warn` gets what a template warns of. */
export function exceptions(warn: (message: string, at: Span) => void): Namespace {
  const warning = callable('warn', 'message', ([m], at) => {
    warn(str(m ?? null), at.span);
    return '';
  });
  const stop = (name: string): Callable => callable(name, 'message? node?', ([m]) => raiseCompilerError(m));
  return new Namespace('exceptions', {
    raise_compiler_error: stop('raise_compiler_error'),
    raise_database_error: stop('raise_database_error'),
    raise_dbt_error: stop('raise_dbt_error'),
    raise_not_implemented: stop('raise_not_implemented'),
    raise_contract_error: stop('raise_contract_error'),
    raise_fail_fast_error: stop('raise_fail_fast_error'),
    column_type_missing: stop('column_type_missing'),
    warn_snapshot_timestamp_data_types: warning,
    warn: warning,
  });
}

export const GLOBALS: Readonly<Record<string, Value>> = {
  return: callable('return', 'data?', ([data]) => {
    throw new ReturnSignal(data ?? null);
  }),
  try_or_compiler_error: new Callable('try_or_compiler_error', ([message, callee, ...args], kwargs, at) => {
    try {
      return call(callee ?? null, args, kwargs, at);
    } catch (e) {
      if (e instanceof TemplateError || e instanceof Failure) return raiseCompilerError(message);
      throw e;
    }
  }),
  fromjson: callable('fromjson', 'string default?', ([text, otherwise]) => attempt(() => fromJson(str(text ?? null)), otherwise)),
  tojson: callable('tojson', 'value default? sort_keys?', ([value, otherwise, sort]) => attempt(() => toJson(value ?? null, isTrue(sort)), otherwise)),
  fromyaml: callable('fromyaml', 'value default?', ([text, otherwise]) => attempt(() => fromYaml(str(text ?? null)), otherwise)),
  toyaml: callable('toyaml', 'value default? sort_keys?', ([value, otherwise, sort]) => attempt(() => toYaml(value ?? null, isTrue(sort)), otherwise)),
  set: callable('set', 'value default?', ([value, otherwise]) => attempt(() => new PySet(iterate(value ?? [])), otherwise)),
  set_strict: callable('set_strict', 'value', ([value]) => new PySet(iterate(value ?? []))),
  zip: new Callable('zip', (args, kwargs) => attempt(() => zip(args), kwargs.get('default'))),
  zip_strict: new Callable('zip_strict', (args) => zip(args)),
  local_md5: callable('local_md5', 'value', ([value]) =>
    createHash('md5')
      .update(str(value ?? null))
      .digest('hex'),
  ),
  diff_of_two_dicts: callable('diff_of_two_dicts', 'dict_a dict_b', ([a, b]) => diffOfTwoDicts(a, b)),
  get_quoted_csv: callable('get_quoted_csv', 'column_names', ([names]) => [...iterate(names ?? [])].map((c) => `"${str(c)}"`).join(', ')),
};

/** Lists of texts by key: what the first has and the second lacks, whatever the case of letters. */
function diffOfTwoDicts(a: Value | undefined, b: Value | undefined): Value {
  if (!(a instanceof Map) || !(b instanceof Map)) return raise('diff_of_two_dicts() takes two dicts of lists.');
  const folded = (value: Value): string => str(value).toLowerCase();
  const other = new Map([...b].map(([k, v]) => [folded(k), new Set([...iterate(v)].map(folded))]));
  return dictOf(
    [...a].flatMap(([k, v]): (readonly [Value, Value])[] => {
      const known = other.get(folded(k));
      if (known === undefined) return [[k, v]];
      const left = [...iterate(v)].filter((item) => !known.has(folded(item)));
      return left.length === 0 ? [] : [[k, left]];
    }),
  );
}

/** A dict of plain data as a value. */
export function record(data: Readonly<Record<string, unknown>>): Value {
  return dictOf(Object.entries(data).map(([k, v]) => [k, toValue(v)] as const));
}
