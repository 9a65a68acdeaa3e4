// A project that stays open, as watch keeps it: a server's connections serve run after run, a connection that was lost in
// between is no matter, and a DuckDB file is free for others whenever nothing runs.
import { expect, test } from 'vitest';
import { openProject } from '../../src/index.ts';
import { onEveryProject, type Project } from './project.ts';

const IDENTITY = { duckdb: '1', postgres: 'pg_backend_pid()', mysql: 'connection_id()' };
const FILES = {
  'models/who.sql': `{{ config(materialized='table') }}\nselect {% if target.type == 'postgres' %}${IDENTITY.postgres}{% elif target.type == 'mysql' %}${IDENTITY.mysql}{% else %}1{% endif %} as connection`,
};

async function connections(p: Project, keep: boolean, between?: (id: string) => Promise<void>): Promise<string[]> {
  const project = openProject({ projectDir: p.root, threads: 1 });
  project.keepConnections(keep);
  const seen: string[] = [];
  for (let i = 0; i < 2; i++) {
    const summary = await (await project.run('run')).finish();
    expect(summary.results.map((r) => [r.status, r.diagnostics])).toEqual([['success', []]]);
    const [row] = await p.rows("select connection from {{ ref('who') }}");
    seen.push(String(row!['connection']));
    if (i === 0) await between?.(seen[0]!);
  }
  await project.close();
  return seen;
}

onEveryProject(
  'connections of an open project',
  FILES,
  (p) => {
    test('serve the next run where they are kept, and end with each run where they are not', async () => {
      const [first, second] = await connections(p, true);
      const [third, fourth] = await connections(p, false);
      if (p.engine === 'duckdb') return;
      expect(second).toBe(first);
      expect(fourth).not.toBe(third);
      expect(third).not.toBe(first);
    });

    test('serve questions between runs too', async () => {
      const project = openProject({ projectDir: p.root, threads: 1 });
      const asked = async (): Promise<string> => String((await project.query(`select ${IDENTITY[p.engine]} as connection`)).rows[0]![0]);
      project.keepConnections(true);
      const kept = [await asked(), await asked()];
      const summary = await (await project.run('run')).finish();
      expect(summary.results.map((r) => r.status)).toEqual(['success']);
      kept.push(await asked());
      project.keepConnections(false);
      await asked();
      const other = await asked();
      await project.close();
      if (p.engine === 'duckdb') return;
      expect(new Set(kept).size).toBe(1);
      expect(other).not.toBe(kept[0]);
    });

    test('are opened anew where they were lost in between', async () => {
      const [first, second] = await connections(p, true, async (id) => {
        if (p.engine === 'postgres') await p.beside((s) => s.run(`select pg_terminate_backend(${id})`));
        if (p.engine === 'mysql') await p.beside((s) => s.run(`kill ${id}`));
      });
      if (p.engine !== 'duckdb') expect(second).not.toBe(first);
    });
  },
  'history: false\n',
);
