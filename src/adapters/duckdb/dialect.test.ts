import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Cell, Session, Warehouse } from '../adapter.ts';
import { dialect } from './dialect.ts';
import { duckdb } from './index.ts';

let warehouse: Warehouse;
let session: Session;
const at = (identifier: string) => ({ database: 'memory', schema: 'S "x"', identifier });
const [target, source] = [at('Tar get'), at('source')];

beforeAll(async () => {
  warehouse = await duckdb.connect({}, { root: '/', threads: 1 });
  session = await warehouse.session();
});
afterAll(() => warehouse.close());

const run = async (...statements: readonly (string | null)[]): Promise<void> => {
  for (const sql of statements) if (sql !== null) await session.run(sql);
};
const rows = async (sql: string): Promise<readonly (readonly Cell[])[]> => (await session.query(sql)).rows;

beforeEach(() =>
  run(
    dialect.dropSchema(target),
    dialect.createSchema(target),
    dialect.createSchema(target),
    dialect.createTableAs(target, "select * from (values (1, 'a'), (2, 'b'), (3, null)) t(id, \"the value\")"),
    dialect.createTableAs(source, "select * from (values (2, 'B'), (4, 'D')) t(id, \"the value\") -- the end"),
  ),
);

describe('relations', () => {
  test('names', () => {
    expect(dialect.relation(target)).toBe('"memory"."S ""x"""."Tar get"');
    expect(dialect.relation({ ...target, database: null })).toBe('"S ""x"""."Tar get"');
    expect(dialect.stringLiteral("it's \\ x")).toBe("'it''s \\ x'");
  });

  test('create, replace, drop', async () => {
    await run(
      dialect.createTableAs(target, 'with x as (select 1 as a) select * from x', { orReplace: true }),
      dialect.createView(at('v'), `select * from ${dialect.relation(target)}`),
      dialect.createView(at('v'), 'select 1 as other, 2 as columns', { orReplace: true }),
      dialect.drop(at('v'), 'view'),
      dialect.drop(at('v'), 'view'),
      dialect.truncate(target),
      dialect.drop(target, 'table'),
      dialect.drop(target, 'table'),
      dialect.createTableAs(dialect.temporary('tmp', target), 'select 1 as a', { temporary: true, orReplace: true }),
      dialect.drop(dialect.temporary('tmp', target), 'table'),
    );
    expect((await session.relations([target])).map((r) => r.identifier)).toEqual(['source']);
  });

  test('rename, all or none in a transaction', async () => {
    await run(dialect.createView(at('v'), 'select 1 as a'));
    await session.begin();
    await run(
      ...dialect.rename([
        { from: target, to: at('old'), kind: 'table' },
        { from: source, to: target, kind: 'table' },
        { from: at('v'), to: at('w'), kind: 'view' },
      ]),
    );
    expect((await session.relations([target])).map((r) => r.identifier).sort()).toEqual(['Tar get', 'old', 'w']);
    await session.rollback();
    expect((await session.relations([target])).map((r) => r.identifier).sort()).toEqual(['Tar get', 'source', 'v']);
  });

  test('a view sees the table that takes the place of what it read', async () => {
    await run(
      dialect.createView(at('v'), `select * from ${dialect.relation(target)}`),
      dialect.createTableAs(target, 'select 7 as a, 8 as b', { orReplace: true }),
    );
    expect(await rows(`from ${dialect.relation(at('v'))}`)).toEqual([[7, 8]]);
  });
});

describe('rows', () => {
  const content = () => rows(`from ${dialect.relation(target)} order by id`);

  test('insert', async () => {
    await run(dialect.insert(target, ['the value', 'id'], `select "the value", id from ${dialect.relation(source)}`));
    expect(await content()).toEqual([
      [1, 'a'],
      [2, 'b'],
      [2, 'B'],
      [3, null],
      [4, 'D'],
    ]);
  });
  test('update from', async () => {
    await run(
      dialect.updateFrom({
        target,
        source,
        set: [['the value', `DBT_INTERNAL_SOURCE."the value" || DBT_INTERNAL_DEST."the value"`]],
        on: 'DBT_INTERNAL_SOURCE.id = DBT_INTERNAL_DEST.id',
      }),
    );
    expect(await content()).toEqual([
      [1, 'a'],
      [2, 'Bb'],
      [3, null],
    ]);
  });
  test('delete using', async () => {
    await run(dialect.deleteMatching({ target, source, keys: ['id'], predicates: [] }));
    expect(await content()).toEqual([
      [1, 'a'],
      [3, null],
    ]);
  });
  test('merge', async () => {
    const on = 'DBT_INTERNAL_SOURCE.id = DBT_INTERNAL_DEST.id';
    await run(...dialect.merge({ target, source, on, updateColumns: [], insertColumns: ['id'] }));
    expect(await content()).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, null],
      [4, null],
    ]);
    await run(...dialect.merge({ target, source, on, updateColumns: ['the value'], insertColumns: ['id', 'the value'] }));
    expect(await content()).toEqual([
      [1, 'a'],
      [2, 'B'],
      [3, null],
      [4, 'D'],
    ]);
  });
});

test('columns', async () => {
  await run(
    ...dialect.addColumns(target, [
      { name: 'N w', type: 'integer' },
      { name: 'd', type: 'date' },
    ]),
    ...dialect.alterColumnType(target, 'N w', 'bigint'),
    ...dialect.dropColumns(target, ['d', 'the value']),
  );
  expect(await session.columns(target)).toEqual([
    { name: 'id', type: 'INTEGER' },
    { name: 'N w', type: 'BIGINT' },
  ]);
});

test('indexes, comments', async () => {
  await run(
    dialect.createIndex(target, { columns: ['id'], unique: true }),
    dialect.createIndex(target, { columns: ['id', 'the value'] }),
    dialect.comment(target, 'table', "it's"),
    dialect.createView(at('v'), 'select 1 as "a b"'),
    dialect.comment(at('v'), 'view', 'a view'),
    ...dialect.commentColumns(target, 'table', { 'the value': "what it's worth" }),
    ...dialect.commentColumns(at('v'), 'view', { 'a b': 'x' }),
    dialect.analyze(target),
  );
  expect(await rows(`select comment from duckdb_columns() where comment is not null order by 1`)).toEqual([["what it's worth"], ['x']]);
  expect(await rows('select count(*) from duckdb_indexes()')).toEqual([[2]]);
  await expect(session.run(dialect.insert(target, ['id'], 'select 1'))).rejects.toThrow('Duplicate key');
  await expect(session.run(dialect.rename([{ from: target, to: at('x'), kind: 'table' }])[0]!)).rejects.toMatchObject({
    hint: expect.stringContaining('drop them first'),
  });
  // A table with indexes can be replaced; they go with it.
  await run(dialect.createTableAs(target, 'select 1 as id', { orReplace: true }), dialect.createIndex(target, { columns: ['id'], unique: true }));
});

test.each<[string, Cell]>([
  [dialect.isDistinctFrom('null', 'null'), false],
  [dialect.isDistinctFrom('1', 'null'), true],
  [dialect.isNotDistinctFrom('null', 'null'), true],
  [`typeof(${dialect.currentTimestampUtc()})`, 'TIMESTAMP'],
  [`abs(epoch(${dialect.currentTimestampUtc()}) - ${Date.now() / 1000}) < 60`, true],
  [dialect.timestampLiteral('2024-01-05T10:00:00.123Z'), '2024-01-05 10:00:00.123'],
  [dialect.timestampLiteral('2024-01-05 10:00:00+00:00'), '2024-01-05 10:00:00'],
  [dialect.timestampLiteral('2024-01-05'), '2024-01-05 00:00:00'],
])('%s', async (sql, value) => {
  await session.run("set TimeZone = 'Asia/Tokyo'");
  expect(await rows(dialect.limitQuery(`select ${sql} -- end`, 1))).toEqual([[value]]);
});

test.each<[string, string, string | null]>([
  ['INTEGER', 'BIGINT', 'BIGINT'],
  ['BIGINT', 'INTEGER', 'BIGINT'],
  ['UTINYINT', 'SMALLINT', 'SMALLINT'],
  ['UINTEGER', 'INTEGER', null],
  ['BIGINT', 'DOUBLE', null],
  ['INTEGER', 'DOUBLE', 'DOUBLE'],
  ['FLOAT', 'DOUBLE', 'DOUBLE'],
  ['DECIMAL(10,2)', 'DECIMAL(8,4)', 'DECIMAL(12,4)'],
  ['DECIMAL(38,2)', 'DECIMAL(38,10)', null],
  ['INTEGER', 'DECIMAL(12,2)', 'DECIMAL(12,2)'],
  ['INTEGER', 'DECIMAL(10,2)', 'DECIMAL(12,2)'],
  ['VARCHAR(5)', 'text', 'VARCHAR'],
  ['VARCHAR', 'INTEGER', null],
  ['DATE', 'TIMESTAMP', 'TIMESTAMP'],
  ['INTEGER[]', 'INTEGER[]', 'INTEGER[]'],
])('%s and %s fit in %s', (a, b, wider) => {
  expect(dialect.widerType(a, b)).toBe(wider);
});
