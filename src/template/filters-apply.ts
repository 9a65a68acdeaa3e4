// Filters that apply another filter or a test to each item: map, select, reject and their like.
import { bind, type Builtin, type Builtins } from './arguments.ts';
import { Generator } from './collections.ts';
import { list, truth } from './compare.ts';
import { byAttribute } from './filters-sequence.ts';
import { text } from './methods-str.ts';
import { applyTest } from './tests.ts';
import { raise, type CallSite, type Keywords, type Value } from './values.ts';

type Apply = (name: string, args: readonly Value[], kwargs: Keywords, at: CallSite) => Value;

/** The filters; `applyFilter` is handed in, since it knows them too. */
export function applyingFilters(applyFilter: Apply): Builtins {
  const map: Builtin = (args, kwargs, at, name) => {
    const [values, ...rest] = args;
    const how = mapping(rest, kwargs, at, applyFilter);
    return new Generator(`sync_do_${name}`, (truth(values!) ? list(values!) : []).map(how));
  };
  return { map, select: choosing(true, false), reject: choosing(false, false), selectattr: choosing(true, true), rejectattr: choosing(false, true) };
}

function mapping(rest: readonly Value[], kwargs: Keywords, at: CallSite, applyFilter: Apply): (item: Value) => Value {
  if (rest.length === 0 && kwargs.has('attribute')) {
    const [attribute, otherwise] = bind('map', ['attribute', 'default?'], [], kwargs);
    return byAttribute(attribute!, otherwise);
  }
  const [name, ...args] = rest;
  if (name === undefined) return raise("map() needs a filter's name, or attribute=….");
  return (item) => applyFilter(text(name), [item, ...args], kwargs, at);
}

const choosing =
  (keep: boolean, attribute: boolean): Builtin =>
  (args, kwargs, at, name) => {
    const [values, ...rest] = args;
    const subject = attribute ? byAttribute(rest.shift() ?? raise(`${name}() needs an attribute's name.`), undefined) : (item: Value): Value => item;
    const [test, ...more] = rest;
    const holds = (item: Value): boolean => (test === undefined ? truth(item) : applyTest(text(test), [item, ...more], kwargs, at));
    return new Generator(
      'select_or_reject',
      (truth(values!) ? list(values!) : []).filter((item) => holds(subject(item)) === keep),
    );
  };
