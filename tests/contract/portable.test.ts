// Portable SQL: what a template calls by one name gives one value on every engine. A table of calls and their values.
// Meaning: https://docs.getdbt.com/reference/dbt-jinja-functions/cross-database-macros
import { expect, test } from 'vitest';
import type { PortableSql } from '../../src/adapters/portable.ts';
import { onEveryEngine } from './engine.ts';

type Case = readonly [call: string, expression: (d: PortableSql) => string, expected: string | null];

const day = `cast('2024-02-29' as date)`;
const moment = (d: PortableSql, text: string): string => d.cast(`'${text}'`, d.type_timestamp());
const at = (d: PortableSql): string => moment(d, '2024-05-17 13:45:59.123456');

const CASES: readonly Case[] = [
  ['dateadd day', (d) => d.dateadd('day', '1', day), '2024-03-01'],
  ['dateadd days, plural', (d) => d.dateadd('days', '1', day), '2024-03-01'],
  ['dateadd day, negative', (d) => d.dateadd('day', '-60', day), '2023-12-31'],
  ['dateadd week', (d) => d.dateadd('week', '2', day), '2024-03-14'],
  ['dateadd month, end of month', (d) => d.dateadd('month', '12', day), '2025-02-28'],
  ['dateadd quarter', (d) => d.dateadd('quarter', '1', day), '2024-05-29'],
  ['dateadd year, an expression', (d) => d.dateadd('year', '1 + 3', day), '2028-02-29'],
  ['dateadd hour', (d) => d.dateadd('hour', '12', at(d)), '2024-05-18 01:45:59.123456'],
  ['dateadd minute', (d) => d.dateadd('minute', '15', moment(d, '2024-05-17 13:45:00')), '2024-05-17 14:00:00'],
  ['dateadd second', (d) => d.dateadd('second', '1', at(d)), '2024-05-17 13:46:00.123456'],
  ['dateadd millisecond', (d) => d.dateadd('millisecond', '1', at(d)), '2024-05-17 13:45:59.124456'],
  ['dateadd microsecond', (d) => d.dateadd('microsecond', '4', at(d)), '2024-05-17 13:45:59.12346'],

  ['datediff year counts boundaries', (d) => d.datediff(`cast('2023-12-31' as date)`, `cast('2024-01-01' as date)`, 'year'), '1'],
  ['datediff quarter', (d) => d.datediff(`cast('2023-12-31' as date)`, `cast('2024-04-01' as date)`, 'quarter'), '2'],
  ['datediff month', (d) => d.datediff(`cast('2024-01-31' as date)`, `cast('2024-02-01' as date)`, 'month'), '1'],
  ['datediff month, backwards', (d) => d.datediff(`cast('2024-03-01' as date)`, `cast('2023-12-31' as date)`, 'month'), '-3'],
  ['datediff week, from Monday', (d) => d.datediff(`cast('2024-05-19' as date)`, `cast('2024-05-20' as date)`, 'week'), '1'],
  ['datediff week, Saturday to Sunday', (d) => d.datediff(`cast('2024-05-18' as date)`, `cast('2024-05-19' as date)`, 'week'), '0'],
  ['datediff day', (d) => d.datediff(day, `cast('2024-03-02' as date)`, 'day'), '2'],
  ['datediff day, of moments', (d) => d.datediff(moment(d, '2024-05-17 23:59:59'), moment(d, '2024-05-18 00:00:00'), 'day'), '1'],
  ['datediff hour', (d) => d.datediff(moment(d, '2024-05-17 13:59:59'), moment(d, '2024-05-17 14:00:00'), 'hour'), '1'],
  ['datediff minute', (d) => d.datediff(moment(d, '2024-05-17 13:59:59'), moment(d, '2024-05-17 15:00:00'), 'minute'), '61'],
  ['datediff second', (d) => d.datediff(moment(d, '2024-05-17 00:00:00.9'), moment(d, '2024-05-18 00:00:00.1'), 'second'), '86400'],
  ['datediff millisecond', (d) => d.datediff(moment(d, '2024-05-17 00:00:00.9'), moment(d, '2024-05-17 00:00:01.1'), 'millisecond'), '200'],
  ['datediff microsecond', (d) => d.datediff(moment(d, '2024-05-17 00:00:00.000001'), moment(d, '2024-05-17 00:00:01'), 'microsecond'), '999999'],
  ['datediff of null', (d) => d.datediff(d.cast('null', 'date'), day, 'day'), null],

  ['date_trunc year', (d) => d.date_trunc('year', at(d)), '2024-01-01'],
  ['date_trunc quarter', (d) => d.date_trunc('quarter', at(d)), '2024-04-01'],
  ['date_trunc month', (d) => d.date_trunc('month', at(d)), '2024-05-01'],
  ['date_trunc week is Monday', (d) => d.date_trunc('week', `cast('2024-05-19' as date)`), '2024-05-13'],
  ['date_trunc day', (d) => d.date_trunc('day', at(d)), '2024-05-17'],
  ['date_trunc hour', (d) => d.date_trunc('hour', at(d)), '2024-05-17 13:00:00'],
  ['date_trunc minute', (d) => d.date_trunc('minute', at(d)), '2024-05-17 13:45:00'],
  ['date_trunc second', (d) => d.date_trunc('second', at(d)), '2024-05-17 13:45:59'],
  ['date_trunc millisecond', (d) => d.date_trunc('millisecond', at(d)), '2024-05-17 13:45:59.123'],
  ['last_day month', (d) => d.last_day(day, 'month'), '2024-02-29'],
  ['last_day quarter', (d) => d.last_day(day, 'quarter'), '2024-03-31'],
  ['last_day year', (d) => d.last_day(day, 'year'), '2024-12-31'],
  ['last_day week', (d) => d.last_day(day, 'week'), '2024-03-03'],
  ['date', (d) => d.date(2024, 2, 9), '2024-02-09'],

  ['date_part year', (d) => d.date_part('year', day), '2024'],
  ['date_part quarter', (d) => d.date_part('quarter', day), '1'],
  ['date_part month', (d) => d.date_part('month', day), '2'],
  ['date_part day', (d) => d.date_part('day', day), '29'],
  ['date_part week is ISO', (d) => d.date_part('week', `cast('2021-01-03' as date)`), '53'],
  ['date_part dayofweek, Sunday', (d) => d.date_part('dayofweek', `cast('2024-05-19' as date)`), '7'],
  ['date_part dayofweek, Monday', (d) => d.date_part('dayofweek', `cast('2024-05-20' as date)`), '1'],
  ['date_part dayofyear', (d) => d.date_part('dayofyear', day), '60'],
  ['date_part hour', (d) => d.date_part('hour', at(d)), '13'],
  ['date_part second is whole', (d) => d.date_part('second', moment(d, '2024-05-17 13:45:59.9')), '59'],
  ['day_name', (d) => d.day_name(day), 'Thursday'],
  ['month_name', (d) => d.month_name(day), 'February'],
  ['date_key', (d) => d.date_key(day), '20240229'],

  ['concat', (d) => d.concat(["'a'", "'b'", "'ç'"]), 'abç'],
  ['concat with null', (d) => d.concat(["'a'", d.cast('null', d.type_string())]), null],
  ['cast to text', (d) => d.cast('12', d.type_string()), '12'],
  ['cast to integer', (d) => d.cast("'12'", d.type_int()), '12'],
  ['cast to bigint', (d) => d.cast("'9007199254740993'", d.type_bigint()), '9007199254740993'],
  ['cast to decimal', (d) => d.cast("'12.345'", 'decimal(10,2)'), '12.35'],
  ['cast to numeric', (d) => d.cast("'12.345678'", d.type_numeric()), '12.345678'],
  ['cast to double', (d) => d.cast("'0.1'", d.type_float()), '0.1'],
  ['cast to boolean, true', (d) => d.cast("'true'", d.type_boolean()), '1'],
  ['cast to boolean, of a number', (d) => d.cast('0', d.type_boolean()), '0'],
  ['cast to date', (d) => d.cast("'2024-02-29'", d.type_date()), '2024-02-29'],
  ['cast to timestamp', (d) => d.cast("'2024-02-29 10:11:12.5'", d.type_timestamp()), '2024-02-29 10:11:12.5'],

  ['safe_cast integer', (d) => d.safe_cast("' 42'", d.type_int()), '42'],
  ['safe_cast integer, not a number', (d) => d.safe_cast("'4x'", d.type_int()), null],
  ['safe_cast integer, too large', (d) => d.safe_cast("'3000000000'", 'integer'), null],
  ['safe_cast bigint, too large', (d) => d.safe_cast("'9223372036854775808'", 'bigint'), null],
  ['safe_cast bigint', (d) => d.safe_cast("'9223372036854775807'", 'bigint'), '9223372036854775807'],
  ['safe_cast decimal', (d) => d.safe_cast("'-12.50'", 'decimal(6,2)'), '-12.5'],
  ['safe_cast decimal, too large', (d) => d.safe_cast("'12345.5'", 'decimal(6,2)'), null],
  ['safe_cast decimal, empty', (d) => d.safe_cast("''", 'decimal(6,2)'), null],
  ['safe_cast double', (d) => d.safe_cast("'1e3'", d.type_float()), '1000'],
  ['safe_cast date', (d) => d.safe_cast("'2024-02-29'", d.type_date()), '2024-02-29'],
  ['safe_cast date, no such day', (d) => d.safe_cast("'2023-02-29'", d.type_date()), null],
  ['safe_cast date, century', (d) => d.safe_cast("'1900-02-29'", d.type_date()), null],
  ['safe_cast timestamp', (d) => d.safe_cast("'2024-02-29 23:59:59'", d.type_timestamp()), '2024-02-29 23:59:59'],
  ['safe_cast timestamp, no such hour', (d) => d.safe_cast("'2024-02-29 24:59:59'", d.type_timestamp()), null],
  ['safe_cast boolean', (d) => d.safe_cast("'No'", d.type_boolean()), '0'],
  ['safe_cast boolean, neither', (d) => d.safe_cast("'maybe'", d.type_boolean()), null],
  ['safe_cast text', (d) => d.safe_cast('7', d.type_string()), '7'],

  ['split_part', (d) => d.split_part("'a|b|c'", "'|'", 2), 'b'],
  ['split_part from the end', (d) => d.split_part("'a|b|c'", "'|'", -1), 'c'],
  ['split_part, second last', (d) => d.split_part("'a|b|c'", "'|'", -2), 'b'],
  ['split_part beyond', (d) => d.split_part("'a|b|c'", "'|'", 4), ''],
  ['split_part, long delimiter', (d) => d.split_part("'a--b--c'", "'--'", 3), 'c'],
  ['split_part without delimiter', (d) => d.split_part("'abc'", "'|'", 1), 'abc'],
  ['string_literal', (d) => d.string_literal('x y'), 'x y'],
  ['escape_single_quotes', (d) => `'${d.escape_single_quotes("they're")}'`, "they're"],
  ['a backslash is itself', () => `'a\\b'`, 'a\\b'],
  ['hash', (d) => d.hash("'abc'"), '900150983cd24fb0d6963f7d28e17f72'],
  ['hash, Unicode', (d) => d.hash("'ü'"), 'c03410a5204b21cd8229ff754688d743'],
  ['hash of a number', (d) => d.hash('1'), 'c4ca4238a0b923820dcc509a6f75849b'],
  ['hash of null', (d) => d.hash('null'), null],
  ['position', (d) => d.position("'c'", "'abcabc'"), '3'],
  ['position, absent', (d) => d.position("'x'", "'abc'"), '0'],
  ['right', (d) => d.right("'abcdef'", '2'), 'ef'],
  ['right, more than there is', (d) => d.right("'abc'", '9'), 'abc'],
  ['right, nothing', (d) => d.right("'abc'", '0'), ''],
  ['length counts characters', (d) => d.length("'häß😀'"), '4'],
  ['replace', (d) => d.replace("'aXbX'", "'X'", "'--'"), 'a--b--'],
  ['cast_bool_to_text', (d) => d.cast_bool_to_text('1 = 1'), 'true'],
  ['cast_bool_to_text, false', (d) => d.cast_bool_to_text('1 = 2'), 'false'],
  ['cast_bool_to_text, null', (d) => d.cast_bool_to_text(d.cast('null', 'boolean')), null],
  ['round, half away from zero', (d) => d.round('2.345', 2), '2.35'],
  ['round, negative', (d) => d.round('-2.345', 2), '-2.35'],
  ['round a double', (d) => d.round(d.cast("'0.125'", d.type_float()), 2), '0.13'],
];

onEveryEngine('portable SQL', (bench) => {
  test.each(CASES)('%s', async (_call, expression, expected) => {
    expect(await bench.value(expression(bench.dialect))).toBe(expected);
  });

  test('safe_cast does not stop a table', async () => {
    const d = bench.dialect;
    const r = await bench.table(
      'safe',
      `select ${d.safe_cast('v', 'integer')} as i, ${d.safe_cast('v', d.type_date())} as d from (select '1' as v union all select 'x' union all select '2024-01-05' union all select '2024-13-05') as t`,
    );
    expect(await bench.rows(`select count(*), count(i), count(d) from ${d.relation(r)}`)).toEqual([[4, 1, 1]]);
  });

  const values = `(select 1 as k, 'b' as v, 1 = 1 as yes union all select 1, 'a', 1 = 2 union all select 2, 'c', 1 = 2 union all select 2, null, 1 = 2) as t`;

  test('listagg', async () => {
    const d = bench.dialect;
    const rows = await bench.rows(
      `select k, ${d.listagg('v', "','", 'order by v', null)}, ${d.listagg('v', "','", 'v desc', 1)} from ${values} group by k order by k`,
    );
    expect(rows.map((r) => r.slice(0, 2))).toEqual([
      [1, 'a,b'],
      [2, 'c'],
    ]);
    expect(rows[0]![2]).toBe('b');
  });

  test('bool_or and any_value', async () => {
    const d = bench.dialect;
    const rows = await bench.rows(`select k, ${d.bool_or('yes')} as b, ${d.any_value('k')} as a from ${values} group by k order by k`);
    expect(rows.map((r) => r.map(Number))).toEqual([
      [1, 1, 1],
      [2, 0, 2],
    ]);
  });

  test('except and intersect keep distinct rows', async () => {
    const d = bench.dialect;
    expect(await bench.rows(`select k from ${values} ${d.except()} select 1`)).toEqual([[2]]);
    expect(await bench.rows(`select k from ${values} ${d.intersect()} select 1`)).toEqual([[1]]);
  });

  test.each([0, 1, 7, 10, 100, 1234])('generate_series to %i', async (n) => {
    const [row] = await bench.rows(
      `select count(*), min(generated_number), max(generated_number), count(distinct generated_number) from (${bench.dialect.generate_series(n)}) as s`,
    );
    expect(row).toEqual(n === 0 ? [0, null, null, 0] : [n, 1, n, n]);
  });

  test.each([
    ['day', '2024-02-27', '2024-03-02', 4, '2024-02-27', '2024-03-01'],
    ['week', '2024-01-01', '2024-01-15', 2, '2024-01-01', '2024-01-08'],
    ['month', '2023-11-30', '2024-02-29', 3, '2023-11-30', '2024-01-30'],
    ['quarter', '2024-01-01', '2025-01-01', 4, '2024-01-01', '2024-10-01'],
    ['year', '2000-01-01', '2024-01-01', 24, '2000-01-01', '2023-01-01'],
    ['hour', '2024-01-01', '2024-01-02', 24, '2024-01-01', '2024-01-01 23:00:00'],
    ['day', '2009-01-01', '2030-01-01', 7670, '2009-01-01', '2029-12-31'],
    ['day', '2024-01-01', '2024-01-01', 0, null, null],
  ] as const)('date_spine by %s from %s to %s', async (part, start, end, count, first, last) => {
    const d = bench.dialect;
    const column = `cast(date_${part} as ${d.type_timestamp()})`;
    const ends = [`cast('${start}' as date)`, `cast('${end}' as date)`] as const;
    const { plain } = await import('./engine.ts');
    const [row] = await bench.rows(`select count(*), min(${column}), max(${column}) from (${d.date_spine(part, ...ends)}) as s`);
    expect(row!.map(plain)).toEqual([String(count), first, last]);
  });

  test('date_spine between the ends of a table', async () => {
    const d = bench.dialect;
    const r = await bench.table('spine_ends', `select cast('2024-01-01' as date) as a, cast('2024-12-31' as date) as b`);
    const spine = d.date_spine('day', `(select min(a) from ${d.relation(r)})`, `(select max(b) from ${d.relation(r)})`);
    expect(await bench.rows(`select count(*) from (${spine}) as s`)).toEqual([[365]]);
  });

  test('arrays', async () => {
    const d = bench.dialect;
    const [row] = await bench.rows(
      `select ${d.array_concat(d.array_append(d.array_construct(['1', '2'], 'integer'), '3'), d.array_construct(['4'], 'integer'))} as a`,
    );
    const cell = row![0]!;
    expect(typeof cell === 'string' ? JSON.parse(cell) : cell).toEqual([1, 2, 3, 4]);
  });

  test('current_timestamp is now', async () => {
    const seconds = await bench.value(
      bench.dialect.datediff(bench.dialect.currentTimestampUtc(), bench.dialect.timestampLiteral(new Date().toISOString()), 'second'),
    );
    expect(Math.abs(Number(seconds))).toBeLessThan(30);
  });
});
