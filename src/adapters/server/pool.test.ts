// A pool of numbers in place of connections.
import { expect, test } from 'vitest';
import { Pool } from './pool.ts';

function numbers(limit: number, open?: () => Promise<number>): { pool: Pool<number>; closed: number[] } {
  let next = 0;
  const closed: number[] = [];
  return { pool: new Pool(limit, open ?? (async () => ++next), async (c) => void closed.push(c)), closed };
}

test('connections are opened when needed, used again, and waited for in order', async () => {
  const { pool } = numbers(2);
  const [a, b] = [await pool.take(), await pool.take()];
  const order: string[] = [];
  const waits = ['third', 'fourth'].map((name) => pool.take().then((c) => (order.push(name), c)));
  await pool.give(b, true);
  await pool.give(a, true);
  expect(await Promise.all(waits)).toEqual([b, a]);
  expect(order).toEqual(['third', 'fourth']);
});

test('one that is broken is closed and replaced for who waits', async () => {
  const { pool, closed } = numbers(1);
  const a = await pool.take();
  const next = pool.take();
  await pool.give(a, false);
  expect([await next, closed]).toEqual([2, [1]]);
});

test('one that ended while idle is forgotten', async () => {
  const { pool } = numbers(1);
  const a = await pool.take();
  await pool.give(a, true);
  pool.forget(a);
  expect(await pool.take()).toBe(2);
});

test('a failure to open leaves room for the next', async () => {
  let fails = true;
  const { pool } = numbers(1, async () => {
    if (fails) throw new Error('no');
    return 7;
  });
  await expect(pool.take()).rejects.toThrow('no');
  fails = false;
  expect(await pool.take()).toBe(7);
});

test('closing turns away who waits and closes what comes back', async () => {
  const { pool, closed } = numbers(1);
  const a = await pool.take();
  const waiting = pool.take();
  await Promise.all([expect(waiting).rejects.toThrow('closed'), pool.close()]);
  await pool.give(a, true);
  expect(closed).toEqual([1]);
  await expect(pool.take()).rejects.toThrow('closed');
});
