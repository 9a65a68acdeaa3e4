// What is left of a YAML text beside a line that is not YAML, and which mistakes are told.
import { expect, test } from 'vitest';
import { readYamlAsFarAsItGoes } from './yaml.ts';

const read = (text: string): { data: unknown; lines: (number | undefined)[]; lost: unknown } => {
  const { data, mistakes, lost } = readYamlAsFarAsItGoes(text, 'x.yml');
  return { data, lines: mistakes.map((d) => d.span?.line), lost };
};

test.each([
  ['an unclosed bracket', 'a: {x: 1\nb: [2]\n', { b: [2] }, [1]],
  ['an unclosed quote', 'a: "x\nb: 2\nc:\n  d: 3\n', { b: 2, c: { d: 3 } }, [1]],
  ['a line indented too little', 'a:\n  - name: x\n   y: 1\n  - name: z\n', { a: [{ name: 'x' }, { name: 'z' }] }, [3]],
  ['a key without a colon, with what is below it', 'a:\n  - name x\n    y: 1\n  - name: z\n', { a: [{ name: 'z' }] }, [2]],
  ['two in two entries', 'a:\n  - name: "x\n  - name: z\n    t: {u: 1\nb: 1\n', { a: [{ name: 'z' }], b: 1 }, [2, 4]],
  ['two in one entry are one', 'a:\n  - name: x\n   y: 1\n   z: 2\n  - name: w\n', { a: [{ name: 'x' }, { name: 'w' }] }, [3]],
  ['lists in the column of their key', 'a:\n- x: {y\n- z: 1\nb: 1\n', { a: [{ z: 1 }], b: 1 }, [2]],
  ['a tab', 'a:\n\tb: 1\nc: 2\n', { a: null, c: 2 }, [2]],
  ['a template without quotes', 'a: {{ x }}\nb: 2\n', { b: 2 }, [1]],
  ['an alias without its anchor', 'a: *x\nb: 2\n', { b: 2 }, [1]],
])('%s', (_, text, data, lines) => {
  expect(read(text)).toMatchObject({ data, lines });
});

test('of a text that is sound, nothing is left out', () => {
  expect(read('a: 1\n')).toEqual({ data: { a: 1 }, lines: [], lost: undefined });
});

test('a second document is none of the first', () => {
  expect(read('a: 1\n---\nb: 2\n')).toMatchObject({ data: undefined, lines: [2] });
});

test('nothing is left of a text that is no YAML at all', () => {
  expect(read('"')).toMatchObject({ data: undefined, lines: [1] });
});

test('no line that is cut short or doubled in is beyond reading, and each is told of where it stands', () => {
  const text = 'models:\n  - name: a\n    description: One\n    columns:\n      - name: id\n        data_tests: [unique]\n  - name: b\n    meta: {x: "1"}\n';
  const lines = text.split('\n');
  for (const [i, line] of lines.entries())
    for (const other of [line.slice(0, -1), `${line}:`, `${line} "`, ` ${line}`, line.replace(/^ /, ''), `${line}\n${line}`]) {
      const { data, lines: told } = read(lines.with(i, other).join('\n'));
      expect(data === undefined || typeof data === 'object', other).toBe(true);
      for (const at of told) expect(at, other).toBeLessThanOrEqual(lines.length + 1);
    }
});
