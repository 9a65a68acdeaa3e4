// Errors of the driver as the kinds a run knows.
import { expect, test } from 'vitest';
import { connectionFailure, placeAt, statementFailure } from './errors.ts';

const thrown = (facts: Record<string, unknown>): Error => Object.assign(new Error(String(facts['message'] ?? 'x')), facts);

test.each([
  ['select x', 8, { line: 1, column: 8 }],
  ['select 1,\n  nope', 13, { line: 2, column: 3 }],
  ["select '😀',\n\n  nope", 16, { line: 3, column: 3 }],
  ["select '😀', nope", 13, { line: 1, column: 14 }],
])('position in %j', (sql, position, expected) => {
  expect(placeAt(sql, position)).toEqual(expected);
});

test.each([
  ['40P01', { retryable: true, cancelled: false, disconnected: false }],
  ['40001', { retryable: true, cancelled: false, disconnected: false }],
  ['57014', { retryable: false, cancelled: true, disconnected: false }],
  ['57P01', { retryable: false, cancelled: false, disconnected: true }],
  ['08006', { retryable: false, cancelled: false, disconnected: true }],
  ['ECONNRESET', { retryable: false, cancelled: false, disconnected: true }],
  ['42P01', { retryable: false, cancelled: false, disconnected: false }],
])('code %s', (code, expected) => {
  expect(statementFailure(thrown({ code }), 'select 1')).toMatchObject({ ...expected, engineCode: code });
});

test('a statement time-out is no cancellation', () => {
  expect(statementFailure(thrown({ code: '57014', message: 'canceling statement due to statement timeout' }), '').cancelled).toBe(false);
});

test('detail and hint are kept', () => {
  const e = statementFailure(thrown({ code: '23505', message: 'duplicate key', detail: 'Key (id)=(1) already exists.', hint: 'Look.' }), '');
  expect([e.message, e.hint]).toEqual(['duplicate key\nKey (id)=(1) already exists.', 'Look.']);
});

test('a hint of our own where the server has none', () => {
  const refused = (facts: Record<string, unknown>): string | undefined => statementFailure(thrown(facts), '').hint;
  const message = 'cannot alter column "k" because it is part of the partition key of relation "w"';
  expect(refused({ code: '42P16', message })).toMatch(/^Its table is partitioned by it: cast it .* --full-refresh\.$/);
  expect(refused({ code: '42P16', message, hint: 'Look.' })).toBe('Look.');
  expect(refused({ code: '55P03' })).toMatch(/^Another session holds a lock/);
  expect(refused({ code: '42P16', message: 'x' })).toBeUndefined();
});

test('of several addresses that were tried, the first counts', () => {
  const at = { host: 'localhost', port: 5432, user: 'ann', database: 'shop' };
  expect(connectionFailure(new AggregateError([thrown({ code: 'ECONNREFUSED' }), thrown({ code: 'EHOSTUNREACH' })]), at).message).toBe(
    'No PostgreSQL server answers at localhost:5432.',
  );
});

test.each([
  [
    { code: '42703', message: 'column "statsu" does not exist' },
    { kind: 'column', name: 'statsu', candidates: [] },
  ],
  [
    { code: '42703', message: 'column o.statsu does not exist', hint: 'Perhaps you meant to reference the column "o.status".' },
    { kind: 'column', qualifier: 'o', name: 'statsu', candidates: ['status'] },
  ],
  [
    { code: '42703', message: 'column "idd" of relation "orders" does not exist' },
    { kind: 'column', name: 'idd', candidates: [] },
  ],
  [
    { code: '42P01', message: 'relation "shop.ordrs" does not exist' },
    { kind: 'relation', name: 'ordrs' },
  ],
  [
    { code: '42P01', message: 'missing FROM-clause entry for table "cu"' },
    { kind: 'alias', name: 'cu' },
  ],
  [
    { code: '42883', message: 'function uper(text) does not exist', hint: 'No function matches.' },
    { kind: 'function', name: 'uper' },
  ],
  [
    { code: '42704', message: 'type "intger" does not exist' },
    { kind: 'type', name: 'intger' },
  ],
])('%j is missing something', (facts, missing) => {
  expect(statementFailure(thrown(facts), '')).toMatchObject({ missing, hint: undefined });
});

test('a value that does not fit is no mistake of the SQL', () => {
  expect(statementFailure(thrown({ code: '22012', message: 'division by zero' }), '')).toMatchObject({ aboutValue: true, missing: undefined });
});
