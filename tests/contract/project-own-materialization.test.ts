// Materializations that a project writes with dbt's macros for them: a view that is swapped in, an incremental table with each strategy and
// each mode of on_schema_change.
import { expect, test } from 'vitest';
import { onEveryProject } from './project.ts';

const MACROS = `
{% materialization swapped_view, default %}
  {%- set target = this.incorporate(type='view') -%}
  {%- set old = load_cached_relation(this) -%}
  {%- set made = make_intermediate_relation(target) -%}
  {%- set aside = make_backup_relation(target, old.type if old else 'view') -%}
  {{ drop_relation_if_exists(load_cached_relation(made)) }}
  {% call statement('main') %}{{ get_create_view_as_sql(made, sql) }}{% endcall %}
  {% if old %}{% do adapter.rename_relation(old, aside) %}{% endif %}
  {% do adapter.rename_relation(made, target) %}
  {% do adapter.commit() %}
  {% if old %}{{ drop_relation_if_exists(aside) }}{% endif %}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization own_incremental, default %}
  {%- set target = this.incorporate(type='table') -%}
  {%- set old = load_cached_relation(this) -%}
  {%- set mode = incremental_validate_on_schema_change(config.get('on_schema_change'), default='ignore') -%}
  {%- set strategy = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy') or 'default') -%}
  {% if old is none %}
    {% set build = get_create_table_as_sql(False, target, sql) %}
  {% else %}
    {%- set fresh = make_temp_relation(target) -%}
    {% do run_query(get_create_table_as_sql(True, fresh, sql)) %}
    {% set columns = process_schema_changes(mode, fresh, old) or adapter.get_columns_in_relation(old) %}
    {% set build = strategy({'target_relation': target, 'temp_relation': fresh, 'unique_key': config.get('unique_key'), 'dest_columns': columns, 'incremental_predicates': none}) %}
  {% endif %}
  {% call statement('main') %}{{ build }}{% endcall %}
  {% if var('slip', false) %}{% call statement() %}select nothing from nowhere{% endcall %}{% endif %}
  {% do adapter.commit() %}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}
`;

const model = (config: string, sql: string): string => `{{ config(materialized='own_incremental', ${config}) }}\n${sql}`;
const ONE = "select 1 as id, 'a' as v";

onEveryProject(
  'materializations of its own',
  {
    'macros/own.sql': MACROS,
    'models/seen.sql': "{{ config(materialized='swapped_view') }}\nselect * from {{ ref('facts') }}",
    'models/facts.sql': model("unique_key='id'", ONE),
  },
  (p) => {
    const facts = (): Promise<readonly unknown[]> => p.rows("select * from {{ ref('facts') }} order by id, v");

    test('are built, and built again', async () => {
      await p.good('run');
      await p.good('run');
      expect(await facts()).toEqual([{ id: 1, v: 'a' }]);
      expect(await p.rows("select * from {{ ref('seen') }}")).toEqual([{ id: 1, v: 'a' }]);
      expect(await p.relations()).toEqual(['facts', 'seen']);
    });

    test('move rows by append, delete+insert and merge', async () => {
      p.write({ 'models/facts.sql': model("incremental_strategy='append'", ONE) });
      await p.good('run', '--select', 'facts');
      expect(await facts()).toEqual([
        { id: 1, v: 'a' },
        { id: 1, v: 'a' },
      ]);
      p.write({ 'models/facts.sql': model("unique_key='id', incremental_strategy='delete+insert'", "select 1 as id, 'b' as v") });
      await p.good('run', '--select', 'facts');
      expect(await facts()).toEqual([{ id: 1, v: 'b' }]);
      p.write({ 'models/facts.sql': model("unique_key='id', incremental_strategy='merge'", "select 1 as id, 'c' as v union all select 2, 'd'") });
      await p.good('run', '--select', 'facts');
      expect(await facts()).toEqual([
        { id: 1, v: 'c' },
        { id: 2, v: 'd' },
      ]);
    });

    test('follow columns that come and go as on_schema_change says', async () => {
      p.write({ 'models/facts.sql': model("unique_key='id', on_schema_change='fail'", 'select 1 as id, 5 as w') });
      const { stdout, stderr } = await p.bad('run', '--select', 'facts');
      expect(stdout + stderr).toContain('Added: w; removed: v');
      p.write({ 'models/facts.sql': model("unique_key='id', on_schema_change='append_new_columns'", 'select 1 as id, 5 as w') });
      await p.good('run', '--select', 'facts');
      expect(await facts()).toEqual([
        { id: 1, v: null, w: 5 },
        { id: 2, v: 'd', w: null },
      ]);
      p.write({ 'models/seen.sql': "{{ config(materialized='swapped_view') }}\nselect 1 as id" });
      await p.good('run', '--select', 'seen');
      p.write({ 'models/facts.sql': model("unique_key='id', on_schema_change='sync_all_columns'", 'select 1 as id, 6 as w') });
      await p.good('run', '--select', 'facts');
      expect(await p.rows("select * from {{ ref('facts') }} order by id")).toEqual([
        { id: 1, w: 6 },
        { id: 2, w: null },
      ]);
    });

    test('that fail half way are taken back, or at least are made right by the next run', async () => {
      p.write({ 'models/facts.sql': model("unique_key='id'", 'select 1 as id, 7 as w union all select 3, 7') });
      const before = await p.rows("select * from {{ ref('facts') }}");
      await p.bad('run', '--select', 'facts', '--vars', 'slip: true');
      if (p.can.transactionalDdl) expect(await p.rows("select * from {{ ref('facts') }}")).toEqual(before);
      await p.good('run', '--select', 'facts');
      expect(await p.rows("select id, w from {{ ref('facts') }} where w = 7 order by id")).toEqual([
        { id: 1, w: 7 },
        { id: 3, w: 7 },
      ]);
    });

    test('name a strategy that has no macro', async () => {
      p.write({ 'models/facts.sql': model("incremental_strategy='guess'", ONE) });
      const { stdout, stderr } = await p.bad('run', '--select', 'facts');
      expect(stdout + stderr).toContain("no macro 'get_incremental_guess_sql'");
    });
  },
);
