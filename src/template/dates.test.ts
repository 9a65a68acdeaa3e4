import { expect, test } from 'vitest';
import { datetimeModule, makeMoment } from './dates.ts';
import { rendered } from './scope.test.support.ts';

const datetime = new Map(datetimeModule(makeMoment([2024, 2, 29, 13, 5, 9, 7], true, 0)));

// Each expression and what Python's own datetime module makes of it.
test.each([
  ['datetime.datetime.now()', '2024-02-29 13:05:09.000007'],
  ['datetime.date.today()', '2024-02-29'],
  ['datetime.date(2024,1,31) + datetime.timedelta(days=30)', '2024-03-01'],
  ['(datetime.date(2024,3,1) - datetime.date(2024,1,1)).days', '60'],
  [
    "datetime.datetime(2024,1,2,3,4,5,600).strftime('%Y-%m-%d %H:%M:%S.%f %a %b %j %U %W %p %I %y %%')",
    '2024-01-02 03:04:05.000600 Tue Jan 002 00 01 AM 03 24 %',
  ],
  ['[datetime.date(2024,1,1), datetime.timedelta(days=-1, hours=3)]', '[datetime.date(2024, 1, 1), datetime.timedelta(days=-1, seconds=10800)]'],
  ['datetime.timedelta(days=-1,hours=3)', '-1 day, 3:00:00'],
  ["datetime.datetime.strptime('2024-02-03 04:05', '%Y-%m-%d %H:%M')", '2024-02-03 04:05:00'],
  ["datetime.datetime.strptime('Feb 3, 24 1PM', '%b %d, %y %I%p').isoformat()", '2024-02-03T13:00:00'],
  ['datetime.datetime(2024,5,6,7).replace(day=1).date()', '2024-05-01'],
  ['datetime.datetime(2024,1,1,tzinfo=datetime.timezone.utc).isoformat()', '2024-01-01T00:00:00+00:00'],
  ["datetime.date.fromisoformat('2024-12-30').isocalendar().week", '1'],
  ['datetime.date(2024,1,1) < datetime.date(2024,1,2)', 'True'],
  ['datetime.timedelta(hours=36).total_seconds()', '129600.0'],
  ['datetime.timedelta(hours=36) / 2', '18:00:00'],
  ["'{:%d/%m}'.format(datetime.date(2024,3,4))", '04/03'],
  ['datetime.date(1,1,1).toordinal()', '1'],
  ['datetime.datetime(1970,1,2,tzinfo=datetime.timezone.utc).timestamp()', '86400.0'],
  ['datetime.date(2024,1,1).weekday()', '0'],
])('%s', (expression, text) => {
  expect(rendered(`{{ ${expression} }}`, { datetime })).toBe(text);
});
