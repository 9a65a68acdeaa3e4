// `'…{}…'.format(values)`: fields by position or name, with members, conversions and format specifications.
import { formatValue } from './format-spec.ts';
import { getAttribute, getItem } from './members.ts';
import { repr, str } from './print.ts';
import { raise, Undefined, type Run, type Value } from './values.ts';

/** The text with its fields filled in. `named` gives the value of a name, or undefined. */
export function formatText(format: string, args: readonly Value[], named: (name: string) => Value | undefined, run: Run, level = 0): string {
  let out = '';
  let next = 0;
  if (level > 2) raise('A format is nested too deeply.');
  for (let at = 0; at < format.length; at++) {
    const c = format.charAt(at);
    if ((c === '{' || c === '}') && format.charAt(at + 1) === c) {
      out += c;
      at++;
    } else if (c === '}') raise("A single '}' stands in the format; write '}}' for the character.");
    else if (c === '{') {
      const end = closing(format, at);
      const field = format.slice(at + 1, end);
      at = end;
      const [, path = '', conversion, spec = ''] = /^([^!:]*)(?:!([rsa]))?(?::([^]*))?$/.exec(field) ?? raise(`'{${field}}' is not a field of a format.`);
      const [, first = '', rest = ''] = /^([^.[]*)([^]*)$/.exec(path)!;
      let value: Value | undefined = first === '' ? args[next++] : /^\d+$/.test(first) ? args[Number(first)] : named(first);
      if (value === undefined)
        return raise(first === '' || /^\d+$/.test(first) ? `The format has no value for '{${field}}'.` : `The format has no value named '${first}'.`);
      for (const [, attribute, key] of rest.matchAll(/\.([^.[]+)|\[([^\]]+)\]/g)) {
        value = attribute === undefined ? getItem(value, /^\d+$/.test(key!) ? Number(key) : key!) : getAttribute(value, attribute);
        if (value instanceof Undefined) raise(`${value.hint}.`);
      }
      const nested = spec.includes('{') ? formatText(spec, args.slice(next), named, run, level + 1) : spec;
      out += formatValue(conversion === undefined ? value : conversion === 's' ? str(value) : repr(value), nested, run);
    } else out += c;
  }
  return out;
}

function closing(format: string, open: number): number {
  let depth = 0;
  for (let at = open; at < format.length; at++) {
    if (format.charAt(at) === '{') depth++;
    else if (format.charAt(at) === '}' && --depth === 0) return at;
  }
  return raise("A single '{' stands in the format; write '{{' for the character.");
}
