// Arguments of built-in functions bound to their parameters, the way Python does it.
import { Callable, raise, type CallSite, type Keywords, type Value } from './values.ts';

/** A built-in function, filter, test or method; a method's object and a filter's value come first. */
export type Builtin = (args: readonly Value[], kwargs: Keywords, at: CallSite, name: string) => Value;

/** Built-ins by name. */
export type Builtins = Readonly<Record<string, Builtin>>;

export const NO_KEYWORDS: Keywords = new Map();

/** A built-in with the parameters named; one that ends in `?` may be left out and is undefined then. */
export function builtin(parameters: string, run: (args: (Value | undefined)[], at: CallSite) => Value): Builtin {
  const names = parameters === '' ? [] : parameters.split(' ');
  return (args, kwargs, at, name) => run(bind(name, names, args, kwargs), at);
}

/** A built-in as a value. */
export const callable = (name: string, run: Builtin): Callable => new Callable(name, (args, kwargs, at) => run(args, kwargs, at, name));

/** One value for each parameter; undefined for an optional one that is not given. Throws where they do not fit. */
export function bind(name: string, parameters: readonly string[], args: readonly Value[], kwargs: Keywords): (Value | undefined)[] {
  if (args.length > parameters.length)
    raise(`${name}() takes at most ${parameters.length} argument${parameters.length === 1 ? '' : 's'}, ${args.length} were given.`);
  const out: (Value | undefined)[] = [...args];
  let taken = 0;
  for (let i = 0; i < parameters.length; i++) {
    const parameter = parameters[i]!;
    const optional = parameter.endsWith('?');
    const key = optional ? parameter.slice(0, -1) : parameter;
    const value = kwargs.size === 0 ? undefined : kwargs.get(key);
    if (value !== undefined) {
      if (i < args.length) raise(`${name}() got two values for '${key}'.`);
      out[i] = value;
      taken++;
    } else if (i >= args.length) {
      if (!optional) raise(`${name}() needs the argument '${key}'.`);
      out[i] = undefined;
    }
  }
  if (taken < kwargs.size) {
    const names = parameters.map((parameter) => parameter.replace('?', ''));
    for (const key of kwargs.keys()) if (!names.includes(key)) raise(`${name}() has no argument '${key}'.`);
  }
  return out;
}
