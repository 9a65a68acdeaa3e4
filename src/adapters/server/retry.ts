// Connecting again after a failure that may pass (a server that starts, a limit of connections), each pause twice the last.
import { setTimeout as pause } from 'node:timers/promises';
import { ConnectionFailure } from '../failures.ts';

/** Calls `open` up to `retries` more times while it throws a retryable `ConnectionFailure`; pauses 0.5 s, 1 s, 2 s, … up to 15 s. */
export async function retryConnect<C>(open: () => Promise<C>, retries: number, signal?: AbortSignal): Promise<C> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await open();
    } catch (e) {
      if (!(e instanceof ConnectionFailure) || !e.retryable || attempt >= retries || signal?.aborted) throw e;
      await pause(Math.min(15_000, 500 * 2 ** attempt), undefined, signal ? { signal } : {}).catch(() => undefined);
    }
  }
}
