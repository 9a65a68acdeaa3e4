// Filters by name: what may stand after `|`.
import { didYouMean } from '../diagnostics/nearest.ts';
import type { Builtins } from './arguments.ts';
import { applyingFilters } from './filters-apply.ts';
import { NUMBER_FILTERS } from './filters-number.ts';
import { SEQUENCE_FILTERS } from './filters-sequence.ts';
import { TEXT_FILTERS } from './filters-text.ts';
import { WEB_FILTERS } from './filters-web.ts';
import { raise, type CallSite, type Keywords, type Value } from './values.ts';

/** The filters by name. */
export const FILTERS: Builtins = {
  ...TEXT_FILTERS,
  ...SEQUENCE_FILTERS,
  ...NUMBER_FILTERS,
  ...WEB_FILTERS,
  ...applyingFilters((...call) => applyFilter(...call)),
};

/** `value | name(…)`; the value is the first argument. */
export function applyFilter(name: string, args: readonly Value[], kwargs: Keywords, at: CallSite): Value {
  const filter = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
  if (filter === undefined) return raise(`There is no filter '${name}'.`, 'undefined', didYouMean(name, Object.keys(FILTERS)));
  return filter(args, kwargs, at, name);
}
