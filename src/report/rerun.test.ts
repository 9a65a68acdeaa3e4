import { expect, test } from 'vitest';
import type { NodeResult } from '../execute/events.ts';
import { rerunCommand, shellWord } from './rerun.ts';

const result = (name: string, status: NodeResult['status'], more: object = { type: 'model' }): NodeResult =>
  ({ id: `model.shop.${name}`, status, resource: { id: `model.shop.${name}`, name, refs: [], ...more } }) as unknown as NodeResult;
const testOf = (name: string, of: string): NodeResult =>
  result(name, 'skipped', { type: 'test', generic: { test: 'unique', attachedTo: `model.shop.${of}` }, refs: [{ name: of }] });
const build = { command: 'build', flags: '', retry: 'dwt retry' };

test('names what failed and what was skipped, and leaves out what went well', () => {
  expect(rerunCommand([result('a', 'success'), result('b', 'error'), result('c', 'skipped')], build)).toBe('dwt build --select b c');
});

test('a data test of a model that is named itself comes along with a build, but not with a test', () => {
  const results = [result('b', 'error'), testOf('unique_b_id', 'b'), testOf('unique_z_id', 'z')];
  expect(rerunCommand(results, build)).toBe('dwt build --select b unique_z_id');
  expect(rerunCommand(results, { ...build, command: 'test' })).toBe('dwt test --select b unique_b_id unique_z_id');
});

test('of many, the last run is taken up again; where that would do something else, from the failures on', () => {
  const many = [result('root', 'error'), ...Array.from({ length: 9 }, (_, i) => result(`m${i}`, 'skipped'))];
  expect(rerunCommand(many, build)).toBe('dwt retry');
});

test('hooks are no nodes to name', () => {
  expect(rerunCommand([result('hook', 'error', { type: 'operation' })], { ...build, command: 'run' })).toBe('dwt run');
});

test('a word that a shell would take apart is quoted', () => {
  expect(['orders', '+a+', 'two words', "it's", '$x'].map(shellWord)).toEqual(['orders', '+a+', "'two words'", "'it'\\''s'", "'$x'"]);
});
