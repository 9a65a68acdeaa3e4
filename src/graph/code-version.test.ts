import { expect, test } from 'vitest';
import type { MacroEntry } from '../project/project.ts';
import type { Resource } from '../project/resources.ts';
import { codeVersion } from './code-version.ts';

type Given = { readonly id: string; readonly reads?: readonly string[] } & Readonly<Record<string, unknown>>;

function resource({ id, ...rest }: Given): Resource {
  const [type, name] = id.split('.') as [string, string];
  const config = { enabled: true, materialized: 'view', tags: [], meta: {}, 'pre-hook': [], 'post-hook': [], ...(rest['config'] as object | undefined) };
  const base = {
    id,
    type,
    package: 'shop',
    name,
    file: `models/${name}.sql`,
    fqn: ['shop', name],
    patch: null,
    description: '',
    columns: {},
    refs: [],
    sources: [],
  };
  return {
    ...base,
    macros: [],
    code: { kind: 'file' },
    checksum: `text of ${name}`,
    version: null,
    latestVersion: null,
    generic: null,
    ...rest,
    config,
  } as unknown as Resource;
}

function macro(name: string, calls: readonly string[] = [], text = name): MacroEntry {
  return { package: 'shop', name, file: 'macros/all.sql', span: { file: 'macros/all.sql', line: 1, column: 1 }, checksum: 'file', textChecksum: text, calls };
}

/** The version of the first resource, in a project of its own. */
function version(resources: readonly Given[], macros: readonly MacroEntry[] = [], type = 'duckdb'): string {
  const nodes = new Map(resources.map((g) => [g.id, resource(g)]));
  const parents = new Map(resources.map((g) => [g.id, g.reads ?? []]));
  const target = { name: 'dev', type, database: 'shop', schema: 'main', threads: 1, settings: {} };
  return codeVersion(nodes.get(resources[0]!.id)!, { macros, target }, { nodes, parents });
}

const orders: Given = { id: 'model.orders', macros: ['cents'] };

test('the same code is the same version, whatever project object holds it', () => {
  expect(version([orders])).toBe(version([orders]));
  expect(version([orders])).toMatch(/^[0-9a-f]{40}$/);
  expect(version([{ ...orders, config: { indexes: [], on_schema_change: 'fail' } }])).toBe(
    version([{ ...orders, config: { on_schema_change: 'fail', indexes: [] } }]),
  );
});

test('text, configuration and place make another version, a tag or a description that is not written does not', () => {
  const before = version([orders]);
  expect(version([{ ...orders, checksum: 'other text' }])).not.toBe(before);
  expect(version([{ ...orders, config: { materialized: 'table' } }])).not.toBe(before);
  expect(version([{ ...orders, config: { alias: 'bestellungen' } }])).not.toBe(before);
  expect(version([{ ...orders, config: { tags: ['nightly'] } }])).toBe(before);
  expect(version([{ ...orders, description: 'Orders.' }])).toBe(before);
  const persisted = { config: { persist_docs: { relation: true } } };
  expect(version([{ ...orders, ...persisted, description: 'Orders.' }])).not.toBe(version([{ ...orders, ...persisted }]));
});

test('a macro counts with those that it calls, and only where it is needed', () => {
  const before = version([orders], [macro('cents', ['round_up']), macro('round_up'), macro('unused')]);
  expect(version([orders], [macro('cents', ['round_up']), macro('round_up', [], 'changed'), macro('unused')])).not.toBe(before);
  expect(version([orders], [macro('cents', ['round_up']), macro('round_up'), macro('unused', [], 'changed')])).toBe(before);
  expect(version([{ ...orders, macros: [] }], [macro('cents')])).toBe(version([{ ...orders, macros: [] }], []));
  // A circle ends.
  expect(version([orders], [macro('cents', ['round_up']), macro('round_up', ['cents'])])).toMatch(/^[0-9a-f]{40}$/);
});

test('an implementation for this engine or for all counts under the name it is dispatched by', () => {
  const named = (type: string, text: string): string => version([orders], [macro('cents'), macro('duckdb__cents', [], text)], type);
  expect(named('duckdb', 'one')).not.toBe(named('duckdb', 'two'));
  expect(named('postgres', 'one')).toBe(named('postgres', 'two'));
  const byAll = (text: string): string => version([orders], [macro('default__cents', [], text)]);
  expect(byAll('one')).not.toBe(byAll('two'));
});

test('macros of hooks and the materialization count', () => {
  const hooked: Given = { id: 'model.orders', config: { 'post-hook': [{ sql: '{{ grant_all(this) }}', transaction: true }] } };
  expect(version([hooked], [macro('grant_all', [], 'one')])).not.toBe(version([hooked], [macro('grant_all', [], 'two')]));
  const own: Given = { id: 'model.orders', config: { materialized: 'log' } };
  expect(version([own], [macro('materialization_log_default', [], 'one')])).not.toBe(version([own], [macro('materialization_log_default', [], 'two')]));
});

test('an ephemeral parent is part of the version, another parent is not', () => {
  const reading: Given = { ...orders, reads: ['model.parent'] };
  const after = (checksum: string, materialized: string): string => version([reading, { id: 'model.parent', checksum, config: { materialized } }]);
  expect(after('a', 'ephemeral')).not.toBe(after('b', 'ephemeral'));
  expect(after('a', 'view')).toBe(after('b', 'view'));
});

test('a data test is another one with other arguments', () => {
  const of = (values: readonly number[]): Given => ({
    id: 'test.accepted',
    generic: { test: 'accepted_values', arguments: { values }, attachedTo: 'model.orders', column: 'id' },
  });
  expect(version([of([1])])).not.toBe(version([of([1, 2])]));
});
