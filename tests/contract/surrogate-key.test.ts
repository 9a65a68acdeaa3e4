// generate_surrogate_key: the same key on every engine, and the one that dbt_utils gives.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { PORTABLE } from '../../src/context/builtin-sql.ts';
import { onEveryEngine } from './engine.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

onEveryEngine('generate_surrogate_key', (bench) => {
  const key = (...fields: string[]): string => PORTABLE['generate_surrogate_key']!.sql(bench.dialect, [fields]);

  test.each([
    [['id', 'name'], md5('1-a')],
    [['id'], md5('1')],
    [['name', 'missing', 'id'], md5('a-_dbt_utils_surrogate_key_null_-1')],
    [['amount'], md5('10.50')],
  ])('of %j', async (fields, expected) => {
    const row = "select 1 as id, 'a' as name, nullif('x', 'x') as missing, cast('10.50' as decimal(10, 2)) as amount";
    expect(await bench.rows(`select ${key(...fields)} from (${row}) as r`)).toEqual([[expected]]);
  });

  test('of no column is refused', () => {
    expect(() => PORTABLE['generate_surrogate_key']!.sql(bench.dialect, [[]])).toThrow(/needs a list/);
  });
});
