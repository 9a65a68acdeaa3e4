// Incremental models: each strategy, each mode of on_schema_change (under indexes), types that grow, a failure that leaves the
// table as it was. The input changes with the variable `step`.
import { expect, test } from 'vitest';
import { onEveryProject } from './project.ts';

const incremental = (config: string, sql: string): string => `{{ config(materialized='incremental'${config === '' ? '' : `, ${config}`}) }}\n${sql}\n`;
const ALL = "select id, name, amount from {{ ref('src') }}";
const INDEXES = "indexes=[{'columns': ['id'], 'unique': true}, {'columns': ['old', 'id']}]";
const step = (one: string, two: string): string => `{% if var('step', 1) == 1 %}${one}{% else %}${two}{% endif %}`;

const FILES = {
  'models/src.sql': `select cast(id as {{ dbt.type_int() }}) as id, cast(name as {{ dbt.type_string() }}) as name, cast(amount as decimal(10,2)) as amount from (${step(
    "select 1 as id, 'a' as name, 10.00 as amount union all select 2, 'b', 20.00",
    "select 2 as id, 'B' as name, 25.00 as amount union all select 3, 'c', 30.00",
  )}) as q`,
  'models/appended.sql': incremental('', ALL),
  'models/replaced.sql': incremental("unique_key='id', incremental_strategy='delete+insert'", ALL),
  'models/two_keys.sql': incremental("unique_key=['id', 'name']", ALL),
  'models/merged.sql': incremental("unique_key='id', incremental_strategy='merge'", ALL),
  'models/merged_some.sql': incremental("unique_key='id', incremental_strategy='merge', merge_update_columns=['amount']", ALL),
  'models/merged_but.sql': incremental(
    "unique_key=['id'], incremental_strategy='merge', merge_exclude_columns=['amount'], indexes=[{'columns': ['id'], 'unique': true}]",
    ALL,
  ),
  'models/predicated.sql': incremental("unique_key='id', incremental_strategy='merge', incremental_predicates=['DBT_INTERNAL_DEST.id > 100']", ALL),
  'models/filtered.sql': incremental('', `${ALL}{% if is_incremental() %} where id > (select max(id) from {{ this }}){% endif %}`),
  'models/quoted.sql': incremental(
    "alias='Order Details', unique_key='Order Id', incremental_strategy='merge'",
    "select id as {{ adapter.quote('Order Id') }}, name as {{ adapter.quote('select') }}, amount as {{ adapter.quote('größe') }} from {{ ref('src') }}",
  ),
  'models/indexed.sql': incremental("unique_key='id', indexes=[{'columns': ['id'], 'unique': true}]", ALL),
  'models/grown.sql': incremental(
    "unique_key='id', indexes=[{'columns': ['id']}, {'columns': ['n']}]",
    step(
      "select 1 as id, 1 as n, cast(1.5 as decimal(4,1)) as d, 'x' as t",
      'select 2 as id, 9007199254740993 as n, cast(123456.789 as decimal(12,3)) as d, {{ "\'" ~ \'y\' * 300 ~ "\'" }} as t',
    ),
  ),
  'models/s_ignore.sql': incremental(`on_schema_change='ignore', ${INDEXES}`, step("select 1 as id, 'o' as old", "select 2 as id, 'o' as old, 'e' as extra")),
  'models/s_append.sql': incremental(
    `on_schema_change='append_new_columns', unique_key='id', ${INDEXES}`,
    step("select 1 as id, 'o' as old", "select 2 as id, 'e' as extra"),
  ),
  'models/s_sync.sql': incremental(
    `on_schema_change='sync_all_columns', unique_key='id', ${INDEXES}`,
    step("select 1 as id, 'o' as old, 5 as n", "select 2 as id, 'e' as extra, cast('six' as {{ dbt.type_string() }}) as n"),
  ),
  'models/z_fail.sql': incremental(`on_schema_change='fail'`, step("select 1 as id, 'o' as old", "select 2 as id, 'e' as extra")),
  'models/z_wider.sql': incremental(`on_schema_change='fail'`, step("select 1 as id, 'o' as t", "select 9007199254740993 as id, 'o' as t")),
  'models/z_longer.sql': incremental(`on_schema_change='fail'`, step("select 1 as id, 'o' as t", "select 22 as id, 'longer' as t")),
  'models/z_gone.sql': incremental(`on_schema_change='ignore'`, step("select 1 as id, 'o' as old", 'select 2 as id')),
  'models/z_several.sql': incremental(
    "unique_key=['id', 'k'], incremental_strategy='merge', on_schema_change='append_new_columns'",
    step(
      "select 1 as id, 'a' as k, 10 as v union all select 2, 'a', 20",
      "select 1 as id, 'a' as k, 11 as v, 1 as extra union all select 1, 'a', 12, 1 union all select 3, 'b', 30, 1 union all select 3, 'b', 31, 1 union all select 4, 'c', 40, 1",
    ),
  ),
  'models/s_merge.sql': incremental(
    "unique_key='id', incremental_strategy='merge', on_schema_change='append_new_columns'",
    step("select 1 as id, 'o' as old", "select 1 as id, 'e' as extra union all select 2, 'f'"),
  ),
  'models/unknown_keys.sql': incremental(
    "unique_key='id', incremental_strategy='merge'",
    step(
      'select cast(1 as {{ dbt.type_int() }}) as id, 10 as v',
      'select cast(1 as {{ dbt.type_int() }}) as id, 11 as v union all select null, 1 union all select null, 1',
    ),
  ),
  'models/z_duplicate.sql': incremental("indexes=[{'columns': ['id'], 'unique': true}]", ALL),
};

const A = { id: 1, name: 'a', amount: 10 };
const B = { id: 2, name: 'b', amount: 20 };
const B2 = { id: 2, name: 'B', amount: 25 };
const C = { id: 3, name: 'c', amount: 30 };

onEveryProject('incremental models', FILES, (p) => {
  const tables = [
    'appended',
    'replaced',
    'two_keys',
    'merged',
    'merged_some',
    'merged_but',
    'predicated',
    'filtered',
    'indexed',
    's_ignore',
    's_append',
    's_sync',
  ] as const;
  const read = async (): Promise<unknown> =>
    p.read({
      ...Object.fromEntries(tables.map((t) => [t, `select * from {{ ref('${t}') }}`])),
      quoted:
        "select q.{{ adapter.quote('Order Id') }} as id, q.{{ adapter.quote('select') }} as name, q.{{ adapter.quote('größe') }} as amount from {{ ref('quoted') }} q",
      grown: "select id, n, d, {{ dbt.length('t') }} as length from {{ ref('grown') }}",
      duplicate: "select * from {{ ref('z_duplicate') }}",
      several: "select * from {{ ref('z_several') }}",
      unknown_keys: "select * from {{ ref('unknown_keys') }}",
      s_merge: "select id, old, extra from {{ ref('s_merge') }}",
      failed: "select f.id, f.old, g.old as old2 from {{ ref('z_fail') }} f left join {{ ref('z_gone') }} g on g.id = f.id",
    });
  const after = {
    appended: [A, B2, B, C],
    replaced: [A, B2, C],
    two_keys: [A, B2, B, C],
    merged: [A, B2, C],
    merged_some: [A, { ...B, amount: 25 }, C],
    merged_but: [A, { ...B2, amount: 20 }, C],
    predicated: [A, B2, B, C],
    filtered: [A, B, C],
    indexed: [A, B2, C],
    quoted: [A, B2, C],
    s_ignore: [
      { id: 1, old: 'o' },
      { id: 2, old: 'o' },
    ],
    s_append: [
      { id: 1, old: 'o', extra: null },
      { id: 2, old: null, extra: 'e' },
    ],
    s_sync: [
      { id: 1, n: '5', extra: null },
      { id: 2, n: 'six', extra: 'e' },
    ],
    grown: [
      { id: 1, n: 1, d: 1.5, length: 1 },
      { id: 2, n: '9007199254740993', d: 123456.789, length: 300 },
    ],
    duplicate: [A, B],
    several: [
      { id: 1, k: 'a', v: 10 },
      { id: 2, k: 'a', v: 20 },
    ],
    s_merge: [
      { id: 1, old: 'o', extra: 'e' },
      { id: 2, old: null, extra: 'f' },
    ],
    unknown_keys: [
      { id: 1, v: 11 },
      { id: null, v: 1 },
      { id: null, v: 1 },
    ],
    failed: [{ id: 1, old: 'o', old2: 'o' }],
  };

  test('a second run with changed input', async () => {
    await p.good('run');
    const relations = await p.relations();
    const { stdout, stderr } = await p.bad('run', '--vars', '{step: 2}');
    const said = stdout + stderr;
    expect(said).toMatch(/ERROR=5\b/);
    expect(said).toContain(
      "The query of model 'z_several' has several rows for one (id, k): id = 1, k = 'a' (2 rows); id = 3, k = 'b' (2 rows). Nothing was changed.",
    );
    expect(said).toMatch(/z_fail[\s\S]*on_schema_change is 'fail'[\s\S]*extra/);
    expect(said).toMatch(/model 'z_wider' changed, and its on_schema_change is 'fail'\. changed type: id from int\S* to bigint/i);
    expect(said).not.toContain("longer' changed");
    expect(said).toMatch(/no longer gives the column 'old'/);
    const found = await read();
    expect(found).toEqual(after);
    expect(await p.relations()).toEqual(relations);
    const indexes = await p.beside(async (s) =>
      p.can.exclusiveFile ? (await s.query('select table_name, count(*) from duckdb_indexes() group by 1 order by 1')).rows : null,
    );
    if (indexes !== null)
      expect(indexes).toEqual([
        ['grown', 2],
        ['indexed', 1],
        ['merged_but', 1],
        ['s_append', 2],
        ['s_ignore', 2],
        ['s_sync', 1],
        ['z_duplicate', 1],
      ]);
  });

  test('the same again, with one thread: by key nothing changes, and no session holds what is left of a failure', async () => {
    await p.bad(
      'run',
      '--vars',
      '{step: 2}',
      '--threads',
      '1',
      '--select',
      'z_duplicate',
      'z_fail',
      'replaced',
      'merged',
      'merged_some',
      'merged_but',
      's_append',
      's_sync',
      'quoted',
    );
    expect(await read()).toEqual(after);
  });

  test('a full refresh builds it anew', async () => {
    await p.good('run', '--vars', '{step: 2}', '--full-refresh', '--select', 'src', 'appended', 'z_fail', 'indexed');
    expect(
      await p.read({
        appended: "select * from {{ ref('appended') }}",
        fail: "select * from {{ ref('z_fail') }}",
        indexed: "select * from {{ ref('indexed') }}",
      }),
    ).toEqual({
      appended: [B2, C],
      fail: [{ id: 2, extra: 'e' }],
      indexed: [B2, C],
    });
  });
});

const touched = (config: string): string => `materialized='incremental', unique_key='id', on_schema_change='sync_all_columns'${config},
  pre_hook="{% if is_incremental() %}delete from {{ this }} where id = 2{% endif %}"`;
const TOUCHED_ROWS = step(
  "select 1 as id, 'o' as old, 1 as n union all select 2, 'o', 2 union all select 3, 'o', 3",
  "select 1 as id, 10000000000 as n, 'e' as extra union all select 4, 4, 'e'",
);

onEveryProject(
  'rows that a hook of the same run changes, and columns that come with it',
  {
    'models/replaced.sql': `{{ config(${touched('')}) }}\n${TOUCHED_ROWS}`,
    'models/merged.sql': `{{ config(${touched(`, incremental_strategy='merge', ${INDEXES.replace("{'columns': ['old', 'id']}", "{'columns': ['n']}")}`)}) }}\n${TOUCHED_ROWS}`,
    'snapshots/kept.sql': `{% snapshot kept %}{{ config(unique_key='id', strategy='check', check_cols='all',
  pre_hook="{% if var('step', 1) == 2 %}update {{ this }} set old = 'corrected' where id = 3{% endif %}") }}
${TOUCHED_ROWS}
{% endsnapshot %}`,
  },
  (p) => {
    const ROWS = [
      { id: 1, n: 10000000000, extra: 'e' },
      { id: 3, n: 3, extra: null },
      { id: 4, n: 4, extra: 'e' },
    ];

    test('are both there', async () => {
      await p.good('build');
      await p.good('build', '--vars', '{step: 2}');
      expect(
        await p.read({
          replaced: "select * from {{ ref('replaced') }}",
          merged: "select * from {{ ref('merged') }}",
          kept: "select id, old, n, extra, case when dbt_valid_to is null then 'open' else 'shut' end as t from {{ ref('kept') }}",
        }),
      ).toEqual({
        replaced: ROWS,
        merged: ROWS,
        kept: [
          { id: 1, old: 'o', n: 1, extra: null, t: 'shut' },
          { id: 1, old: null, n: 10000000000, extra: 'e', t: 'open' },
          { id: 2, old: 'o', n: 2, extra: null, t: 'open' },
          { id: 3, old: 'corrected', n: 3, extra: null, t: 'open' },
          { id: 4, old: null, n: 4, extra: 'e', t: 'open' },
        ],
      });
      expect(await p.relations()).toEqual(['kept', 'merged', 'replaced']);
    });
  },
);
