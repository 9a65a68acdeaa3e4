// The keys of a declaration, by what they belong to: the reader refuses any other, and the JSON Schema is made of them.
import type { Period } from './declaration.ts';

export const TOP = ['seed', 'as_of', 'locale', 'tables'] as const;
export const TABLE = ['hidden', 'rows', 'fixed', 'arrive', 'grow', 'rhythm', 'columns', 'changes'] as const;
/** A table with rows for each row of another. */
export const CHILD_TABLE = ['hidden', 'each', 'columns'] as const;
export const EACH = ['table', 'as', 'rows'] as const;
export const ARRIVE = ['from', 'to'] as const;
export const GROW = ['rows', 'per'] as const;
export const RHYTHM = ['weekdays', 'months', 'noise'] as const;
export const CHANGE = ['every', 'from', 'set'] as const;
export const PERIODS: readonly Period[] = ['day', 'week', 'month', 'year'];

/** Ways to make a column, each with the keys that may stand beside it. */
export const KINDS = {
  value: [],
  sequence: ['start'],
  faker: ['args'],
  choice: ['by'],
  int: [],
  decimal: ['scale'],
  date: [],
  ref: ['column', 'as', 'where', 'chance', 'else', 'at'],
  expr: [],
} as const;
/** Keys of any column. */
export const COMMON = ['hidden', 'nulls'] as const;

export type ColumnKind = keyof typeof KINDS;
export type ColumnKey = ColumnKind | (typeof KINDS)[ColumnKind][number] | (typeof COMMON)[number];
