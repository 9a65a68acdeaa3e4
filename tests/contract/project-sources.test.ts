// Freshness of sources, and the catalog of what stands in the warehouse: the same answers on every engine.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onEveryProject, type Project } from './project.ts';

/** Three hours ago, and half an hour, in UTC. */
const ago = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');

const limits = (warn: number, error: number): string => `{warn_after: {count: ${warn}, period: hour}, error_after: {count: ${error}, period: hour}}`;

const FILES = {
  'seeds/loads.csv': `id,loaded\n1,${ago(50)}\n2,${ago(3)}\n`,
  'models/described.sql': "{{ config(materialized='table', persist_docs={'relation': true, 'columns': true}) }}\nselect id, loaded from {{ ref('loads') }}",
  'models/seen.sql': "{{ config(materialized='view') }}\nselect id from {{ ref('described') }}",
  'models/_all.yml': `models:
  - name: described
    description: Loads, described.
    columns:
      - {name: id, description: The key.}
      - {name: LOADED, description: When it came.}
      - {name: laoded, description: It is not there.}
sources:
  - name: raw
    schema: "{{ target.schema }}"
    config: {loaded_at_field: loaded, freshness: ${limits(12, 24)}}
    tables:
      - {name: fine, identifier: loads}
      - {name: warned, identifier: loads, config: {freshness: {warn_after: {count: 2, period: hour}}}}
      - {name: stale, identifier: loads, config: {freshness: ${limits(1, 2)}}}
      - {name: filtered, identifier: loads, config: {freshness: {filter: id = 1}}}
      - {name: none, identifier: loads, config: {freshness: {filter: id = 7}}}
      - {name: day, identifier: loads, config: {loaded_at_field: cast(loaded as date), freshness: ${limits(60, 70)}}}
      - name: zoned
        identifier: loads
        config: {loaded_at_field: "{{ 'loaded' if target.type == 'mysql' else \\"loaded at time zone 'UTC'\\" }}"}
      - name: asked
        identifier: loads
        config: {loaded_at_query: "select min(loaded) from {{ this }}"}
      - {name: number, identifier: loads, config: {loaded_at_field: id}}
      - {name: gone, identifier: not_there}
      - {name: unchecked, identifier: loads, config: {freshness: null}}
`,
};

const STATUSES = {
  fine: 'pass',
  warned: 'warn',
  stale: 'error',
  filtered: 'error',
  none: 'error',
  day: 'pass',
  zoned: 'pass',
  asked: 'error',
  number: 'runtime error',
  gone: 'runtime error',
};

const artifact = (p: Project, file: string): any => JSON.parse(readFileSync(join(p.root, 'target', file), 'utf8'));

onEveryProject('sources', FILES, (p) => {
  test('are fresh, old, or cannot be looked at', async () => {
    const built = await p.good('build', '--exclude', 'source:*');
    expect(built.stdout + built.stderr).toMatch(
      /models\/_all\.yml describes the column 'laoded' of model 'described', which \S+ does not have\. Did you mean 'loaded'\?/,
    );
    const ran = await p.bad('source', 'freshness');
    const results = artifact(p, 'sources.json').results as readonly Record<string, any>[];
    const found = Object.fromEntries(results.map((r) => [String(r['unique_id']).replace('source.shop.raw.', ''), r]));
    expect(Object.fromEntries(Object.entries(found).map(([name, r]) => [name, r['status']]))).toEqual(STATUSES);
    for (const [name, hours] of [
      ['fine', 3],
      ['zoned', 3],
      ['filtered', 50],
      ['asked', 50],
    ] as const)
      expect(Math.floor(found[name]!['max_loaded_at_time_ago_in_s'] / 3600), name).toBe(hours);
    expect(found['none']!['max_loaded_at']).toBe('0001-01-01T00:00:00+00:00');
    expect(found['warned']!['criteria']).toEqual({ warn_after: { count: 2, period: 'hour' }, error_after: { count: 24, period: 'hour' }, filter: null });
    expect(ran.stderr).toContain("Source 'raw.stale' was last loaded 3 hours ago");
    expect(ran.stderr).toContain("Source 'raw.none' has no rows that its filter lets through");
    expect(ran.stderr).toMatch(/The newest load of source 'raw\.number' is '2', which is no date or timestamp/);
    expect(ran.stdout).toMatch(/PASS=3 WARN=1 ERROR=6/);
  });

  test('that are chosen alone are looked at', async () => {
    await p.good('source', 'freshness', '--select', 'source:raw.fine', '--output', join(p.root, 'elsewhere.json'));
    const { results } = JSON.parse(readFileSync(join(p.root, 'elsewhere.json'), 'utf8')) as { results: readonly { unique_id: string }[] };
    expect(results.map((r) => r.unique_id)).toEqual(['source.shop.raw.fine']);
  });

  test('and what is built stand in the catalog', async () => {
    await p.good('docs', 'generate');
    const { nodes, sources } = artifact(p, 'catalog.json') as Record<'nodes' | 'sources', Record<string, any>>;
    expect(Object.keys(nodes).toSorted()).toEqual(['model.shop.described', 'model.shop.seen', 'seed.shop.loads']);
    expect(Object.keys(sources)).toContain('source.shop.raw.fine');
    expect(Object.keys(sources)).not.toContain('source.shop.raw.gone');
    const { metadata, columns } = nodes['model.shop.described'];
    expect(metadata).toMatchObject({ type: 'BASE TABLE', name: 'described', schema: p.schema, comment: 'Loads, described.' });
    expect(Object.values(columns as Record<string, any>).map((c) => [c.name, c.index, c.comment])).toEqual([
      ['id', 1, 'The key.'],
      ['loaded', 2, 'When it came.'],
    ]);
    expect(nodes['model.shop.seen'].metadata.type).toBe('VIEW');
    expect(artifact(p, 'manifest.json').nodes['model.shop.seen'].compiled_code).toContain('described');
  });
});
