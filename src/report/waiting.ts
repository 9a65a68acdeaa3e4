// A word at the foot of a terminal while something takes long, so that nobody wonders.
import type { Output } from './output.ts';
import { fit } from './width.ts';

/** What is done sooner needs no word. */
const LONG_MS = 500;

/** The same promise; until it is kept, `what` and the time stand there. */
export async function waiting<T>(output: Output, what: string, work: Promise<T>): Promise<T> {
  const { live, errColors: p } = output;
  if (live === undefined) return await work;
  const began = performance.now();
  live.show((columns) => {
    const ms = performance.now() - began;
    return ms < LONG_MS ? [] : [p.dim(fit(`${what} ${(ms / 1000).toFixed(1)}s`, columns - 1))];
  });
  try {
    return await work;
  } finally {
    live.hide();
  }
}
