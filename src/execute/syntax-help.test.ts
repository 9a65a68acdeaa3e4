// What is likely wrong where a query does not parse.
import { expect, test } from 'vitest';
import { helpWithSyntax } from './syntax-help.ts';

/** The place is that of the mark. */
const help = (marked: string): string | undefined => helpWithSyntax(marked.replace('¦', ''), marked.indexOf('¦'));

test.each([
  ['select a from t ¦jion u on t.i = u.i', "Did you mean 'join'?"],
  ['select a\nform ¦"t"', "Did you mean 'from'?"],
  ['selct ¦a from t', undefined],
  ['¦selct a from t', "Did you mean 'select'?"],
  // The name of a table that is near to a keyword is no mistake.
  ['select a from orders ¦= 1', undefined],
  ['select a from t group ¦form', "Did you mean 'from'?"],
  ['select a from t ¦as', undefined],
])('%j: %j', (sql, expected) => {
  expect(help(sql)).toBe(expected);
});

const COMMA = 'Is a comma missing at the end of the line above?';

test.each([
  ['select\n    o.a\n    o¦.b\nfrom o', COMMA],
  ['select\n    a\n    b ¦as c\nfrom o', COMMA],
  ["select\n    'a'\n    ¦'b'\nfrom o", COMMA],
  ['select\n    a,\n    b ¦b c\nfrom o', undefined],
  ['select a\nfrom t\nwhere a\n    b¦.c', undefined],
  ['select count(*¦ as n', undefined],
  ['select a ¦b c from t', undefined],
])('a missing comma: %j', (sql, expected) => {
  expect(help(sql)).toBe(expected);
});

test('several statements, and quotes of a text document', () => {
  expect(help('¦set x = 1;\nselect 1')).toContain('several statements');
  expect(help('¦select frm;') ?? '').not.toContain('several statements');
  expect(help('select ¦‘a’')).toBe("It is a typographic quote: write '.");
});
