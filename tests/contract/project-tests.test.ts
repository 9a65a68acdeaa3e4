// Data tests with all their settings, and hooks around nodes and runs: the same verdicts and the same traces on every engine.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onEveryProject } from './project.ts';

const FILES = {
  'models/orders.sql':
    "{{ config(materialized='table') }}\nselect 1 as id, 'new' as status, 1 as customer, 5 as amount union all select 2, 'old', 2, 6 union all select 2, 'odd', 9, 7 union all select null, null, null, 8",
  'models/customers.sql': 'select 1 as id union all select 2',
  'models/_models.yml': `version: 2
models:
  - name: orders
    columns:
      - name: id
        data_tests:
          - unique: {name: t_unique}
          - unique: {name: t_unique_where, config: {where: "amount <> 7"}}
          - not_null: {name: t_not_null}
          - not_null: {name: t_not_null_warn, config: {severity: warn}}
          - not_null: {name: t_not_null_stored, config: {store_failures: true}}
      - name: status
        data_tests:
          - accepted_values: {name: t_accepted, arguments: {values: [new, old]}}
          - accepted_values: {name: t_accepted_all, arguments: {values: [new, old, odd]}}
      - name: customer
        data_tests:
          - relationships: {name: t_relation, arguments: {to: "ref('customers')", field: id}}
      - name: amount
        data_tests:
          - above: {name: t_above_warn, arguments: {least: 7}, config: {warn_if: ">= 2", error_if: ">= 3"}}
          - above: {name: t_above_error, arguments: {least: 8}, config: {warn_if: ">= 2", error_if: ">= 3"}}
          - above: {name: t_above_pass, arguments: {least: 6}, config: {warn_if: ">= 2", error_if: ">= 3"}}
          - above: {name: t_above_limit, arguments: {least: 9}, config: {limit: 1}}
          - above: {name: t_above_sum, arguments: {least: 9}, config: {fail_calc: "sum(amount)", error_if: "> 100", warn_if: "> 25"}}
`,
  'tests/generic/above.sql': '{% test above(model, column_name, least) %}\nselect * from {{ model }} where {{ column_name }} < {{ least }}\n{% endtest %}',
  'tests/t_singular.sql': "select id from {{ ref('orders') }} where amount > 6",
  'tests/t_singular_ok.sql': "{{ config(tags=['fine']) }}\nselect id from {{ ref('orders') }} where amount > 100",
};

const VERDICTS: Readonly<Record<string, readonly [string, number]>> = {
  t_unique: ['fail', 1],
  t_unique_where: ['pass', 0],
  t_not_null: ['fail', 1],
  t_not_null_warn: ['warn', 1],
  t_not_null_stored: ['fail', 1],
  t_accepted: ['fail', 1],
  t_accepted_all: ['pass', 0],
  t_relation: ['fail', 1],
  t_above_warn: ['warn', 2],
  t_above_error: ['fail', 3],
  t_above_pass: ['pass', 0],
  t_above_limit: ['fail', 1],
  t_above_sum: ['warn', 26],
  t_singular: ['fail', 2],
  t_singular_ok: ['pass', 0],
};

onEveryProject('data tests', FILES, (p) => {
  test('verdicts and counts', async () => {
    await p.good('run');
    await p.bad('test');
    const { results } = JSON.parse(readFileSync(join(p.root, 'target/run_results.json'), 'utf8')) as {
      results: { unique_id: string; status: string; failures: number | null }[];
    };
    const found = Object.fromEntries(results.map((r) => [r.unique_id.split('.')[2], [r.status, r.failures]]));
    expect(found).toEqual(VERDICTS);
  });

  test('failures are kept where that is asked for, and replaced by the next run', async () => {
    const stored = (): Promise<readonly string[]> =>
      p.beside(async (s) => (await s.relations([{ database: p.database, schema: `${p.schema}_dbt_test__audit` }])).map((r) => r.identifier).toSorted());
    expect(await stored()).toEqual(['t_not_null_stored']);
    await p.bad('test', '--select', 't_not_null_stored', 't_accepted', '--store-failures');
    expect(await stored()).toEqual(['t_accepted', 't_not_null_stored']);
  });
});

const HOOKED = {
  'models/trail.sql': "{{ config(materialized='table') }}\nselect cast('start' as {{ dbt.type_string() }}) as what, 1 as n",
  'models/hooked.sql': `{{ config(materialized='table',
  pre_hook=["insert into {{ ref('trail') }} select 'pre', 2", {'sql': "insert into {{ ref('trail') }} select 'before', 1", 'transaction': false}],
  post_hook=["insert into {{ ref('trail') }} select 'post', count(*) from {{ this }}"]) }}
select what from {{ ref('trail') }}`,
  'models/fails.sql': `{{ config(materialized='incremental', pre_hook="insert into {{ ref('trail') }} select 'never on engines with transactions', 0", post_hook="select * from no_such_table") }}
-- depends_on: {{ ref('hooked') }} {{ ref('trail') }}
select 1 as id`,
  'macros/note.sql': '{% macro note(what) %}create table if not exists {{ target.schema }}.{{ what }} as select 1 as a{% endmacro %}',
};

onEveryProject(
  'hooks',
  HOOKED,
  (p) => {
    test('run in their order, within the transaction or outside', async () => {
      const { stdout, stderr } = await p.bad('run');
      expect(stdout + stderr).toMatch(/The post-hook[\s\S]*no_such_table/);
      expect(await p.rows("select what, n from {{ ref('trail') }} where n > 0")).toEqual([
        { what: 'before', n: 1 },
        { what: 'post', n: 3 },
        { what: 'pre', n: 2 },
        { what: 'start', n: 1 },
      ]);
      expect(await p.rows("select count(*) as n from {{ ref('trail') }} where n = 0")).toEqual([{ n: p.can.transactionalDdl ? 0 : 1 }]);
      const relations = await p.relations();
      expect(relations).toEqual(['at_end', 'at_start', ...(p.can.transactionalDdl ? [] : ['fails']), 'hooked', 'trail']);
    });
  },
  'on-run-start: ["{{ note(\'at_start\') }}"]\non-run-end: ["{{ note(\'at_end\') }}"]\n',
);
