// How old the newest row of a source may be: the shape of `freshness:` in YAML, and what it comes to when a source and
// its table both have a say. https://docs.getdbt.com/reference/resource-properties/freshness
import { type JsonSchema, TEMPLATE } from './json-schema.ts';
import { either, type Infer, integer, isMapping, nullable, object, oneOfTexts, optional, type Shape, templated, text } from './shape.ts';

export type Period = 'minute' | 'hour' | 'day';

export interface Age {
  readonly count: number;
  readonly period: Period;
}

export interface Freshness {
  readonly warnAfter: Age | null;
  readonly errorAfter: Age | null;
  /** A condition on the rows that are looked at. */
  readonly filter: string | null;
}

const count: Shape<number> = {
  ...integer,
  expected: 'a whole number of 1 or more',
  check: (value, path, report) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value >= 1) integer.check(value, path, report);
    else
      report({
        path,
        on: 'value',
        kind: 'wrong-type',
        message: `'count' must be a whole number of 1 or more, not ${value}.`,
        help: 'Write {count: 1, period: day}, or what fits.',
      });
  },
  json: () => ({ type: ['integer', 'string'], minimum: 1, pattern: TEMPLATE }),
};

/** Keys that are there and not empty, in JSON Schema. */
const given = (...keys: readonly string[]): JsonSchema => ({
  required: keys,
  properties: Object.fromEntries(keys.map((k) => [k, { not: { type: 'null' } }])),
});

const parts = object(
  { count: optional(count), period: optional(oneOfTexts('minute', 'hour', 'day')) },
  { what: 'an age', example: '{count: 12, period: hour}' },
);
/** Half an age would mean nothing. */
const age: typeof parts = {
  ...parts,
  json: (d) => ({ ...parts.json(d), anyOf: [given('count', 'period'), { not: { anyOf: [given('count'), given('period')] } }] }),
  check: (value, path, report) => {
    parts.check(value, path, report);
    if (!isMapping(value)) return;
    const missing = (['count', 'period'] as const).filter((k) => value[k] === undefined || value[k] === null);
    if (missing.length === 1)
      report({ path, on: 'key', kind: 'missing-key', message: `'${String(path.at(-1))}' lacks '${missing[0]}'.`, help: 'Write {count: 12, period: hour}.' });
  },
};

/** `freshness:` of sources, and of models, where `build_after` is for another tool. */
export const freshnessShape = object(
  {
    warn_after: optional(nullable(templated(age)), 'The age from which it is a warning.'),
    error_after: optional(nullable(templated(age)), 'The age from which it is an error.'),
    filter: optional(nullable(text), 'A condition on the rows that are looked at.'),
    build_after: optional(either(object({}, { open: true }), text)),
  },
  { what: 'limits of freshness' },
);
type Written = Infer<typeof freshnessShape>;

/** Undefined is no word, null takes back what was said further out. */
interface Thresholds {
  readonly warnAfter: Age | null | undefined;
  readonly errorAfter: Age | null | undefined;
  readonly filter: string | null;
}
const NONE: Thresholds = { warnAfter: undefined, errorAfter: undefined, filter: null };

/**
 * What the words of a source and of its table come to, outermost first: undefined is no word, null switches the check
 * off. Out: undefined where nobody has said anything, null where the check is off.
 */
export function mergeFreshness(words: readonly unknown[]): Freshness | null | undefined {
  let merged: Thresholds | null = read(words[0]);
  for (const word of words.slice(1)) merged = merge(merged, read(word));
  if (merged === null) return null;
  const [warnAfter, errorAfter] = [merged.warnAfter ?? null, merged.errorAfter ?? null];
  return warnAfter === null && errorAfter === null ? undefined : { warnAfter, errorAfter, filter: merged.filter };
}

function read(word: unknown): Thresholds | null {
  if (word === null) return null;
  if (!isMapping(word)) return NONE;
  const { warn_after: warn, error_after: error, filter } = word as Written;
  return { warnAfter: threshold(warn), errorAfter: threshold(error), filter: filter ?? null };
}

function threshold(written: Written['warn_after']): Age | null | undefined {
  if (written === null) return null;
  // A template may have given a text for the number.
  const { count: n, period } = (written ?? {}) as Readonly<Record<string, unknown>>;
  if (n === undefined || n === null || typeof period !== 'string') return undefined;
  return { count: Number(n), period: period.toLowerCase() as Period };
}

function merge(base: Thresholds | null, over: Thresholds | null): Thresholds | null {
  if (over === null) return null;
  const said = over.warnAfter ?? over.errorAfter;
  if (base === null) return said === undefined || said === null ? null : over;
  return {
    warnAfter: over.warnAfter === undefined ? base.warnAfter : over.warnAfter,
    errorAfter: over.errorAfter === undefined ? base.errorAfter : over.errorAfter,
    filter: over.filter ?? base.filter,
  };
}

/** In milliseconds. */
export function ageInMs({ count: n, period }: Age): number {
  return n * { minute: 60_000, hour: 3_600_000, day: 86_400_000 }[period];
}
