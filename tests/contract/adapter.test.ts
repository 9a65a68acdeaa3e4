// What every engine must do: names, relations, transactions, row changes, schema changes, and what its errors tell.
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { StatementFailure, type Session } from '../../src/adapters/adapter.ts';
import type { Relation } from '../../src/project/relation.ts';
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
    const name = 'n'.repeat(Math.min(bench.can.maxIdentifierBytes, 200));
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
    expect(found).toEqual([{ ...table, kind: 'table' }, { ...view, kind: 'view' }]);
    expect((await bench.session.columns(view))!.map((c) => c.name)).toEqual(['a']);
  });

  test('columns come in order; null where nothing is', async () => {
    const r = await bench.table('col_order', `select 1 as z, 'x' as a, 2 as m`);
    expect((await bench.session.columns(r))!.map((c) => c.name)).toEqual(['z', 'a', 'm']);
    expect(await bench.session.columns(bench.at('no_such_thing'))).toBeNull();
    expect(await bench.session.columns({ ...bench.at('x'), schema: 'no_such_schema' })).toBeNull();
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
    const statements = d.rename([{ from: old, to: backup, kind: 'table' }, { from: fresh, to: old, kind: 'table' }]);
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

  test('merge updates matches and inserts the rest', async () => {
    const { target, source } = await make('merge_all');
    await inOneTransaction(bench.dialect.merge({ target, source, on: sameId(), updateColumns: ['v', 'n'], insertColumns: ['id', 'v', 'n'] }));
    expect(await rows(target)).toEqual([[1, 'a', 10], [2, 'B', 21], [3, 'c', 30], [null, 'x', 0]]);
  });

  test('merge of some columns', async () => {
    const { target, source } = await make('merge_some');
    await inOneTransaction(bench.dialect.merge({ target, source, on: sameId(), updateColumns: ['n'], insertColumns: ['id', 'n'] }));
    expect(await rows(target)).toEqual([[1, 'a', 10], [2, 'b', 21], [3, null, 30], [null, 'x', 0]]);
  });

  test('merge without updates only inserts; with a condition that is never true it appends', async () => {
    const { target, source } = await make('merge_insert');
    const insertColumns = ['id', 'v', 'n'];
    await inOneTransaction(bench.dialect.merge({ target, source, on: sameId(), updateColumns: [], insertColumns }));
    expect(await rows(target)).toEqual([[1, 'a', 10], [2, 'b', 20], [3, 'c', 30], [null, 'x', 0]]);
    await inOneTransaction(bench.dialect.merge({ target, source, on: '1 = 0', updateColumns: [], insertColumns }));
    expect(await bench.rows(`select count(*) from ${bench.dialect.relation(target)}`)).toEqual([[6]]);
  });

  test('merge that takes nulls for equal, from a temporary table', async () => {
    const d = bench.dialect;
    const { target } = await make('merge_null');
    const source = d.temporary('merge_null_tmp', target);
    await bench.session.run(d.createTableAs(source, `select 1 as id, 'one' as v, 1 as n union all select null, 'none', 5`, { temporary: true }));
    await inOneTransaction(d.merge({ target, source, on: d.isNotDistinctFrom(q('DEST', 'id'), q('SOURCE', 'id')), updateColumns: ['v', 'n'], insertColumns: ['id', 'v', 'n'] }));
    expect(await rows(target)).toEqual([[1, 'one', 1], [2, 'b', 20], [null, 'none', 5]]);
    await bench.session.run(d.drop(source, 'table'));
  });

  test('updateFrom sets expressions over both', async () => {
    const { target, source } = await make('update_from');
    const sql = bench.dialect.updateFrom({ target, source, set: [['n', `${q('DEST', 'n')} + ${q('SOURCE', 'n')}`], ['v', "'both'"]], on: sameId() });
    expect((await bench.session.run(sql)).rows).toBe(1);
    expect(await rows(target)).toEqual([[1, 'a', 10], [2, 'both', 41], [null, 'x', 0]]);
  });

  test('deleteUsing deletes each matching row once; null matches nothing', async () => {
    const d = bench.dialect;
    const { target, source } = await make('delete_using');
    await bench.session.run(d.insert(source, ['id', 'v', 'n'], `select 2, 'again', 0 union all select null, 'null', 0`));
    expect((await bench.session.run(d.deleteUsing({ target, source, on: sameId() }))).rows).toBe(1);
    expect(await rows(target)).toEqual([[1, 'a', 10], [null, 'x', 0]]);
  });

  test('distinct from', async () => {
    const d = bench.dialect;
    expect(await bench.rows(`select count(*) from (select 1 as x) as t where ${d.isDistinctFrom('1', 'null')} and not ${d.isDistinctFrom('null', 'null')} and ${d.isNotDistinctFrom('null', 'null')} and not ${d.isNotDistinctFrom('1', '2')}`)).toEqual([[1]]);
  });
});

onEveryEngine('changes of a table', (bench) => {
  test('columns are added, dropped and changed', async () => {
    const d = bench.dialect;
    const r = await bench.table('altered', `select 1 as a, '12' as b, 3 as c`);
    const run = async (statements: readonly string[]): Promise<void> => {
      for (const sql of statements) await bench.session.run(sql);
    };
    await run(d.addColumns(r, [{ name: 'd', type: 'decimal(10,2)' }, { name: 'Odd Name', type: 'varchar(10)' }]));
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
    await bench.session.run(`create table ${bench.dialect.relation(bench.at('several'))} (a integer); insert into ${bench.dialect.relation(bench.at('several'))} values (1); -- done\n`);
    expect(await bench.rows(`select count(*) from ${bench.dialect.relation(bench.at('several'))}`)).toEqual([[1]]);
  });

  test('two columns of one name are both there', async () => {
    expect((await bench.session.query('select 1 as a, 2 as a')).rows).toEqual([[1, 2]]);
  });
});

onEveryEngine('errors', (bench) => {
  const failure = async (sql: string, session: Session = bench.session): Promise<StatementFailure> => {
    const e: unknown = await session.run(sql).catch((thrown: unknown) => thrown);
    expect(e).toBeInstanceOf(StatementFailure);
    return e as StatementFailure;
  };

  test('a syntax error has its line', async () => {
    const e = await failure('select 1 as a,\n  2 as b\nfrm nowhere\n');
    expect(e.line).toBe(3);
    expect([e.cancelled, e.retryable, e.disconnected]).toEqual([false, false, false]);
  });

  test('a missing table is named', async () => {
    const e = await failure(`select *\nfrom ${bench.dialect.relation(bench.at('no_such_table'))}`);
    expect(e.message).toContain('no_such_table');
    expect(e.engineCode).toBeTruthy();
  });

  test('the session works on after an error', async () => {
    await failure('select nonsense');
    expect(await bench.rows('select 1')).toEqual([[1]]);
  });

  test('a statement is cancelled from elsewhere, and the session lives', async () => {
    const session = await bench.warehouse.session();
    const long = bench.name === 'postgres' ? 'select pg_sleep(30)' : bench.name === 'mysql' ? 'select sleep(30) + count(*) from information_schema.tables' : `select count(*) from range(10000000) a, range(10000000) b where a.range * b.range % 7 = 3`;
    const running = failure(long, session);
    await pause(150);
    const started = Date.now();
    await session.cancel();
    expect((await running).cancelled).toBe(true);
    expect(Date.now() - started).toBeLessThan(3000);
    await session.cancel();
    expect((await session.query('select 1')).rows).toEqual([[1]]);
    if (bench.name !== 'duckdb') {
      const list = bench.name === 'postgres' ? "select count(*) from pg_stat_activity where query like '%pg_sleep(30)%' and state = 'active' and pid <> pg_backend_pid()" : "select count(*) from information_schema.processlist where info like '%sleep(30)%' and id <> connection_id()";
      expect(await bench.rows(list)).toEqual([[0]]);
    }
    await session.release();
  });

  test('a deadlock can be repeated', async () => {
    if (bench.can.exclusiveFile) return;
    const d = bench.dialect;
    const r = await bench.table('deadlock', 'select 1 as id, 0 as n union all select 2, 0');
    await bench.session.run(d.createIndex(r, { columns: ['id'], unique: true }));
    const [one, two] = [await bench.warehouse.session(), await bench.warehouse.session()];
    const touch = (id: number): string => `update ${d.relation(r)} set n = n + 1 where id = ${id}`;
    await one.begin();
    await two.begin();
    await one.run(touch(1));
    await two.run(touch(2));
    const results = await Promise.allSettled([one.run(touch(2)), two.run(touch(1))]);
    const lost = results.filter((x) => x.status === 'rejected').map((x) => x.reason as StatementFailure);
    expect(lost).toHaveLength(1);
    expect(lost[0]).toMatchObject({ retryable: true, disconnected: false, cancelled: false });
    for (const s of [one, two]) {
      await s.rollback();
      await s.release();
    }
  });

  test('a connection that is gone is told as such, and the pool opens another', async () => {
    if (bench.name === 'duckdb') return;
    const [pid, kill] = bench.name === 'postgres' ? ['pg_backend_pid()', 'select pg_terminate_backend(%)'] : ['connection_id()', 'kill %'];
    for (const idle of [false, true]) {
      const session = await bench.warehouse.session();
      const id = String((await session.query(`select ${pid}`)).rows[0]![0]);
      if (idle) await session.release();
      await bench.session.run(kill.replace('%', id));
      await pause(100);
      if (!idle) {
        expect(await failure('select 1', session)).toMatchObject({ disconnected: true });
        await session.release();
      }
      const next = await bench.warehouse.session();
      expect((await next.query('select 1')).rows).toEqual([[1]]);
      await next.release();
    }
  });

  test('closing the warehouse ends what runs, and can be done twice', async () => {
    if (bench.can.exclusiveFile) return;
    const warehouse = await bench.adapter.connect(bench.target, { root: process.cwd(), threads: 2 });
    const session = await warehouse.session();
    const running = failure(bench.name === 'postgres' ? 'select pg_sleep(30)' : 'select sleep(30) + count(*) from information_schema.tables', session);
    await pause(100);
    await warehouse.close();
    await warehouse.close();
    const e = await running;
    expect(e.cancelled || e.disconnected).toBe(true);
  });
});
