import { expect, test } from 'vitest';
import { parseTemplate, render } from '../template/template.ts';
import { GLOBALS } from './globals.ts';

const shown = (text: string): string => render(parseTemplate(text, 'm.sql'), { scope: { lookup: (name) => GLOBALS[name], names: () => Object.keys(GLOBALS) } });

// Each template and what dbt 1.12 makes of it.
test.each([
  ["{{ diff_of_two_dicts({'a': ['x', 'y'], 'b': ['z'], 'c': []}, {'a': ['X'], 'B': ['z']}) }}", "{'a': ['y'], 'c': []}"],
  ["{{ diff_of_two_dicts({'a': 'xy'}, {'a': 'y'}) }}", "{'a': ['x']}"],
  ["{{ diff_of_two_dicts({'a': 1}, {}) }}", "{'a': 1}"],
  ['{{ lipsum(0) }}|', '|'],
  ['{{ lipsum() | length > 100 }}', 'True'],
])('%s', (template, text) => expect(shown(template)).toBe(text));

test('lipsum has as many paragraphs and words as it is asked for, and the same each time', () => {
  const text = shown('{{ lipsum(n=3, html=false, min=4, max=7) }}');
  expect(text.split('\n\n').map((p) => p.split(' ').length)).toEqual([expect.toSatisfy(fits), expect.toSatisfy(fits), expect.toSatisfy(fits)]);
  expect(text).toMatch(/^[A-Z][a-z]+[ ,.]/);
  expect(shown('{{ lipsum(n=3, html=false, min=4, max=7) }}')).toBe(text);
  expect(shown('{{ lipsum(1, true, 3, 4) }}')).toMatch(/^<p>[A-Z]\S+ \S+ \S+\.<\/p>$/);
});

const fits = (words: number): boolean => words >= 4 && words < 7;

test.each([
  ['{{ lipsum(n=1, min=5, max=5) }}', 'lipsum() takes a max above its min, not 5 and 5.'],
  ['{{ lipsum(10 ** 12) }}', 'The template takes more than 50000000 steps.'],
  ["{{ lipsum('a') }}", 'lipsum() counts in ints, not a str.'],
  ['{{ diff_of_two_dicts({}, [1]) }}', 'diff_of_two_dicts() takes two dicts of lists.'],
])('%s: %s', (template, message) => expect(() => shown(template)).toThrow(message));
