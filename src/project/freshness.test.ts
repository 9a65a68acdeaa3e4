import { describe, expect, it } from 'vitest';
import { mergeFreshness } from './freshness.ts';

const day = { count: 1, period: 'day' } as const;
const hour = { count: 3, period: 'hour' } as const;
const of = (warnAfter: unknown, errorAfter: unknown, filter: string | null = null) => ({ warnAfter, errorAfter, filter });

describe('freshness of a source and its table', () => {
  // As dbt merges them: outermost first, undefined is no word, null takes back.
  it.each<[string, readonly unknown[], unknown]>([
    ['nobody says anything', [undefined, undefined], undefined],
    ['limits without a word about them', [{ filter: 'x' }, {}], undefined],
    ['the source alone', [{ warn_after: day }, undefined], of(day, null)],
    ['the table alone', [undefined, { error_after: hour }], of(null, hour)],
    ['each its own limit', [{ warn_after: day }, { error_after: hour }], of(day, hour)],
    [
      'the table over the source',
      [
        { warn_after: day, error_after: day, filter: 'a' },
        { warn_after: hour, filter: 'b' },
      ],
      of(hour, day, 'b'),
    ],
    ['the table takes a limit back', [{ warn_after: day, error_after: hour }, { error_after: null }], of(day, null)],
    ['the table takes all back', [{ warn_after: day }, null], null],
    ['taken back, and said again', [{ warn_after: day }, null, { error_after: hour }], of(null, hour)],
    ['taken back, and nothing said again', [{ warn_after: day }, null, { filter: 'x' }], null],
    ['half an age is none', [{ warn_after: { count: 3 } }], undefined],
    ['a number that a template gave as text', [{ warn_after: { count: '2', period: 'DAY' } }], of({ count: 2, period: 'day' }, null)],
  ])('%s', (_about, words, merged) => expect(mergeFreshness(words)).toEqual(merged));
});
