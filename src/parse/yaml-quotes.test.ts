import { expect, it } from 'vitest';
import { indentQuoted } from './yaml-quotes.ts';
import { locate, readYaml } from './yaml.ts';

// What PyYAML 6 gives for the same texts.
const READ: readonly (readonly [what: string, text: string, data: unknown])[] = [
  [
    'lines at the column of the key',
    'models:\n  - name: a\n    description: "One\n    two\n\n    three"\n    tags: [x]\n',
    { models: [{ name: 'a', description: 'One two\nthree', tags: ['x'] }] },
  ],
  ['lines at the margin', "a:\n  b: 'it''s\nso'\nc: 1\n", { a: { b: "it's so" }, c: 1 }],
  ['a tab before a line', 'a:\n  - b: "x\n\ty"\n    c: 2\n', { a: [{ b: 'x y', c: 2 }] }],
  ['several, and one that is right', 'a:\n  b: "x\n  y"\n  c: \'p\n  q\'\n  d: "r\n    s"\n', { a: { b: 'x y', c: 'p q', d: 'r s' } }],
  ['a line that is continued, and escapes', 'a:\n  b: "x\\\n  y \\"z\\"\n  w"\n', { a: { b: 'xy "z" w' } }],
  ['quotes within block and plain texts', 'a: |\n  "x\nb: it\'s\nc:\n  d: "p\n  q"\n', { a: '"x\n', b: "it's", c: { d: 'p q' } }],
  ['windows line ends', 'a:\r\n  b: "x\r\n  y"\r\n', { a: { b: 'x y' } }],
];

it.each(READ)('%s', (_what, text, data) => {
  expect(readYaml(text, 'f.yml')).toEqual({ data, mistakes: [] });
});

it('places stand in their lines', () => {
  const text = 'a:\n  b: "x\n  y"\n  c: {d: 1}\n';
  expect(locate(text, 'f.yml', ['a', 'c', 'd'], 'key')).toEqual({ file: 'f.yml', line: 4, column: 7, endColumn: 8 });
});

it('a quote that is never closed stays a mistake', () => {
  for (const text of ['a:\n  b: "x\n  c: 1\n', 'a:\n  b: "x\n  c: "y"\n', "a:\n  b: 'x\n  c: 'y'\n"]) {
    const { mistakes } = readYaml(text, 'f.yml');
    expect(mistakes[0]?.message, text).toMatch(/^A quote ["'] is opened and never closed\.$/);
    expect(mistakes[0]?.span).toMatchObject({ line: 2, column: 6 });
  }
});

it('what needs no change is left alone', () => {
  expect(indentQuoted('a: "x"\nb: \'y\'\n')).toBeUndefined();
  expect(indentQuoted('a:\n  b: "x\n')).toBeUndefined();
});
