// What an edit of a project makes modified, as dbt says: tests/state/edits.yml has the edits, dbt-says.json dbt's answers,
// and ask-dbt.py is how they were had. The state is dwt's own manifest, and then one that dbt wrote.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type DwtProject, openProject } from '../src/index.ts';
import { readDeferredRelations, readFreshness } from '../src/artifacts/read-state.ts';

interface Edit {
  readonly name: string;
  readonly move?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
  readonly write?: Readonly<Record<string, string>>;
  readonly replace?: Readonly<Record<string, readonly [from: string, to: string]>>;
}

const EDITS = parse(readFileSync('tests/state/edits.yml', 'utf8')) as readonly Edit[];
const SAYS = JSON.parse(readFileSync('tests/state/dbt-says.json', 'utf8')) as Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
const PARTS = ['modified', 'body', 'configs', 'relation', 'persisted_descriptions', 'macros', 'contract'].map((p) => (p === 'modified' ? p : `modified.${p}`));

let work: string;
let before: string;
let count = 0;

function copy(): string {
  const root = join(work, `copy-${count++}`);
  cpSync('tests/state/project', root, { recursive: true, filter: (path) => !path.endsWith('/target') });
  return root;
}

function apply(root: string, e: Edit): void {
  for (const [from, to] of Object.entries(e.move ?? {})) {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    renameSync(join(root, from), join(root, to));
  }
  for (const file of e.remove ?? []) rmSync(join(root, file));
  for (const [file, text] of Object.entries(e.write ?? {})) writeFileSync(join(root, file), text);
  for (const [file, [from, to]] of Object.entries(e.replace ?? {})) {
    const text = readFileSync(join(root, file), 'utf8');
    expect(text).toContain(from);
    writeFileSync(
      join(root, file),
      text.replace(from, () => to),
    );
  }
}

/** Without analyses, which `dbt ls` leaves out. */
function selected(project: DwtProject, term: string, state: string): string[] {
  const { ids } = project.select({ select: [term], state, indirectSelection: 'empty' });
  return [...ids].filter((id) => !id.startsWith('analysis.')).toSorted();
}

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'dwt-state-'));
  const root = copy();
  openProject({ projectDir: root }).writeManifest();
  before = join(root, 'target');
});
afterAll(() => rmSync(work, { recursive: true }));

it('has an answer of dbt for every edit', () => expect(Object.keys(SAYS)).toEqual(EDITS.map((e) => e.name)));

describe('state:modified and its parts, as dbt says', () => {
  it.each(EDITS.map((e) => [e.name, e] as const))('%s', (name, e) => {
    const root = copy();
    apply(root, e);
    const project = openProject({ projectDir: root });
    const ours = Object.fromEntries(PARTS.map((part) => [part, selected(project, `state:${part}`, before)]));
    const theirs = Object.fromEntries(PARTS.map((part) => [part, SAYS[name]![part] ?? []]));
    expect(ours).toEqual(theirs);
    const fresh = new Set(SAYS[name]!['new']);
    expect(selected(project, 'state:new', before)).toEqual([...fresh]);
    expect(selected(project, 'state:old', before).filter((id) => fresh.has(id))).toEqual([]);
    const modified = new Set(ours['modified']);
    const rest = [...project.resources.keys()].filter((id) => !/^(analysis|operation)\./.test(id) && !modified.has(id));
    expect(selected(project, 'state:unmodified', before)).toEqual(rest.toSorted());
  });
});

describe('a manifest that dbt wrote', () => {
  let theirs: string;
  beforeAll(() => {
    theirs = join(work, 'dbt');
    mkdirSync(theirs, { recursive: true });
    cpSync('tests/state/dbt-manifest.json', join(theirs, 'manifest.json'));
  });

  it('is a state in which nothing of the same project is modified or new', () => {
    const project = openProject({ projectDir: copy() });
    expect(selected(project, 'state:modified', theirs)).toEqual([]);
    expect(selected(project, 'state:new', theirs)).toEqual([]);
    for (const part of PARTS) expect(selected(project, `state:${part}`, theirs), part).toEqual([]);
  });

  it.each(EDITS.map((e) => [e.name, e] as const))('finds modified what dbt does: %s', (name, e) => {
    const root = copy();
    apply(root, e);
    expect(selected(openProject({ projectDir: root }), 'state:modified', theirs)).toEqual(SAYS[name]!['modified'] ?? []);
  });

  it('tells where each node stands', () => {
    const relations = readDeferredRelations(theirs)!;
    expect(relations.get('model.shop.orders')).toEqual({ database: 'shop', schema: 'main', identifier: 'orders' });
    expect(relations.get('seed.shop.customers')).toEqual({ database: 'shop', schema: 'main_raw', identifier: 'customers' });
    expect(relations.get('model.shop.product.v1')).toEqual({ database: 'shop', schema: 'main', identifier: 'product_v1' });
    expect([...relations.keys()].filter((id) => !/^(model|seed|snapshot)\./.test(id))).toEqual([]);
  });
});

describe('a folder of state', () => {
  it('without a manifest is said to have none', () => {
    const project = openProject({ projectDir: copy() });
    expect(() => selected(project, 'state:modified', work)).toThrow(/needs an earlier manifest\.json/);
    expect(() => selected(project, 'source_status:fresher', work)).toThrow(/needs an earlier and a newer sources\.json/);
    expect(readDeferredRelations(work)).toBeUndefined();
  });

  it('with something else in its place is refused', () => {
    const folder = join(work, 'other');
    mkdirSync(folder);
    for (const text of ['{"nodes": {', '[]', '{"nodes": 1}']) {
      writeFileSync(join(folder, 'manifest.json'), text);
      expect(() => selected(openProject({ projectDir: copy() }), 'state:modified', folder), text).toThrow(/is not an artifact that dwt or dbt writes/);
    }
  });

  it('with older sources finds what is fresher', () => {
    const [then, now] = ['then', 'now'].map((name) => join(work, name)) as [string, string];
    const put = (folder: string, results: readonly unknown[]): void => {
      mkdirSync(folder);
      writeFileSync(join(folder, 'sources.json'), JSON.stringify({ results }));
    };
    put(then, [
      { unique_id: 'source.shop.raw.orders', max_loaded_at: '2024-01-01T00:00:00+00:00' },
      { unique_id: 'b', status: 'runtime error', error: 'no' },
    ]);
    put(now, [{ unique_id: 'source.shop.raw.orders', max_loaded_at: '2024-01-01T00:00:00.000001+00:00' }]);
    const found = readFreshness(then, now)!;
    expect(found.before.get('b')).toBeNull();
    const root = copy();
    const project = openProject({ projectDir: root });
    mkdirSync(join(root, 'target'), { recursive: true });
    cpSync(join(now, 'sources.json'), join(root, 'target', 'sources.json'));
    expect(selected(project, 'source_status:fresher', then)).toEqual(['source.shop.raw.orders']);
    expect(selected(project, 'source_status:fresher', now)).toEqual([]);
  });
});
