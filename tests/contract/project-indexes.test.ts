// Indexes that come and go in the configuration of a table that stays, their names and methods, and unlogged tables.
import { expect, test } from 'vitest';
import { onEveryProject, type Ran } from './project.ts';

const incremental = (indexes: string): string =>
  `{{ config(materialized='incremental', unique_key='id', indexes=[${indexes}]) }}\nselect {{ var('step', 1) }} as id, cast('n{{ var('step', 1) }}' as {{ 'char(20)' if target.type == 'mysql' else 'varchar(20)' }}) as name, 7 as n`;

const FILES = {
  'models/kept.sql': incremental("{'columns': ['id'], 'unique': true}, {'columns': ['name', 'id']}"),
  'models/free.sql': "{{ config(materialized='table', unlogged=true) }}\nselect 1 as id",
  'models/grows.sql': "{{ config(materialized='incremental', unlogged=true) }}\nselect 1 as id",
  'seeds/listed.csv': 'id,code\n1,a\n2,b\n',
  'seeds/_seeds.yml': 'seeds:\n  - name: listed\n    config: {unlogged: true, indexes: [{columns: [id], unique: true}]}\n',
  'snapshots/_snapshots.yml':
    "snapshots:\n  - name: history\n    relation: ref('listed')\n    config: {strategy: check, check_cols: all, unique_key: id, indexes: [{columns: [id]}]}\n",
};

onEveryProject('indexes', FILES, (p) => {
  const said = (ran: Ran): string => ran.stdout + ran.stderr;
  const table = (name: string): string => p.dialect.relation({ database: p.database, schema: p.schema, identifier: name });
  /** Names of a table's indexes, the digest of those that dwt named left out; unique ones are marked. */
  const indexes = async (name: string): Promise<readonly string[]> =>
    p.beside(async (s) => {
      const sql = {
        duckdb: `select index_name, is_unique from duckdb_indexes() where table_name = '${name}'`,
        postgres: `select c.relname, i.indisunique from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = '${name}'::regclass`,
        mysql: `select index_name, max(non_unique) = 0 from information_schema.statistics where table_schema = database() and table_name = '${name}' group by 1`,
      }[p.engine];
      const { rows } = await s.query(sql);
      return rows.map(([n, u]) => `${String(n).replace(/_dwt_[0-9a-f]{8}$/, ' *')}${u === true || u === 1 ? ' unique' : ''}`).toSorted();
    });
  const step = async (n: number, ...more: readonly string[]): Promise<Ran> => p.good('build', '--vars', `{step: ${n}}`, ...more);

  test('are made with the table', async () => {
    await step(1);
    expect(await indexes('kept')).toEqual(['kept_id * unique', 'kept_name_id *']);
    expect(await indexes('listed')).toEqual(['listed_id * unique']);
    expect(await indexes('history')).toEqual(['history_id *']);
  });

  test('change with the configuration while the table stays; an index of somebody else stays too', async () => {
    await p.beside((s) => s.run(`create index mine on ${table('kept')} (n)`));
    const columns = `{'columns': ['name'], 'unique': true, 'name': "Name's index"}, {'columns': ['name', 'id'], 'unique': true}`;
    p.write({
      'models/kept.sql': incremental(columns),
      'seeds/_seeds.yml': FILES['seeds/_seeds.yml'].replace('[id], unique: true', '[code]'),
      'snapshots/_snapshots.yml': FILES['snapshots/_snapshots.yml'].replace('[id]}]', '[id, code]}]'),
    });
    await step(2);
    expect(await indexes('kept')).toEqual(["Name's index unique", 'kept_name_id * unique', 'mine']);
    expect(await indexes('listed')).toEqual(['listed_code *']);
    expect(await indexes('history')).toEqual(['history_id_code *']);
    // The rows of both runs: the table was not built anew.
    expect(await p.rows("select id from {{ ref('kept') }}")).toEqual([{ id: 1 }, { id: 2 }]);
    await step(3);
    expect(await indexes('kept')).toEqual(["Name's index unique", 'kept_name_id * unique', 'mine']);
  });

  test('one that the rows do not satisfy is an error, and the rows stay', async () => {
    p.write({ 'models/kept.sql': incremental("{'columns': ['n'], 'unique': true}") });
    expect(said(await p.bad('run', '--select', 'kept', '--vars', '{step: 4}'))).toMatch(/duplicate|unique/i);
    expect(await p.rows("select id from {{ ref('kept') }}")).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
  });

  test('go, one that dwt did not name excepted; one on a column that is not there is left out with a word', async () => {
    p.write({ 'models/kept.sql': incremental("{'columns': ['no_such']}") });
    expect(said(await step(4, '--select', 'kept'))).toMatch(/index of model 'kept' on \(no_such\) is not made: its table has no column 'no_such'/);
    expect(await indexes('kept')).toEqual(["Name's index unique", 'mine']);
    p.write({ 'models/kept.sql': incremental('') });
    await step(5, '--select', 'kept', '--full-refresh');
    expect(await indexes('kept')).toEqual([]);
  });

  test('have free names where a renamed table kept its own', async () => {
    p.write({ 'models/kept.sql': FILES['models/kept.sql'] });
    await step(6, '--select', 'kept');
    // DuckDB renames no table that has indexes.
    if (p.engine !== 'duckdb') {
      await p.beside(async (s) => {
        for (const sql of p.dialect.rename([
          {
            from: { database: p.database, schema: p.schema, identifier: 'kept' },
            to: { database: p.database, schema: p.schema, identifier: 'kept_once' },
            kind: 'table',
          },
        ]))
          await s.run(sql);
      });
      for (const n of [7, 8]) await step(n, '--select', 'kept');
      expect(await indexes('kept_once')).toEqual(['kept_id * unique', 'kept_name_id *']);
      const names = p.engine === 'postgres' ? ['kept_2_id * unique', 'kept_2_name_id *'] : ['kept_id * unique', 'kept_name_id *'];
      expect(await indexes('kept')).toEqual(names);
    }
  });

  test('with a name that is too long are refused, and long tables get names that fit', async () => {
    const long = 'n'.repeat(60);
    p.write({
      [`models/${long}.sql`]: `{{ config(materialized='table', indexes=[{'columns': ['id']}, {'columns': ['id', 'id2']}]) }} select 1 as id, 2 as id2`,
    });
    await p.good('run', '--select', long);
    await p.good('run', '--select', long);
    expect(await indexes(long)).toHaveLength(2);
    p.write({ [`models/${long}.sql`]: null });
    if (p.can.maxIdentifier.size > 100) return;
    p.write({ 'models/kept.sql': incremental(`{'columns': ['id'], 'name': '${'i'.repeat(p.can.maxIdentifier.size + 1)}'}`) });
    expect(said(await p.bad('run', '--select', 'kept'))).toMatch(/The index name 'i+' of model 'kept' has 6[45] (bytes|characters)/);
    p.write({ 'models/kept.sql': FILES['models/kept.sql'] });
  });

  test('have the method that is asked for, where the engine has it', async () => {
    const kinds = ['hash', 'gin', 'brin', 'btree'].map((type, i) => `{'columns': ['${['id', 'many', 'n', 'n'][i]}'], 'type': '${type}'}`).join(', ');
    p.write({
      'models/methods.sql': `{{ config(materialized='incremental', indexes=[${kinds}]) }}\nselect 1 as id, 2 as n, ${p.engine === 'postgres' ? 'array[1, 2]' : '3'} as many`,
    });
    for (const _ of [1, 2]) await p.good('run', '--select', 'methods');
    if (p.engine === 'postgres') {
      const sql =
        "select m.amname from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam where i.indrelid = 'methods'::regclass order by 1";
      expect(await p.beside(async (s) => (await s.query(sql)).rows)).toEqual([['brin'], ['btree'], ['gin'], ['hash']]);
    } else expect(await indexes('methods')).toHaveLength(4);
  });

  test('and a table is unlogged where the engine has that', async () => {
    if (p.engine !== 'postgres') {
      expect(said(await step(1, '--select', 'free', 'listed'))).not.toMatch(/unlogged/);
      return;
    }
    await step(1, '--full-refresh', '--select', 'free', 'grows', 'listed');
    const sql = "select relname, relpersistence from pg_class where relname in ('free', 'grows', 'listed', 'kept') order by 1";
    const persistence = async (): Promise<unknown> => p.beside(async (s) => (await s.query(sql)).rows.map((r) => r.map(String)));
    const expected = [
      ['free', 'u'],
      ['grows', 'u'],
      ['kept', 'p'],
      ['listed', 'u'],
    ];
    expect(await persistence()).toEqual(expected);
    await step(1, '--select', 'free', 'grows', 'listed');
    expect(await persistence()).toEqual(expected);
  });
});
