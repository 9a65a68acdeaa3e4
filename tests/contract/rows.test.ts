// Changes of rows and of a table's columns: the same statement changes the same rows on every engine.
import { expect, test } from 'vitest';
import { StatementFailure } from '../../src/adapters/failures.ts';
import type { Relation } from '../../src/project/relation.ts';
import { onEveryEngine, plain } from './engine.ts';

onEveryEngine('row changes', (bench) => {
  const make = async (name: string): Promise<{ target: Relation; source: Relation }> => ({
    target: await bench.table(name, `select 1 as id, 'a' as v, 10 as n union all select 2, 'b', 20 union all select null, 'x', 0`),
    source: await bench.table(`${name}_new`, `select 2 as id, 'B' as v, 21 as n union all select 3, 'c', 30`),
  });
  const rows = (r: Relation): Promise<unknown> => bench.rows(`select id, v, n from ${bench.dialect.relation(r)} order by coalesce(id, 99), v`);
  const q = (alias: 'DEST' | 'SOURCE', column: string): string => `DBT_INTERNAL_${alias}.${bench.dialect.quote(column)}`;
  const sameId = (): string => `${q('DEST', 'id')} = ${q('SOURCE', 'id')}`;
  const inOneTransaction = async (statements: readonly string[]): Promise<number> => {
    let n = 0;
    await bench.session.begin();
    for (const sql of statements) n += (await bench.session.run(sql)).rows ?? 0;
    await bench.session.commit();
    return n;
  };

  test('the outcome counts rows', async () => {
    const d = bench.dialect;
    const r = await bench.table('counted', 'select 1 as a union all select 2');
    expect((await bench.session.run(d.insert(r, ['a'], 'select 3 union all select 4 union all select 5'))).rows).toBe(3);
    expect((await bench.session.run(`update ${d.relation(r)} set a = a + 10 where a > 3`)).rows).toBe(2);
    expect((await bench.session.run(`delete from ${d.relation(r)} where a < 3`)).rows).toBe(2);
    expect((await bench.session.run(d.createTableAs(bench.at('counted2'), `select * from ${d.relation(r)}`))).rows ?? 3).toBe(3);
  });

  test('a table is made of columns with portable types, and rows of plain values go into it', async () => {
    const d = bench.dialect;
    const r = bench.at('plain_rows');
    const columns = Object.entries({ id: 'bigint', n: 'integer', short: 'varchar(20)', long: 'text', moment: 'timestamp' }).map(([name, type]) => ({
      name,
      type,
    }));
    await bench.session.run(d.createTable(r, columns));
    await expect(bench.session.run(d.createTable(r, columns))).rejects.toThrow(/exist/i);
    const odd = 'it\'s a \\ "quote"; {} [1] $1 ? :a\n😀';
    await bench.session.run(
      d.insertRows(r, columns, [
        [9007199254740991, -1, odd.slice(0, 20), odd, '2025-03-01 12:30:00.123'],
        [2, null, null, '', null],
      ]),
    );
    const found = await bench.rows(`select id, n, short, ${d.quote('long')}, moment from ${d.relation(r)} order by id desc`);
    expect(found.map((row) => row.map((cell) => plain(cell)?.replace(/(\.\d+?)0+$/, '$1') ?? null))).toEqual([
      ['9007199254740991', '-1', odd.slice(0, 20), odd, '2025-03-01 12:30:00.123'],
      ['2', null, null, '', null],
    ]);
    await bench.session.run(d.drop(r, 'table'));
  });

  test('merge updates matches and inserts the rest', async () => {
    const { target, source } = await make('merge_all');
    await inOneTransaction(bench.dialect.merge({ target, source, on: sameId(), updateColumns: ['v', 'n'], insertColumns: ['id', 'v', 'n'] }));
    expect(await rows(target)).toEqual([
      [1, 'a', 10],
      [2, 'B', 21],
      [3, 'c', 30],
      [null, 'x', 0],
    ]);
  });

  test('merge of some columns', async () => {
    const { target, source } = await make('merge_some');
    await inOneTransaction(bench.dialect.merge({ target, source, on: sameId(), updateColumns: ['n'], insertColumns: ['id', 'n'] }));
    expect(await rows(target)).toEqual([
      [1, 'a', 10],
      [2, 'b', 21],
      [3, null, 30],
      [null, 'x', 0],
    ]);
  });

  test('merge without updates only inserts; with a condition that is never true it appends', async () => {
    const { target, source } = await make('merge_insert');
    const insertColumns = ['id', 'v', 'n'];
    await inOneTransaction(bench.dialect.merge({ target, source, on: sameId(), updateColumns: [], insertColumns }));
    expect(await rows(target)).toEqual([
      [1, 'a', 10],
      [2, 'b', 20],
      [3, 'c', 30],
      [null, 'x', 0],
    ]);
    await inOneTransaction(bench.dialect.merge({ target, source, on: '1 = 0', updateColumns: [], insertColumns }));
    expect(await bench.rows(`select count(*) from ${bench.dialect.relation(target)}`)).toEqual([[6]]);
  });

  test('merge that takes nulls for equal, from a temporary table', async () => {
    const d = bench.dialect;
    const { target } = await make('merge_null');
    const source = d.temporary('merge_null_tmp', target);
    await bench.session.run(d.createTableAs(source, `select 1 as id, 'one' as v, 1 as n union all select null, 'none', 5`, { temporary: true }));
    await inOneTransaction(
      d.merge({ target, source, on: d.isNotDistinctFrom(q('DEST', 'id'), q('SOURCE', 'id')), updateColumns: ['v', 'n'], insertColumns: ['id', 'v', 'n'] }),
    );
    expect(await rows(target)).toEqual([
      [1, 'one', 1],
      [2, 'b', 20],
      [null, 'none', 5],
    ]);
    await bench.session.run(d.drop(source, 'table'));
  });

  test('updateFrom sets expressions over both', async () => {
    const { target, source } = await make('update_from');
    const sql = bench.dialect.updateFrom({
      target,
      source,
      set: [
        ['n', `${q('DEST', 'n')} + ${q('SOURCE', 'n')}`],
        ['v', "'both'"],
      ],
      on: sameId(),
    });
    expect((await bench.session.run(sql)).rows).toBe(1);
    expect(await rows(target)).toEqual([
      [1, 'a', 10],
      [2, 'both', 41],
      [null, 'x', 0],
    ]);
  });

  test('deleteMatching deletes each matching row once; null matches nothing', async () => {
    const d = bench.dialect;
    const { target, source } = await make('delete_using');
    await bench.session.run(d.insert(source, ['id', 'v', 'n'], `select 2, 'again', 0 union all select null, 'null', 0`));
    expect((await bench.session.run(d.deleteMatching({ target, source, keys: [d.quote('id')], predicates: ['1 = 1'] }))).rows).toBe(1);
    expect(await rows(target)).toEqual([
      [1, 'a', 10],
      [null, 'x', 0],
    ]);
  });

  test('distinct from', async () => {
    const d = bench.dialect;
    expect(
      await bench.rows(
        `select count(*) from (select 1 as x) as t where ${d.isDistinctFrom('1', 'null')} and not ${d.isDistinctFrom('null', 'null')} and ${d.isNotDistinctFrom('null', 'null')} and not ${d.isNotDistinctFrom('1', '2')}`,
      ),
    ).toEqual([[1]]);
  });
});

onEveryEngine('changes of a table', (bench) => {
  test('columns are added, dropped and changed', async () => {
    const d = bench.dialect;
    const r = await bench.table('altered', `select 1 as a, '12' as b, 3 as c`);
    const run = async (statements: readonly string[]): Promise<void> => {
      for (const sql of statements) await bench.session.run(sql);
    };
    await run(
      d.addColumns(r, [
        { name: 'd', type: 'decimal(10,2)' },
        { name: 'Odd Name', type: 'varchar(10)' },
      ]),
    );
    await run(d.dropColumns(r, ['c', 'a']));
    await run(d.alterColumnType(r, 'b', 'bigint'));
    expect((await bench.session.columns(r))!.map((c) => c.name)).toEqual(['b', 'd', 'Odd Name']);
    expect(await bench.rows(`select b, d from ${d.relation(r)}`)).toEqual([[12, null]]);
    expect([d.addColumns(r, []), d.dropColumns(r, [])]).toEqual([[], []]);
  });

  test('indexes: several, unique ones hold, and a rebuilt table has them too', async () => {
    if (!bench.can.indexes) return;
    const d = bench.dialect;
    for (let build = 0; build < 2; build++) {
      const r = await bench.table('indexed__tmp', 'select 1 as a, 2 as b');
      await bench.session.run(d.createIndex(r, { columns: ['a'], unique: true }));
      await bench.session.run(d.createIndex(r, { columns: ['b', 'a'] }));
      await expect(bench.session.run(d.insert(r, ['a', 'b'], 'select 1, 9'))).rejects.toBeInstanceOf(StatementFailure);
      // DuckDB does not rename a table that has indexes.
      if (bench.name === 'duckdb') await bench.session.run(d.drop(r, 'table'));
      else for (const sql of d.rename([{ from: r, to: bench.at(`indexed${build}`), kind: 'table' }])) await bench.session.run(sql);
    }
  });

  test('statistics and comments', async () => {
    const d = bench.dialect;
    const r = await bench.table('described', `select 1 as a, 'x' as ${d.quote('Odd Name')}`);
    const before = await bench.session.columns(r);
    const statements = [d.analyze(r), d.comment(r, 'table', "what it's for"), ...d.commentColumns(r, 'table', { a: "the key's \\ comment", 'Odd Name': 'b' })];
    for (const sql of statements) if (sql !== null) await bench.session.run(sql);
    expect(await bench.session.columns(r)).toEqual(before);
  });
});

onEveryEngine('the first rows of a query', (bench) => {
  test('are there, as many as asked for, and a refusal is told at once and leaves the session usable', async () => {
    const three = 'select 1 as n union all select 2 union all select 3 order by n';
    expect((await bench.session.query(three, 2)).rows).toEqual([[1], [2]]);
    for (const refused of ['select nope', 'select 1 +', `select ${bench.dialect.stringLiteral('x')} from no_such_table`]) {
      await expect(bench.session.query(refused, 5)).rejects.toMatchObject({ name: 'StatementFailure' });
      expect((await bench.session.query(three, 9)).rows).toEqual([[1], [2], [3]]);
      expect((await bench.session.query(three)).rows).toHaveLength(3);
    }
  });

  test('fail on the way', async () => {
    if (bench.name === 'mysql') return;
    const late = `select ${bench.name === 'postgres' ? '1 / (3 - g) as n from generate_series(1, 5) as g' : "cast(case when g = 3 then 'x' else '1' end as int) as n from range(1, 6) as r(g)"}`;
    await expect(bench.session.query(late, 100)).rejects.toMatchObject({ name: 'StatementFailure' });
    expect((await bench.session.query('select 1 as n', 1)).rows).toEqual([[1]]);
  });
});
