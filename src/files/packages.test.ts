import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { loadPackage, preferSingleFiles } from './packages.ts';

test('a package is the one that a program gets, and where there is no single file of it, too', () => {
  const own: unknown = createRequire(import.meta.url)('yaml');
  expect(loadPackage('yaml')).toBe(own);
  preferSingleFiles();
  expect(loadPackage('yaml')).toBe(own);
  expect(() => loadPackage('no-such-package')).toThrow(/no-such-package/);
});
