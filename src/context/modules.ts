// `modules.*` and the moment a run started, as Python's datetime shows it. All times are UTC.
// https://docs.getdbt.com/reference/dbt-jinja-functions/modules
import { str } from '../template/print.ts';
import { HostObject, raise, type Value } from '../template/values.ts';
import { callable, Namespace } from './globals.ts';

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const pad = (n: number, width = 2): string => String(n).padStart(width, '0');

/** A moment, with a time of day or as a date alone. */
export class DateTimeValue extends HostObject {
  private readonly ms: number;
  private readonly form: 'date' | 'naive' | 'utc';

  constructor(ms: number, form: 'date' | 'naive' | 'utc') {
    super();
    this.ms = ms;
    this.form = form;
  }

  override display(): string {
    return this.isoformat(' ');
  }

  override typeName(): string {
    return this.form === 'date' ? 'datetime.date' : 'datetime.datetime';
  }

  override equals(other: Value): boolean {
    return other instanceof DateTimeValue && other.ms === this.ms && (other.form === 'date') === (this.form === 'date');
  }

  override compare(other: Value): number | undefined {
    return other instanceof DateTimeValue ? this.ms - other.ms : undefined;
  }

  override attribute(name: string): Value | undefined {
    const d = new Date(this.ms);
    switch (name) {
      case 'year': return d.getUTCFullYear();
      case 'month': return d.getUTCMonth() + 1;
      case 'day': return d.getUTCDate();
      case 'hour': return this.form === 'date' ? undefined : d.getUTCHours();
      case 'minute': return this.form === 'date' ? undefined : d.getUTCMinutes();
      case 'second': return this.form === 'date' ? undefined : d.getUTCSeconds();
      case 'microsecond': return this.form === 'date' ? undefined : d.getUTCMilliseconds() * 1000;
      case 'tzinfo': return this.form === 'utc' ? 'UTC' : null;
      case 'strftime': return callable(name, 'format', ([f]) => this.strftime(str(f ?? null)));
      case 'isoformat': return callable(name, 'sep?', ([s]) => this.isoformat(s === undefined ? 'T' : str(s)));
      case 'date': return callable(name, '', () => new DateTimeValue(Math.floor(this.ms / DAY) * DAY, 'date'));
      case 'timestamp': return callable(name, '', () => this.ms / 1000);
      case 'weekday': return callable(name, '', () => (d.getUTCDay() + 6) % 7);
      case 'isoweekday': return callable(name, '', () => ((d.getUTCDay() + 6) % 7) + 1);
      case 'astimezone': return callable(name, 'tz?', () => new DateTimeValue(this.ms, 'utc'));
      case 'replace': return callable(name, 'year? month? day? hour? minute? second? microsecond? tzinfo?', (args) => this.replace(args));
      default: return undefined;
    }
  }

  override operate(operator: string, other: Value, reversed: boolean): Value | undefined {
    if (other instanceof TimeDelta && (operator === '+' || (operator === '-' && !reversed))) {
      const moved = this.ms + (operator === '+' ? other.ms : -other.ms);
      return new DateTimeValue(this.form === 'date' ? Math.floor(moved / DAY) * DAY : moved, this.form);
    }
    if (other instanceof DateTimeValue && operator === '-') return new TimeDelta(reversed ? other.ms - this.ms : this.ms - other.ms);
    return undefined;
  }

  private replace(args: readonly (Value | undefined)[]): Value {
    const d = new Date(this.ms);
    const now = [d.getUTCFullYear(), d.getUTCMonth() + 1, d.getUTCDate(), d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds(), d.getUTCMilliseconds() * 1000];
    const [y, mo, day, h, mi, s, us] = now.map((n, i) => (typeof args[i] === 'number' ? args[i] : n));
    const form = args[7] === undefined ? this.form : args[7] === null ? 'naive' : 'utc';
    return new DateTimeValue(Date.UTC(y!, mo! - 1, day, h, mi, s, Math.floor(us! / 1000)), form);
  }

  private isoformat(separator: string): string {
    const iso = new Date(this.ms).toISOString();
    if (this.form === 'date') return iso.slice(0, 10);
    const ms = iso.slice(20, 23);
    return `${iso.slice(0, 10)}${separator}${iso.slice(11, 19)}${ms === '000' ? '' : `.${ms}000`}${this.form === 'utc' ? '+00:00' : ''}`;
  }

  /** The directives of C's strftime that Python documents. */
  private strftime(format: string): string {
    const d = new Date(this.ms);
    const start = Date.UTC(d.getUTCFullYear(), 0, 1);
    const dayOfYear = Math.floor((this.ms - start) / DAY) + 1;
    const directives: Record<string, () => string> = {
      Y: () => pad(d.getUTCFullYear(), 4), m: () => pad(d.getUTCMonth() + 1), d: () => pad(d.getUTCDate()), H: () => pad(d.getUTCHours()), M: () => pad(d.getUTCMinutes()), S: () => pad(d.getUTCSeconds()),
      f: () => pad(d.getUTCMilliseconds() * 1000, 6), y: () => pad(d.getUTCFullYear() % 100), j: () => pad(dayOfYear, 3), B: () => MONTHS[d.getUTCMonth()]!, b: () => MONTHS[d.getUTCMonth()]!.slice(0, 3),
      A: () => DAYS[d.getUTCDay()]!, a: () => DAYS[d.getUTCDay()]!.slice(0, 3), I: () => pad(d.getUTCHours() % 12 || 12), p: () => (d.getUTCHours() < 12 ? 'AM' : 'PM'), u: () => String(d.getUTCDay() || 7), w: () => String(d.getUTCDay()),
      z: () => (this.form === 'utc' ? '+0000' : ''), Z: () => (this.form === 'utc' ? 'UTC' : ''), s: () => String(Math.floor(this.ms / 1000)), F: () => d.toISOString().slice(0, 10), T: () => d.toISOString().slice(11, 19), '%': () => '%',
    };
    return format.replace(/%-?([A-Za-z%])/g, (whole, c: string) => {
      const text = directives[c]?.();
      return text === undefined ? whole : whole.startsWith('%-') ? text.replace(/^0+(?=\d)/, '') : text;
    });
  }
}

class TimeDelta extends HostObject {
  readonly ms: number;

  constructor(ms: number) {
    super();
    this.ms = ms;
  }

  override display(): string {
    const days = Math.floor(this.ms / DAY);
    const rest = this.ms - days * DAY;
    const clock = `${Math.floor(rest / 3_600_000)}:${pad(Math.floor(rest / 60_000) % 60)}:${pad(Math.floor(rest / 1000) % 60)}`;
    return days === 0 ? clock : `${days} day${Math.abs(days) === 1 ? '' : 's'}, ${clock}`;
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'days': return Math.floor(this.ms / DAY);
      case 'seconds': return Math.floor((this.ms - Math.floor(this.ms / DAY) * DAY) / 1000);
      case 'total_seconds': return callable(name, '', () => this.ms / 1000);
      default: return undefined;
    }
  }

  override equals(other: Value): boolean {
    return other instanceof TimeDelta && other.ms === this.ms;
  }

  override compare(other: Value): number | undefined {
    return other instanceof TimeDelta ? this.ms - other.ms : undefined;
  }

  override operate(operator: string, other: Value, reversed: boolean): Value | undefined {
    if (other instanceof TimeDelta) return operator === '+' ? new TimeDelta(this.ms + other.ms) : operator === '-' ? new TimeDelta(reversed ? other.ms - this.ms : this.ms - other.ms) : undefined;
    return operator === '*' && typeof other === 'number' ? new TimeDelta(this.ms * other) : undefined;
  }
}

const DAY = 86_400_000;

/** A moment in UTC as a value. */
export function timestamp(at: Date): DateTimeValue {
  return new DateTimeValue(at.getTime(), 'utc');
}

function parseMoment(text: string): number {
  const ms = Date.parse(/\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : `${text.replace(' ', 'T')}${/(Z|[+-]\d\d:?\d\d)$/.test(text) ? '' : 'Z'}`);
  return Number.isNaN(ms) ? raise(`'${text}' is not a date or time in ISO form.`) : ms;
}

/** Reads a text by a strptime format of numeric directives. */
function strptime(text: string, format: string): number {
  const parts: string[] = [];
  const pattern = format.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/%([YmdHMSf])/g, (_w, c: string) => {
    parts.push(c);
    return c === 'Y' ? '(\\d{4})' : c === 'f' ? '(\\d{1,6})' : '(\\d{1,2})';
  });
  const m = new RegExp(`^${pattern}$`).exec(text);
  if (m === null) return raise(`'${text}' does not have the form '${format}'.`);
  const at = (c: string, otherwise: number): number => (parts.includes(c) ? Number(m[parts.indexOf(c) + 1]) : otherwise);
  return Date.UTC(at('Y', 1900), at('m', 1) - 1, at('d', 1), at('H', 0), at('M', 0), at('S', 0));
}

/** A class of Python: called to make one, with class methods beside it. */
class CallableNamespace extends Namespace {
  private readonly make: (args: Value[]) => Value;

  constructor(label: string, make: (args: Value[]) => Value, members: Readonly<Record<string, Value>>) {
    super(label, members);
    this.make = make;
  }

  override callAs(args: Value[]): Value {
    return this.make(args);
  }
}

const n = (v: Value | undefined, otherwise: number): number => (typeof v === 'number' ? v : otherwise);

const DATETIME = new Namespace('datetime', {
  datetime: new CallableNamespace('datetime', (args) => new DateTimeValue(Date.UTC(n(args[0], 1970), n(args[1], 1) - 1, n(args[2], 1), n(args[3], 0), n(args[4], 0), n(args[5], 0)), 'naive'), {
    strptime: callable('strptime', 'date_string format', ([t, f]) => new DateTimeValue(strptime(str(t ?? null), str(f ?? null)), 'naive')),
    fromisoformat: callable('fromisoformat', 'date_string', ([t]) => new DateTimeValue(parseMoment(str(t ?? null)), 'naive')),
    now: callable('now', 'tz?', () => new DateTimeValue(Date.now(), 'utc')),
    utcnow: callable('utcnow', '', () => new DateTimeValue(Date.now(), 'naive')),
    today: callable('today', '', () => new DateTimeValue(Date.now(), 'naive')),
  }),
  date: new CallableNamespace('date', (args) => new DateTimeValue(Date.UTC(n(args[0], 1970), n(args[1], 1) - 1, n(args[2], 1)), 'date'), {
    fromisoformat: callable('fromisoformat', 'date_string', ([t]) => new DateTimeValue(parseMoment(str(t ?? null).slice(0, 10)), 'date')),
    today: callable('today', '', () => new DateTimeValue(Math.floor(Date.now() / DAY) * DAY, 'date')),
  }),
  timedelta: callable('timedelta', 'days? seconds? microseconds? milliseconds? minutes? hours? weeks?', ([d, s, us, ms, mi, h, w]) => new TimeDelta(n(d, 0) * DAY + n(s, 0) * 1000 + n(us, 0) / 1000 + n(ms, 0) + n(mi, 0) * 60_000 + n(h, 0) * 3_600_000 + n(w, 0) * 7 * DAY)),
});

/** `modules.datetime` and `modules.pytz.utc`. */
export function modules(): Namespace {
  return new Namespace('modules', { datetime: DATETIME, pytz: new Namespace('pytz', { utc: 'UTC', timezone: callable('timezone', 'name', ([name]) => str(name ?? null)) }) });
}
