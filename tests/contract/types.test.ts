// Types: what comes back is exactly what was stored, on every engine, and a column's type can be told, widened and changed.
import { expect, test } from 'vitest';
import { Decimal, type Cell } from '../../src/adapters/adapter.ts';
import { onEveryEngine } from './engine.ts';

onEveryEngine('types', (bench) => {
  const cell = async (type: string, literal: string): Promise<Cell> => {
    const d = bench.dialect;
    const r = bench.at(`cell_${Math.random().toString(36).slice(2)}`);
    await bench.session.run(d.createTableAs(r, 'select 1 as k'));
    for (const sql of d.addColumns(r, [{ name: 'v', type }])) await bench.session.run(sql);
    await bench.session.run(d.insert(r, ['k', 'v'], `select 2, ${literal}`));
    return (await bench.rows(`select v from ${d.relation(r)} where k = 2`))[0]![0]!;
  };

  test.each([
    ['integer', '2147483647', 2147483647],
    ['bigint', '9007199254740991', 9007199254740991],
    ['bigint', '9007199254740993', 9007199254740993n],
    ['bigint', '-9223372036854775807', -9223372036854775807n],
    ['smallint', '-5', -5],
    ['double precision', '0.1', 0.1],
    ['double precision', '1e300', 1e300],
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['boolean', 'null', null],
    ['varchar(20)', "''", ''],
    ['varchar(20)', "'NULL'", 'NULL'],
    ['varchar(20)', "' a '", ' a '],
    ['varchar(20)', "'naïve 😀'", 'naïve 😀'],
    ['text', '\'two\nlines, "quotes" and \\\'', 'two\nlines, "quotes" and \\'],
    ['date', "cast('2024-02-29' as date)", '2024-02-29'],
    ['date', "cast('1582-10-15' as date)", '1582-10-15'],
    ['date', "cast('9999-12-31' as date)", '9999-12-31'],
    ['integer', 'null', null],
  ] as const)('%s holds %s', async (type, literal, expected) => {
    expect(await cell(type, literal)).toBe(expected);
  });

  test.each([
    ['2024-03-31 02:30:00', '2024-03-31 02:30:00'],
    ['2024-01-01 00:00:00', '2024-01-01 00:00:00'],
    ['2024-12-31 23:59:59.999999', '2024-12-31 23:59:59.999999'],
    ['2024-12-31 23:59:59.5', '2024-12-31 23:59:59.5'],
    ['1900-01-01 00:00:00', '1900-01-01 00:00:00'],
  ])('timestamp %s is not shifted, also not where clocks change', async (text, expected) => {
    expect(await cell(bench.dialect.type_timestamp(), bench.dialect.timestampLiteral(text))).toBe(expected);
  });

  test.each([
    ['decimal(10,2)', '12.50', '12.50'],
    ['decimal(10,2)', '-0.05', '-0.05'],
    ['decimal(38,10)', '1234567890123456789012345678.0123456789', '1234567890123456789012345678.0123456789'],
    ['decimal(18,0)', '123456789012345678', '123456789012345678'],
  ])('%s holds %s as a decimal, never a float', async (type, literal, expected) => {
    const value = await cell(type, literal);
    expect(value).toBeInstanceOf(Decimal);
    expect(String(value)).toBe(expected);
  });

  test('a moment with a zone comes back in UTC, where the engine keeps zones', async () => {
    if (bench.name === 'mysql') return;
    expect((await bench.rows("select cast('2024-05-17 13:45:59.25+02:00' as timestamp with time zone) as t"))[0]![0]).toBe('2024-05-17 11:45:59.25+00:00');
  });

  test('bytes come back as bytes', async () => {
    const type = bench.name === 'postgres' ? 'bytea' : 'blob';
    const value = await cell(type, bench.name === 'mysql' ? "x'00ff41'" : bench.name === 'postgres' ? "decode('00ff41', 'hex')" : "from_hex('00ff41')");
    expect(value).toBeInstanceOf(Uint8Array);
    expect([...(value as Uint8Array)]).toEqual([0, 255, 65]);
  });

  test('text is compared byte by byte: case, accents and trailing spaces count', async () => {
    expect(await bench.rows("select count(distinct v) from (select 'a' as v union all select 'A' union all select 'á' union all select 'a ') as t")).toEqual([
      [4],
    ]);
    expect(await bench.rows("select v from (select 'b' as v union all select 'B' union all select 'a' union all select 'é') as t order by v")).toEqual([
      ['B'],
      ['a'],
      ['b'],
      ['é'],
    ]);
  });

  test.each([
    ['varchar(10)', 'varchar(20)'],
    ['decimal(10,2)', 'decimal(12,4)'],
    ['integer', 'bigint'],
  ])('%s widens to %s', async (from, to) => {
    const d = bench.dialect;
    const r = await bench.table(`widen_${from.replace(/\W/g, '')}`, 'select 1 as k');
    const typeOf = async (): Promise<string> => (await bench.session.columns(r))!.find((c) => c.name === 'v')!.type;
    for (const sql of d.addColumns(r, [{ name: 'v', type: from }])) await bench.session.run(sql);
    const before = await typeOf();
    const wider = d.widerType(before, to);
    // DuckDB's varchar has no length.
    if (wider !== null && wider !== before) {
      for (const sql of d.alterColumnType(r, 'v', wider)) await bench.session.run(sql);
      expect(d.widerType(await typeOf(), before)?.toLowerCase()).toBe((await typeOf()).toLowerCase());
      expect(d.widerType(await typeOf(), to)?.toLowerCase()).toBe((await typeOf()).toLowerCase());
    } else expect(bench.name).toBe('duckdb');
  });

  test('types without a common one do not widen', () => {
    expect(bench.dialect.widerType('integer', 'date')).toBeNull();
    expect(bench.dialect.widerType('boolean', 'integer')).toBeNull();
  });
});
