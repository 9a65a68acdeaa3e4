import { describe, expect, it } from 'vitest';
import { matcher, pathMatcher } from './select-glob.ts';

describe('matcher follows fnmatch', () => {
  it.each<[string, string, boolean]>([
    ['a*', 'abc', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['[ab]x', 'bx', true],
    ['[!ab]x', 'bx', false],
    ['[a-c]x', 'cx', true],
    ['[c-a]x', 'bx', false],
    ['[]]x', ']x', true],
    ['[x', '[x', true],
    ['a.c', 'abc', false],
    ['(a|b)*', '(a|b)c', true],
    ['[&-(]x', "'x", true],
    ['A*', 'abc', false],
    ['a*c', 'a\nc', true],
    ['sch??n*', 'schön', false],
    ['sch?n', 'schön', true],
  ])('%s on %j: %s', (pattern, text, expected) => expect(matcher(pattern)(text)).toBe(expected));
});

describe('pathMatcher follows pathlib', () => {
  it.each<[string, string, boolean]>([
    ['models/*', 'models/a.sql', true],
    ['models/*', 'models/x/a.sql', false],
    ['models/**/a.sql', 'models/a.sql', true],
    ['models/**/a.sql', 'models/x/y/a.sql', true],
    ['**', '', true],
    ['.', '', true],
    ['./models/', 'models', true],
    ['models\\x', 'models/x', true],
    ['models/a.sql', 'models/abc.sql', false],
    ['mod*', 'models', true],
  ])('%s on %j: %s', (pattern, path, expected) => expect(pathMatcher(pattern)(path)).toBe(expected));
});
