// Portable SQL: what a template calls by one name gives one value on every engine. A table of calls and their values.
// Meaning: https://docs.getdbt.com/reference/dbt-jinja-functions/cross-database-macros
import { expect, test } from 'vitest';
import type { PortableSql } from '../../src/adapters/portable.ts';
import { callBuiltin, PORTABLE } from '../../src/context/builtin-sql.ts';
import { onEveryEngine } from './engine.ts';

type Case = readonly [call: string, expression: (d: PortableSql) => string, expected: string | null];

const day = `cast('2024-02-29' as date)`;
const moment = (d: PortableSql, text: string): string => d.cast(`'${text}'`, d.type_timestamp());
const at = (d: PortableSql): string => moment(d, '2024-05-17 13:45:59.123456');

/** What texts become of a type. */
function safeCasts(type: (d: PortableSql) => string, texts: Readonly<Record<string, string | null>>): Case[] {
  return Object.entries(texts).map(([text, expected]) => [`safe_cast ${JSON.stringify(text)}`, (d) => d.safe_cast(`'${text}'`, type(d)), expected]);
}

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
  ['dateadd to a text', (d) => d.dateadd('month', '1', "'2024-01-31'"), '2024-02-29'],
  ['dateadd to a null', (d) => d.dateadd('month', '1', 'null'), null],
  ['dateadd of a fraction rounds', (d) => d.dateadd('day', '1.5', day), '2024-03-02'],
  ['dateadd of a fraction, months', (d) => d.dateadd('month', '1.4', day), '2024-03-29'],
  ['dateadd of half a second', (d) => d.dateadd('second', '0.5', day), '2024-02-29 00:00:00.5'],
  ['dateadd of a column that is a text', (d) => d.dateadd('day', "'2'", day), '2024-03-02'],

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
  ['datediff of texts, by minute', (d) => d.datediff("'2024-05-17'", "'2024-06-01 00:00:30'", 'minute'), '21600'],

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
  ['date_trunc of a text', (d) => d.date_trunc('month', "'2024-05-17'"), '2024-05-01'],
  ['date_trunc of a text to the minute', (d) => d.date_trunc('minute', "'2024-05-17'"), '2024-05-17'],
  ['last_day of a text', (d) => d.last_day("'2024-02-01'", 'quarter'), '2024-03-31'],
  ['last_day of a null', (d) => d.last_day('null', 'month'), null],

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
  ['date_part millisecond holds the seconds', (d) => d.date_part('millisecond', moment(d, '2024-05-17 13:45:59.9996')), '59999'],
  ['date_part of a text', (d) => d.date_part('minute', "'2024-05-17'"), '0'],
  ['day_name of a text', (d) => d.day_name("'2024-05-17'", false), 'Friday'],
  ['date_key of a text', (d) => d.date_key("'2024-05-17'"), '20240517'],
  ['day_name', (d) => d.day_name(day, false), 'Thursday'],
  ['day_name, short', (d) => d.day_name(day, true), 'Thu'],
  ['month_name', (d) => d.month_name(day, false), 'February'],
  ['month_name, short', (d) => d.month_name(day, true), 'Feb'],
  ['date_key', (d) => d.date_key(day), '20240229'],

  ['concat', (d) => d.concat(["'a'", "'b'", "'ç'"]), 'abç'],
  ['concat with null', (d) => d.concat(["'a'", d.cast('null', d.type_string())]), null],
  ['concat of numbers', (d) => d.concat(['1', '2']), '12'],
  ['concat of a number alone', (d) => d.concat(['1']), '1'],
  ['concat of a sum', (d) => d.concat(["'a'", '1 + 1']), 'a2'],
  ['cast to text', (d) => d.cast('12', d.type_string()), '12'],
  ['cast to a text of a length cuts', (d) => d.cast("'😀bc'", 'varchar(2)'), '😀b'],
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
  ['safe_cast text of a length cuts', (d) => d.safe_cast("'abc'", 'varchar(2)'), 'ab'],
  ...safeCasts((d) => d.type_int(), {
    '1.5': '2',
    '-1.5': '-2',
    '2.49': '2',
    '1e3': '1000',
    ' 42 ': '42',
    '+7': '7',
    '007': '7',
    '.5': '1',
    '3000000000': null,
    '-2147483649': null,
    '1e30': null,
    '0x10': null,
    '1_000': null,
    '1,000': null,
    '٣': null,
    '4\t': null,
    '4\n': null,
    '': null,
    '-': null,
    true: null,
  }),
  ...safeCasts(() => 'decimal(10,2)', {
    '1e2': '100',
    '1.005': '1.01',
    '-1.005': '-1.01',
    '99999999.994': '99999999.99',
    '99999999.995': null,
    '1e99': null,
    nan: null,
  }),
  ...safeCasts((d) => d.type_float(), {
    '1e100': '1e+100',
    '-1.5E-300': '-1.5e-300',
    '9.9e307': '9.9e+307',
    '1e309': null,
    '1e-400': null,
    nan: null,
    inf: null,
    Infinity: null,
    '1f': null,
  }),
  ...safeCasts((d) => d.type_date(), {
    '2024-1-5': '2024-01-05',
    '2024/01/05': '2024-01-05',
    ' 2024-01-05 ': '2024-01-05',
    '2024-01-05 23:59:59.9999999': '2024-01-05',
    '2024-01-05T12:00:00Z': '2024-01-05',
    '0001-01-01': '0001-01-01',
    '9999-12-31': '9999-12-31',
    '0000-01-01': null,
    '10000-01-01': null,
    '2024-01-05x': null,
    '2024-01-05Z': null,
    '2024-01-05\n': null,
    '20240105': null,
    '01/05/2024': null,
    infinity: null,
    epoch: null,
    today: null,
    '': null,
  }),
  ...safeCasts((d) => d.type_timestamp(), {
    '2024-1-5 1:2:3': '2024-01-05 01:02:03',
    '2024-01-05 12:00:00+02': '2024-01-05 12:00:00',
    '2024-01-05T12:00:00.123456789Z': '2024-01-05 12:00:00.123456',
    '9999-12-31 23:59:59.9999999': '9999-12-31 23:59:59.999999',
    '2024-01-05 24:00:00': null,
    '2024-01-05 12:00:00 UTC': null,
    '2024-01-05 12:00:00+99': null,
    '0000-01-01 00:00:00': null,
  }),
  ...safeCasts((d) => d.type_boolean(), { on: '1', ' true ': '1', OFF: '0', '2': '1', '-1': '1', '00': '0', '1.0': null, tr: null, '': null }),
  ...safeCasts(() => 'timestamptz', {
    '2024-01-05 12:00:00+02:00': '2024-01-05 10:00:00',
    '2024-01-05T12:00:00Z': '2024-01-05 12:00:00',
    infinity: null,
    x: null,
    '': null,
  }),
  ...safeCasts(() => 'time', { '1:2:3': '01:02:03', '12:30:59.1234567': '12:30:59.123456', '24:00': null }),

  ['split_part', (d) => d.split_part("'a|b|c'", "'|'", 2), 'b'],
  ['split_part from the end', (d) => d.split_part("'a|b|c'", "'|'", -1), 'c'],
  ['split_part, second last', (d) => d.split_part("'a|b|c'", "'|'", -2), 'b'],
  ['split_part beyond', (d) => d.split_part("'a|b|c'", "'|'", 4), ''],
  ['split_part, long delimiter', (d) => d.split_part("'a--b--c'", "'--'", 3), 'c'],
  ['split_part without delimiter', (d) => d.split_part("'abc'", "'|'", 1), 'abc'],
  ['split_part 0', (d) => d.split_part("'a|b'", "'|'", 0), ''],
  ['split_part 0 of an expression', (d) => d.split_part("'a|b'", "'|'", '1 - 1'), ''],
  ['split_part by nothing', (d) => d.split_part("'a|b'", "''", 1), 'a|b'],
  ['split_part by nothing, from the end', (d) => d.split_part("'a|b'", "''", -1), 'a|b'],
  ['split_part by nothing, beyond', (d) => d.split_part("'a|b'", "''", 2), ''],
  ['split_part of null', (d) => d.split_part(d.cast('null', d.type_string()), "''", 2), null],
  ['string_literal', (d) => d.string_literal('x y'), 'x y'],
  ['escape_single_quotes', (d) => `'${d.escape_single_quotes("they're")}'`, "they're"],
  ['a backslash is itself', () => `'a\\b'`, 'a\\b'],
  ['hash', (d) => d.hash("'abc'"), '900150983cd24fb0d6963f7d28e17f72'],
  ['hash, Unicode', (d) => d.hash("'ü'"), 'c03410a5204b21cd8229ff754688d743'],
  ['hash of a number', (d) => d.hash('1'), 'c4ca4238a0b923820dcc509a6f75849b'],
  ['hash of null', (d) => d.hash('null'), null],
  ['hash of a moment', (d) => d.hash(moment(d, '2024-01-02 03:04:05')), 'a7997aecff2303b42edbab492a8542b0'],
  ['hash of a moment with a fraction', (d) => d.hash(moment(d, '2024-01-02 03:04:05.50')), '6f632e223ae04312afb8cfa7b76a522c'],
  ['hash of a text like a moment', (d) => d.hash("'2024-01-02 03:04:05.50'"), '54d49cc4460e6acf80b96d4b7ec39716'],
  ['position', (d) => d.position("'c'", "'abcabc'"), '3'],
  ['position, absent', (d) => d.position("'x'", "'abc'"), '0'],
  ['right', (d) => d.right("'abcdef'", '2'), 'ef'],
  ['right, more than there is', (d) => d.right("'abc'", '9'), 'abc'],
  ['right, nothing', (d) => d.right("'abc'", '0'), ''],
  ['right, all but the first', (d) => d.right("'abc'", '-1'), 'bc'],
  ['right, all but more than there are', (d) => d.right("'abc'", '-5'), ''],
  ['right, all but an expression', (d) => d.right("'abc'", '1 - 2'), 'bc'],
  ['length counts characters', (d) => d.length("'häß😀'"), '4'],
  ['replace', (d) => d.replace("'aXbX'", "'X'", "'--'"), 'a--b--'],
  ['cast_bool_to_text', (d) => d.cast_bool_to_text('1 = 1'), 'true'],
  ['cast_bool_to_text, false', (d) => d.cast_bool_to_text('1 = 2'), 'false'],
  ['cast_bool_to_text, null', (d) => d.cast_bool_to_text(d.cast('null', 'boolean')), null],
  ['cast_bool_to_text of a number', (d) => d.cast_bool_to_text('2'), 'true'],
  ['cast_bool_to_text of zero', (d) => d.cast_bool_to_text('0'), 'false'],
  ['cast_bool_to_text of a text', (d) => d.cast_bool_to_text("'true'"), 'true'],
  ['cast_bool_to_text of a letter', (d) => d.cast_bool_to_text("'F'"), 'false'],
  ['round, half away from zero', (d) => d.round('2.345', 2), '2.35'],
  ['round, negative', (d) => d.round('-2.345', 2), '-2.35'],
  ['round a double', (d) => d.round(d.cast("'0.125'", d.type_float()), 2), '0.13'],
];

onEveryEngine('portable SQL', (bench) => {
  test.each(CASES)('%s', async (_call, expression, expected) => {
    expect(await bench.value(expression(bench.dialect))).toBe(expected);
  });

  test.each([
    [2024, 2, 30],
    [2023, 2, 29],
    [0, 1, 1],
    [10_000, 1, 1],
    [2024, 1.5, 1],
  ])('date(%d, %d, %d) is refused', (year, month, day) => {
    expect(() => PORTABLE['date']!.sql(bench.dialect, [year, month, day])).toThrow(`There is no day ${day} of month ${month} in the year ${year}.`);
  });

  test.each([
    ['dateadd', 'fortnight', '1', day],
    ['datediff', day, day, 'fortnight'],
    ['date_trunc', 'fortnight', day],
    ['date_part', 'fortnight', day],
    ['last_day', day, 'fortnight'],
  ])('%s of an unknown date part is refused', async (name, ...args) => {
    const refusal = async (): Promise<unknown> => bench.value(callBuiltin(name, PORTABLE[name]!, bench.dialect, args, new Map()));
    await expect(refusal()).rejects.toThrow(/fortnight/i);
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

  test.each<[string, string, string, string, number | null, string, string | null, string?]>([
    ['nulls do not count', 'v', "'|'", 'v desc', 2, "'a', null, 'b', null", 'b|a'],
    ['nothing but nulls', 'v', "'|'", 'v', 2, "'a', 'a', null, 'a'", null, 'v is null'],
    ['the delimiter in a value', 'v', "','", 'v', 2, "'a,1', 'b,2', 'c'", 'a,1,b,2'],
    ['an empty delimiter', 'v', "''", 'v', 2, "'a', 'b', 'c'", 'ab'],
    ['numbers', 'v', "','", 'v', null, '1, 10, 2', '1,2,10'],
    ['numbers, limited', 'v', "','", 'v desc', 2, '1, 10, 2', '10,2'],
    ['distinct', 'distinct v', "','", 'v', null, "'a', 'b', 'a'", 'a,b'],
    ['distinct, limited', 'distinct v', "','", 'v', 2, "'b', 'a', 'a', null", 'a,b'],
    ['empty texts', 'v', "','", 'v', null, "'', 'b', ''", ',,b'],
  ])('listagg: %s', async (_case, measure, delimiter, order, limit, given, expected, where = '1 = 1') => {
    const from = given
      .split(', ')
      .map((v) => `select ${v} as v`)
      .join(' union all ');
    expect(await bench.value(`(select ${bench.dialect.listagg(measure, delimiter, order, limit)} from (${from}) as t where ${where})`)).toBe(expected);
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
    ['day', '2024-01-04', '2024-01-01', 0, null, null],
    ['hour', '2024-01-01', '2024-01-02 02:30:00', 26, '2024-01-01', '2024-01-02 01:00:00'],
    ['day', '2024-01-01', '2024-01-04 12:00:00', 3, '2024-01-01', '2024-01-03'],
    ['month', '2024-01-15', '2024-03-20', 2, '2024-01-15', '2024-02-15'],
  ] as const)('date_spine by %s from %s to %s', async (part, start, end, count, first, last) => {
    const d = bench.dialect;
    const column = `cast(date_${part} as ${d.type_timestamp()})`;
    const ends = [`cast('${start}' as date)`, end.length > 10 ? moment(d, end) : `cast('${end}' as date)`] as const;
    const { plain } = await import('./engine.ts');
    const [row] = await bench.rows(`select count(*), min(${column}), max(${column}) from (${d.date_spine(part, ...ends)}) as s`);
    expect(row!.map(plain)).toEqual([String(count), first, last]);
  });

  test('date_spine between texts', async () => {
    expect(await bench.rows(`select count(*) from (${bench.dialect.date_spine('day', "'2024-01-01'", "'2024-01-04'")}) as s`)).toEqual([[3]]);
  });

  test('date_spine between the ends of a table', async () => {
    const d = bench.dialect;
    const r = await bench.table('spine_ends', `select cast('2024-01-01' as date) as a, cast('2024-12-31' as date) as b`);
    const spine = d.date_spine('day', `(select min(a) from ${d.relation(r)})`, `(select max(b) from ${d.relation(r)})`);
    expect(await bench.rows(`select count(*) from (${spine}) as s`)).toEqual([[365]]);
    const long = d.date_spine('day', `(select cast('1700-01-01' as date))`, `(select max(b) from ${d.relation(r)})`);
    expect(await bench.rows(`select count(*) from (${long}) as s`)).toEqual([[118_703]]);
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
