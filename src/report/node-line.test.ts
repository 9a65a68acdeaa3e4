import { expect, test } from 'vitest';
import { type Line, Layout } from './node-line.ts';
import { palette } from './palette.ts';

const plain = palette(false);
const line = (l: Partial<Line>, columns: number | null, names: readonly string[] = ['stg_orders']): string =>
  new Layout(120, names).line(
    { count: '12/120', status: 'OK', kind: 'table', name: 'stg_orders', detail: '', reason: '', time: '0.02s', ...l },
    columns,
    plain,
    (s) => s,
  );

test('a line has its columns, as wide as the names need', () => {
  expect(line({ detail: '1,000 rows' }, 100)).toBe('   12/120  OK     table       stg_orders                1,000 rows    0.02s');
  expect(line({ detail: '1,000 rows' }, 100, ['a_name_that_is_a_good_deal_longer'])).toBe(
    '   12/120  OK     table       stg_orders                             1,000 rows    0.02s',
  );
});

test('a narrow terminal has fewer columns, and no line is wider', () => {
  const long = { name: 'a_name_that_is_a_good_deal_longer', detail: '1,000 rows' };
  expect(line(long, 70, [long.name])).toBe('   12/120  OK     table       a_name_that_is_a_…  1,000 rows    0.02s');
  expect(line(long, 60, [long.name])).toBe('   12/120  OK     a_name_that_is_a_go…  1,000 rows    0.02s');
  expect(line(long, 50, [long.name])).toBe('   12/120  OK     a_name_that_is_a_good…    0.02s');
  expect(line(long, 30, [long.name])).toBe('  OK     a_name_tha…    0.02s');
  for (let columns = 21; columns < 120; columns++) expect(line(long, columns, [long.name]).length).toBeLessThan(columns);
});

test('a pipe gets the whole of it', () => {
  const name = 'accepted_values_of_a_column_with_many_values__'.repeat(3);
  expect(line({ name, reason: 'a reason that goes on and on' }, null, [name])).toBe(
    `   12/120  OK     table       ${name}  a reason that goes on and on    0.02s`,
  );
});

test('a reason stands beside the name, up to the end where there is no time', () => {
  expect(line({ status: 'SKIP', reason: "model 'raw_orders' failed", time: '' }, 80)).toBe(
    "   12/120  SKIP   table       stg_orders  model 'raw_orders' failed",
  );
  expect(line({ status: 'ERROR', reason: 'Referenced column "nmae" not found in FROM clause!' }, 80)).toBe(
    '   12/120  ERROR  table       stg_orders  Referenced column "nmae…    0.02s',
  );
});

test('of a long detail beside a long name the number stays', () => {
  const name = 'customers_snapshot_of_all';
  expect(line({ name, detail: 'first versions, 1,000 rows' }, 80, [name])).toBe(
    '   12/120  OK     table       customers_snapshot_of_all     1,000 rows    0.02s',
  );
  expect(line({ name: 'a', detail: 'first versions, 1,000 rows' }, 80, [name])).toBe(
    '   12/120  OK     table       a             first versions, 1,000 rows    0.02s',
  );
});

test('what counts of the kind goes before the name where its column is left out', () => {
  const group = { status: 'PASS', kind: '7 tests', kindMatters: true };
  expect(line(group, 80)).toBe('   12/120  PASS   7 tests     stg_orders                              0.02s');
  expect(line(group, 50)).toBe('   12/120  PASS   7 tests of stg_orders     0.02s');
});
