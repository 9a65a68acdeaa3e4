import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, compare, decimal, divide, floor, formatDecimal, multiply, parseDecimal, round, subtract, toInteger, type Decimal } from './decimal.ts';

const of = (text: string): Decimal => parseDecimal(text)!;
const show = (d: Decimal | undefined): string => (d === undefined ? 'undefined' : formatDecimal(d));
const decimals = fc.tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.integer({ min: 0, max: 12 })).map(([u, s]) => decimal(u, s));

describe('decimals', () => {
  test.each([
    ['0.00', '0.00'],
    ['-12', '-12'],
    ['1e-7', '0.0000001'],
    ['1.5e3', '1500'],
    ['007.50', '7.50'],
    ['123456789012345678901234567890.1', '123456789012345678901234567890.1'],
  ])('%s is written %s', (text, written) => expect(show(of(text))).toBe(written));

  test.each(['', 'x', '1.', '.5', '1,5', '--1', 'NaN', 'Infinity'])("'%s' is no decimal", (text) => expect(parseDecimal(text)).toBeUndefined());

  test.each([
    ['2.5', 0, '3'],
    ['-2.5', 0, '-3'],
    ['2.49', 0, '2'],
    ['0.125', 2, '0.13'],
    ['1.005', 2, '1.01'],
    ['-0.004', 2, '0.00'],
    ['1', 2, '1.00'],
    ['99999999999999999999.995', 2, '100000000000000000000.00'],
  ])('round(%s, %i) = %s', (text, scale, rounded) => expect(show(round(of(text), scale))).toBe(rounded));

  test.each([
    ['1', '8', '0.125'],
    ['10', '4', '2.5'],
    ['12.34', '100', '0.1234'],
    ['-7', '2', '-3.5'],
    ['1', '0', 'undefined'],
    ['6', '0.5', '12'],
  ])('%s / %s = %s', (a, b, quotient) => {
    const q = divide(of(a), of(b));
    if (q === undefined) expect(quotient).toBe('undefined');
    else expect(compare(q, of(quotient))).toBe(0);
  });

  test('what is read is what was written', () => {
    fc.assert(fc.property(decimals, (d) => compare(of(show(d)), d) === 0 && of(show(d)).scale === d.scale));
  });

  test('small and large units follow the same arithmetic', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        expect(compare(subtract(add(a, b), b), a)).toBe(0);
        expect(BigInt(multiply(a, b).units)).toBe(BigInt(a.units) * BigInt(b.units));
        expect(Math.sign(compare(a, b))).toBe(-Math.sign(compare(b, a)) + 0);
      }),
    );
  });

  test('rounding goes to the nearest, a half away from zero', () => {
    fc.assert(
      fc.property(decimals, fc.integer({ min: 0, max: 12 }), (d, scale) => {
        const off = multiply(subtract(round(d, scale), d), decimal(2n * 10n ** BigInt(scale)));
        expect(Math.abs(compare(off, decimal(1)))).toBeLessThanOrEqual(1);
        expect(compare(off, decimal(1)) <= 0 && compare(off, decimal(-1)) >= 0).toBe(true);
        if (compare(off, decimal(1)) === 0) expect(d.units > 0).toBe(true);
        if (compare(off, decimal(-1)) === 0) expect(d.units < 0).toBe(true);
      }),
    );
  });

  test('rounding a quotient is rounding the true one', () => {
    const units = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
    fc.assert(
      fc.property(
        units,
        units.filter((u) => u !== 0n),
        fc.integer({ min: 0, max: 10 }),
        (a, b, scale) => {
          const size = 10n ** BigInt(scale);
          const [n, m] = [(a < 0n ? -a : a) * size, b < 0n ? -b : b];
          const magnitude = (2n * n + m) / (2n * m);
          const expected = a < 0n !== b < 0n ? -magnitude : magnitude;
          expect(BigInt(round(divide(decimal(a), decimal(b))!, scale).units)).toBe(expected);
        },
      ),
    );
  });

  test('floor and whole numbers', () => {
    expect(show(floor(of('-1.5')))).toBe('-2');
    expect(show(floor(of('1.5')))).toBe('1');
    expect(toInteger(of('3.00'))).toBe(3);
    expect(toInteger(of('3.01'))).toBeUndefined();
  });
});
