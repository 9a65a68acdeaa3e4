import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom, randomKey } from './random.ts';

const take = (path: readonly (string | number)[], row: number, line: number): number[] => {
  const random = createRandom();
  random.at(randomKey(...path), row, line);
  return [random.next(), random.next(), random.next()];
};

test('the stream depends on its address alone, and differs between addresses', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.nat(), fc.nat(10), (a, b, row, line) => {
      expect(take([1, a, b], row, line)).toEqual(take([1, a, b], row, line));
      expect(take([1, a, b], row, line)).not.toEqual(take([2, a, b], row, line));
      expect(take([1, a, b], row, line)).not.toEqual(take([1, a, b], row + 1, line));
      expect(take([1, a, b], row, line)).not.toEqual(take([1, a, b], row, line + 1));
      expect(take([1, a, b], row, line)).not.toEqual(take([1, `${a}x`, b], row, line));
    }),
  );
});

test('where one name ends and the next begins matters', () => {
  expect(randomKey('ab', 'c')).not.toEqual(randomKey('a', 'bc'));
});

test('the bytes of a seed never change', () => {
  expect(take([42, 'customers', 'first_name'], 7, 0)).toMatchInlineSnapshot(`
    [
      0.917957232830588,
      0.8991345786602346,
      0.8979382501281493,
    ]
  `);
});

test('first numbers of consecutive rows are even and uncorrelated', () => {
  const random = createRandom();
  const key = randomKey(42, 't', 'c');
  const buckets = Array.from({ length: 20 }, () => 0);
  let product = 0;
  let before = 0.5;
  const count = 100_000;
  for (let row = 0; row < count; row++) {
    random.at(key, row);
    const x = random.next();
    buckets[Math.floor(x * 20)]! += 1;
    product += (x - 0.5) * (before - 0.5);
    before = x;
  }
  const chiSquare = buckets.reduce((sum, n) => sum + (n - count / 20) ** 2 / (count / 20), 0);
  expect(chiSquare).toBeLessThan(43.8); // 19 degrees of freedom, 0.1 %
  expect(Math.abs((product / count) * 12)).toBeLessThan(0.012);
});
