// Every case on the true command line; see support/cases.ts for what a case is.
import { describe, it } from 'vitest';
import { caseNames, playCase } from './support/cases.ts';

describe.concurrent('cases', () => {
  it.each(caseNames())('%s', (name) => playCase(name), 180_000);
});
