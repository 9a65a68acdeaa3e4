// A COMMIT whose answer never came. In: how it is sent. Out: nothing, or a failure that says that the outcome is unknown: the server may
// have got the word and done it, so nobody may send it, or what went before, once more.
import { StatementFailure } from '../failures.ts';

/** Commits by `send`. */
export async function committed(send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (e) {
    if (e instanceof StatementFailure && e.disconnected) throw new StatementFailure(e.message, { ...e, outcomeUnknown: true });
    throw e;
  }
}
