// `modules.*` and the moment a run started, as Python shows them. The clock of a template is the run's start.
// https://docs.getdbt.com/reference/dbt-jinja-functions/modules
import { datetimeModule, makeMoment, type Moment, Zone } from '../template/dates.ts';
import { str } from '../template/print.ts';
import { Callable, HostObject, raise, Tuple, type Value } from '../template/values.ts';
import { iterate } from '../template/compare.ts';
import { callable, Namespace } from './globals.ts';

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
    pytz: new Namespace('pytz', {
      utc: new Zone(0),
      UTC: new Zone(0),
      timezone: callable('timezone', 'name', ([name]) =>
        /^utc$/i.test(str(name ?? null)) ? new Zone(0) : raise(`The time zone '${str(name ?? null)}' is not available: only UTC is.`),
      ),
    }),
    re: RE,
    itertools: ITERTOOLS,
  });
}

/** Python's pattern in JavaScript's spelling. Patterns of unbounded cost are cut off by a limit on the text. */
function pattern(source: string, sticky: 'start' | 'whole' | 'anywhere'): RegExp {
  if (/\([^)]*[+*][^)]*\)[+*]/.test(source)) raise(`The pattern '${source}' repeats a repetition, which may never end.`, 'limit');
  const inline = /^\(\?([ims]+)\)/.exec(source);
  const js = source
    .replace(/^\(\?[ims]+\)/, '')
    .replace(/\(\?P</g, '(?<')
    .replace(/\\A/g, '^')
    .replace(/\\Z/g, '$');
  try {
    return new RegExp(sticky === 'start' ? `^(?:${js})` : sticky === 'whole' ? `^(?:${js})$` : js, `u${inline?.[1] ?? ''}`);
  } catch (e) {
    return raise(`'${source}' is not a pattern: ${(e as Error).message}.`);
  }
}

class Match extends HostObject {
  private readonly match: RegExpExecArray;
  constructor(match: RegExpExecArray) {
    super();
    this.match = match;
  }
  override display(): string {
    return `<re.Match object; match='${this.match[0]}'>`;
  }
  override attribute(name: string): Value | undefined {
    if (name === 'group')
      return callable(name, 'index?', ([i]) => (typeof i === 'string' ? this.match.groups?.[i] : this.match[typeof i === 'number' ? i : 0]) ?? null);
    if (name === 'groups') return callable(name, '', () => new Tuple(this.match.slice(1).map((g) => g ?? null)));
    if (name === 'start') return callable(name, '', () => this.match.index);
    if (name === 'end') return callable(name, '', () => this.match.index + this.match[0].length);
    return undefined;
  }
  override truth(): boolean {
    return true;
  }
}

function text(value: Value | undefined): string {
  const t = str(value ?? null);
  return t.length > 1_000_000 ? raise('The text is too long for a pattern.', 'limit') : t;
}

function search(mode: 'start' | 'whole' | 'anywhere') {
  return ([p, s]: (Value | undefined)[]): Value => {
    const found = pattern(str(p ?? null), mode).exec(text(s));
    return found === null ? null : new Match(found);
  };
}

const replacement = (r: string): string =>
  r
    .replace(/\$/g, '$$$$')
    .replace(/\\g<(\w+)>/g, (_w, n: string) => (/^\d+$/.test(n) ? `$${n}` : `$<${n}>`))
    .replace(/\\(\d)/g, '$$$1');

const RE = new Namespace('re', {
  match: callable('match', 'pattern string flags?', search('start')),
  fullmatch: callable('fullmatch', 'pattern string flags?', search('whole')),
  search: callable('search', 'pattern string flags?', search('anywhere')),
  sub: callable('sub', 'pattern repl string count?', ([p, r, s, n]) => {
    let left = typeof n === 'number' && n > 0 ? n : Infinity;
    const one = pattern(str(p ?? null), 'anywhere');
    const by = replacement(str(r ?? null));
    return text(s).replace(new RegExp(one.source, `${one.flags}g`), (whole) => (left-- > 0 ? whole.replace(one, by) : whole));
  }),
  findall: callable('findall', 'pattern string flags?', ([p, s]) => {
    const one = pattern(str(p ?? null), 'anywhere');
    return [...text(s).matchAll(new RegExp(one.source, `${one.flags}g`))].map((m) =>
      m.length === 1 ? m[0] : m.length === 2 ? (m[1] ?? '') : new Tuple(m.slice(1).map((g) => g ?? '')),
    );
  }),
  split: callable('split', 'pattern string maxsplit?', ([p, s]) => text(s).split(pattern(str(p ?? null), 'anywhere'))),
  escape: callable('escape', 'pattern', ([p]) => str(p ?? null).replace(/[^\w\s]/g, '\\$&')),
});

const ITERTOOLS = new Namespace('itertools', {
  chain: new Callable('chain', (args) => args.flatMap((a) => [...iterate(a)])),
  product: new Callable('product', (args) =>
    args.reduce<Value[][]>((rows, a) => rows.flatMap((r) => [...iterate(a)].map((v) => [...r, v])).slice(0, 100_000), [[]]).map((r) => new Tuple(r)),
  ),
  combinations: callable('combinations', 'iterable r', ([items, r]) =>
    combinations([...iterate(items ?? [])], typeof r === 'number' ? r : 0).map((c) => new Tuple(c)),
  ),
});

function combinations(items: readonly Value[], size: number): Value[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) => combinations(items.slice(i + 1), size - 1).map((rest) => [item, ...rest])).slice(0, 100_000);
}
