// Snapshots: both strategies, every way of hard_deletes, other names for the columns, an end that is a date, new columns, types
// that grow, duplicate keys. The input changes with the variable `step`.
import { expect, test } from 'vitest';
import { onEveryProject, type Row } from './project.ts';

const at = (row: string): string => `cast('${row} 00:00:00' as {{ dbt.type_timestamp() }})`;
const INPUT = {
  1: `select 1 as id, 'a' as name, 10 as n, ${at('2024-01-01')} as changed union all select 2, 'b', 20, ${at('2024-01-01')} union all select 3, 'c', 30, ${at('2024-01-01')}`,
  // 2 has a new name and date, 3 is gone, 4 is new; 1 has another n under the same date.
  2: `select 1 as id, 'a' as name, 11 as n, ${at('2024-01-01')} as changed union all select 2, 'B', 20, ${at('2024-02-01')} union all select 4, 'd', 40, ${at('2024-02-01')}`,
  // 3 is back with its old date, 4 is gone, a column is new.
  3: `select 1 as id, 'a' as name, 11 as n, ${at('2024-01-01')} as changed, 'new' as extra union all select 2, 'B', 20, ${at('2024-02-01')}, 'new' union all select 3, 'c', 30, ${at('2024-01-01')}, 'new'`,
};

const snapshot = (name: string, config: string, keys = 'unique_key: id, strategy: timestamp, updated_at: changed'): string =>
  `  - name: ${name}\n    relation: ref('src')\n    config: {${keys}${config === '' ? '' : `, ${config}`}}\n`;

const FILES = {
  'models/src.sql': `select id, cast(name as {{ dbt.type_string() }}) as name, n, changed{% if var('step', 1) == 3 %}, extra{% endif %} from (${Object.entries(
    INPUT,
  )
    .map(([step, sql]) => `{% if var('step', 1) == ${step} %}${sql}{% endif %}`)
    .join('')}) as q`,
  'snapshots/_snapshots.yml': `version: 2\nsnapshots:\n${[
    snapshot('by_time', ''),
    snapshot('invalidated', 'hard_deletes: invalidate, indexes: [{columns: [dbt_scd_id], unique: true}, {columns: [id]}]'),
    snapshot('recorded', 'hard_deletes: new_record'),
    snapshot('by_name', '', 'unique_key: id, strategy: check, check_cols: [name]'),
    snapshot('by_all', '', 'unique_key: [id], strategy: check, check_cols: all'),
    snapshot(
      'renamed',
      'snapshot_meta_column_names: {dbt_valid_from: vf, dbt_valid_to: "valid to", dbt_scd_id: sid, dbt_updated_at: ua}, dbt_valid_to_current: "cast(\'9999-12-31 00:00:00\' as {{ dbt.type_timestamp() }})"',
    ),
  ].join('')}`,
  'snapshots/doubled.sql':
    "{% snapshot doubled %}{{ config(unique_key='id', strategy='check', check_cols='all') }}\nselect 1 as id, n from {{ ref('src') }} where id < {{ var('below', 2) }}\n{% endsnapshot %}",
  'snapshots/grown.sql':
    "{% snapshot grown %}{{ config(unique_key='id', strategy='check', check_cols='all', indexes=[{'columns': ['t']}]) }}\nselect 1 as id, {% if var('step', 1) == 1 %}7 as n, 'x' as t{% else %}9007199254740993 as n, {{ \"'\" ~ 'y' * 300 ~ \"'\" }} as t{% endif %}\n{% endsnapshot %}",
};

const QUERIES = {
  by_time: "select id, name, n, dbt_valid_from as f, dbt_valid_to as t from {{ ref('by_time') }}",
  invalidated:
    "select id, name, dbt_valid_from as f, case when dbt_valid_to is null then 'open' when dbt_valid_to < {{ dbt.date(2025, 1, 1) }} then 'then' else 'now' end as t from {{ ref('invalidated') }}",
  recorded:
    "select id, name, case when dbt_valid_from < {{ dbt.date(2025, 1, 1) }} then 'then' else 'now' end as f, case when dbt_valid_to is null then 'open' when dbt_valid_to < {{ dbt.date(2025, 1, 1) }} then 'then' else 'now' end as t, dbt_is_deleted as d from {{ ref('recorded') }}",
  by_name: "select id, name, n, case when dbt_valid_to is null then 'open' else 'shut' end as t from {{ ref('by_name') }}",
  by_all: "select id, name, n, case when dbt_valid_to is null then 'open' else 'shut' end as t from {{ ref('by_all') }}",
  renamed:
    "select id, name, vf, {{ adapter.quote('valid to') }} as vt, case when {{ dbt.length('sid') }} = 32 then 1 else 0 end as sid, ua from {{ ref('renamed') }}",
  grown: "select n, {{ dbt.length('t') }} as t, case when dbt_valid_to is null then 'open' else 'shut' end as e from {{ ref('grown') }}",
};

const JAN = '2024-01-01';
const FEB = '2024-02-01';
const END = '9999-12-31';

const SECOND: Readonly<Record<keyof typeof QUERIES, readonly Row[]>> = {
  by_time: [
    { id: 1, name: 'a', n: 10, f: JAN, t: null },
    { id: 2, name: 'B', n: 20, f: FEB, t: null },
    { id: 2, name: 'b', n: 20, f: JAN, t: FEB },
    { id: 3, name: 'c', n: 30, f: JAN, t: null },
    { id: 4, name: 'd', n: 40, f: FEB, t: null },
  ],
  invalidated: [
    { id: 1, name: 'a', f: JAN, t: 'open' },
    { id: 2, name: 'B', f: FEB, t: 'open' },
    { id: 2, name: 'b', f: JAN, t: 'then' },
    { id: 3, name: 'c', f: JAN, t: 'now' },
    { id: 4, name: 'd', f: FEB, t: 'open' },
  ],
  recorded: [
    { id: 1, name: 'a', f: 'then', t: 'open', d: 'False' },
    { id: 2, name: 'B', f: 'then', t: 'open', d: 'False' },
    { id: 2, name: 'b', f: 'then', t: 'then', d: 'False' },
    { id: 3, name: 'c', f: 'now', t: 'open', d: 'True' },
    { id: 3, name: 'c', f: 'then', t: 'now', d: 'False' },
    { id: 4, name: 'd', f: 'then', t: 'open', d: 'False' },
  ],
  by_name: [
    { id: 1, name: 'a', n: 10, t: 'open' },
    { id: 2, name: 'B', n: 20, t: 'open' },
    { id: 2, name: 'b', n: 20, t: 'shut' },
    { id: 3, name: 'c', n: 30, t: 'open' },
    { id: 4, name: 'd', n: 40, t: 'open' },
  ],
  by_all: [
    { id: 1, name: 'a', n: 10, t: 'shut' },
    { id: 1, name: 'a', n: 11, t: 'open' },
    { id: 2, name: 'B', n: 20, t: 'open' },
    { id: 2, name: 'b', n: 20, t: 'shut' },
    { id: 3, name: 'c', n: 30, t: 'open' },
    { id: 4, name: 'd', n: 40, t: 'open' },
  ],
  renamed: [
    { id: 1, name: 'a', vf: JAN, vt: END, sid: 1, ua: JAN },
    { id: 2, name: 'B', vf: FEB, vt: END, sid: 1, ua: FEB },
    { id: 2, name: 'b', vf: JAN, vt: FEB, sid: 1, ua: JAN },
    { id: 3, name: 'c', vf: JAN, vt: END, sid: 1, ua: JAN },
    { id: 4, name: 'd', vf: FEB, vt: END, sid: 1, ua: FEB },
  ],
  grown: [
    { n: '9007199254740993', t: 300, e: 'open' },
    { n: 7, t: 1, e: 'shut' },
  ],
};

onEveryProject('snapshots', FILES, (p) => {
  test('the first run, and a second with nothing changed', async () => {
    await p.good('build');
    const count =
      "select count(*) as n, (select count(*) from {{ ref('recorded') }}) as r, (select count(*) from {{ ref('by_all') }}) as a from {{ ref('by_time') }}";
    expect(await p.rows(count)).toEqual([{ n: 3, r: 3, a: 3 }]);
    await p.good('snapshot');
    expect(await p.rows(count)).toEqual([{ n: 3, r: 3, a: 3 }]);
  });

  test('rows that changed, went and came', async () => {
    await p.good('build', '--vars', '{step: 2}');
    const relations = await p.relations();
    expect(await p.read(QUERIES)).toEqual(SECOND);
    await p.good('build', '--vars', '{step: 2}');
    expect(await p.read(QUERIES)).toEqual(SECOND);
    expect(await p.relations()).toEqual(relations);
    expect(relations.filter((r) => r.includes('__dwt_'))).toEqual([]);
  });

  test('a row that comes back, and a new column', async () => {
    await p.good('build', '--vars', '{step: 3}');
    const third = await p.read({
      by_time: "select id, name, n, extra from {{ ref('by_time') }} where id in (1, 3)",
      invalidated:
        "select id, case when dbt_valid_to is null then 'open' else 'shut' end as t, case when dbt_valid_from < {{ dbt.date(2025, 1, 1) }} then 'then' else 'now' end as f, extra from {{ ref('invalidated') }} where id in (3, 4)",
      recorded:
        "select id, case when dbt_valid_to is null then 'open' else 'shut' end as t, dbt_is_deleted as d, extra from {{ ref('recorded') }} where id in (3, 4)",
      by_all: "select id, n, extra, case when dbt_valid_to is null then 'open' else 'shut' end as t from {{ ref('by_all') }} where id in (2, 3)",
      versions: "select id, count(*) as n, count(distinct dbt_scd_id) as ids from {{ ref('recorded') }} group by id",
    });
    expect(third).toEqual({
      by_time: [
        { id: 1, name: 'a', n: 10, extra: null },
        { id: 3, name: 'c', n: 30, extra: null },
      ],
      invalidated: [
        { id: 3, t: 'open', f: 'now', extra: 'new' },
        { id: 3, t: 'shut', f: 'then', extra: null },
        { id: 4, t: 'shut', f: 'then', extra: null },
      ],
      recorded: [
        { id: 3, t: 'open', d: 'False', extra: 'new' },
        { id: 3, t: 'shut', d: 'False', extra: null },
        { id: 3, t: 'shut', d: 'True', extra: null },
        { id: 4, t: 'open', d: 'True', extra: null },
        { id: 4, t: 'shut', d: 'False', extra: null },
      ],
      by_all: [
        { id: 2, n: 20, extra: 'new', t: 'open' },
        { id: 2, n: 20, extra: null, t: 'shut' },
        { id: 2, n: 20, extra: null, t: 'shut' },
        { id: 3, n: 30, extra: 'new', t: 'open' },
        { id: 3, n: 30, extra: null, t: 'shut' },
      ],
      versions: [
        { id: 1, n: 1, ids: 1 },
        { id: 2, n: 2, ids: 2 },
        { id: 3, n: 3, ids: 3 },
        { id: 4, n: 2, ids: 2 },
      ],
    });
  });

  test('duplicate keys are refused before anything is touched', async () => {
    const { stdout, stderr } = await p.bad('snapshot', '--vars', '{step: 3, below: 3}', '--select', 'doubled', 'by_time', '--threads', '1');
    expect(stdout + stderr).toMatch(/several rows for one id: id = 1 \(2 rows\)/);
    expect(await p.rows("select id, n from {{ ref('doubled') }} where dbt_valid_to is null")).toEqual([{ id: 1, n: 11 }]);
    expect((await p.relations()).filter((r) => r.includes('__dwt_'))).toEqual([]);
  });
});
