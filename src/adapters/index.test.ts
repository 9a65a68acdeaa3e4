import { expect, test } from 'vitest';
import { adapterTypes, findAdapter } from './index.ts';

test('adapters are found by type and alias', () => {
  expect(findAdapter('duckdb')?.type).toBe('duckdb');
  expect(findAdapter('PostgreSQL')?.type ?? findAdapter('postgres')?.type).toBe('postgres');
  expect(findAdapter('mariadb')?.type).toBe('mysql');
  expect(findAdapter('oracle')).toBeUndefined();
  expect(adapterTypes()).toEqual(expect.arrayContaining(['duckdb', 'postgres', 'mysql', 'mariadb']));
});
