import { expect, test } from 'vitest';
import type { NodeResult, NodeStatus } from '../execute/events.ts';
import type { Resource } from '../project/resources.ts';
import { Folding } from './folding.ts';

const model = (name: string): Resource => ({ type: 'model', id: `model.shop.${name}`, name, config: { materialized: 'table' } }) as unknown as Resource;
const check = (name: string, of: string | null): Resource =>
  ({ type: 'test', id: `test.shop.${name}`, name, config: {}, generic: of === null ? null : { attachedTo: `model.shop.${of}` } }) as unknown as Resource;
const result = (resource: Resource, status: NodeStatus, message = ''): NodeResult =>
  ({ id: resource.id, resource, status, message, rows: null, failures: null, ms: 10, diagnostics: [], freshness: null }) as unknown as NodeResult;

const orders = model('orders');
const ofOrders = Array.from({ length: 20 }, (_, i) => check(`t${i}`, 'orders'));
const singular = [check('s0', null), check('s1', null)];
const byId = (id: string): Resource | undefined => (id === orders.id ? orders : undefined);

/** Status, kind and name of the lines that come of these results. */
const lines = (planned: readonly Resource[], results: readonly NodeResult[]): string[] => {
  const folding = new Folding(planned, byId);
  const written = [...results.flatMap((r, i) => folding.take(r, i + 1, planned.length)), ...folding.flush()];
  return written.map(({ line: l }) => [l.count, l.status, l.kind, l.name, l.reason].filter((s) => s !== '').join(' '));
};

test('few data tests have a line each', () => {
  expect(lines([orders, ...singular], [result(orders, 'success', 'table'), ...singular.map((t) => result(t, 'pass'))])).toEqual([
    '1/3 OK table orders',
    '2/3 PASS test s0',
    '3/3 PASS test s1',
  ]);
});

test('of many, those that passed share a line for what they test, once the last is done', () => {
  const all = [orders, ...ofOrders, ...singular];
  expect(lines(all, [result(orders, 'success', 'table'), ...ofOrders.map((t) => result(t, 'pass')), ...singular.map((t) => result(t, 'pass'))])).toEqual([
    '1/23 OK table orders',
    '21/23 PASS 20 tests orders',
    '23/23 PASS 2 tests (singular)',
  ]);
});

test('one that failed or warned has its own line, and is not counted', () => {
  const statuses: NodeStatus[] = ['fail', 'warn', ...Array.from({ length: 18 }, (): NodeStatus => 'pass')];
  const results = ofOrders.map((t, i) => result(t, statuses[i]!));
  expect(lines([orders, ...ofOrders, ...singular], results)).toEqual(['1/23 FAIL test t0', '2/23 WARN test t1', '20/23 PASS 18/20 tests orders']);
});

test('a group without a passed test has no line', () => {
  expect(
    lines(
      [...ofOrders, ...singular],
      ofOrders.map((t) => result(t, 'error', 'no')),
    ),
  ).toHaveLength(20);
});

test('what is skipped for one reason is one line, and a few are named', () => {
  const skip = (names: readonly string[], reason: string): NodeResult[] => names.map((n) => result(model(n), 'skipped', reason));
  const results = [...skip(['a', 'b', 'c', 'd'], "model 'x' failed"), ...skip(['e', 'f'], "model 'y' failed"), result(orders, 'success', 'table')];
  expect(lines([...'abcdef'].map(model), results)).toEqual([
    "4/6 SKIP 4 models model 'x' failed",
    "5/6 SKIP table e model 'y' failed",
    "6/6 SKIP table f model 'y' failed",
    '7/6 OK table orders',
  ]);
});
