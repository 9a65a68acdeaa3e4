import { expect, test } from 'vitest';
import { rendered } from './scope.test.support.ts';

// Each template and what Jinja2 3.1 makes of it.
const CASES: readonly (readonly [template: string, text: string])[] = [
  [
    "{{ s.upper() }}{{ s.split(' ') }}{{ s.replace('l','L') }}{{ s.startswith('He') }}{{ ','.join(names) }}{{ s.find('o') }}{{ s.count('l') }}{{ 'a-b-c'.rsplit('-', 1) }}{{ '  x '.strip() }}{{ 'abc'.title() }}{{ 'x'.center(5,'*') }}{{ 'x'.zfill(3) }}{{ '-1'.zfill(4) }}{{ 'ab'.partition('b') }}",
    "HELLO WORLD['Hello', 'World']HeLLo WorLdTrueb,A,c43['a-b', 'c']xAbc**x**00x-001('a', 'b', '')",
  ],
  [
    "{{ '{} {}'.format(1,'a') }}{{ '{0}{1}{0}'.format('a','b') }}{{ '{x:>5}|{y:<5}|{z:^5}|'.format(x=1,y='a',z=2.5) }}{{ '{:,}'.format(1234567) }}{{ '{:.2f}'.format(3.14159) }}{{ '{:05d}'.format(42) }}{{ '{:%}'.format(0.25) }}{{ '{:e}'.format(12345.678) }}{{ '{!r}'.format('a') }}{{ '{a[b]}'.format(a={'b':1}) }}{{ '{{}}'.format() }}{{ '{:x}'.format(255) }}{{ '{:#x}'.format(255) }}{{ '{:+d}'.format(5) }}{{ '{:g}'.format(1e10) }}{{ '{:.3}'.format('abcdef') }}{{ '{:>{w}}'.format('a', w=4) }}",
    "1 aaba    1|a    | 2.5 |1,234,5673.140004225.000000%1.234568e+04'a'1{}ff0xff+51e+10abc   a",
  ],
  [
    "{{ d.keys() }}{{ d.values() }}{{ d.items() }}{{ d.get('a') }}{{ d.get('zz') }}{{ d.get('zz', 5) }}{{ d.pop('a') }}{{ d }}{{ d.update({'q': 1}) }}{{ d }}{{ d.setdefault('r', 2) }}",
    "dict_keys(['b', 'a', 'C'])dict_values([1, 2, 3])dict_items([('b', 1), ('a', 2), ('C', 3)])2None52{'b': 1, 'C': 3}None{'b': 1, 'C': 3, 'q': 1}2",
  ],
  [
    '{{ xs.index(1) }}{{ xs.count(3) }}{{ xs.pop() }}{{ xs }}{{ xs.insert(0, 9) }}{{ xs }}{{ xs.sort() }}{{ xs }}{{ xs.reverse() }}{{ xs }}{{ xs.remove(9) }}{{ xs.copy() }}{{ xs.clear() }}{{ xs }}',
    '112[3, 1]None[9, 3, 1]None[1, 3, 9]None[9, 3, 1]None[3, 1]None[]',
  ],
  [
    "{{ d|dictsort }}{{ d|dictsort(true) }}{{ d|dictsort(false,'value') }}{{ d|dictsort(reverse=true) }}{{ d|items|list }}{{ d|list }}{{ d|length }}{{ s|length }}{{ uni|length }}{{ uni|reverse }}{{ uni[6] }}{{ uni[-1] }}{{ uni.upper() }}{{ uni[5:8] }}",
    "[('a', 2), ('b', 1), ('C', 3)][('C', 3), ('a', 2), ('b', 1)][('b', 1), ('a', 2), ('C', 3)][('C', 3), ('b', 1), ('a', 2)][('b', 1), ('a', 2), ('C', 3)]['b', 'a', 'C']3119x 😀 eßürG😀xGRÜSSE 😀 X 😀 ",
  ],
  [
    '{{ set([1,2,2]) }}{{ set() }}{{ set([1]).union([2]) }}{{ set([1,2]) - set([1]) }}{{ 1 in set([1]) }}{{ set([1,2])|length }}{{ set([1]) == set([1]) }}',
    '{1, 2}set(){1, 2}{2}True2True',
  ],
  [
    "{{ 1.5.is_integer() }}{{ (5).bit_length() }}{{ 'aXb'.swapcase() }}{{ 'a,b,,c'.split(',') }}{{ ' a  b '.split() }}{{ 'a b c'.split(None, 1) }}{{ 'a\\nb\\r\\nc'.splitlines() }}{{ 'abc'.isalpha() }}{{ '12'.isdigit() }}{{ 'a1'.isalnum() }}{{ 'Ab'.istitle() }}{{ 'ab'.islower() }}{{ 'x'.ljust(3) }}|{{ 'x'.rjust(3,'-') }}{{ 'abcabc'.rfind('b') }}{{ 'abc'.index('c') }}{{ 'aab'.lstrip('a') }}{{ 'foobar'.removeprefix('foo') }}{{ 'a\\tb'.expandtabs(4) }}{{ 'abab'.rpartition('b') }}{{ 'abc'.center(6) }}|{{ 'ab'.center(5) }}|",
    "False3AxB['a', 'b', '', 'c']['a', 'b']['a', 'b c']['a', 'b', 'c']TrueTrueTrueTrueTruex  |--x42bbara   b('aba', 'b', '') abc  |  ab |",
  ],
  ["{{ [zz] }}{{ {'a': none}.a }}{{ {'a': none}.get('a', 5) }}{{ [none]|first }}{{ [1, none]|last }}{{ none|default(3) }}", '[Undefined]NoneNoneNoneNoneNone'],
  [
    "{{ range(10)[2:8:2] }}{{ range(3)[true] }}{{ 'x' % [1] }}{{ set([1,2])|reverse|list }}{{ ' x y '.rsplit(None,1) }}{{ '  a b c '.split(None, 1) }}",
    "range(2, 8, 2)1x[2, 1][' x', 'y']['a', 'b c ']",
  ],
];

test.each(CASES)("Python's methods: %s", (template, text) => {
  expect(rendered(template)).toBe(text);
});
