import fc from 'fast-check';
import { expect, test } from 'vitest';
import { walk } from './walk.ts';

/** A graph without circles: each item waits for some of those before it. */
const graphs = fc
  .integer({ min: 0, max: 30 })
  .chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => fc.uniqueArray(fc.nat(Math.max(0, i - 1)), { maxLength: Math.min(i, 4) }))));

test('every item is worked on once, after what it waits for, by at most so many workers, whoever gives up', async () => {
  await fc.assert(
    fc.asyncProperty(graphs, fc.integer({ min: 1, max: 6 }), fc.infiniteStream(fc.nat(3)), fc.func(fc.boolean()), async (waits, workers, delays, settles) => {
      const order = waits.map((_, i) => `n${i}`);
      const waitsFor = new Map(waits.map((w, i) => [`n${i}`, (i === 0 ? [] : w).map((x) => `n${x}`)]));
      const settled = new Set(order.filter((id) => settles(id)));
      const done: string[] = [];
      let running = 0;
      let most = 0;
      let working = workers;
      const closed: number[] = [];
      await walk({
        order,
        waitsFor,
        workers,
        isSettled: (id) => {
          if (!settled.has(id)) return false;
          done.push(id);
          return true;
        },
        worker: (n) => ({
          async work(id) {
            running++;
            most = Math.max(most, running);
            for (let i = delays.next().value; i > 0; i--) await new Promise((resolve) => setImmediate(resolve));
            running--;
            // All but one may give up.
            if (n > 1 && working > 1 && id.endsWith('3')) {
              working--;
              return false;
            }
            for (const w of waitsFor.get(id)!) expect(done).toContain(w);
            done.push(id);
            return true;
          },
          async close() {
            closed.push(n);
          },
        }),
      });
      expect(done.toSorted()).toEqual(order.toSorted());
      expect(most).toBeLessThanOrEqual(workers);
      expect(closed).toHaveLength(Math.max(1, Math.min(workers, order.length)));
    }),
    { numRuns: 300 },
  );
});
