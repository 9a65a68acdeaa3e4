// The order of a run, walked by N workers: an item is ready when what it waits for is done. Pure of what an item is; a worker that
// gives up leaves its item to the others.
import { ReadyQueue } from './ready-queue.ts';

/** One of the workers. */
export interface Worker {
  /** Works on an item; false where this worker can work no more and another must take it. */
  work(id: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface Walk {
  /** Every item, in the order in which those that are ready are taken. */
  readonly order: readonly string[];
  readonly waitsFor: ReadonlyMap<string, readonly string[]>;
  readonly workers: number;
  /** Whether there is nothing to do for an item that is ready: it is done already, or nothing is started any more. */
  readonly isSettled: (id: string) => boolean;
  /** A worker, by its number from 1. */
  readonly worker: (n: number) => Worker;
}

/** Ends when every item is done. */
export async function walk({ order, waitsFor, workers, isSettled, worker }: Walk): Promise<void> {
  const position = new Map(order.map((id, i) => [id, i]));
  const waiting = new Map<string, number>();
  const unblocks = new Map<string, string[]>();
  for (const id of order) {
    const waits = waitsFor.get(id) ?? [];
    waiting.set(id, waits.length);
    for (const w of waits) {
      const list = unblocks.get(w);
      if (list === undefined) unblocks.set(w, [id]);
      else list.push(id);
    }
  }
  const ready = new ReadyQueue(order.filter((id) => waiting.get(id) === 0).map((id) => position.get(id)!));
  const idle: (() => void)[] = [];
  let running = 0;
  const wakeAll = (): void => {
    for (const wake of idle.splice(0)) wake();
  };
  const done = (id: string): void => {
    for (const next of unblocks.get(id) ?? []) {
      const left = waiting.get(next)! - 1;
      waiting.set(next, left);
      if (left === 0) ready.push(position.get(next)!);
    }
  };
  const run = async (own: Worker): Promise<void> => {
    for (;;) {
      const at = ready.pop();
      if (at === undefined) {
        if (running === 0) {
          wakeAll();
          return;
        }
        await new Promise<void>((resolve) => idle.push(resolve));
        continue;
      }
      const id = order[at]!;
      if (isSettled(id)) {
        done(id);
        continue;
      }
      running++;
      const worked = await own.work(id);
      running--;
      if (!worked) {
        ready.push(at);
        wakeAll();
        return;
      }
      done(id);
      if (ready.size > 0 || running === 0) wakeAll();
    }
  };
  const count = Math.max(1, Math.min(workers, order.length));
  await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const own = worker(i + 1);
      try {
        await run(own);
      } finally {
        await own.close();
      }
    }),
  );
}
