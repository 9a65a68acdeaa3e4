// `modules.*` and the moment a run started, as Python shows them. The clock of a template is the run's start.
// https://docs.getdbt.com/reference/dbt-jinja-functions/modules
import { datetimeModule, makeMoment, type Moment } from '../template/dates.ts';
import { Namespace } from './globals.ts';
import { ITERTOOLS } from './itertools.ts';
import { RE } from './re.ts';
import { pytz } from './time-zones.ts';

/** A moment in UTC as a value. */
export function timestamp(at: Date): Moment {
  return makeMoment(
    [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds(), at.getUTCMilliseconds() * 1000],
    true,
    0,
  );
}

/** `modules.datetime`, `modules.pytz`, `modules.re`, `modules.itertools`. */
export function modules(now: Date): Namespace {
  return new Namespace('modules', {
    datetime: new Namespace('datetime', Object.fromEntries(datetimeModule(timestamp(now)))),
    pytz: pytz(),
    re: RE,
    itertools: ITERTOOLS,
  });
}
