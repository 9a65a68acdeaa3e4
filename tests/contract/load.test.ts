// Loading a CSV file: the same types and values on every engine, refused rows named by line and column, nothing left behind.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import type { LoadRequest } from '../../src/adapters/adapter.ts';
import { LoadFailure } from '../../src/adapters/failures.ts';
import type { Relation } from '../../src/project/relation.ts';
import { onEveryEngine, plain } from './engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'dwt-load-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
const file = (content: string | Buffer, ending = '.csv'): string => {
  const path = join(folder, `file${++count}${ending}`);
  writeFileSync(path, content);
  return path;
};

onEveryEngine('loading a file', (bench) => {
  const load = async (content: string | Buffer, o: Partial<LoadRequest> = {}, ending = '.csv'): Promise<Relation> => {
    const relation = o.relation ?? bench.at(`load_${++count}`);
    const path = file(content, ending);
    await bench.session.load({ relation, path, displayPath: 'seeds/file.csv', delimiter: ',', columnTypes: {}, ...o });
    return relation;
  };
  const content = async (r: Relation, order = '1'): Promise<(string | null)[][]> =>
    (await bench.rows(`select * from ${bench.dialect.relation(r)} order by ${order}`)).map((row) => row.map(plain));
  const failure = async (text: string, o: Partial<LoadRequest> = {}): Promise<LoadFailure> => {
    const relation = bench.at(`load_${++count}`);
    const error: unknown = await load(text, { relation, ...o }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(LoadFailure);
    expect(await bench.session.columns(relation)).toBeNull();
    return error as LoadFailure;
  };

  test('types are inferred alike', async () => {
    const r = await load(
      'i,b,n,d,t,f,s,e\n1,9007199254740993,1.50,2024-02-29,2024-02-29 10:00:00,true,x,\n-2,1,2e3,1999-12-31,2024-02-29T10:00:00.25,FALSE,"y",\n',
    );
    expect(await content(r)).toEqual([
      ['-2', '1', '2000', '1999-12-31', '2024-02-29 10:00:00.25', '0', 'y', null],
      ['1', '9007199254740993', '1.5', '2024-02-29', '2024-02-29 10:00:00', '1', 'x', null],
    ]);
    const [row] = await bench.rows(`select i, b, f from ${bench.dialect.relation(r)} where i = 1`);
    expect(row).toEqual([1, 9007199254740993n, true]);
  });

  test('dates and times with single digits are what they say', async () => {
    const r = await load('k,d,t\n1,2024-1-5,2024-1-5 9:05\n2,2024-12-15,2024-12-15T9:5:7.5\n3,2024-02-29,2024-2-29\n');
    expect(await content(r)).toEqual([
      ['1', '2024-01-05', '2024-01-05 09:05:00'],
      ['2', '2024-12-15', '2024-12-15 09:05:07.5'],
      ['3', '2024-02-29', '2024-02-29'],
    ]);
  });

  test('a table takes the place of another in one go, or the other stays', async () => {
    if (!bench.can.createOrReplaceTable) return;
    const relation = bench.at('load_replace');
    for (const text of ['a\n1\n', 'a,b\n2,x\n']) await load(text, { relation, replace: true });
    expect(await content(relation)).toEqual([['2', 'x']]);
    const rows = Array.from({ length: 20_000 }, (_, i) => `${i},y`).join('\n');
    await expect(load(`a,b\n${rows}\n1,2,3\n`, { relation, replace: true })).rejects.toBeInstanceOf(LoadFailure);
    await expect(load(`a,b\n${rows}\n1,x\n`, { relation, replace: true, columnTypes: { b: 'date' } })).rejects.toBeInstanceOf(LoadFailure);
    expect(await content(relation)).toEqual([['2', 'x']]);
    await load('a,b\n', { relation, replace: true });
    expect(await content(relation)).toEqual([]);
  });

  test('the outcome counts rows', async () => {
    const path = file('a,b\n1,2\n3,4\n5,6\n');
    expect(await bench.session.load({ relation: bench.at('load_count'), path, displayPath: 'x', delimiter: ',', columnTypes: {} })).toEqual({ rows: 3 });
  });

  test('null and the empty text differ in a text column, not elsewhere', async () => {
    const r = await load('k,s,n\n1,,\n2,"",""\n3,null,NULL\n4,"null",4\n');
    expect(await content(r)).toEqual([
      ['1', null, null],
      ['2', '', null],
      ['3', null, null],
      ['4', 'null', '4'],
    ]);
  });

  test('quotes, delimiters, newlines, backslashes, Unicode', async () => {
    const r = await load('k,s\r\n1,"a,b"\r\n2,"say ""hi"""\r\n3,"two\nlines"\r\n4,back\\slash\r\n5,\\N\r\n6,näh 😀\r\n7,"tab\there"\r\n8,\\.\r\n9,in"side\r\n');
    expect(await content(r)).toEqual([
      ['1', 'a,b'],
      ['2', 'say "hi"'],
      ['3', 'two\nlines'],
      ['4', 'back\\slash'],
      ['5', '\\N'],
      ['6', 'näh 😀'],
      ['7', 'tab\there'],
      ['8', '\\.'],
      ['9', 'in"side'],
    ]);
  });

  test('codes with leading zeros stay text', async () => {
    expect(await content(await load('zip\n02134\n10001\n'))).toEqual([['02134'], ['10001']]);
  });

  test('types the project fixes', async () => {
    const r = await load('zip,amount,day,code\n1234,12.5,2024-01-05,7\n', { columnTypes: { zip: 'varchar(10)', amount: 'decimal(10,2)', code: 'text' } });
    expect((await bench.rows(`select * from ${bench.dialect.relation(r)}`))[0]!.map(String)).toEqual(['1234', '12.50', '2024-01-05', '7']);
  });

  test('another delimiter, a byte order mark, a missing last newline', async () => {
    expect(await content(await load('\ufeffa;b\n1;x\n2;y', { delimiter: ';' }))).toEqual([
      ['1', 'x'],
      ['2', 'y'],
    ]);
    expect((await bench.session.columns(await load('\ufeffa\tb\n1\tx\n', { delimiter: '\t' })))!.map((c) => c.name)).toEqual(['a', 'b']);
  });

  test('a .gz file', async () => {
    expect(await content(await load(gzipSync('a,b\n1,x\n'), {}, '.csv.gz'))).toEqual([['1', 'x']]);
  });

  test('a header alone, and the header of a full file', async () => {
    expect(await content(await load('a,b\n'))).toEqual([]);
    const r = await load('a,b\n1,x\n', { empty: true });
    expect(await content(r)).toEqual([]);
    expect((await bench.session.columns(r))!.map((c) => c.name)).toEqual(['a', 'b']);
  });

  test('names that need quotes', async () => {
    const names = ['Order Details', 'select', 'größe', 'a"b', "it's"];
    const r = await load(`${names.map((n) => `"${n.replaceAll('"', '""')}"`).join(',')}\n1,2,3,4,5\n`);
    expect((await bench.session.columns(r))!.map((c) => c.name)).toEqual(names);
  });

  test('text longer than 255 characters, and many text columns', async () => {
    const r = await load(`k,s,t\n1,short,a\n2,${'x'.repeat(300)},${'ü'.repeat(70_000)}\n`);
    expect(await bench.rows(`select ${bench.dialect.length('s')}, ${bench.dialect.length('t')} from ${bench.dialect.relation(r)} where k = 2`)).toEqual([
      [300, 70_000],
    ]);
    const wide = Array.from({ length: 120 }, (_, i) => `c${i}`);
    expect((await content(await load(`${wide.join(',')}\n${wide.join(',')}\n`)))[0]).toEqual(wide);
  });

  test('into a temporary table', async () => {
    const relation = bench.dialect.temporary('load_temp', bench.at('x'));
    await load('a\n1\n2\n', { relation, temporary: true });
    expect(await content(relation)).toEqual([['1'], ['2']]);
    await bench.session.run(bench.dialect.drop(relation, 'table'));
  });

  test('a value that does not fit names line and column', async () => {
    const e = await failure('k,amount\n1,"a\nb"\n\n2,12x\n', { columnTypes: { k: 'varchar(5)', amount: 'decimal(10,2)' } });
    expect([e.line, e.columnName]).toEqual([2, 'amount']);
    const late = await failure(`k,amount\n${Array.from({ length: 5000 }, (_, i) => `${i},1.5`).join('\n')}\n\n5001,oops\n`, {
      columnTypes: { amount: 'decimal(10,2)' },
    });
    expect([late.line, late.columnName]).toEqual([5003, 'amount']);
    expect(late.message).toContain("'oops'");
  });

  test.each([
    ['an integer with a fraction', 'integer', '1.5'],
    ['an integer out of range', 'integer', '3000000000'],
    ['a day that does not exist', 'date', '2023-02-30'],
    ['a decimal out of range', 'decimal(5,2)', '12345.00'],
    ['not a boolean', 'boolean', 'perhaps'],
  ])('%s is refused', async (_what, type, value) => {
    const e = await failure(`k,v\n1,\n2,${value}\n`, { columnTypes: { v: type } });
    expect([e.line, e.columnName]).toEqual([3, 'v']);
    expect(e.message).toContain(value);
  });

  test('a row of another length, a quote never closed, an empty file, no file', async () => {
    expect((await failure('a,b\n1,2\n3\n')).line).toBe(3);
    expect((await failure('a,b\n1,2\n3,4,5\n')).line).toBe(3);
    expect((await failure('a,b\n1,2\n3,"4\n')).line).toBe(3);
    await failure('');
    const missing = bench.session.load({
      relation: bench.at('load_none'),
      path: join(folder, 'none.csv'),
      displayPath: 'none.csv',
      delimiter: ',',
      columnTypes: {},
    });
    await expect(missing).rejects.toBeInstanceOf(LoadFailure);
  });

  test('the session works on after a refused file', async () => {
    await failure('a\nx\n', { columnTypes: { a: 'date' } });
    expect(await bench.rows('select 1')).toEqual([[1]]);
  });

  test('a refused file inside a transaction leaves the rest of it', async () => {
    if (!bench.can.transactionalDdl || bench.name === 'duckdb') return;
    await bench.session.begin();
    const r = await bench.table(`load_within_${bench.name}`, 'select 1 as a');
    await failure('a\nx\n', { columnTypes: { a: 'date' } });
    await bench.session.commit();
    expect(await content(r)).toEqual([['1']]);
  });

  test('an existing relation is not overwritten', async () => {
    const r = await bench.table('load_there', 'select 1 as a');
    await expect(load('a\n2\n', { relation: r })).rejects.toThrow();
    expect(await content(r)).toEqual([['1']]);
  });

  test('by INSERT, where a server forbids LOAD DATA', async () => {
    if (bench.name !== 'mysql') return;
    const warehouse = await bench.adapter.connect({ ...bench.target, local_infile: false }, { root: process.cwd(), threads: 1 });
    const session = await warehouse.session();
    const request = (text: string, columnTypes = {}): LoadRequest => ({
      relation: bench.at(`load_${++count}`),
      path: file(text),
      displayPath: 'x',
      delimiter: ',',
      columnTypes,
    });
    const good = request(
      `k,s,f,d\n${Array.from({ length: 1200 }, (_, i) => `${i},"it's \\ ""${i}""",true,2024-01-01T10:00`).join('\n')}\n1200,"",,\n1201,,false,\n1202,${'ü'.repeat(300)},null,\n`,
    );
    expect(await session.load(good)).toEqual({ rows: 1203 });
    const rows = await content(good.relation, 'k');
    expect([rows[7], rows[1200], rows[1201], rows[1202]]).toEqual([
      ['7', 'it\'s \\ "7"', '1', '2024-01-01 10:00:00'],
      ['1200', '', null, null],
      ['1201', null, '0', null],
      ['1202', 'ü'.repeat(300), null, null],
    ]);
    const bad = request(`k,v\n${Array.from({ length: 700 }, (_, i) => `${i},2024-01-01`).join('\n')}\n\n700,2023-02-30\n`, { v: 'date' });
    expect(await session.load(bad).catch((e: unknown) => e)).toMatchObject({ name: 'LoadFailure', line: 703, columnName: 'v' });
    expect(await session.columns(bad.relation)).toBeNull();
    await warehouse.close();
  });

  test('a connection dropped in the middle leaves no table', async () => {
    if (bench.name === 'duckdb') return;
    const session = await bench.warehouse.session();
    const relation = bench.at('load_dropped');
    const pid = (await session.query(bench.name === 'postgres' ? 'select pg_backend_pid()' : 'select connection_id()')).rows[0]![0];
    const path = join(folder, 'large.csv');
    writeFileSync(path, `a,b\n${Array.from({ length: 400_000 }, (_, i) => `${i},some text that takes room`).join('\n')}\n`);
    const loading = session.load({ relation, path, displayPath: 'x', delimiter: ',', columnTypes: {} }).catch((e: unknown) => e);
    for (;;) {
      const busy = await bench.rows(
        bench.name === 'postgres'
          ? `select 1 from pg_stat_activity where pid = ${String(pid)} and query ilike 'copy%' and state = 'active'`
          : `select 1 from information_schema.processlist where id = ${String(pid)} and info like 'load data%'`,
      );
      if (busy.length > 0) break;
    }
    await bench.session.run(bench.name === 'postgres' ? `select pg_terminate_backend(${String(pid)})` : `kill ${String(pid)}`);
    expect(await loading).toMatchObject({ disconnected: true });
    await session.release();
    expect(await bench.session.columns(relation)).toBeNull();
  });
});
