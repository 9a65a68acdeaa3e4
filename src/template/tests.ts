// Jinja's tests: what may stand after `is`.
import { builtin, type Builtins } from './arguments.ts';
import { compare, contains, equals, truth } from './compare.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { FILTER_NAMES } from './filter-names.ts';
import { isFloat, isInt, numeric } from './numbers.ts';
import { operate } from './operators.ts';
import { str } from './print.ts';
import { Callable, Float, HostObject, PySet, raise, Tuple, Undefined, type CallSite, type Keywords, type Value } from './values.ts';

const of = (test: (value: Value) => boolean): Builtins[string] => builtin('value', ([value]) => test(value!));
const with1 = (test: (value: Value, other: Value, at: CallSite) => boolean): Builtins[string] =>
  builtin('value other', ([value, other], at) => test(value!, other!, at));
const isNumber = (value: Value): boolean => isInt(value) || isFloat(value) || typeof value === 'boolean';
const isSequence = (value: Value): boolean =>
  typeof value === 'string' ||
  Array.isArray(value) ||
  value instanceof Map ||
  value instanceof Tuple ||
  value instanceof Undefined ||
  (value instanceof HostObject && value.item !== undefined);
const isIterable = (value: Value): boolean => isSequence(value) || value instanceof PySet || (value instanceof HostObject && value.iterate !== undefined);
const cased = (text: string, to: string): boolean => text === to && text.toLowerCase() !== text.toUpperCase();
const remainder = (value: Value, by: Value, at: CallSite): number => Number(numeric(operate('%', value, by, at.run)));

const eq = with1(equals);
const ne = with1((a, b) => !equals(a, b));
const lt = with1((a, b) => compare(a, b, '<') < 0);
const le = with1((a, b) => compare(a, b, '<=') <= 0);
const gt = with1((a, b) => compare(a, b, '>') > 0);
const ge = with1((a, b) => compare(a, b, '>=') >= 0);

const TESTS: Builtins = {
  defined: of((value) => !(value instanceof Undefined)),
  undefined: of((value) => value instanceof Undefined),
  none: of((value) => value === null),
  boolean: of((value) => typeof value === 'boolean'),
  true: of((value) => value === true),
  false: of((value) => value === false),
  integer: of(isInt),
  float: of(isFloat),
  number: of(isNumber),
  string: of((value) => typeof value === 'string'),
  mapping: of((value) => value instanceof Map || (value instanceof HostObject && value.mapping === true)),
  sequence: of(isSequence),
  iterable: of((value) => isIterable(value) || value instanceof Undefined),
  callable: of((value) => value instanceof Callable || value instanceof Undefined || (value instanceof HostObject && value.callAs !== undefined)),
  escaped: of(() => false),
  lower: of((value) => cased(str(value), str(value).toLowerCase())),
  upper: of((value) => cased(str(value), str(value).toUpperCase())),
  odd: builtin('value', ([value], at) => remainder(value!, 2, at) === 1),
  even: builtin('value', ([value], at) => remainder(value!, 2, at) === 0),
  divisibleby: with1((value, by, at) => remainder(value, by, at) === 0),
  sameas: with1((a, b) => a === b || (a instanceof Float && b instanceof Float && a.value === b.value)),
  in: with1((value, container) => contains(container, value)),
  filter: of((value) => typeof value === 'string' && FILTER_NAMES.has(value)),
  test: of((value) => typeof value === 'string' && Object.hasOwn(TESTS, value)),
  eq,
  equalto: eq,
  '==': eq,
  ne,
  '!=': ne,
  lt,
  lessthan: lt,
  '<': lt,
  le,
  '<=': le,
  gt,
  greaterthan: gt,
  '>': gt,
  ge,
  '>=': ge,
};

/** `value is name(…)`; the value is the first argument. */
export function applyTest(name: string, args: readonly Value[], kwargs: Keywords, at: CallSite): boolean {
  const test = Object.hasOwn(TESTS, name) ? TESTS[name] : undefined;
  if (test === undefined) return raise(`There is no test '${name}'.`, 'undefined', didYouMean(name, Object.keys(TESTS)));
  return truth(test(args, kwargs, at, name));
}
