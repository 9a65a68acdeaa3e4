// Macros against odd values: whatever a column holds, each macro gives the same on every engine, in a table made of it. What is known
// to differ is not here but in docs/portable-sql.md, "What differs", and run by portable-docs.test.ts.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Cell, Dialect } from '../../src/adapters/adapter.ts';
import { PORTABLE } from '../../src/context/builtin-sql.ts';
import { everyEngine, plain, type Bench } from './engine.ts';

/** The SQL of a macro, by its name. */
type Macros = (name: string, ...args: (string | number | boolean | string[])[]) => string;
/** The table's column is `v`. */
type Call = (m: Macros, d: Dialect) => string;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const TEXTS = [
  '',
  ' ',
  'abc',
  'ABC',
  ' abc ',
  'a|b|c',
  '|',
  '||',
  'a||b',
  '|a|',
  'aaa',
  "it's",
  '"',
  '\\',
  '\\n',
  'a\\|b',
  '%',
  '_',
  'ä',
  'ß',
  'e\u0301',
  '😀',
  '😀|😀',
  'a😀b',
  '日本語',
  'x'.repeat(300),
  'null',
  'true',
  'T',
  'Yes',
  ' on ',
  'off',
  'n',
  '0',
  '1',
  '2',
  '-1',
  '00',
  '+7',
  '007',
  '1.5',
  '-1.5',
  '2.5',
  '.5',
  '5.',
  '.',
  '-',
  '1e3',
  '1E-2',
  '1.e2',
  '2.5e0',
  '1e30',
  '1e99',
  '1e100',
  '1e309',
  '1e-400',
  '0x10',
  '0b1',
  '1_000',
  '1,000',
  '1.000,5',
  '$1',
  '1%',
  '٣',
  '１',
  '4\t',
  '\t4',
  '4\n',
  '\n',
  '2147483647',
  '2147483648',
  '-2147483648',
  '-2147483649',
  '2147483647.5',
  '9007199254740993',
  '9223372036854775807',
  '9223372036854775808',
  '12345678901234567890123',
  '9'.repeat(70),
  `0.${'0'.repeat(70)}1`,
  '99999999.994',
  '99999999.995',
  '1.005',
  '-0',
  '0.0',
  'nan',
  'NaN',
  'inf',
  'Infinity',
  '-inf',
  '2024-01-05',
  '2024-1-5',
  '2024/01/05',
  '2024/1-5',
  '2024.01.05',
  ' 2024-01-05 ',
  '2024-01-05\n',
  '20240105',
  '01/05/2024',
  '05.01.2024',
  '24-01-05',
  '2024-01',
  '2024',
  '2024-02-29',
  '2023-02-29',
  '1900-02-29',
  '2000-02-29',
  '2024-02-30',
  '2024-04-31',
  '2024-00-01',
  '2024-01-00',
  '2024-13-01',
  '0000-01-01',
  '0000-00-00',
  '0001-01-01',
  '0099-01-01',
  '1582-10-10',
  '1899-12-31',
  '9999-12-31',
  '10000-01-01',
  '-0001-01-01',
  '0001-01-01 BC',
  'infinity',
  '-infinity',
  'epoch',
  'today',
  'now',
  'Jan 5 2024',
  '2024-01-05x',
  '2024-01-05Z',
  '2024-01-05 12',
  '2024-01-05 12:00',
  '2024-01-05T12:00:00',
  '2024-01-05t12:00:00',
  '2024-01-05  12:00:00',
  '2024-01-05 1:2:3',
  '2024-01-05 12:00:00.1',
  '2024-01-05 12:00:00.123456',
  '2024-01-05 12:00:00.1234567',
  '2024-01-05 12:00:00.',
  '2024-01-05 12:00:00,5',
  '2024-01-05T12:00:00.000Z',
  '2024-01-05 12:00:00+02',
  '2024-01-05 12:00:00+02:00',
  '2024-01-05 12:00:00-0500',
  '2024-01-05 12:00:00+99',
  '2024-01-05 12:00:00 UTC',
  '2024-01-05 12:00:00 Europe/Paris',
  '2024-01-05 12:00:00 PM',
  '2024-01-05 23:59:59.9999999',
  '9999-12-31 23:59:59.9999999',
  '2024-01-05 24:00:00',
  '2024-01-05 23:59:60',
  '2024-01-05 25:00:00',
  '2024-01-05 12:60:00',
  '12:30',
  '1:2:3',
  '12:30:59',
  '12:30:59.9999999',
  '24:00',
  '-12:30',
  '100:00:00',
  '12:30 PM',
];

/** The first and the last that every engine has. */
const EDGES = ['0001-01-01 00:00:00', '0001-12-31 23:59:59.999999', '0099-02-28 00:00:00', '9999-01-01 00:00:00', '9999-11-30 23:59:59.999999'];

const MOMENTS = [
  '0999-12-31 23:59:59',
  '1000-01-01 00:00:00',
  '1582-10-04 12:00:00',
  '1582-10-10 00:00:00',
  '1582-10-15 12:00:00',
  '1599-12-31 23:59:59.999999',
  '1700-02-28 01:02:03',
  '1899-12-31 00:00:00',
  '1900-02-28 23:59:59.5',
  '1900-03-01 00:00:00',
  '1969-12-31 23:59:59.999999',
  '1970-01-01 00:00:00',
  '1999-12-31 12:00:00.000001',
  '2000-02-29 00:00:00',
  '2021-01-03 10:20:30',
  '2023-12-31 23:59:59.999999',
  '2024-01-01 00:00:00',
  '2024-02-29 13:45:59.123456',
  '2024-03-31 02:30:00',
  '2024-10-27 02:30:00.1',
  '2024-12-30 06:07:08.009',
  '2024-12-31 00:00:00.000001',
  '2038-01-19 03:14:08',
  '2100-02-28 00:00:00',
  '9500-12-31 23:59:59.999999',
  '9600-02-29 00:00:00',
];

const INTEGERS = ['0', '1', '-1', '2', '7', '10', '12345', '-2147483648', '2147483647'];
const DECIMALS = ['0', '1', '-1', '0.50', '-0.50', '1.50', '2.50', '-2.50', '1234567.89', '-99999999.99'];
const DOUBLES = ['1', '-1', '0.1', '0.5', '1.5', '-1.5', '3.5', '1234567.25', '0.001'];

const DATEPARTS = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond', 'microsecond'];

const ofTexts: Record<string, Call> = {
  'length(v)': (m) => m('length', 'v'),
  'right(v, 2)': (m) => m('right', 'v', '2'),
  'right(v, -1)': (m) => m('right', 'v', '-1'),
  'right(v, of a column)': (m) => m('right', 'v', 'n - 3'),
  "split_part(v, '|', of a column)": (m) => m('split_part', 'v', "'|'", 'n - 3'),
  "replace(v, 'a', '😀')": (m) => m('replace', 'v', "'a'", "'😀'"),
  "replace(v, '', 'x')": (m) => m('replace', 'v', "''", "'x'"),
  "position('a', v)": (m) => m('position', "'a'", 'v'),
  "position('', v)": (m) => m('position', "''", 'v'),
  "position('\\', v)": (m) => m('position', "'\\'", 'v'),
  'concat(v, v)': (m) => m('concat', ['v', 'v']),
  "concat('<', v, '>')": (m) => m('concat', ["'<'", 'v', "'>'"]),
  'hash(v)': (m) => m('hash', 'v'),
  'generate_surrogate_key(v, n)': (m) => m('generate_surrogate_key', ['v', 'n']),
  'cast(v, varchar(2))': (m) => m('cast', 'v', 'varchar(2)'),
  ...Object.fromEntries(
    [1, 2, 3, -1, -2, 0].flatMap((n) =>
      ['|', 'a', '||', '', '😀', '\\'].map((by) => [`split_part(v, ${by}, ${n})`, (m: Macros) => m('split_part', 'v', quoted(by), n)]),
    ),
  ),
  ...Object.fromEntries(
    ['smallint', 'bigint', 'decimal(10,2)', 'decimal(38,0)', 'varchar(3)', 'time'].map((type) => [
      `safe_cast(v, ${type})`,
      (m: Macros) => m('safe_cast', 'v', type),
    ]),
  ),
  ...Object.fromEntries(
    ['type_string', 'type_int', 'type_bigint', 'type_float', 'type_numeric', 'type_boolean', 'type_date', 'type_timestamp'].map((type) => [
      `safe_cast(v, ${type})`,
      (m: Macros) => m('safe_cast', 'v', m(type)),
    ]),
  ),
};

const pivot = `cast('2024-02-29' as date)`;

const ofMoments: Record<string, Call> = {
  'day_name(v)': (m) => m('day_name', 'v'),
  'day_name(v, short)': (m) => m('day_name', 'v', true),
  'month_name(v)': (m) => m('month_name', 'v'),
  'month_name(v, short)': (m) => m('month_name', 'v', true),
  'date_key(v)': (m) => m('date_key', 'v'),
  'hash(v)': (m) => m('hash', 'v'),
  'generate_surrogate_key(v)': (m) => m('generate_surrogate_key', ['v']),
  'safe_cast(v, date)': (m) => m('safe_cast', 'v', 'date'),
  'safe_cast(v, timestamp)': (m) => m('safe_cast', 'v', m('type_timestamp')),
  'safe_cast(v, int)': (m) => m('safe_cast', 'v', m('type_int')),
  ...Object.fromEntries(
    DATEPARTS.flatMap((part): [string, Call][] => [
      [`datediff(v, pivot, ${part})`, (m) => m('datediff', 'v', pivot, part)],
      [`datediff(pivot, v, ${part})`, (m) => m('datediff', pivot, 'v', part)],
      [`date_trunc(${part}, v)`, (m) => m('date_trunc', part, 'v')],
      [`date_part(${part}, v)`, (m) => m('date_part', part, 'v')],
    ]),
  ),
  ...Object.fromEntries(['year', 'quarter', 'month', 'week', 'day'].map((part) => [`last_day(v, ${part})`, (m: Macros) => m('last_day', 'v', part)])),
  ...Object.fromEntries(
    ['dayofweek', 'dow', 'dayofyear', 'doy', 'weekday', 'isoweek'].map((part) => [`date_part(${part}, v)`, (m: Macros) => m('date_part', part, 'v')]),
  ),
};

/** Not at the edges: MySQL and MariaDB have no year 0 and none after 9999. */
const ofOrdinaryMoments: Record<string, Call> = Object.fromEntries(
  DATEPARTS.flatMap((part): [string, Call][] =>
    ['0', '1', '-1', '13', '-400', '1.5', '-0.4', 'nullif(n, 3)'].map((n): [string, Call] => [`dateadd(${part}, ${n}, v)`, (m) => m('dateadd', part, n, 'v')]),
  ),
);

const ofNumbers: Record<string, Call> = {
  'round(v)': (m) => m('round', 'v'),
  'round(v, 1)': (m) => m('round', 'v', 1),
  'safe_cast(v, int)': (m) => m('safe_cast', 'v', m('type_int')),
  'safe_cast(v, bigint)': (m) => m('safe_cast', 'v', m('type_bigint')),
  'safe_cast(v, decimal(10,1))': (m) => m('safe_cast', 'v', 'decimal(10,1)'),
  'safe_cast(v, type_float)': (m) => m('safe_cast', 'v', m('type_float')),
  'safe_cast(v, date)': (m) => m('safe_cast', 'v', 'date'),
  'dateadd(day, v)': (m) => m('dateadd', 'day', 'case when v between -20000 and 20000 then v end', pivot),
};

/** Of doubles the text differs: `1.0`, `1`. */
const ofExact: Record<string, Call> = {
  'concat(v, v)': (m) => m('concat', ['v', 'v']),
  'concat(v)': (m) => m('concat', ['v']),
  'hash(v)': (m) => m('hash', 'v'),
  'generate_surrogate_key(v)': (m) => m('generate_surrogate_key', ['v']),
  'safe_cast(v, type_string)': (m) => m('safe_cast', 'v', m('type_string')),
};

const ofBooleans: Record<string, Call> = {
  'cast_bool_to_text(v)': (m) => m('cast_bool_to_text', 'v'),
  'safe_cast(v, type_boolean)': (m) => m('safe_cast', 'v', m('type_boolean')),
  'cast(v, type_boolean)': (m) => m('cast', 'v', m('type_boolean')),
};

const aggregates: Record<string, Call> = {
  'bool_or(v is null)': (m) => m('bool_or', 'v is null'),
  'any_value(null)': (m) => m('any_value', 'nullif(n, n)'),
  'listagg(v)': (m) => m('listagg', 'v', "'; '", 'order by id'),
  'listagg(v, 3)': (m) => m('listagg', 'v', "'; '", 'order by id desc', 3),
};

/** Tables by name: what their column `v` is cast to, its values, and what is asked of them. */
const TABLES: Record<string, { readonly type: (d: Dialect) => string; readonly values: readonly string[]; readonly calls: Record<string, Call> }> = {
  texts: { type: (d) => d.type_string(), values: TEXTS, calls: ofTexts },
  moments: { type: (d) => d.type_timestamp(), values: MOMENTS, calls: { ...ofMoments, ...ofOrdinaryMoments } },
  dates: { type: () => 'date', values: MOMENTS.map((m) => m.slice(0, 10)), calls: { ...ofMoments, ...ofOrdinaryMoments } },
  edges: { type: (d) => d.type_timestamp(), values: EDGES, calls: ofMoments },
  'edges, as dates': { type: () => 'date', values: EDGES.map((m) => m.slice(0, 10)), calls: ofMoments },
  integers: { type: () => 'integer', values: INTEGERS, calls: { ...ofNumbers, ...ofExact, ...ofBooleans } },
  decimals: { type: () => 'decimal(12,2)', values: DECIMALS, calls: { ...ofNumbers, ...ofExact } },
  doubles: { type: (d) => d.type_float(), values: DOUBLES, calls: ofNumbers },
  booleans: { type: (d) => d.type_boolean(), values: ['true', 'false'], calls: ofBooleans },
};

let engines: Awaited<ReturnType<typeof everyEngine>>;
const macros = new Map<Bench, Macros>();

beforeAll(async () => {
  engines = await everyEngine();
  for (const bench of engines.benches) {
    const { dialect: d } = bench;
    macros.set(bench, (name, ...args) => PORTABLE[name]!.sql(d, args));
    for (const [name, { type, values }] of Object.entries(TABLES)) {
      const rows = [...values.map((v) => d.cast(quoted(v), type(d))), d.cast('null', type(d))].map((v, i) => `select ${i} as id, ${i % 7} as n, ${v} as v`);
      await bench.table(name, rows.join('\nunion all '));
    }
  }
});
beforeEach(({ skip }) => {
  if (engines.benches.length < 2) skip('There is one engine alone, and nothing to compare it with.');
});
afterAll(() => engines.close());

/** What a call gives for each value of a table, by the value; of an engine that refuses, its message as `*`. */
async function results(bench: Bench, table: string, call: Call): Promise<Record<string, string | null>> {
  const [d, m] = [bench.dialect, macros.get(bench)!];
  const names = [...TABLES[table]!.values, 'null'];
  try {
    const made = await bench.table('made', `select id, ${call(m, d)} as x from ${d.relation(bench.at(table))}`);
    const rows = await bench.rows(`select id, x from ${d.relation(made)} order by id`);
    return Object.fromEntries(rows.map(([id, x]) => [names[Number(id)]!, plain(x!)]));
  } catch (e) {
    return { '*': (e as Error).message.split('\n')[0]! };
  } finally {
    await bench.session.run(`drop table if exists ${d.relation(bench.at('made'))}`);
  }
}

const CALLS = Object.entries(TABLES).flatMap(([table, { calls }]) => Object.entries(calls).map(([name, call]) => [table, name, call] as const));

test.each(CALLS)('%s: %s', async (table, _name, call) => {
  const found = new Map<string, Record<string, string | null>>();
  for (const bench of engines.benches) found.set(bench.name, await results(bench, table, call));
  const different: Record<string, Record<string, string | null>> = {};
  const refused = [...found.values()].some((values) => '*' in values);
  for (const value of refused ? ['*'] : [...TABLES[table]!.values, 'null']) {
    const cells = Object.fromEntries([...found].map(([engine, values]) => [engine, value in values ? values[value]! : '(no error)']));
    if (new Set(Object.values(cells)).size > 1) different[value] = cells;
  }
  expect(different).toEqual({});
});

const AGGREGATES = ['texts', 'dates', 'integers', 'decimals'].flatMap((table) =>
  Object.entries(aggregates).map(([name, call]) => [table, name, call] as const),
);

test.each(AGGREGATES)('%s: %s', async (table, _name, call) => {
  await expectSame((bench) => bench.rows(`select ${call(macros.get(bench)!, bench.dialect)} as x from ${bench.dialect.relation(bench.at(table))}`));
});

const ENDS = [
  '2023-12-31 23:59:59.999999',
  '2024-01-01 00:00:00',
  '2024-01-31 00:00:00',
  '2024-02-29 12:30:15.5',
  '2024-03-01 00:00:00',
  '2025-02-28 06:00:00',
];

test.each(['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute'])('date_spine by %s, between any two moments', async (part) => {
  await expectSame(async (bench) => {
    const [d, m] = [bench.dialect, macros.get(bench)!];
    const found: (readonly Cell[])[] = [];
    for (const start of ENDS) {
      for (const end of [...ENDS, null]) {
        const [a, b] = [d.cast(quoted(start), d.type_timestamp()), d.cast(end === null ? 'null' : quoted(end), d.type_timestamp())];
        const [row] = await bench.rows(`select count(*), min(date_${part}), max(date_${part}) from (${m('date_spine', part, a, b)}) as s`);
        found.push([start, end, ...row!]);
      }
    }
    return found;
  });
});

test.each([-1, 0, 1, 9, 10, 11, 100_001])('generate_series to %i', async (n) => {
  await expectSame((bench) =>
    bench.rows(`select count(*), min(generated_number), max(generated_number) from (${macros.get(bench)!('generate_series', n)}) as s`),
  );
});

/** Rows are the same on every engine. */
async function expectSame(rows: (bench: Bench) => Promise<readonly (readonly Cell[])[]>): Promise<void> {
  const found = new Map<string, unknown>();
  for (const bench of engines.benches)
    found.set(
      bench.name,
      (await rows(bench)).map((row) => row.map(plain)),
    );
  const [first] = found.values();
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries([...found.keys()].map((engine) => [engine, first])));
}
