// date, datetime and timedelta as Python's `datetime` module has them, without a clock: whoever hands one in decides the time.
import { bind, builtin, callable, type Builtins } from './arguments.ts';
import { article } from './compare.ts';
import { float, isInt, numeric } from './numbers.ts';

import { formatTime, parseTime, two } from './strftime.ts';
import { HostObject, NamedTuple, raise, type Keywords, type Value } from './values.ts';

const DAY = 86_400_000_000;

/** A span of time in microseconds. */
export class Timedelta extends HostObject {
  readonly microseconds: number;
  constructor(microseconds: number) {
    super();
    this.microseconds = Math.round(microseconds);
    if (!Number.isSafeInteger(this.microseconds)) raise('This timedelta is too large.');
  }
  private parts(): { readonly days: number; readonly seconds: number; readonly micros: number } {
    const days = Math.floor(this.microseconds / DAY);
    const rest = this.microseconds - days * DAY;
    return { days, seconds: Math.floor(rest / 1e6), micros: rest % 1e6 };
  }
  override attribute(name: string): Value | undefined {
    const { days, seconds, micros } = this.parts();
    if (name === 'days') return days;
    if (name === 'seconds') return seconds;
    if (name === 'microseconds') return micros;
    return name === 'total_seconds' ? callable(name, () => float(this.microseconds / 1e6)) : undefined;
  }
  override attributeNames(): Iterable<string> {
    return ['days', 'seconds', 'microseconds', 'total_seconds'];
  }
  override text(): string {
    const { days, seconds, micros } = this.parts();
    const clock = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    const lead = days === 0 ? '' : `${days} day${Math.abs(days) === 1 ? '' : 's'}, `;
    return lead + clock + (micros === 0 ? '' : `.${String(micros).padStart(6, '0')}`);
  }
  override display(): string {
    const parts = Object.entries(this.parts()).filter(([, value]) => value !== 0);
    const names: Readonly<Record<string, string>> = { days: 'days', seconds: 'seconds', micros: 'microseconds' };
    return `datetime.timedelta(${parts.length === 0 ? '0' : parts.map(([key, value]) => `${names[key]}=${value}`).join(', ')})`;
  }
  override equals(other: Value): boolean {
    return other instanceof Timedelta && other.microseconds === this.microseconds;
  }
  override compare(other: Value): number | undefined {
    return other instanceof Timedelta ? this.microseconds - other.microseconds : undefined;
  }
  override truth(): boolean {
    return this.microseconds !== 0;
  }
  override operate(operator: string, other: Value, reversed: boolean): Value | undefined {
    if (operator === 'neg') return new Timedelta(-this.microseconds);
    if (operator === 'abs') return new Timedelta(Math.abs(this.microseconds));
    if (other instanceof Timedelta) {
      if (operator === '+') return new Timedelta(this.microseconds + other.microseconds);
      if (operator === '-') return new Timedelta((reversed ? -1 : 1) * (this.microseconds - other.microseconds));
      if (operator === '/' && !reversed && other.microseconds !== 0) return float(this.microseconds / other.microseconds);
      if (operator === '//' && !reversed && other.microseconds !== 0) return Math.floor(this.microseconds / other.microseconds);
      return undefined;
    }
    const number = Number(numeric(other) ?? Number.NaN);
    if (Number.isNaN(number)) return undefined;
    if (operator === '*') return new Timedelta(this.microseconds * number);
    if (reversed || number === 0) return undefined;
    if (operator === '/') return new Timedelta(this.microseconds / number);
    return operator === '//' && isInt(other) ? new Timedelta(Math.floor(this.microseconds / number)) : undefined;
  }
  override typeName(): string {
    return 'datetime.timedelta';
  }
}

/** A date, or a datetime where it has a time of day. */
export class Moment extends HostObject {
  /** Microseconds since 1970-01-01 on the clock of its own zone. */
  readonly local: number;
  readonly hasTime: boolean;
  /** Minutes east of UTC; undefined where it has no zone. */
  readonly offset: number | undefined;
  /** Its zone, where one was given. */
  readonly zone: Zone | undefined;

  constructor(local: number, hasTime: boolean, offset?: number, zone?: Zone) {
    super();
    this.local = local;
    this.hasTime = hasTime;
    this.offset = offset;
    this.zone = zone;
    const { year } = this.parts();
    if (!(year >= 1 && year <= 9999)) raise('The year of a date has to be from 1 to 9999.');
  }

  parts(): { year: number; month: number; day: number; hour: number; minute: number; second: number; microsecond: number } {
    const date = new Date(Math.floor(this.local / 1000));
    return {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      microsecond: ((this.local % 1e6) + 1e6) % 1e6,
    };
  }

  /** 0 for Monday. */
  weekday(): number {
    return (((Math.floor(this.local / DAY) + 3) % 7) + 7) % 7;
  }

  override attribute(name: string): Value | undefined {
    const parts: Readonly<Record<string, number>> = this.parts();
    if (name === 'year' || name === 'month' || name === 'day') return parts[name];
    if (this.hasTime && Object.hasOwn(parts, name)) return parts[name];
    if (name === 'tzinfo') return this.hasTime ? (this.offset === undefined ? null : (this.zone ?? new Zone(this.offset))) : undefined;
    const method = Object.hasOwn(METHODS, name) && (this.hasTime || !TIME_METHODS.has(name)) ? METHODS[name] : undefined;
    return method === undefined ? undefined : callable(name, (args, kwargs, at) => method([this, ...args], kwargs, at, name));
  }
  override attributeNames(): Iterable<string> {
    return [...Object.keys(this.parts()), ...Object.keys(METHODS)];
  }
  iso(separator: string): string {
    const { year, month, day, hour, minute, second, microsecond } = this.parts();
    const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
    if (!this.hasTime) return date;
    const fraction = microsecond === 0 ? '' : `.${String(microsecond).padStart(6, '0')}`;
    return `${date}${separator}${two(hour)}:${two(minute)}:${two(second)}${fraction}${this.offset === undefined ? '' : offsetText(this.offset)}`;
  }
  override text(): string {
    return this.iso(' ');
  }
  override display(): string {
    const { year, month, day, hour, minute, second, microsecond } = this.parts();
    if (!this.hasTime) return `datetime.date(${year}, ${month}, ${day})`;
    const time = [year, month, day, hour, minute, ...(second !== 0 || microsecond !== 0 ? [second] : []), ...(microsecond === 0 ? [] : [microsecond])];
    const zone = this.offset === undefined ? '' : `, tzinfo=${(this.zone ?? new Zone(this.offset)).display()}`;
    return `datetime.datetime(${time.join(', ')}${zone})`;
  }
  /** Microseconds since 1970 in UTC. */
  instant(): number {
    return this.local - (this.offset ?? 0) * 60e6;
  }
  override equals(other: Value): boolean {
    return other instanceof Moment && this.alike(other) && this.instant() === other.instant();
  }
  private alike(other: Moment): boolean {
    return this.hasTime === other.hasTime && (this.offset === undefined) === (other.offset === undefined);
  }
  override compare(other: Value): number | undefined {
    if (!(other instanceof Moment)) return undefined;
    return this.alike(other)
      ? this.instant() - other.instant()
      : raise('A date cannot be compared with a datetime, nor one with a time zone with one without.');
  }
  override operate(operator: string, other: Value, reversed: boolean): Value | undefined {
    if (operator === 'format' && typeof other === 'string') return formatTime(this, other);
    if (other instanceof Timedelta && (operator === '+' || (operator === '-' && !reversed))) {
      const step = this.hasTime ? other.microseconds : Math.floor(other.microseconds / DAY) * DAY;
      return new Moment(this.local + (operator === '+' ? step : -step), this.hasTime, this.offset, this.zone);
    }
    if (operator !== '-' || !(other instanceof Moment) || !this.alike(other)) return undefined;
    return new Timedelta((reversed ? -1 : 1) * (this.instant() - other.instant()));
  }
  override typeName(): string {
    return this.hasTime ? 'datetime.datetime' : 'datetime.date';
  }
}

const TIME_METHODS = new Set(['date', 'timestamp', 'astimezone', 'time', 'utcoffset', 'tzname']);
const zoneName = (offset: number): string => (offset === 0 ? 'UTC' : `UTC${offsetText(offset)}`);
/** `+02:00`. */
export function offsetText(offset: number): string {
  const size = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

const self = (value: Value | undefined): Moment => value as Moment;
const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond'];

function isoCalendar(moment: Moment): { readonly year: number; readonly week: number; readonly day: number } {
  const day = moment.weekday() + 1;
  const days = Math.floor(moment.local / DAY);
  const thursday = new Date((days + 4 - day) * 86_400_000);
  const year = thursday.getUTCFullYear();
  return { year, week: Math.floor((Math.floor(thursday.getTime() / 86_400_000) - Math.floor(Date.UTC(year, 0, 1) / 86_400_000)) / 7) + 1, day };
}

const METHODS: Builtins = {
  strftime: builtin('self format', ([m, format]) => formatTime(self(m), String(format))),
  isoformat: builtin('self sep?', ([m, separator]) => self(m).iso(typeof separator === 'string' ? separator : 'T')),
  weekday: builtin('self', ([m]) => self(m).weekday()),
  isoweekday: builtin('self', ([m]) => self(m).weekday() + 1),
  isocalendar: builtin('self', ([m]) => {
    const { year, week, day } = isoCalendar(self(m));
    return new NamedTuple(['year', 'week', 'weekday'], [year, week, day]);
  }),
  toordinal: builtin('self', ([m]) => Math.floor(self(m).local / DAY) + 719_163),
  date: builtin('self', ([m]) => new Moment(Math.floor(self(m).local / DAY) * DAY, false)),
  time: builtin('self', ([m]) => self(m).iso(' ').slice(11)),
  utcoffset: builtin('self', ([m]) => (self(m).offset === undefined ? null : new Timedelta(self(m).offset! * 60e6))),
  tzname: builtin('self', ([m]) => self(m).zone?.nameAt(self(m).instant()) ?? (self(m).offset === undefined ? null : zoneName(self(m).offset!))),
  timestamp: builtin('self', ([m]) => float(self(m).instant() / 1e6)),
  astimezone: builtin('self tz?', ([m, zone]) => {
    return inZone(self(m).instant(), zone instanceof Zone ? zone : new Zone(0));
  }),
  replace: (args, kwargs, _at, name) => {
    const moment = self(args[0]);
    const given = bind(name, ['self', ...FIELDS.map((field) => `${field}?`), 'tzinfo?'], args, kwargs);
    const parts: Readonly<Record<string, number>> = moment.parts();
    const values = FIELDS.map((field, i) => (given[i + 1] === undefined ? parts[field]! : Number(numeric(given[i + 1]))));
    const zone = given[8];
    if (zone === undefined) return makeMoment(values, moment.hasTime, moment.offset, moment.zone);
    return zone instanceof Zone ? makeMoment(values, moment.hasTime, zone.offset, zone) : makeMoment(values, moment.hasTime);
  },
};

/** `datetime.timezone.utc`, or another fixed distance from UTC. */
export class Zone extends HostObject {
  readonly offset: number;
  readonly name: string;
  constructor(offset: number, name: string = zoneName(offset)) {
    super();
    this.offset = offset;
    this.name = name;
  }
  /** Minutes east of UTC at a moment, in microseconds since 1970. */
  offsetAt(_instant: number): number {
    return this.offset;
  }
  /** What people call it then: `PDT`. */
  nameAt(_instant: number): string {
    return this.name;
  }
  override attribute(name: string): Value | undefined {
    return name === 'utcoffset' ? callable(name, () => new Timedelta(this.offset * 60e6)) : undefined;
  }
  override text(): string {
    return this.name;
  }
  override display(): string {
    return this.offset === 0 ? 'datetime.timezone.utc' : `datetime.timezone(${new Timedelta(this.offset * 60e6).display()})`;
  }
}

/** A moment, in microseconds since 1970, on the clock of a zone. */
export function inZone(instant: number, zone: Zone): Moment {
  const offset = zone.offsetAt(instant);
  return new Moment(instant + offset * 60e6, true, offset, zone);
}

/** A date or datetime of its fields, checked. */
export function makeMoment(values: readonly number[], hasTime: boolean, offset?: number, zone?: Zone): Moment {
  const [year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0, microsecond = 0] = values;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const local = date.getTime() * 1000 + microsecond;
  const moment = new Moment(local, hasTime, offset, zone);
  const parts = moment.parts();
  if (parts.year !== year || parts.month !== month || parts.day !== day || parts.hour !== hour || parts.minute !== minute || parts.second !== second)
    raise('There is no such date or time.');
  return moment;
}

class DateType extends HostObject {
  private readonly hasTime: boolean;
  private readonly now: Moment | undefined;
  constructor(hasTime: boolean, now: Moment | undefined) {
    super();
    this.hasTime = hasTime;
    this.now = now;
  }
  override display(): string {
    return `<class 'datetime.${this.hasTime ? 'datetime' : 'date'}'>`;
  }
  override attributeNames(): Iterable<string> {
    return ['now', 'today', 'utcnow', 'strptime', 'fromisoformat', 'combine', 'fromtimestamp', 'utcfromtimestamp'];
  }
  override attribute(name: string): Value | undefined {
    const { hasTime, now } = this;
    const current = (offset: number | undefined): Value => {
      if (now === undefined) return raise('The time is not known here.');
      return hasTime ? new Moment(now.instant() + (offset ?? 0) * 60e6, true, offset) : new Moment(Math.floor(now.local / DAY) * DAY, false);
    };
    switch (name) {
      case 'today':
      case 'utcnow':
        return callable(name, () => current(undefined));
      case 'now':
        return callable(
          name,
          builtin('tz?', ([zone]) => (zone instanceof Zone && now !== undefined && hasTime ? inZone(now.instant(), zone) : current(undefined))),
        );
      case 'strptime':
        return callable(
          name,
          builtin('text format', ([text, format]) => parseTime(String(text), String(format))),
        );
      case 'fromisoformat':
        return callable(
          name,
          builtin('text', ([text]) => fromIso(String(text), hasTime)),
        );
      case 'fromtimestamp':
      case 'utcfromtimestamp':
        return callable(
          name,
          builtin('timestamp tz?', ([t, zone]) =>
            zone instanceof Zone ? inZone(Number(numeric(t)) * 1e6, zone) : new Moment(Number(numeric(t)) * 1e6, hasTime),
          ),
        );
      case 'combine':
        return callable(
          name,
          builtin('date time', ([date]) => new Moment(self(date).local, true)),
        );
      default:
        return undefined;
    }
  }
  override callAs(args: Value[], kwargs: Keywords): Value {
    const names = this.hasTime ? ['year', 'month', 'day', ...FIELDS.slice(3).map((field) => `${field}?`), 'tzinfo?'] : ['year', 'month', 'day'];
    const given = bind(this.hasTime ? 'datetime' : 'date', names, args, kwargs);
    const zone = given[7];
    const whole = (value: Value | undefined): number => (isInt(value) ? Number(value) : raise(`A date is made of ints, not of ${article(value ?? null)}.`));
    const values = given.slice(0, 7).map((value) => (value === undefined ? 0 : whole(value)));
    return zone instanceof Zone ? makeMoment(values, this.hasTime, zone.offset, zone) : makeMoment(values, this.hasTime);
  }
}

function fromIso(text: string, hasTime: boolean): Moment {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  if (found === null || (!hasTime && found[4] !== undefined)) return raise(`'${text}' is not a date in ISO format.`);
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = found;
  const sign = zone?.startsWith('-') === true ? -1 : 1;
  const digits = zone?.replace(/[^\d]/g, '') ?? '';
  const offset = zone === undefined ? undefined : digits === '' ? 0 : sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
  return makeMoment([year, month, day, hour, minute, second, fraction.padEnd(6, '0')].map(Number), hasTime, offset);
}

const UNITS: Readonly<Record<string, number>> = { days: DAY, seconds: 1e6, microseconds: 1, milliseconds: 1000, minutes: 60e6, hours: 3600e6, weeks: 7 * DAY };

const makeDelta = callable('timedelta', (args, kwargs, _at, name) => {
  const given = bind(
    name,
    Object.keys(UNITS).map((unit) => `${unit}?`),
    args,
    kwargs,
  );
  return new Timedelta(
    Object.values(UNITS).reduce((sum, size, i) => sum + size * Number(numeric(given[i] ?? 0) ?? raise('A timedelta is made of numbers.')), 0),
  );
});

/** What `modules.datetime` has; `now` is the time of the invocation. */
export function datetimeModule(now: Moment | undefined): ReadonlyMap<string, Value> {
  const utc = new Zone(0);
  return new Map<string, Value>([
    ['date', new DateType(false, now)],
    ['datetime', new DateType(true, now)],
    ['timedelta', makeDelta],
    ['timezone', new Map<Value, Value>([['utc', utc]])],
    ['UTC', utc],
  ]);
}
