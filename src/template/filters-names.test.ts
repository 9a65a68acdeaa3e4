import { expect, test } from 'vitest';
import { FILTER_NAMES } from './filter-names.ts';
import { FILTERS } from './filters.ts';

test('every filter is named for the test `is filter`', () => {
  expect([...FILTER_NAMES].toSorted()).toEqual(Object.keys(FILTERS).toSorted());
});
