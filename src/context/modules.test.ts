import { expect, test } from 'vitest';
import { parseTemplate, render } from '../template/template.ts';
import { modules } from './modules.ts';

const scope = { lookup: (name: string) => (name === 'modules' ? modules(new Date(Date.UTC(2024, 1, 29, 13, 5, 9))) : undefined), names: () => ['modules'] };
const shown = (expression: string): string =>
  render(
    parseTemplate(
      `{% set re = modules.re %}{% set dt = modules.datetime %}{% set tz = modules.pytz %}{% set it = modules.itertools %}{{ ${expression} }}`,
      'm.sql',
    ),
    {
      scope,
    },
  );

// Each expression and what Python makes of it.
test.each([
  [String.raw`re.sub('[^a-z]', '_', 'a-b c')`, 'a_b_c'],
  [String.raw`re.match('(\\w+)-(\\d+)', 'ab-12').groups()`, "('ab', '12')"],
  [String.raw`re.match('b', 'ab')`, 'None'],
  [String.raw`re.search('(?P<n>\\d+)', 'ab12').group('n')`, '12'],
  [String.raw`re.search('(?i)(?s)A.B', 'xa\nb')[0]`, 'a\nb'],
  [String.raw`re.findall('(a)(.)?', 'abaa')`, "[('a', 'b'), ('a', 'a')]"],
  [String.raw`re.findall('(?x) a . # two\n', 'abac')`, "['ab', 'ac']"],
  [String.raw`re.sub('(a)(b)', '\\2\\g<1>', 'xaby')`, 'xbay'],
  [String.raw`re.sub('a', 'b', 'aaa', 2)`, 'bba'],
  [String.raw`re.split(',\\s*', 'a, b,c', 1)`, "['a', 'b,c']"],
  [String.raw`re.compile('x+', re.I).sub('y', 'aXXb')`, 'ayb'],
  [String.raw`re.escape('a.b-c')`, String.raw`a\.b\-c`],
  [String.raw`re.fullmatch('a|ab', 'ab').span()`, '(0, 2)'],
  [String.raw`re.search('{{\\s*ref', '{{ ref') is none`, 'False'],
  [String.raw`re.search('a$', 'a\n') is none`, 'False'],
  [String.raw`re.findall('\\w+', 'été 日本')`, "['été', '日本']"],
  [String.raw`re.findall('[\\]"-]', 'a]-"')`, `[']', '-', '"']`],
  [`tz.utc`, 'UTC'],
  [`tz.timezone('America/New_York').localize(dt.datetime(2024,7,1,12))`, '2024-07-01 12:00:00-04:00'],
  [`tz.timezone('America/New_York').localize(dt.datetime(2024,1,1,12)).strftime('%Z %z')`, 'EST -0500'],
  [`dt.datetime(2024,7,1,12,tzinfo=tz.utc).astimezone(tz.timezone('Europe/Berlin')).isoformat()`, '2024-07-01T14:00:00+02:00'],
  [`dt.datetime(1997,9,29,6,14,tzinfo=tz.timezone('America/Los_Angeles'))`, '1997-09-29 06:14:00-07:53'],
  [`tz.timezone('Asia/Kolkata').localize(dt.datetime(2024,1,1)).utcoffset()`, '5:30:00'],
  [`dt.datetime.now(tz.timezone('Asia/Tokyo'))`, '2024-02-29 22:05:09+09:00'],
  [`it.product([1,2],['a']) | list`, "[(1, 'a'), (2, 'a')]"],
  [`it.combinations([1,2,3], 2) | list`, '[(1, 2), (1, 3), (2, 3)]'],
  [`it.permutations([1,2]) | list`, '[(1, 2), (2, 1)]'],
  [`it.chain.from_iterable([[1],[2,3]]) | list`, '[1, 2, 3]'],
  [`it.zip_longest([1,2],[3], fillvalue=0) | list`, '[(1, 3), (2, 0)]'],
])('%s', (expression, text) => {
  expect(shown(expression)).toBe(text);
});

test.each([
  [String.raw`re.match('(a|aa)+$', 'a' * 60 ~ 'b')`, 'takes longer than 2 seconds'],
  [String.raw`re.findall('(a+)+$', 'a' * 60 ~ 'b')`, 'takes longer than 2 seconds'],
  [`it.product([1, 2], repeat=10**9)`, 'makes more than 100000 combinations'],
  [`it.product(range(1000), repeat=3)`, 'makes more than 100000 combinations'],
  [`it.repeat(1, 10**9)`, 'makes more than 100000 combinations'],
  [`re.search('(', 'a')`, 'is not a pattern'],
  [`tz.timezone('Nowhere/Land')`, 'no time zone'],
  [`tz.utc.localize(tz.utc.localize(dt.datetime(2024,1,1)))`, 'has a time zone already'],
])('%s fails', (expression, message) => {
  expect(() => shown(expression)).toThrow(message);
});
