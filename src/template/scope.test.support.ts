// The names that the tests' templates use. The expected texts beside them were written by Jinja2 3.1 from the same names.
import { callable } from './arguments.ts';
import { iterate, list } from './compare.ts';
import { parseTemplate, render, type Scope } from './template.ts';
import { PySet, toValue, Tuple, type Value } from './values.ts';

const DATA = {
  xs: [3, 1, 2],
  names: ['b', 'A', 'c'],
  d: { b: 1, a: 2, C: 3 },
  s: 'Hello World',
  n: 7,
  f: 2.5,
  nothing: null,
  yes: true,
  nested: { a: { b: [10, 20, 30] } },
  rows: [
    { n: 'x', v: 3, g: 'A' },
    { n: 'y', v: 1, g: 'b' },
    { n: 'z', v: 2, g: 'A' },
  ],
  tree: [
    {
      n: 'a',
      c: [
        { n: 'b', c: [] },
        { n: 'c', c: [{ n: 'd', c: [] }] },
      ],
    },
  ],
  uni: 'Grüße 😀 x',
  long: 'The quick brown fox jumps over the lazy-dog and a verylongwordthatcannotbreak here',
  html: '<a href=\'x\'>&"q"</a>',
};

/** A scope of its own for each test, since templates can change lists and dicts. */
export function scopeOf(more: Readonly<Record<string, Value>> = {}): Scope {
  const names = new Map<string, Value>(Object.entries(DATA).map(([name, data]) => [name, toValue(data)]));
  names.set(
    'ident',
    callable('ident', (args) => (args.length === 0 ? null : args[0]!)),
  );
  names.set(
    'set',
    callable('set', (args) => new PySet(args.length === 0 ? [] : iterate(args[0]!))),
  );
  names.set(
    'zip',
    callable('zip', (args) => {
      const lists = args.map(list);
      return Array.from({ length: Math.min(...lists.map((one) => one.length)) }, (_, i) => new Tuple(lists.map((one) => one[i]!)));
    }),
  );
  for (const [name, value] of Object.entries(more)) names.set(name, value);
  return { lookup: (name) => names.get(name), names: () => names.keys() };
}

/** The text of a template. */
export const rendered = (source: string, more: Readonly<Record<string, Value>> = {}): string =>
  render(parseTemplate(source, 'models/orders.sql'), { scope: scopeOf(more), frame: { label: "model 'orders'" } });
