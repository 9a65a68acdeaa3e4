// `modules.pytz`: the zones of the world with their summer times, out of the tables that come with JavaScript.
// As pytz has it, a zone put on a datetime unasked (`tzinfo=`) means its mean time of old; `localize` finds the right one.
import { inZone, Moment, Zone } from '../template/dates.ts';
import { str } from '../template/print.ts';
import { raise, type Value } from '../template/values.ts';
import { callable, Namespace } from './globals.ts';

const LONG_AGO = -5e15;
const LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'ja-JP'];

class NamedZone extends Zone {
  private readonly clock: Intl.DateTimeFormat;

  constructor(name: string, clock: Intl.DateTimeFormat) {
    super(Math.round(shift(clock, LONG_AGO)), name);
    this.clock = clock;
  }

  override offsetAt(instant: number): number {
    return Math.round(shift(this.clock, instant));
  }

  override nameAt(instant: number): string {
    for (const locale of LOCALES) {
      const short = part(new Intl.DateTimeFormat(locale, { timeZone: this.name, timeZoneName: 'short' }), instant, 'timeZoneName');
      if (!/^(GMT|UTC)./.test(short)) return short;
    }
    return this.name;
  }

  override display(): string {
    return this.name === 'UTC' ? '<UTC>' : `<DstTzInfo '${this.name}'>`;
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'zone':
        return this.name;
      case 'localize':
        return callable(name, 'dt is_dst?', ([m]) => this.localize(m));
      case 'normalize':
        return callable(name, 'dt is_dst?', ([m]) => (m instanceof Moment ? inZone(m.instant(), this) : raise('normalize() needs a datetime.')));
      default:
        return super.attribute(name);
    }
  }

  /** The datetime with the offset that the zone has at that time of its own clock. */
  private localize(m: Value | undefined): Moment {
    if (!(m instanceof Moment)) return raise('localize() needs a datetime.');
    if (m.offset !== undefined) return raise('This datetime has a time zone already, so it cannot be localized.');
    const before = this.offsetAt(m.local - 86_400e6);
    const offset = this.offsetAt(m.local - before * 60e6);
    const settled = this.offsetAt(m.local - offset * 60e6) === offset ? offset : before;
    return new Moment(m.local, true, settled, this);
  }
}

/** Minutes between a zone's clock and UTC. */
function shift(clock: Intl.DateTimeFormat, instant: number): number {
  const at = Math.floor(instant / 1000);
  const fields = Object.fromEntries(clock.formatToParts(at).map((p) => [p.type, Number(p.value)]));
  const shown = Date.UTC(fields['year']!, fields['month']! - 1, fields['day'], fields['hour'], fields['minute'], fields['second']);
  return (shown - Math.floor(at / 1000) * 1000) / 60_000;
}

function part(format: Intl.DateTimeFormat, instant: number, type: Intl.DateTimeFormatPartTypes): string {
  return format.formatToParts(Math.floor(instant / 1000)).find((p) => p.type === type)?.value ?? '';
}

const zones = new Map<string, Zone>();

function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) {
    const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
    try {
      zone = new NamedZone(/^utc$/i.test(name) ? 'UTC' : name, new Intl.DateTimeFormat('en-US', { timeZone: name, hourCycle: 'h23', ...numeric }));
    } catch {
      return raise(`There is no time zone '${name}'.`, 'type', "Names are those of the IANA database, such as 'Europe/Berlin'.");
    }
    zones.set(name, zone);
  }
  return zone;
}

/** `modules.pytz`. */
export function pytz(): Namespace {
  const all = (): Value => Intl.supportedValuesOf('timeZone');
  return new Namespace('pytz', {
    utc: zoneOf('UTC'),
    UTC: zoneOf('UTC'),
    timezone: callable('timezone', 'zone', ([name]) => zoneOf(str(name ?? null))),
    FixedOffset: callable('FixedOffset', 'offset', ([minutes]) => new Zone(Number(minutes))),
    all_timezones: all(),
    common_timezones: all(),
  });
}
