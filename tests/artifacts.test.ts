// Artifacts against dbt's published JSON schemas, which are not part of this repository: DWT_DBT_SCHEMAS names a folder that
// has them as manifest/v12.json, run-results/v6.json, catalog/v1.json, sources/v3.json (.ci/run makes one). And what the
// files hold, by the true command line.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnySchemaObject, ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dwt } from './support/cli.ts';

const SCHEMAS = process.env['DWT_DBT_SCHEMAS'];
const FILES = { 'manifest.json': 'manifest/v12', 'run_results.json': 'run-results/v6', 'catalog.json': 'catalog/v1', 'sources.json': 'sources/v3' } as const;
type File = keyof typeof FILES;

const validators = new Map<File, ValidateFunction>();

/** What is wrong with an artifact by its schema; nothing where it is valid. */
function mistakes(folder: string, file: File): string[] {
  let validate = validators.get(file);
  if (validate === undefined) {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    (addFormats as unknown as (a: Ajv2020) => void)(ajv);
    validate = ajv.compile(JSON.parse(readFileSync(join(SCHEMAS!, `${FILES[file]}.json`), 'utf8')) as AnySchemaObject);
    validators.set(file, validate);
  }
  validate(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  return (validate.errors ?? []).map((e: ErrorObject) => `${e.instancePath}: ${e.message} ${JSON.stringify(e.params)}`);
}

/** A copy of a project in a folder of its own. */
function copyOf(parts: readonly (readonly [from: string, to: string])[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'dwt-artifacts-'));
  for (const [from, to] of parts) cpSync(from, join(folder, to), { recursive: true });
  return folder;
}

const PROJECTS = {
  demo: ['project.yml', 'models', 'macros', 'seeds', 'snapshots', 'tests/generic', '.dwtignore'].map((p) => [p, p] as const),
  'odd project': [['tests/artifacts/odd', '.']] as const,
};

type Json = Readonly<Record<string, any>>;

describe.each(Object.entries(PROJECTS))('artifacts of the %s', (name, parts) => {
  let cwd: string;
  const target = (): string => join(cwd, 'target');
  const read = (file: File): Json => JSON.parse(readFileSync(join(target(), file), 'utf8')) as Json;
  beforeAll(() => void (cwd = copyOf(parts)));
  afterAll(() => rmSync(cwd, { recursive: true }));

  const run = async (line: readonly string[], exit: number): Promise<void> => {
    const done = await dwt(line, { cwd });
    expect(`${done.stdout}${done.stderr}`).not.toMatch(/internal\/bug/);
    expect(done.exit, `${done.stdout}${done.stderr}`).toBe(exit);
  };

  it.each<[string, number, readonly File[]]>([
    ['parse', 0, ['manifest.json']],
    ['build --select *', name === 'demo' ? 0 : 1, ['manifest.json', 'run_results.json']],
    ['docs generate', 0, ['manifest.json', 'catalog.json']],
    ['source freshness --select source:*', name === 'demo' ? 0 : 1, name === 'demo' ? [] : ['sources.json']],
  ])('are there after %s, and valid', async (line, exit, files) => {
    await run(line.split(' '), exit);
    for (const file of files) {
      expect(existsSync(join(target(), file)), file).toBe(true);
      if (SCHEMAS !== undefined) expect(mistakes(target(), file), file).toEqual([]);
    }
  });

  it.skipIf(SCHEMAS === undefined)('would not be valid with a value of another kind', async () => {
    await run(['parse'], 0);
    const broken = join(cwd, 'broken');
    cpSync(target(), broken, { recursive: true });
    const path = join(broken, 'manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"fqn":[', '"fqn":{},"path":['));
    expect(mistakes(broken, 'manifest.json')).not.toEqual([]);
  });

  it.skipIf(SCHEMAS !== undefined)('are held against no schema, because DWT_DBT_SCHEMAS names no folder of them', ({ skip }) => skip());

  it('are the same for the same project, but for their metadata', async () => {
    await run(['parse'], 0);
    const { metadata: _first, ...first } = read('manifest.json');
    await run(['parse', '--no-cache'], 0);
    const { metadata: _second, ...second } = read('manifest.json');
    expect(second).toEqual(first);
    expect(Object.keys(first['nodes'] as Json)).toEqual(Object.keys(first['nodes'] as Json).toSorted());
  });

  it('name the same nodes everywhere', async () => {
    const { nodes, sources, exposures, parent_map: parents, child_map: children } = read('manifest.json');
    const ids = [nodes, sources, exposures].flatMap((part) => Object.keys(part as Json)).toSorted();
    expect(Object.keys(parents as Json)).toEqual(ids);
    expect(Object.keys(children as Json)).toEqual(ids);
    for (const r of read('run_results.json')['results'] as readonly Json[]) expect(ids).toContain(r['unique_id']);
    const catalog = read('catalog.json');
    for (const id of [...Object.keys(catalog['nodes'] as Json), ...Object.keys(catalog['sources'] as Json)]) expect(ids).toContain(id);
  });
});

describe('what the artifacts of the odd project tell', () => {
  let cwd: string;
  const read = (file: File): Json => JSON.parse(readFileSync(join(cwd, 'target', file), 'utf8')) as Json;
  beforeAll(async () => {
    cwd = copyOf(PROJECTS['odd project']);
    await dwt(['build', '--select', '*', '--full-refresh'], { cwd });
    await dwt(['source', 'freshness', '--select', 'source:*', '--output', 'target/sources.json'], { cwd });
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  it('a run leaves compiled SQL in the manifest, of what it ran alone', () => {
    const { nodes } = read('manifest.json') as { nodes: Record<string, Json> };
    expect(nodes['model.odd.first']).toMatchObject({
      compiled: true,
      compiled_path: 'target/compiled/odd/models/deep/er/first.sql',
      build_path: 'target/run/odd/models/deep/er/first.sql',
      relation_name: '"w"."main"."first"',
      group: 'people',
      primary_key: ['id'],
      patch_path: 'odd://models/_all.yml',
      doc_blocks: ['doc.odd.one'],
      unrendered_config: { materialized: 'table', tags: "Add(left=List(items=[Const(value='a'), Const(value='b')]), right=List(items=[Const(value='c')]))" },
    });
    expect(nodes['model.odd.broken']).toMatchObject({ compiled_path: null });
    expect(nodes['model.odd.broken']).not.toHaveProperty('compiled');
    expect(nodes['operation.odd.odd-on-run-end-0']).toMatchObject({ compiled: true, index: 1 });
  });

  it('a manifest tells of groups, disabled nodes, macros and selectors', () => {
    const m = read('manifest.json');
    const members = (m['group_map'] as { people: string[] }).people;
    expect(members.map((id) => id.replace(/\.[0-9a-f]{10}$/, ''))).toEqual([
      'model.odd.first',
      'test.odd.not_null_first__odd_name_',
      'test.odd.not_null_first_id',
      'test.odd.of_these',
      'test.odd.unique_first_id',
    ]);
    expect(Object.keys(m['disabled'] as Json)).toEqual(expect.arrayContaining(['model.odd.offline']));
    expect(m['macros']).toMatchObject({
      'macro.odd.noop': { description: 'Nothing.', arguments: [{ name: 'what', type: 'string', description: '' }], docs: { show: false } },
      'macro.odd.default__hidden': { depends_on: { macros: ['macro.odd.noop'] } },
      'macro.odd.materialization_nothing_default': { supported_languages: ['sql'] },
    });
    expect(m['selectors']).toMatchObject({
      wide: { definition: { method: 'tag', value: 'deep', parents: true, parents_depth: 1, children: true } },
      both: { default: true, description: 'Two ways.' },
    });
  });

  it('run results have status, timing, relation and what was asked', () => {
    const { results, args } = read('run_results.json') as { results: readonly Json[]; args: Json };
    const of = (id: string): Json => results.find((r) => (r['unique_id'] as string).startsWith(id))!;
    expect(of('model.odd.first')).toMatchObject({
      status: 'success',
      relation_name: '"w"."main"."first"',
      compiled: true,
      thread_id: expect.stringMatching(/^Thread-\d$/),
    });
    expect((of('model.odd.first')['timing'] as readonly Json[]).map((t) => t['name'])).toEqual(['compile', 'execute']);
    expect(of('test.odd.of_these')).toMatchObject({ status: 'error', message: expect.stringContaining('zwei') });
    expect(of('model.odd.second')).toMatchObject({ status: 'skipped', timing: [] });
    expect(of('seed.odd.numbers')).toMatchObject({ compiled: null, adapter_response: { rows_affected: 2 } });
    expect(of('test.odd.warns')).toMatchObject({ status: 'warn', failures: 1 });
    expect(args).toMatchObject({ which: 'build', select: ['*'], full_refresh: true, invocation_command: 'dwt build --select * --full-refresh' });
  });

  it('sources are fresh, stale, or could not be looked at', () => {
    const { results } = read('sources.json') as { results: readonly Json[] };
    const of = (name: string): Json => results.find((r) => r['unique_id'] === `source.odd.ext.${name}`)!;
    expect(of('stale')).toMatchObject({
      status: 'error',
      max_loaded_at: '2024-01-01T10:00:00+00:00',
      criteria: { warn_after: { count: 6, period: 'hour' }, error_after: { count: 300, period: 'day' }, filter: null },
    });
    expect(of('fresh')).toMatchObject({ status: 'pass' });
    // Its filter lets nothing through, and the table has taken the limit for errors back.
    expect(of('filtered')).toMatchObject({ status: 'warn', max_loaded_at: '0001-01-01T00:00:00+00:00' });
    expect(of('gone')).toMatchObject({ status: 'runtime error', error: expect.stringContaining('gone') });
    expect(of('dateless')).toMatchObject({ status: 'runtime error' });
    expect(of('unchecked')).toBeUndefined();
  });
});
