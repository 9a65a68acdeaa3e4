// Waits that end. A network that swallows what is sent gives no error: only a clock tells. In: work on a connection, and how to end it.
// Out: the result, or a failure once the time is over.
import { ConnectionFailure } from '../failures.ts';

/** The result of `work`; where it takes longer than `ms`, the connection is ended by `drop` and `late` is thrown. */
export async function inTime<T>(work: Promise<T>, ms: number, drop: () => void, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(late());
      drop();
    }, ms);
  });
  // Whoever lost the race is heard by nobody.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** How long a server may take to stop a statement that it was asked to stop. */
const STOP_MS = 10_000;

/** Asks for an end of what runs by `ask`; where that cannot be said, or does not help while `runs` still holds, `drop` ends the connection. */
export async function stopOrDrop(ask: () => Promise<void>, runs: () => boolean, drop: () => void): Promise<void> {
  try {
    await ask();
  } catch {
    if (runs()) drop();
    return;
  }
  setTimeout(() => {
    if (runs()) drop();
  }, STOP_MS).unref();
}

/** The result of `work`; where somebody gives up meanwhile, `drop` is called, after which `work` may end as it likes. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, drop: () => void): Promise<T> {
  if (signal === undefined || signal.aborted) return await work;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(new ConnectionFailure('The connection was given up.', 'It was interrupted before the server had answered.'));
      drop();
    };
  });
  work.catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
