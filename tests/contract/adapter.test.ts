// What every engine must do: names, schemas and relations, temporary tables, transactions, queries.
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { SchemaName } from '../../src/adapters/adapter.ts';
import { StatementFailure } from '../../src/adapters/failures.ts';
import { onEveryEngine } from './engine.ts';

const ODD_NAMES = ['Order Details', 'select', 'größe_ünï', '表', "it's", 'a"b', 'a`b', 'a.b', 'semi;colon', 'UPPER', 'x'.repeat(60)];

onEveryEngine('names', (bench) => {
  test.each(ODD_NAMES)('a table and a column named %s', async (name) => {
    const d = bench.dialect;
    const r = await bench.table(name, `select 1 as ${d.quote(name)}`);
    expect(await bench.rows(`select t.${d.quote(name)} from ${d.relation(r)} as t`)).toEqual([[1]]);
    expect(await bench.session.columns(r)).toEqual([{ name, type: expect.any(String) }]);
    expect((await bench.session.relations([r])).filter((e) => e.identifier === name)).toEqual([{ ...r, kind: 'table' }]);
    for (const sql of d.rename([{ from: r, to: bench.at(`${name.slice(0, 50)}2`), kind: 'table' }])) await bench.session.run(sql);
    expect(await bench.session.columns(r)).toBeNull();
    await bench.session.run(d.drop(bench.at(`${name.slice(0, 50)}2`), 'table'));
  });

  test.each(["it's", 'a\\b', 'a\\', '"', 'two\nlines', '%_', '😀', ''])('a text literal %j', async (text) => {
    expect(await bench.rows(`select ${bench.dialect.stringLiteral(text)}`)).toEqual([[text]]);
  });

  test('an identifier of the longest length', async () => {
    const name = 'n'.repeat(Math.min(bench.can.maxIdentifier.size, 200));
    const r = await bench.table(name, 'select 1 as a');
    expect(await bench.session.columns(r)).toHaveLength(1);
  });
});

onEveryEngine('schemas and relations', (bench) => {
  test('a schema is created once, found, and dropped with what is in it', async () => {
    const s = { database: bench.at('x').database, schema: `dwt_other_${bench.name}_${process.pid}` };
    expect(await bench.session.schemaExists(s)).toBe(false);
    await bench.session.run(bench.dialect.createSchema(s));
    await bench.session.run(bench.dialect.createSchema(s));
    expect(await bench.session.schemaExists(s)).toBe(true);
    await bench.session.run(bench.dialect.createTableAs({ ...s, identifier: 't' }, 'select 1 as a'));
    expect(await bench.session.relations([s])).toEqual([{ ...s, identifier: 't', kind: 'table' }]);
    await bench.session.run(bench.dialect.dropSchema(s));
    expect(await bench.session.schemaExists(s)).toBe(false);
    expect(await bench.session.relations([s])).toEqual([]);
  });

  test('tables and views are told apart', async () => {
    const d = bench.dialect;
    const table = await bench.table('kind_table', 'select 1 as a');
    const view = bench.at('kind_view');
    await bench.session.run(d.createView(view, `select a from ${d.relation(table)}`));
    const found = (await bench.session.relations([table])).filter((r) => r.identifier.startsWith('kind_'));
    expect(found).toEqual([
      { ...table, kind: 'table' },
      { ...view, kind: 'view' },
    ]);
    expect((await bench.session.columns(view))!.map((c) => c.name)).toEqual(['a']);
  });

  test('columns come in order; null where nothing is', async () => {
    const r = await bench.table('col_order', `select 1 as z, 'x' as a, 2 as m`);
    expect((await bench.session.columns(r))!.map((c) => c.name)).toEqual(['z', 'a', 'm']);
    expect(await bench.session.columns(bench.at('no_such_thing'))).toBeNull();
    expect(await bench.session.columns({ ...bench.at('x'), schema: 'no_such_schema' })).toBeNull();
  });

  test('a table of days and moments that are never null, from a query and from a table; the session stays as strict as it was', async () => {
    const d = bench.dialect;
    const [source, t] = [bench.at('never_null'), bench.at('of_never_null')];
    const select = `select 1 as id, ${d.cast("'2024-01-05'", 'date')} as day, ${d.currentTimestampUtc()} as moment`;
    await bench.session.run(d.createTableAs(source, `${select} union all ${select}`));
    const never = bench.name === 'mysql' ? 'modify column day date not null' : 'alter column day set not null';
    await bench.session.run(`alter table ${d.relation(source)} ${never}`);
    const grouped = `with s as (select * from ${d.relation(source)}) select id, day, max(moment) as moment from s group by id, day union all select id, day, moment from s`;
    await bench.session.run(d.createTableAs(t, grouped));
    const { rows } = await bench.session.query(`select count(*), min(day) from ${d.relation(t)}`);
    expect(rows.map((r) => r.map(String))).toEqual([['3', '2024-01-05']]);
    if (bench.name !== 'mysql') return;
    await bench.session.run(`create table ${d.relation(bench.at('strict'))} (day date)`);
    await expect(bench.session.run(`insert into ${d.relation(bench.at('strict'))} values ('0000-00-00')`)).rejects.toBeInstanceOf(StatementFailure);
  });

  test('the catalog of several schemas tells kinds, comments, rows and columns', async () => {
    const d = bench.dialect;
    const { database } = bench.at('x');
    const [one, two] = ['one', 'two'].map((s) => ({ database, schema: `dwt_catalog_${s}_${bench.name}_${process.pid}` })) as [SchemaName, SchemaName];
    for (const s of [one, two]) await bench.session.run(d.createSchema(s));
    const lines = { ...one, identifier: "Order's Lines" };
    const text = bench.name === 'mysql' ? 'char(20)' : 'varchar(20)';
    const row = (n: number): string =>
      `select cast(${n} as ${d.type_int()}) as id, cast(${n}.5 as decimal(10,2)) as ${d.quote('größe')}, cast('x' as ${text}) as note`;
    await bench.session.run(d.createTableAs(lines, [1, 2, 3].map(row).join(' union all ')));
    await bench.session.run(d.createView({ ...two, identifier: 'narrow' }, `select id from ${d.relation(lines)}`));
    const statements = [d.comment(lines, 'table', "An order's lines"), ...d.commentColumns(lines, 'table', { größe: 'How "big"' }), d.analyze(lines)];
    for (const sql of statements) if (sql !== null) await bench.session.run(sql);
    const found = await bench.session.catalog([one, two, { database, schema: 'no_such_schema' }]);
    expect(found).toEqual([
      {
        ...lines,
        kind: 'table',
        owner: bench.name === 'postgres' ? expect.any(String) : null,
        comment: "An order's lines",
        rows: 3,
        bytes: bench.name === 'duckdb' ? null : expect.any(Number),
        columns: [
          { name: 'id', type: expect.stringMatching(/^(int|bigint)/i), comment: null },
          { name: 'größe', type: expect.stringMatching(/^(decimal|numeric)\(10,2\)$/i), comment: 'How "big"' },
          { name: 'note', type: expect.stringMatching(/^(character varying\(20\)|varchar(\(\d+\))?)$/i), comment: null },
        ],
      },
      {
        ...two,
        identifier: 'narrow',
        kind: 'view',
        owner: bench.name === 'postgres' ? expect.any(String) : null,
        comment: null,
        rows: null,
        bytes: null,
        columns: [{ name: 'id', type: expect.stringMatching(/^(int|bigint)/i), comment: null }],
      },
    ]);
    expect(await bench.session.catalog([])).toEqual([]);
    for (const s of [two, one]) await bench.session.run(d.dropSchema(s));
  });

  test('a materialized view, where the engine has them', async () => {
    if (!bench.can.materializedViews) return;
    const r = bench.at('mat');
    await bench.session.run(`create materialized view ${bench.dialect.relation(r)} as select 1 as a`);
    expect((await bench.session.relations([r])).find((e) => e.identifier === 'mat')?.kind).toBe('materialized_view');
    expect((await bench.session.columns(r))!.map((c) => c.name)).toEqual(['a']);
    await bench.session.run(bench.dialect.drop(r, 'materialized_view'));
  });

  test('replacing as far as the engine says it can', async () => {
    const d = bench.dialect;
    const [t, v] = [bench.at('replaced_table'), bench.at('replaced_view')];
    await bench.session.run(d.createTableAs(t, 'select 1 as a'));
    await bench.session.run(d.createView(v, 'select 1 as a'));
    if (bench.can.createOrReplaceTable) {
      await bench.session.run(d.createTableAs(t, `select 'x' as b, 2 as c`, { orReplace: true }));
      expect((await bench.session.columns(t))!.map((c) => c.name)).toEqual(['b', 'c']);
    } else await expect(bench.session.run(d.createTableAs(t, 'select 2 as b'))).rejects.toBeInstanceOf(StatementFailure);
    if (bench.can.createOrReplaceView) {
      await bench.session.run(d.createView(v, `select 'x' as b, 2 as c`, { orReplace: true }));
      expect((await bench.session.columns(v))!.map((c) => c.name)).toEqual(['b', 'c']);
    }
  });

  test('two tables swap', async () => {
    const d = bench.dialect;
    const [old, fresh, backup] = [await bench.table('swap', 'select 1 as a'), await bench.table('swap__tmp', 'select 2 as a'), bench.at('swap__backup')];
    const statements = d.rename([
      { from: old, to: backup, kind: 'table' },
      { from: fresh, to: old, kind: 'table' },
    ]);
    if (bench.can.atomicRename) expect(statements).toHaveLength(1);
    for (const sql of statements) await bench.session.run(sql);
    expect(await bench.rows(`select a from ${d.relation(old)}`)).toEqual([[2]]);
    expect(await bench.rows(`select a from ${d.relation(backup)}`)).toEqual([[1]]);
  });

  test('a view is renamed', async () => {
    const d = bench.dialect;
    const [from, to] = [bench.at('view_from'), bench.at('view_to')];
    await bench.session.run(d.createView(from, 'select 7 as a'));
    for (const sql of d.rename([{ from, to, kind: 'view' }])) await bench.session.run(sql);
    expect(await bench.rows(`select a from ${d.relation(to)}`)).toEqual([[7]]);
  });

  test('dropping what is not there, and what others depend on', async () => {
    const d = bench.dialect;
    await bench.session.run(d.drop(bench.at('never_was'), 'table'));
    await bench.session.run(d.drop(bench.at('never_was'), 'view'));
    const r = await bench.table('depended_on', 'select 1 as a');
    await bench.session.run(d.createView(bench.at('depends'), `select a from ${d.relation(r)}`));
    await bench.session.run(d.drop(r, 'table'));
    expect(await bench.session.columns(r)).toBeNull();
    await bench.session.run(d.drop(bench.at('depends'), 'view'));
  });

  test('truncate', async () => {
    const r = await bench.table('emptied', 'select 1 as a');
    await bench.session.run(bench.dialect.truncate(r));
    expect(await bench.rows(`select count(*) from ${bench.dialect.relation(r)}`)).toEqual([[0]]);
  });

  test('a query that ends in a comment can be made into anything', async () => {
    const d = bench.dialect;
    const select = 'with a as (select 1 as x) select x from a -- the end';
    await bench.session.run(d.createTableAs(bench.at('comment_table'), select));
    await bench.session.run(d.createView(bench.at('comment_view'), select));
    await bench.session.run(d.insert(bench.at('comment_table'), ['x'], select));
    expect(await bench.rows(d.limitQuery(select, 5))).toEqual([[1]]);
  });
});

onEveryEngine('temporary tables', (bench) => {
  test('a session sees its own, by columns and by name, and no other session does', async () => {
    const d = bench.dialect;
    const temp = d.temporary('tt', bench.at('x'));
    const other = await bench.warehouse.session();
    const own = await bench.warehouse.session();
    await own.run(d.createTableAs(temp, `select 1 as a, 'x' as b`, { temporary: true }));
    expect((await own.columns(temp))!.map((c) => c.name)).toEqual(['a', 'b']);
    expect((await own.query(`select a from ${d.relation(temp)}`)).rows).toEqual([[1]]);
    expect((await own.relations([bench.at('x')])).filter((r) => r.identifier === 'tt')).toEqual([]);
    expect(await other.columns(temp)).toBeNull();
    await own.release();
    await other.release();
    const next = await Promise.all([bench.warehouse.session(), bench.warehouse.session()]);
    for (const s of next) expect(await s.columns(temp)).toBeNull();
    for (const s of next) await s.release();
  });

  test('an empty one of a query tells the types of its columns', async () => {
    const d = bench.dialect;
    const temp = d.temporary('shape', bench.at('x'));
    await bench.session.run(d.createTableAs(temp, `select * from (select 1 as a, cast(1.5 as decimal(10,2)) as b) as q where 1 = 0`, { temporary: true }));
    expect((await bench.session.columns(temp))![1]!.type.toLowerCase().replace('numeric', 'decimal')).toBe('decimal(10,2)');
    await bench.session.run(d.drop(temp, 'table'));
  });
});

onEveryEngine('transactions', (bench) => {
  test('row changes are committed or rolled back', async () => {
    const d = bench.dialect;
    const r = await bench.table('tx', 'select 1 as a');
    await bench.session.begin();
    await bench.session.run(d.insert(r, ['a'], 'select 2'));
    await bench.session.rollback();
    await bench.session.begin();
    await bench.session.run(d.insert(r, ['a'], 'select 3'));
    await bench.session.commit();
    await bench.session.rollback();
    expect(await bench.rows(`select a from ${d.relation(r)} order by a`)).toEqual([[1], [3]]);
  });

  test('DDL is rolled back where the engine says so', async () => {
    await bench.session.begin();
    const r = await bench.table('tx_ddl', 'select 1 as a');
    await bench.session.rollback();
    expect((await bench.session.columns(r)) === null).toBe(bench.can.transactionalDdl);
  });

  test('a released session leaves no transaction open', async () => {
    const d = bench.dialect;
    const r = await bench.table('tx_left', 'select 1 as a');
    const session = await bench.warehouse.session();
    await session.begin();
    await session.run(d.insert(r, ['a'], 'select 2'));
    await session.release();
    expect(await bench.rows(`select count(*) from ${d.relation(r)}`)).toEqual([[1]]);
  });

  test('sessions wait their turn, and run at once up to the number of threads', async () => {
    const open = await Promise.all([1, 2, 3].map(() => bench.warehouse.session()));
    let waited = true;
    const fifth = bench.warehouse.session().then((s) => ((waited = false), s));
    await pause(50);
    expect(waited).toBe(true);
    await open[0]!.release();
    const s = await fifth;
    expect((await s.query('select 1')).rows).toEqual([[1]]);
    for (const each of [...open.slice(1), s]) await each.release();
  });
});

onEveryEngine('queries', (bench) => {
  test('at most so many rows are fetched', async () => {
    const series = bench.dialect.generate_series(1000);
    expect((await bench.session.query(series, 3)).rows).toHaveLength(3);
    expect((await bench.session.query(`select 1 as a where 1 = 0`, 3)).columns).toHaveLength(1);
    expect((await bench.session.query(series)).rows).toHaveLength(1000);
  });

  test('several statements: the last one answers', async () => {
    const table = await bench.session.query(`select 1 as a; select 2 as b; select 'x;y' as c`);
    expect([table.columns.map((c) => c.name), table.rows]).toEqual([['c'], [['x;y']]]);
    await bench.session.run(
      `create table ${bench.dialect.relation(bench.at('several'))} (a integer); insert into ${bench.dialect.relation(bench.at('several'))} values (1); -- done\n`,
    );
    expect(await bench.rows(`select count(*) from ${bench.dialect.relation(bench.at('several'))}`)).toEqual([[1]]);
  });

  test('two columns of one name are both there', async () => {
    expect((await bench.session.query('select 1 as a, 2 as a')).rows).toEqual([[1, 2]]);
  });
});
