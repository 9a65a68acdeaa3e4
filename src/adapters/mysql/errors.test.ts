// Errors of the driver as the kinds a run knows.
import { expect, test } from 'vitest';
import { connectionFailure, statementFailure } from './errors.ts';

const thrown = (facts: Record<string, unknown>): Error => Object.assign(new Error(String(facts['message'] ?? 'x')), facts);

test.each([
  ["syntax to use near 'frm t' at line 3", 'select 1,\n  2\n frm t', { line: 3, column: 2 }],
  ["syntax to use near 'x\ny' at line 1", 'select x\ny', { line: 1, column: 8 }],
  ["syntax to use near '' at line 2", 'select\n1 from', { line: 2, column: undefined }],
  ["syntax to use near 'a' at line 2", 'select a,\n a', { line: 2, column: 2 }],
  ["syntax to use near '' at line 1", 'select 1;\nselect', { line: undefined, column: undefined }],
  ["Unknown column 'x' in 'field list'", 'select x', { line: undefined, column: undefined }],
])('%j', (message, sql, expected) => {
  expect(statementFailure(thrown({ message, sqlMessage: message }), sql)).toMatchObject(expected);
});

test.each([
  [1213, { retryable: true, cancelled: false, disconnected: false }],
  [1205, { retryable: true, cancelled: false, disconnected: false }],
  [1317, { retryable: false, cancelled: true, disconnected: false }],
  [1927, { retryable: false, cancelled: false, disconnected: true }],
  [3024, { retryable: false, cancelled: false, disconnected: false }],
])('error %i', (errno, expected) => {
  expect(statementFailure(thrown({ errno }), '')).toMatchObject(expected);
});

test('a lost connection', () => {
  expect(statementFailure(thrown({ code: 'PROTOCOL_CONNECTION_LOST', fatal: true }), '').disconnected).toBe(true);
  expect(connectionFailure(thrown({ code: 'ECONNREFUSED' }), { host: '/run/x.sock', port: 3306, user: 'a', database: 'b' }).message).toBe(
    'No MySQL or MariaDB server answers at the socket /run/x.sock.',
  );
});

test('a name that ends in a space', () => {
  const message = "Incorrect table name 'ends '";
  expect(statementFailure(thrown({ message, sqlMessage: message, errno: 1103 }), '').hint).toMatch(/take no name that ends in a blank/);
});

test('md5 that needs a component', () => {
  const message = 'FUNCTION shop.md5 does not exist';
  expect(statementFailure(thrown({ message, sqlMessage: message, errno: 1305 }), '')).toMatchObject({
    message,
    hint: "MySQL has md5() from version 9.6 on only with a component: install component 'file://component_classic_hashing'",
  });
});

test.each([
  [1054, "Unknown column 'statsu' in 'SELECT'", { kind: 'column', name: 'statsu' }, 'statsu'],
  [1054, "Unknown column 'o.statsu' in 'SELECT'", { kind: 'column', qualifier: 'o', name: 'statsu' }, 'o.statsu'],
  [1146, "Table 'shop.ordrs' doesn't exist", { kind: 'relation', name: 'ordrs' }, 'ordrs'],
  [1305, 'FUNCTION shop.uper does not exist', { kind: 'function', name: 'uper' }, 'uper'],
  [4161, "Unknown data type: 'intger'", { kind: 'type', name: 'intger' }, 'intger'],
  [1052, "Column 'id' in SELECT is ambiguous", undefined, 'id'],
  [1055, "'shop.o.status' isn't in GROUP BY", undefined, 'status'],
  [1064, 'You have an error', undefined, undefined],
])('%i: %s', (errno, sqlMessage, missing, mentions) => {
  expect(statementFailure(thrown({ errno, sqlMessage }), '')).toMatchObject({ missing, mentions });
});

test('a syntax error is told without the manual and without a line of the statement', () => {
  const said = (near: string): string =>
    statementFailure(thrown({ sqlMessage: `You have an error in your SQL syntax; check the manual for the right syntax to use near '${near}' at line 3` }), '')
      .message;
  expect(said('.amount,\n  c.name')).toBe("syntax error near '.amount,'");
  expect(said('')).toBe('syntax error at the end of the query');
});
