import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LoadFailure, StatementFailure } from '../failures.ts';
import type { Cell, LoadRequest, Session, Warehouse } from '../adapter.ts';
import { inferColumns } from '../csv/index.ts';
import { duckdb } from './index.ts';

let root: string;
let warehouse: Warehouse;
let session: Session;
const relation = { database: null, schema: 'main', identifier: 'a "seed"' };

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'dwt-load-'));
  warehouse = await duckdb.connect({ path: 'load.duckdb' }, { root, threads: 4 });
  session = await warehouse.session();
});
afterAll(async () => {
  await warehouse.close();
  rmSync(root, { recursive: true, force: true });
});

function request(content: string | Uint8Array, o: Partial<LoadRequest> & { name?: string } = {}): LoadRequest {
  const file = path.join(root, o.name ?? 'seed.csv');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return { relation, path: file, displayPath: 'seed.csv', delimiter: ',', columnTypes: {}, ...o };
}

interface Loaded {
  readonly types: string[];
  readonly rows: readonly (readonly Cell[])[];
}

async function load(
  content: string | Uint8Array,
  o: Partial<LoadRequest> & { name?: string } = {},
  how: 'alone' | 'in a transaction' = 'alone',
): Promise<Loaded> {
  const asked = request(content, o);
  if (how === 'in a transaction') await session.begin();
  try {
    const outcome = await session.load(asked);
    const types = (await session.columns(asked.relation))!.map((c) => c.type);
    const { rows } = await session.query(`from ${duckdb.dialect.relation(asked.relation)}`);
    expect(outcome.rows).toBe(rows.length);
    if (how === 'in a transaction') await session.rollback();
    return { types, rows };
  } finally {
    await session.rollback();
    await session.run(duckdb.dialect.drop(asked.relation, 'table'));
  }
}

async function failure(content: string | Uint8Array, o: Partial<LoadRequest> = {}, how: 'alone' | 'in a transaction' = 'alone'): Promise<LoadFailure> {
  if (how === 'in a transaction') await session.begin();
  const thrown: unknown = await session.load(request(content, o)).catch((e: unknown) => e);
  if (how === 'in a transaction') await session.rollback();
  expect(thrown).toBeInstanceOf(LoadFailure);
  expect(await session.columns(relation)).toBeNull();
  return thrown as LoadFailure;
}

describe.each(['alone', 'in a transaction'] as const)('%s', (how) => {
  test('every inferred type', async () => {
    expect(await load('i,b,d,t,dt,ts,f\n1,3000000000,1.5,x,2024-01-05,2024-01-05T10:00,true\n,,,,,,\n', {}, how)).toEqual({
      types: ['INTEGER', 'BIGINT', 'DOUBLE', 'VARCHAR', 'DATE', 'TIMESTAMP', 'BOOLEAN'],
      rows: [
        [1, 3000000000, 1.5, 'x', '2024-01-05', '2024-01-05 10:00:00', true],
        [null, null, null, null, null, null, null],
      ],
    });
  });

  test.each<[string, string | Uint8Array, Partial<LoadRequest> & { name?: string }, Loaded]>([
    [
      'quoted nothing: empty in text, null elsewhere',
      'a,b\n"",""\n1,x\n',
      {},
      {
        types: ['INTEGER', 'VARCHAR'],
        rows: [
          [null, ''],
          [1, 'x'],
        ],
      },
    ],
    [
      'null words',
      'a,b\nnull,"NULL"\n1,NULL\n',
      {},
      {
        types: ['INTEGER', 'VARCHAR'],
        rows: [
          [null, 'NULL'],
          [1, null],
        ],
      },
    ],
    [
      'leading zeros',
      'zip,n\n02134,1\n10115,2\n',
      {},
      {
        types: ['VARCHAR', 'INTEGER'],
        rows: [
          ['02134', 1],
          ['10115', 2],
        ],
      },
    ],
    ['a header alone', 'a,b\n', {}, { types: ['VARCHAR', 'VARCHAR'], rows: [] }],
    ['only the shape', 'a,b\n1,x\n', { empty: true }, { types: ['INTEGER', 'VARCHAR'], rows: [] }],
    [
      'fixed types',
      'a,b,c\n1,02134,1.005\n',
      { columnTypes: { a: 'varchar(3)', B: 'integer', c: 'decimal(10,2)' } },
      { types: ['VARCHAR', 'INTEGER', 'DECIMAL(10,2)'], rows: [['1', 2134, { text: '1.01' }]] },
    ],
    ['a fixed type and quoted nothing', 'a,b\n"",1\n', { columnTypes: { a: 'date' } }, { types: ['DATE', 'INTEGER'], rows: [[null, 1]] }],
    [
      'line ends of two kinds',
      'a,b\n1,x\r\n2,"y\r\nz"\n',
      {},
      {
        types: ['INTEGER', 'VARCHAR'],
        rows: [
          [1, 'x'],
          [2, 'y\r\nz'],
        ],
      },
    ],
    ['a carriage return in a field', 'a,b\n1,x\ry\n', {}, { types: ['INTEGER', 'VARCHAR'], rows: [[1, 'x\ry']] }],
    ['old Macintosh line ends', 'a,b\r1,x\r', {}, { types: ['INTEGER', 'VARCHAR'], rows: [[1, 'x']] }],
    ['one column with empty lines', 'a\n1\n\n3\n\n', {}, { types: ['INTEGER'], rows: [[1], [null], [3], [null]] }],
    [
      'empty lines',
      'a,b\n1,2\n\n3,4\n\n',
      {},
      {
        types: ['INTEGER', 'INTEGER'],
        rows: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    ['odd names', '"a ""b""","c\nd",e\'f\n1,2,3\n', {}, { types: ['INTEGER', 'INTEGER', 'INTEGER'], rows: [[1, 2, 3]] }],
    ['gzip', gzipSync('a,b\n1,x\n'), { name: 'z.csv.gz' }, { types: ['INTEGER', 'VARCHAR'], rows: [[1, 'x']] }],
    ['another delimiter', 'a;b\n1,5;x\n', { delimiter: ';' }, { types: ['VARCHAR', 'VARCHAR'], rows: [['1,5', 'x']] }],
    ['a tab', "a\tb\n1\t'x\n", { delimiter: '\t' }, { types: ['INTEGER', 'VARCHAR'], rows: [[1, "'x"]] }],
    ['a path of odd characters', 'a\n1\n', { name: 'y=1/it\'s [a] "näme" *?/se ed.csv' }, { types: ['INTEGER'], rows: [[1]] }],
    ['a temporary table', 'a\n1\n', { temporary: true, relation: { database: 'temp', schema: 'main', identifier: 'x' } }, { types: ['INTEGER'], rows: [[1]] }],
    ['a long field', `a,b\n1,${'x'.repeat(5_000_000)}\n`, {}, { types: ['INTEGER', 'VARCHAR'], rows: [[1, 'x'.repeat(5_000_000)]] }],
    ['a byte order mark', '\ufeffa,b\n1,2\n', {}, { types: ['INTEGER', 'INTEGER'], rows: [[1, 2]] }],
  ])('%s', async (_, content, o, loaded) => {
    expect(await load(content, o, how)).toEqual(loaded);
  });

  test.each<[string, string, Partial<LoadRequest>, Partial<LoadFailure>]>([
    [
      'a fixed date',
      'id,d\n1,2024-01-05\n\n2,"2024-\n13-45"\n3,soon\n',
      { columnTypes: { d: 'date' } },
      { line: 4, columnName: 'd', message: "The value '2024-\n13-45' of column 'd' does not fit its type, date." },
    ],
    [
      'a fixed decimal',
      'id,p\n1,1.5\n2,abc\n',
      { columnTypes: { p: 'decimal(10,2)' } },
      { line: 3, columnName: 'p', message: "The value 'abc' of column 'p' does not fit its type, decimal(10,2)." },
    ],
    ['a decimal too large', 'id,p\n1,123456789\n', { columnTypes: { p: 'decimal(5,2)' } }, { line: 2, columnName: 'p' }],
    ['a fixed integer out of range', 'id,n\n1,300\n', { columnTypes: { n: 'tinyint' } }, { line: 2, columnName: 'n' }],
    ['a fixed integer that is none', 'id,n\n1,1.5\n', { columnTypes: { n: 'integer' } }, { line: 2, columnName: 'n' }],
    ['a fixed type beside quoted nothing', 'id,d\n1,""\n2,soon\n', { columnTypes: { d: 'date' } }, { line: 3, columnName: 'd' }],
    ['a ragged row', 'a,b\n1,2\n3\n', {}, { line: 3, columnName: 'b' }],
    ['an empty file', '', {}, { message: 'The file is empty: it has no header.' }],
  ])('%s is refused and leaves nothing behind', async (_, content, o, facts) => {
    expect(await failure(content, o, how)).toMatchObject(facts);
  });
});

describe('a large file', () => {
  const many = (last: string): string => `id,v\n${Array.from({ length: 60_000 }, (_, i) => `${i},${i % 100}`).join('\n')}\n${last}\n`;

  test.each<[string, string, string, Cell]>([
    ['nothing new', '60000,5', 'INTEGER', 5],
    ['a decimal', '60000,1.5', 'DOUBLE', 1.5],
    ['a large integer', '60000,3000000000', 'BIGINT', 3000000000],
    ['leading zeros', '60000,007', 'VARCHAR', '007'],
    ['text', '60000,x', 'VARCHAR', 'x'],
    ['a quoted nothing', '60000,""', 'INTEGER', null],
    ['another line end', '60000,5\r', 'INTEGER', 5],
  ])('with %s at its end gets the type of the whole', async (_, last, type, value) => {
    const { types, rows } = await load(many(last));
    expect(types).toEqual(['INTEGER', type]);
    expect(rows).toHaveLength(60_001);
    expect(rows.at(-1)).toEqual([60_000, value]);
    expect(rows[7]![1]).toEqual(type === 'VARCHAR' ? '7' : 7);
  });

  test('refused at its end leaves nothing behind', async () => {
    expect(await failure(many('60000'))).toMatchObject({ line: 60_002, columnName: 'v' });
    expect(await failure(many('60000,x'), { columnTypes: { v: 'date' } })).toMatchObject({ columnName: 'v' });
    expect(await failure(many('60000,"x'))).toMatchObject({ line: 60_002, message: 'A quote is opened and never closed.' });
    // Nothing of a load that was given up goes on interrupting the session.
    for (let i = 0; i < 20; i++) await session.query('select count(*) from range(100000)');
  });

  test('two sessions at once, and a cancelled one', async () => {
    const other = await warehouse.session();
    const second = { ...relation, identifier: 'second' };
    const asked = request(many(`${many('60000,5').repeat(3).replaceAll('id,v\n', '')}60000,5`));
    const [a, b] = await Promise.all([session.load(asked), other.load({ ...asked, relation: second })]);
    expect([a.rows, b.rows]).toEqual([240_004, 240_004]);
    await session.run(`drop table ${duckdb.dialect.relation(relation)}; drop table second`);
    for (const wait of [0, 5, 10, 20]) {
      const running = session.load(asked);
      const outcome = expect(running).rejects.toMatchObject({ cancelled: true });
      await new Promise((resolve) => setTimeout(resolve, wait));
      await session.cancel();
      await outcome;
      expect(await session.columns(relation)).toBeNull();
    }
    await other.release();
  });
});

test('a relation that exists is not replaced', async () => {
  await session.run(`create table ${duckdb.dialect.relation(relation)} as select 1 as kept`);
  const thrown: unknown = await session.load(request('a\n1\n')).catch((e: unknown) => e);
  expect(thrown).toBeInstanceOf(StatementFailure);
  expect((thrown as StatementFailure).message).toContain('already exists');
  expect((await session.query(`from ${duckdb.dialect.relation(relation)}`)).columns[0]!.name).toBe('kept');
  await session.run(duckdb.dialect.drop(relation, 'table'));
});

test('whatever a file has, types are those that were inferred, and DuckDB takes every value', async () => {
  const value = fc.constantFrom(
    '0',
    '-0',
    '1',
    '-7',
    '2147483647',
    '2147483648',
    '9007199254740993',
    '9223372036854775807',
    '9223372036854775808',
    '.5',
    '5.',
    '-1.5e-3',
    '1E+5',
    '1e308',
    '1e309',
    '123456789012345678901.5',
    '007',
    '+5',
    ' 5',
    'true',
    'FALSE',
    'tRue',
    't',
    '2024-02-29',
    '0001-01-01',
    '9999-12-31',
    '2024-02-30',
    '2024-01-05 10:00',
    '2024-01-05T10:00:00',
    '0001-01-01 00:00:00',
    '9999-12-31T23:59:59.999999',
    '2024-01-05 10:00:00.1',
    '2024-01-05 10:00:00Z',
    '2024-01-05 24:00',
    'x',
    'nan',
    'inf',
    'infinity',
    'epoch',
    '',
    '""',
    'null',
    '"null"',
    '"1"',
    '"2024-01-01"',
  );
  const kinds = { boolean: 'BOOLEAN', integer: 'INTEGER', bigint: 'BIGINT', double: 'DOUBLE', date: 'DATE', timestamp: 'TIMESTAMP', text: 'VARCHAR' };
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 3 }), async (values) => {
      const content = `k,v\n${values.map((v, i) => `${i},${v}\n`).join('')}`;
      const { columns } = await inferColumns(request(content).path, { delimiter: ',', columnTypes: {} });
      const type = columns[1]!.type as keyof typeof kinds;
      const loaded = await load(content);
      expect(loaded.types[1]).toBe(kinds[type]);
      values.forEach((v, i) => {
        const isNull = ['', 'null'].includes(v) || (v === '""' && type !== 'text');
        expect([v, loaded.rows[i]![1] === null]).toEqual([v, isNull]);
        if (['integer', 'bigint', 'double'].includes(type) && !isNull) expect(Number(loaded.rows[i]![1]) + 0).toBe(Number(v.replaceAll('"', '')) + 0); // -0 is 0
        if (type === 'text') expect(loaded.rows[i]![1] ?? '').toBe(isNull ? '' : v.replaceAll('"', ''));
      });
    }),
    { numRuns: 200 },
  );
}, 60_000);

test('any table of text is loaded as it was written', async () => {
  const field = fc
    .option(fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[ ",\r\na]{0,6}$/)), { nil: null })
    .map((f) => f?.replaceAll('\0', '') ?? f);
  const table = fc
    .integer({ min: 1, max: 3 })
    .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 20 }));
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom('\n', '\r\n'), async (rows, newline) => {
      const header = rows[0]!.map((_, i) => `c${i}`);
      const lines = rows.map((row) => row.map((f) => (f === null ? '' : `"${f.replaceAll('"', '""')}"`)).join(','));
      const columnTypes = Object.fromEntries(header.map((name) => [name, 'varchar']));
      expect((await load([header.join(','), ...lines, ''].join(newline), { columnTypes })).rows).toEqual(rows);
    }),
    { numRuns: 40 },
  );
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('dwt-seed-'))).toEqual([]);
}, 60_000);
