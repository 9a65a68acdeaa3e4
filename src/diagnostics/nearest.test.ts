import { expect, it } from 'vitest';
import { isMisspelt, nearest } from './nearest.ts';

it.each([
  ['materialised', 'materialized', true],
  ['matrialised', 'materialized', true],
  ['uniqe_key', 'unique_key', true],
  ['on_shcema_chnage', 'on_schema_change', true],
  ['mtea', 'meta', true],
  ['tag', 'tags', true],
  ['Tags', 'tags', false],
  // Words that are near by chance.
  ['datalake', 'database', false],
  ['beta', 'meta', false],
  ['schemata', 'schema', false],
  ['axis', 'alias', false],
])('%s for %s: %s', (name, meant, slip) => expect(isMisspelt(name, meant)).toBe(slip));

it('the nearest may be no slip', () => expect(nearest('datalake', ['schema', 'database'])).toBe('database'));
