import { expect, it } from 'vitest';
import { decimals, negated, rounded } from './decimals.ts';
import { Float } from './numbers.ts';
import type { Operator } from './operators.ts';

const d = (text: string): Float => new Float(Number(text), text);
const of = (operator: Operator, a: unknown, b: unknown): string | undefined => decimals(operator, a, b)?.toString();

// What Python's decimal module gives.
it.each<readonly [Operator, unknown, unknown, string | undefined]>([
  ['+', d('0.10'), d('0.20'), '0.30'],
  ['+', d('99999999999999999999.99'), 1, '100000000000000000000.99'],
  ['-', d('0.3'), d('0.10'), '0.20'],
  ['-', 1, d('1.5'), '-0.5'],
  ['*', d('1.10'), d('1.1'), '1.210'],
  ['*', d('-0.05'), 3, '-0.15'],
  ['/', d('1.00'), 3, '0.3333333333333333333333333333'],
  ['/', d('2.0'), 3, '0.6666666666666666666666666667'],
  ['/', d('10.50'), 4, '2.625'],
  ['/', d('10.00'), d('2.5'), '4.0'],
  ['/', d('-12345.6'), 7, '-1763.657142857142857142857143'],
  ['//', d('-7.5'), 2, '-3'],
  ['%', d('-7.5'), 2, '-1.5'],
  ['*', d('1.0000000000000001'), d('1.0000000000000001'), '1.000000000000000200000000000'],
  ['+', d('1234567890123456789012345678.5'), 1, '1234567890123456789012345680'],
  ['*', d(`${'9'.repeat(200)}.5`), d(`${'9'.repeat(200)}.5`), undefined],
  ['+', d('0.1'), 0.2, undefined],
  ['**', d('1.5'), 2, undefined],
  ['+', new Float(2), 1, undefined],
])('%s of %s and %s', (operator, a, b, result) => {
  expect(of(operator, a, b)).toBe(result);
});

it('refuses to divide by zero', () => {
  expect(() => decimals('/', d('1.5'), d('0.00'))).toThrow('Division by zero');
});

it('negates, and rounds half to even', () => {
  expect(negated(d('1.50'))?.toString()).toBe('-1.50');
  expect([rounded(d('0.305'), 2), rounded(d('0.315'), 2), rounded(d('-2.5'), 0), rounded(d('1.5'), 3), rounded(d('1250.0'), -2)].map(String)).toEqual([
    '0.30',
    '0.32',
    '-2',
    '1.500',
    '1200',
  ]);
  expect(negated(new Float(2))).toBeUndefined();
  expect([rounded(d('1.5'), 1e9), rounded(d('1.5'), -1e9)].map(String)).toEqual([`1.5${'0'.repeat(27)}`, '0']);
});
