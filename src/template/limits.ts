// How much a template may do, and the counting of it.
import { raise, type Limits, type PrintedUndefined, type Run } from './values.ts';

/** Generous: no template that is meant comes near. */
export const DEFAULT_LIMITS: Limits = { steps: 50_000_000, depth: 200, characters: 100_000_000 };

/** A run that has done nothing yet. */
export const newRun = (limits: Limits = DEFAULT_LIMITS, lenient = false, printedUndefined?: PrintedUndefined, mapped = false): Run => ({
  steps: 0,
  depth: 0,
  size: 0,
  limits,
  lenient,
  mapped,
  printedUndefined,
});

/** Counts `steps` and stops where there are too many. */
export function charge(run: Run, steps: number): void {
  run.steps += steps;
  if (run.steps > run.limits.steps) raise(`The template takes more than ${run.limits.steps} steps. Is there a loop without end?`, 'limit');
}

let current: Run | undefined;

/** Does the work of a run: what is walked within counts as its steps. */
export function counted<T>(run: Run, work: () => T): T {
  const before = current;
  current = run;
  try {
    return work();
  } finally {
    current = before;
  }
}

/** Counts a list, dict or set whose parts are walked. One that stands in several places counts in each, so a small value can be endless to walk. */
export function walked(parts: number): void {
  if (current !== undefined) charge(current, 32 + parts);
}

/** Refuses to make more than a template may. */
export function checkSize(size: number, run: Run): void {
  if (!(size <= run.limits.characters)) raise(`This would make a value of ${size} items or characters; the limit is ${run.limits.characters}.`, 'limit');
}
