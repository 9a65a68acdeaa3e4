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

const PAIR = { ann: 'dwt_test_ann', bob: 'dwt_test_bob' };
const granted = (to: readonly string[], kind: string): string =>
  `{{ config(materialized='${kind}', ${kind === 'incremental' ? "incremental_strategy='append', " : ''}grants={'select': [${to.map((t) => `'${t}'`).join(', ')}]}) }}\nselect 1 as id`;

onEveryProject('grants of what stays', { 'models/none.sql': 'select 1 as id', 'seeds/codes.csv': 'id\n1\n' }, (p) => {
  test('are those of the configuration, and no others', async () => {
    const { grants } = p.dialect;
    if (grants === null) return;
    const names = Object.values(PAIR);
    const create = p.engine === 'postgres' ? names.map((n) => `create role ${n}`) : names.map((n) => `create user '${n}'@'%'`);
    const drop = p.engine === 'postgres' ? names.map((n) => `drop owned by ${n}; drop role ${n}`) : names.map((n) => `drop user '${n}'@'%'`);
    await p.beside(async (s) => {
      for (const sql of create) await s.run(sql);
    });
    const standing = async (identifier: string): Promise<readonly string[]> =>
      p.beside(async (s) => {
        const { rows } = await s.query(grants.standing({ database: p.database, schema: p.schema, identifier }));
        return rows.map(([privilege, to]) => `${String(privilege)} ${String(to)}`).toSorted();
      });
    const of = (name: string): string => `select ${grants.grantee(name)}`;
    try {
      for (const kind of ['incremental', 'view', 'table'])
        for (const to of [[PAIR.ann], [PAIR.ann, PAIR.bob], [PAIR.bob], []]) {
          p.write({ [`models/granted_${kind}.sql`]: granted(to, kind) });
          await p.good('run', '--select', `granted_${kind}`);
          expect(await standing(`granted_${kind}`), `${kind} to ${to.join(', ')}`).toEqual(to.map(of).toSorted());
        }
      for (const to of [[PAIR.ann], [PAIR.bob]]) {
        p.write({ 'seeds/_seeds.yml': `seeds: [{name: codes, config: {grants: {select: ${to[0]}}}}]\n` });
        await p.good('seed');
        expect(await standing('codes')).toEqual(to.map(of));
      }
      // Without a word about them they stay as they are.
      p.write({ 'seeds/_seeds.yml': null });
      await p.good('seed');
      if (p.engine === 'postgres') expect(await standing('codes')).toEqual([of(PAIR.bob)]);
    } finally {
      await p.beside(async (s) => {
        for (const sql of drop) await s.run(sql);
      });
    }
  });
});
