// Dates to text and back by a format, with the directives of C and Python in English.
import { makeMoment, offsetText, type Moment } from './dates.ts';
import { raise } from './values.ts';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** Two digits. */
export const two = (n: number): string => String(n).padStart(2, '0');

function dayOfYear(moment: Moment): number {
  const { year } = moment.parts();
  return Math.floor(moment.local / 86_400_000_000) - Math.floor(Date.UTC(year, 0, 1) / 86_400_000) + 1;
}

/** `moment.strftime(format)`. */
export function formatTime(moment: Moment, format: string): string {
  const p = moment.parts();
  const half = p.hour % 12 === 0 ? 12 : p.hour % 12;
  const one = (directive: string): string | undefined => {
    switch (directive) {
      case 'Y':
        return String(p.year);
      case 'y':
        return two(p.year % 100);
      case 'm':
        return two(p.month);
      case 'd':
        return two(p.day);
      case 'e':
        return String(p.day).padStart(2);
      case 'H':
        return two(p.hour);
      case 'I':
        return two(half);
      case 'M':
        return two(p.minute);
      case 'S':
        return two(p.second);
      case 'f':
        return String(p.microsecond).padStart(6, '0');
      case 'p':
        return p.hour < 12 ? 'AM' : 'PM';
      case 'A':
        return DAYS[moment.weekday()]!;
      case 'a':
        return DAYS[moment.weekday()]!.slice(0, 3);
      case 'B':
        return MONTHS[p.month - 1]!;
      case 'b':
      case 'h':
        return MONTHS[p.month - 1]!.slice(0, 3);
      case 'j':
        return String(dayOfYear(moment)).padStart(3, '0');
      case 'w':
        return String((moment.weekday() + 1) % 7);
      case 'u':
        return String(moment.weekday() + 1);
      case 'U':
        return two(Math.floor((dayOfYear(moment) + 6 - ((moment.weekday() + 1) % 7)) / 7));
      case 'W':
        return two(Math.floor((dayOfYear(moment) + 6 - moment.weekday()) / 7));
      case 'z':
        return moment.offset === undefined ? '' : offsetText(moment.offset).replace(':', '');
      case 'Z':
        if (moment.offset === undefined) return '';
        return moment.zone?.nameAt(moment.instant()) ?? (moment.offset === 0 ? 'UTC' : `UTC${offsetText(moment.offset)}`);
      case 's':
        return String(Math.floor(moment.instant() / 1e6));
      case 'F':
        return formatTime(moment, '%Y-%m-%d');
      case 'T':
      case 'X':
        return formatTime(moment, '%H:%M:%S');
      case 'R':
        return formatTime(moment, '%H:%M');
      case 'D':
      case 'x':
        return formatTime(moment, '%m/%d/%y');
      case 'c':
        return formatTime(moment, '%a %b %e %H:%M:%S %Y');
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case '%':
        return '%';
      default:
        return undefined;
    }
  };
  return format.replace(/%(-?)([A-Za-z%])/g, (whole, bare: string, directive: string) => {
    const text = one(directive);
    if (text === undefined) return whole;
    return bare === '' ? text : text.replace(/^[0 ]+(?=\d)/, '');
  });
}

const PATTERNS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  y: '(?<y>\\d\\d)',
  m: '(?<m>1[0-2]|0[1-9]|[1-9])',
  d: '(?<d>3[01]|[12]\\d|0[1-9]|[1-9])',
  H: '(?<H>2[0-3]|[01]\\d|\\d)',
  I: '(?<I>1[0-2]|0[1-9]|[1-9])',
  M: '(?<M>[0-5]\\d|\\d)',
  S: '(?<S>[0-5]\\d|\\d)',
  f: '(?<f>\\d{1,6})',
  p: '(?<p>am|pm)',
  B: `(?<B>${MONTHS.join('|')})`,
  b: `(?<b>${MONTHS.map((month) => month.slice(0, 3)).join('|')})`,
  A: `(?:${DAYS.join('|')})`,
  a: `(?:${DAYS.map((day) => day.slice(0, 3)).join('|')})`,
  z: '(?<z>Z|[+-]\\d\\d:?\\d\\d)',
  '%': '%',
};

/** `datetime.strptime(text, format)`. */
export function parseTime(text: string, format: string): Moment {
  const pattern = format.replace(/%([A-Za-z%])|[\\^$.*+?()[\]{}|/]|\s+/g, (part, directive?: string) => {
    if (directive !== undefined) return PATTERNS[directive] ?? raise(`'%${directive}' is not supported in strptime.`);
    return /^\s/.test(part) ? '\\s+' : `\\${part}`;
  });
  let found: RegExpExecArray | null;
  try {
    found = new RegExp(`^${pattern}$`, 'i').exec(text);
  } catch {
    return raise(`The format '${format}' names a part twice.`);
  }
  if (found === null) return raise(`'${text}' does not match the format '${format}'.`);
  const g: Readonly<Record<string, string | undefined>> = found.groups ?? {};
  const short = g['y'] === undefined ? undefined : Number(g['y']) + (Number(g['y']) < 69 ? 2000 : 1900);
  const named = (g['B'] ?? g['b'])?.slice(0, 3).toLowerCase();
  const month = named === undefined ? Number(g['m'] ?? 1) : MONTHS.findIndex((one) => one.slice(0, 3).toLowerCase() === named) + 1;
  const hour = g['I'] === undefined ? Number(g['H'] ?? 0) : (Number(g['I']) % 12) + (g['p']?.toLowerCase() === 'pm' ? 12 : 0);
  const zone = g['z'];
  const digits = zone?.replace(/\D/g, '') ?? '';
  const offset = zone === undefined ? undefined : (zone.startsWith('-') ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
  const fraction = Number((g['f'] ?? '').padEnd(6, '0'));
  return makeMoment([short ?? Number(g['Y'] ?? 1900), month, Number(g['d'] ?? 1), hour, Number(g['M'] ?? 0), Number(g['S'] ?? 0), fraction], true, offset);
}
