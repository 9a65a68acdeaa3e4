// `grants`: given where there are users; on an engine without them the same project builds. One that cannot be given takes its rows back.
import { expect, test } from 'vitest';
import { onEveryProject } from './project.ts';

const MODEL =
  "{{ config(materialized='incremental', incremental_strategy='append', grants={'all that is wrong': ['ann']}) }}\nselect {% if is_incremental() %}2{% else %}1{% endif %} as id";

onEveryProject('grants', { 'models/facts.sql': MODEL }, (p) => {
  test('that cannot be given leave no rows behind, and without users have no effect', async () => {
    const ran = await p.dwt('build');
    expect(ran.code, ran.stdout + ran.stderr).toBe(p.engine === 'duckdb' ? 0 : 1);
    if (p.engine === 'duckdb') return;
    p.write({ 'models/facts.sql': MODEL.replace(/, grants=.*?\]\}/, '') });
    await p.good('build', '--full-refresh');
    p.write({ 'models/facts.sql': MODEL });
    await p.bad('build');
    // MySQL and MariaDB commit before each statement of that kind.
    if (p.can.transactionalDdl) expect(await p.rows("select id from {{ ref('facts') }}")).toEqual([{ id: 1 }]);
  });
});
