// Two runs of one project in one schema at once: each node is built by one after the other, so histories have each version once, facts each
// line once, and nobody takes away what another one is building. A DuckDB file has one writer at a time anyway.
import { expect, test } from 'vitest';
import { onEveryProject } from './project.ts';

/** Long enough for the other run to come to the same node. */
const SLOW = { duckdb: '0', postgres: '(select 0 from pg_sleep(0.8))', mysql: '(select sleep(0.8))' };

onEveryProject(
  'two runs at once',
  {
    'models/raw.sql': "select 1 as id, {{ var('step', 1) }} as amount union all select 1 + {{ var('step', 1) }}, {{ var('step', 1) }}",
    'snapshots/kept.yml': "snapshots:\n  - name: kept\n    relation: ref('slow')\n    config: {strategy: check, unique_key: id, check_cols: [amount]}\n",
    'models/slow.sql': Object.entries(SLOW)
      .map(([engine, sql]) => `{% if target.type == '${engine}' %}select id, amount + ${sql} as amount from {{ ref('raw') }}{% endif %}`)
      .join(''),
    'models/lines.sql':
      "{{ config(materialized='incremental') }}\nselect id, amount from {{ ref('slow') }}{% if is_incremental() %} where id > (select max(id) from {{ this }}){% endif %}",
    'models/total.sql': "{{ config(materialized='table') }}\nselect sum(amount) as total from {{ ref('slow') }}",
    'seeds/codes.csv': `code\n${Array.from({ length: 20_000 }, (_, i) => i).join('\n')}\n`,
  },
  (p) => {
    test('come to what one after the other would', async () => {
      if (p.can.exclusiveFile) return;
      await p.good('build');
      // Views that one run replaces make the other wait by themselves.
      await p.good('run', '--vars', '{step: 2}', '--select', 'raw', 'slow');
      const both = [1, 2].map(() => p.start('build', '--vars', '{step: 2}', '--threads', '4', '--exclude', 'raw', 'slow'));
      for (const ran of await Promise.all(both.map(({ done }) => done))) expect(ran.code, ran.stdout + ran.stderr).toBe(0);
      expect(await p.rows("select id, amount, case when dbt_valid_to is null then 1 else 0 end as is_open from {{ ref('kept') }} order by 1, 2")).toEqual([
        { id: 1, amount: 1, is_open: 0 },
        { id: 1, amount: 2, is_open: 1 },
        { id: 2, amount: 1, is_open: 1 },
        { id: 3, amount: 2, is_open: 1 },
      ]);
      expect(await p.rows("select id, amount from {{ ref('lines') }} order by 1")).toEqual([
        { id: 1, amount: 1 },
        { id: 2, amount: 1 },
        { id: 3, amount: 2 },
      ]);
      expect(await p.rows("select count(*) as n from {{ ref('codes') }}")).toEqual([{ n: 20_000 }]);
      expect((await p.relations()).filter((n) => n.includes('__dwt'))).toEqual([]);
    });

    test('leave the second one free to go where the first was killed', async () => {
      if (p.can.exclusiveFile) return;
      const first = p.start('build', '--vars', '{step: 3}', '--select', 'kept');
      await new Promise((resolve) => setTimeout(resolve, 1500));
      first.child.kill('SIGKILL');
      await first.done;
      await p.good('build', '--vars', '{step: 3}', '--select', '+kept');
      expect(await p.rows("select count(*) as n from {{ ref('kept') }} where dbt_valid_to is null and id = 1")).toEqual([{ n: 1 }]);
    });
  },
);
