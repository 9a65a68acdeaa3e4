// A template may ask the warehouse; rendering is synchronous and drivers are not. So an unknown answer suspends the
// rendering, the question goes out as a step, and the template is rendered again with the answers so far: same order,
// same answers, so it ends where it should. Each question is put once, also where it changes something.
import type { Answer, Step, Steps } from '../adapters/step.ts';
import { StatementFailure } from '../adapters/failures.ts';
import type { Ask } from '../context/context.ts';
import { raise, Suspend } from '../template/values.ts';

/** A question that went wrong: the template fails where it asked. */
class Refused {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** Runs `attempt` until it needs no further answer. */
export function* drive<T>(attempt: (ask: Ask) => T): Steps<T> {
  const answers: (Answer | Refused)[] = [];
  for (;;) {
    let next = 0;
    const ask: Ask = (step) => {
      if (next >= answers.length) throw new Suspend(step);
      const answer = answers[next++]!;
      return answer instanceof Refused ? raise(answer.message, 'raised') : answer;
    };
    try {
      return attempt(ask);
    } catch (thrown) {
      if (!(thrown instanceof Suspend)) throw thrown;
      try {
        answers.push(yield thrown.question as Step);
      } catch (e) {
        if (!(e instanceof StatementFailure) || e.cancelled || e.disconnected) throw e;
        answers.push(new Refused(`The query of this call failed: ${e.message}${e.denied && e.hint !== undefined ? `\n${e.hint}` : ''}`));
      }
    }
  }
}
