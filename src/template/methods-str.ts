// The methods of str.
import { bind, builtin, type Builtins } from './arguments.ts';
import { article, codePoints, iterate, truth } from './compare.ts';
import { formatText } from './format-text.ts';
import { isInt, numeric } from './numbers.ts';
import { checkSize } from './limits.ts';
import { pad } from './format-spec.ts';
import { dictGet, dictSet, raise, Tuple, Undefined, type CallSite, type Dict, type Value } from './values.ts';
import { isSpace, splitLines, trimEnd, trimStart, words } from './whitespace.ts';

/** The text of an argument that has to be one. */
export function text(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  if (value instanceof Undefined) return '';
  return raise(`A str is needed here, not ${article(value ?? null)}.`);
}
const whole = (value: Value | undefined, otherwise: number): number => {
  if (value === undefined || value === null) return otherwise;
  const number = numeric(value);
  return isInt(number) ? Number(number) : raise(`An int is needed here, not ${article(value)}.`);
};

/** Upper case at the start of each word and lower case after it, as `str.title` does. */
export function title(value: string): string {
  let inside = false;
  return Array.from(value, (c) => {
    const cased = inside ? c.toLowerCase() : c.toUpperCase();
    inside = /\p{L}/u.test(c) && c.toLowerCase() !== c.toUpperCase();
    return cased;
  }).join('');
}

/** The first letter in upper case, the others in lower case. */
export function capitalize(value: string): string {
  const [first = '', ...rest] = Array.from(value);
  return first.toUpperCase() + rest.join('').toLowerCase();
}

/** Replaces the first `limit` places, or all of them where it is negative. */
export function replaceText(source: string, from: string, to: string, limit: number, at: CallSite): string {
  if (limit < 0 && from !== '') {
    const out = source.replaceAll(from, () => to);
    checkSize(out.length, at.run);
    return out;
  }
  const parts = from === '' ? ['', ...Array.from(source), ''] : source.split(from);
  const places = limit < 0 ? parts.length - 1 : Math.min(limit, parts.length - 1);
  checkSize(source.length + places * to.length, at.run);
  return parts.map((part, i) => (i === parts.length - 1 ? part : part + (i < places ? to : from))).join('');
}

function strip(value: string, characters: Value | undefined, left: boolean, right: boolean): string {
  if (characters === undefined || characters === null) {
    const start = left ? trimStart(value) : value;
    return right ? trimEnd(start) : start;
  }
  const points = Array.from(value);
  const set = new Set(text(characters));
  let [from, to] = [0, points.length];
  while (left && from < to && set.has(points[from]!)) from++;
  while (right && to > from && set.has(points[to - 1]!)) to--;
  return points.slice(from, to).join('');
}

function split(value: string, separator: Value | undefined, limit: number, fromRight: boolean): Value[] {
  if (separator === undefined || separator === null) {
    if (!fromRight || limit < 0) return words(value, limit);
    const backwards = (t: string): string => Array.from(t).toReversed().join('');
    return words(backwards(value), limit).map(backwards).toReversed();
  }
  const mark = text(separator);
  if (mark === '') raise('The separator is empty.');
  const parts = value.split(mark);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  const rest = fromRight ? parts.slice(0, parts.length - limit) : parts.slice(limit);
  return fromRight ? [rest.join(mark), ...parts.slice(parts.length - limit)] : [...parts.slice(0, limit), rest.join(mark)];
}

/** The part of the text between two indexes, and where it starts; undefined where the start is beyond the end. */
function window(value: string, start: Value | undefined, stop: Value | undefined): { readonly part: string; readonly offset: number } | undefined {
  const size = value.length;
  const clamp = (at: number): number => Math.min(size, at < 0 ? Math.max(0, at + size) : at);
  const from = whole(start, 0);
  if (from > size) return undefined;
  const offset = clamp(from);
  const end = clamp(whole(stop, size));
  return end < offset ? undefined : { part: value.slice(offset, end), offset };
}

function locate([s, sub, start, stop]: readonly (Value | undefined)[], last: boolean): number {
  const found = window(text(s), start, stop);
  if (found === undefined) return -1;
  const at = last ? found.part.lastIndexOf(text(sub)) : found.part.indexOf(text(sub));
  return at === -1 ? -1 : codePoints(text(s).slice(0, at + found.offset));
}

const finding = (last: boolean, strict: boolean): Builtins[string] =>
  builtin('self sub start? stop?', (args) => {
    const at = locate(args, last);
    return at === -1 && strict ? raise('The substring is not in the text.') : at;
  });

const affix = (test: (part: string, one: string) => boolean): Builtins[string] =>
  builtin('self affix start? stop?', ([s, wanted, start, stop]) => {
    const found = window(text(s), start, stop);
    const all = wanted instanceof Tuple ? wanted.items : [wanted];
    return found !== undefined && all.some((one) => test(found.part, text(one)));
  });

const plain = (change: (value: string) => Value): Builtins[string] => builtin('self', ([s]) => change(s as string));
const every = (pattern: RegExp): Builtins[string] => plain((s) => pattern.test(s));
const cased = (s: string, to: string): boolean => s === to && s.toLowerCase() !== s.toUpperCase();
const aligned = (align: string): Builtins[string] =>
  builtin('self width fill?', ([s, width, fill], at) => {
    checkSize(whole(width, 0), at.run);
    const mark = text(fill ?? ' ');
    if (codePoints(mark) !== 1) raise('The fill has to be a single character.');
    return align === '^' ? centered(text(s), whole(width, 0), mark) : pad(text(s), whole(width, 0), mark, align);
  });

/** In the middle of `width`; where the space is odd, Python's rule decides which side has more. */
export function centered(value: string, width: number, fill: string): string {
  const missing = width - codePoints(value);
  if (missing <= 0) return value;
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + value + fill.repeat(missing - left);
}

function partition(value: string, mark: string, at: number, otherwise: readonly string[]): Value {
  if (mark === '') raise('The separator is empty.');
  return new Tuple(at === -1 ? otherwise : [value.slice(0, at), mark, value.slice(at + mark.length)]);
}

function expandTabs(value: string, size: number): string {
  let column = 0;
  return Array.from(value, (c) => {
    if (c === '\t') {
      const spaces = size > 0 ? size - (column % size) : 0;
      column += spaces;
      return ' '.repeat(spaces);
    }
    column = c === '\n' || c === '\r' ? 0 : column + 1;
    return c;
  }).join('');
}

export const STR_METHODS: Builtins = {
  upper: plain((s) => s.toUpperCase()),
  lower: plain((s) => s.toLowerCase()),
  casefold: plain((s) => s.toLowerCase().replaceAll('ß', 'ss').replaceAll('ς', 'σ')),
  capitalize: plain(capitalize),
  title: plain(title),
  swapcase: plain((s) => Array.from(s, (c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join('')),
  strip: builtin('self characters?', ([s, c]) => strip(text(s), c, true, true)),
  lstrip: builtin('self characters?', ([s, c]) => strip(text(s), c, true, false)),
  rstrip: builtin('self characters?', ([s, c]) => strip(text(s), c, false, true)),
  split: builtin('self sep? maxsplit?', ([s, sep, max]) => split(text(s), sep, whole(max, -1), false)),
  rsplit: builtin('self sep? maxsplit?', ([s, sep, max]) => split(text(s), sep, whole(max, -1), true)),
  splitlines: builtin('self keepends?', ([s, keep]) => splitLines(text(s), truth(keep ?? false))),
  join: builtin('self items', ([s, items], at) => {
    const parts = Array.from(iterate(items!), (item, i) => (typeof item === 'string' ? item : raise(`join() needs texts; item ${i} is ${article(item)}.`)));
    checkSize(
      parts.reduce((size, part) => size + part.length + text(s).length, 0),
      at.run,
    );
    return parts.join(text(s));
  }),
  replace: builtin('self old new count?', ([s, from, to, count], at) => replaceText(text(s), text(from), text(to), whole(count, -1), at)),
  startswith: affix((part, one) => part.startsWith(one)),
  endswith: affix((part, one) => part.endsWith(one)),
  find: finding(false, false),
  rfind: finding(true, false),
  index: finding(false, true),
  rindex: finding(true, true),
  count: builtin('self sub start? stop?', ([s, sub, start, stop]) => {
    const found = window(text(s), start, stop);
    if (found === undefined) return 0;
    return text(sub) === '' ? codePoints(found.part) + 1 : found.part.split(text(sub)).length - 1;
  }),
  format: (args, kwargs, at) => formatText(text(args[0]), args.slice(1), (name) => kwargs.get(name), at.run),
  format_map: builtin('self mapping', ([s, map], at) => formatText(text(s), [], (name) => (map instanceof Map ? dictGet(map, name) : undefined), at.run)),
  zfill: builtin('self width', ([s, width], at) => {
    checkSize(whole(width, 0), at.run);
    const sign = /^[+-]/.exec(text(s))?.[0] ?? '';
    return sign + pad(text(s).slice(sign.length), whole(width, 0) - sign.length, '0', '>');
  }),
  ljust: aligned('<'),
  rjust: aligned('>'),
  center: aligned('^'),
  expandtabs: builtin('self tabsize?', ([s, size]) => expandTabs(text(s), whole(size, 8))),
  partition: builtin('self sep', ([s, sep]) => partition(text(s), text(sep), text(s).indexOf(text(sep)), [text(s), '', ''])),
  rpartition: builtin('self sep', ([s, sep]) => partition(text(s), text(sep), text(s).lastIndexOf(text(sep)), ['', '', text(s)])),
  removeprefix: builtin('self prefix', ([s, p]) => (text(s).startsWith(text(p)) ? text(s).slice(text(p).length) : text(s))),
  removesuffix: builtin('self suffix', ([s, p]) => (text(p) !== '' && text(s).endsWith(text(p)) ? text(s).slice(0, -text(p).length) : text(s))),
  isalnum: every(/^[\p{L}\p{N}]+$/u),
  isalpha: every(/^\p{L}+$/u),
  isascii: every(/^[\0-\x7f]*$/),
  isdecimal: every(/^\p{Nd}+$/u),
  isdigit: every(/^[\p{Nd}²³¹⁰⁴-⁹₀-₉]+$/u),
  isnumeric: every(/^\p{N}+$/u),
  isidentifier: every(/^[\p{L}_][\p{L}\p{N}\p{M}_]*$/u),
  isprintable: every(/^(?:[^\p{C}\p{Z}]| )*$/u),
  isspace: plain((s) => s !== '' && Array.from(s).every((c) => isSpace(c.charCodeAt(0)))),
  islower: plain((s) => cased(s, s.toLowerCase())),
  isupper: plain((s) => cased(s, s.toUpperCase())),
  istitle: plain((s) => cased(s, title(s)) || (s === title(s) && /\p{Lu}/u.test(s))),
  maketrans: (args, kwargs, _at, name) => {
    const [, from, to, remove] = bind(name, ['self', 'x', 'y?', 'z?'], args, kwargs);
    const out: Dict = new Map();
    if (from instanceof Map) for (const [key, value] of from) dictSet(out, typeof key === 'string' ? key.codePointAt(0)! : key, value);
    else Array.from(text(from)).forEach((c, i) => dictSet(out, c.codePointAt(0)!, Array.from(text(to))[i]!.codePointAt(0)!));
    if (remove !== undefined) for (const c of text(remove)) dictSet(out, c.codePointAt(0)!, null);
    return out;
  },
  translate: builtin('self table', ([s, table]) =>
    Array.from(text(s), (c) => {
      const to = table instanceof Map ? dictGet(table, c.codePointAt(0)!) : undefined;
      if (to === undefined) return c;
      return to === null ? '' : typeof to === 'number' ? String.fromCodePoint(to) : text(to);
    }).join(''),
  ),
};
