// How much a template may do, and the counting of it.
import { raise, type Limits, type PrintedUndefined, type Run } from './values.ts';

/** Generous: no template that is meant comes near. */
export const DEFAULT_LIMITS: Limits = { steps: 50_000_000, depth: 200, characters: 100_000_000 };

/** A run that has done nothing yet. */
export const newRun = (limits: Limits = DEFAULT_LIMITS, lenient = false, printedUndefined?: PrintedUndefined): Run => ({
  steps: 0,
  depth: 0,
  size: 0,
  limits,
  lenient,
  printedUndefined,
});

/** Counts `steps` and stops where there are too many. */
export function charge(run: Run, steps: number): void {
  run.steps += steps;
  if (run.steps > run.limits.steps) raise(`The template takes more than ${run.limits.steps} steps. Is there a loop without end?`, 'limit');
}

/** Refuses to make more than a template may. */
export function checkSize(size: number, run: Run): void {
  if (!(size <= run.limits.characters)) raise(`This would make a value of ${size} items or characters; the limit is ${run.limits.characters}.`, 'limit');
}
