import { posix, win32 } from 'node:path';
import { expect, test } from 'vitest';
import { isInside, shownFrom } from './paths.ts';

test.each([
  ['/shop/target', '/shop/target', true],
  ['/shop/target', '/shop/target/run/a.sql', true],
  ['/shop/target', '/shop/targets/a.sql', false],
  ['/shop', '/', false],
  ['/shop', '/shop/..data/a', true],
  ['/shop', '/other', false],
])('%s holds %s: %s', (folder, path, inside) => {
  expect(isInside(folder, path, posix)).toBe(inside);
});

test.each([
  ['C:\\shop', 'C:\\shop\\target', true],
  ['C:\\shop', 'c:\\Shop\\target', true],
  ['C:\\shop', 'D:\\shop\\target', false],
  ['C:\\shop\\target', 'C:\\shop\\targets', false],
  ['C:\\shop', 'C:\\', false],
  ['\\\\server\\share\\shop', '\\\\server\\share\\shop\\target', true],
  ['\\\\server\\share\\shop', 'C:\\shop', false],
])('on Windows %s holds %s: %s', (folder, path, inside) => {
  expect(isInside(folder, path, win32)).toBe(inside);
});

test('paths are shown with slashes, and on another drive as they are', () => {
  expect(shownFrom('/shop', '/shop/target/a b.sql', posix)).toBe('target/a b.sql');
  expect(shownFrom('C:\\shop', 'C:\\shop\\target\\a.sql', win32)).toBe('target/a.sql');
  expect(shownFrom('C:\\shop', 'D:\\data\\a.sql', win32)).toBe('D:/data/a.sql');
});
