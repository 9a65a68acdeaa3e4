// Randomness with an address. In: a key (from seed, table and column) and a row. Out: a stream of numbers that depends
// on these alone, so a new column or table leaves all others as they are, and any row can be made without those before it.
// The generator is xoroshiro64** (D. Blackman, S. Vigna, prng.di.unimi.it), its state mixed by MurmurHash3's finalizer.

/** Where a stream of random numbers begins: 64 bits made from names. */
export interface RandomKey {
  readonly high: number;
  readonly low: number;
}

/** The key of a path of names, such as a seed, a table and a column. */
export function randomKey(...path: readonly (string | number)[]): RandomKey {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  const text = path.map((part) => `${String(part).length}:${part}`).join('/');
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    high = Math.imul(high ^ c, 0x9e3779b1);
    low = Math.imul(low ^ c, 0x5f356495);
  }
  return { high: mix(high ^ (low >>> 15)), low: mix(low ^ (high >>> 13)) };
}

/** A stream of random numbers that is placed with `at` and then read. Not shared across awaits. */
export interface Random {
  /** Goes to the beginning of the stream of `key`, a row and a line (or version) of it. */
  at(key: RandomKey, row: number, line?: number): void;
  /** The next number, at least 0 and below 1, with 53 random bits. */
  next(): number;
  /** A whole number from 0 to `count` − 1. */
  below(count: number): number;
}

/** A stream at no particular place. */
export function createRandom(): Random {
  let s0 = 1;
  let s1 = 2;
  const bits = (): number => {
    const product = Math.imul(s0, 0x9e3779bb);
    const result = Math.imul((product << 5) | (product >>> 27), 5);
    s1 ^= s0;
    s0 = ((s0 << 26) | (s0 >>> 6)) ^ s1 ^ (s1 << 9);
    s1 = (s1 << 13) | (s1 >>> 19);
    return result >>> 0;
  };
  const next = (): number => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992;
  return {
    at(key, row, line = 0) {
      const low = row >>> 0;
      const high = Math.floor(row / 4294967296);
      s0 = mix(key.high ^ mix(low ^ mix(line + 0x7f4a7c15)));
      s1 = mix(key.low ^ mix(s0 ^ Math.imul(low + 0x9e3779b9, 0x85ebca6b) ^ mix(high + line)));
      if ((s0 | s1) === 0) s1 = 1;
    },
    next,
    below: (count) => Math.floor(next() * count),
  };
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
