import { expect, test } from 'vitest';
import { displayWidth, fit, harmless, pad, wrap } from './width.ts';

test.each([
  ['orders', 6],
  ['Zoë', 3],
  ['e\u0301', 1],
  ['日本語', 6],
  ['한국', 4],
  ['👩‍👩‍👧', 2],
  ['🇩🇪', 2],
  ['❤️', 2],
  ['✅ done', 7],
  ['a\u200bb', 2],
  ['สวัสดี', 4],
  ['', 0],
])('the width of %s is %i', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test('cuts with an ellipsis, never through a character', () => {
  expect(fit('orders', 6)).toBe('orders');
  expect(fit('orders', 4)).toBe('ord…');
  expect(fit('日本語', 5)).toBe('日本…');
  expect(fit('日本語', 4)).toBe('日…');
  expect(fit('👩‍👩‍👧 x', 2)).toBe('…');
  expect(fit('orders', 1)).toBe('…');
  expect(fit('orders', 0)).toBe('');
});

test('pads by what is seen', () => {
  expect(pad('日本', 6)).toBe('日本  ');
  expect(pad('12', 4, 'right')).toBe('  12');
});

test('wraps sentences at spaces, and neither commands nor what is indented', () => {
  expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
  expect(wrap('one two three', null)).toEqual(['one two three']);
  expect(wrap('a_word_that_is_too_long for it', 8)).toEqual(['a_word_that_is_too_long', 'for it']);
  expect(wrap('dwt build --select one two', 8)).toEqual(['dwt build --select one two']);
  expect(wrap('  name: one two three', 8)).toEqual(['  name: one two three']);
});

test('nothing is left that a terminal would obey', () => {
  expect(harmless('a\u001b[31mred\u0007\n\tb\u009b2J')).toBe('a␛[31mred␇\n\tb\ufffd2J');
});
