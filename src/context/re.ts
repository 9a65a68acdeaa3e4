// `modules.re`: Python's functions over patterns. https://docs.python.org/3/library/re.html
// A pattern can take longer than anybody waits, and while it is matched nothing else runs: so it has a time within which it must be done.
import { createContext, Script } from 'node:vm';
import { charge } from '../template/limits.ts';
import { str } from '../template/print.ts';
import { Callable, type CallSite, dictOf, HostObject, NamedTuple, raise, Tuple, type Value } from '../template/values.ts';
import { callable, Namespace } from './globals.ts';
import { FLAGS, toRegExp } from './python-pattern.ts';

/** Milliseconds for one call; a pattern that is meant takes a thousandth. */
const PATIENCE = 2000;
const sandbox: { work?: () => unknown } = createContext({});
const script = new Script('work()');

/** What `work` gives, or an error where it takes too long. Code of the context is our own call, nothing of a template. */
function inTime<T>(pattern: string, work: () => T): T {
  sandbox.work = work;
  try {
    return script.runInContext(sandbox, { timeout: PATIENCE }) as T;
  } catch (e) {
    if ((e as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw e;
    return raise(`The pattern '${pattern}' takes longer than ${PATIENCE / 1000} seconds for this text.`, 'limit');
  } finally {
    delete sandbox.work;
  }
}

/** Counts the text that a pattern is matched with. */
function counting(run: (p: Pattern, args: Given, at: CallSite) => Value): typeof run {
  return (p, args, at) => {
    for (const a of args) if (typeof a === 'string') charge(at.run, 1 + (a.length >> 4));
    return run(p, args, at);
  };
}

type Given = readonly (Value | undefined)[];

class Pattern extends HostObject {
  readonly source: string;
  readonly regexp: RegExp;

  constructor(source: string, flags: number) {
    super();
    this.source = source;
    this.regexp = toRegExp(source, flags);
  }

  override display(): string {
    return `re.compile('${this.source}')`;
  }

  override attribute(name: string): Value | undefined {
    if (name === 'pattern') return this.source;
    if (name === 'groups') return new RegExp(`${this.regexp.source}|`, this.regexp.flags).exec('')!.length - 1;
    const method = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    return method === undefined ? undefined : callable(name, method.rest, (args, at) => counting(method.run)(this, args, at));
  }
}

class Match extends HostObject {
  private readonly match: RegExpExecArray;

  constructor(match: RegExpExecArray) {
    super();
    this.match = match;
  }

  override display(): string {
    return `<re.Match object; span=(${this.match.index}, ${this.match.index + this.match[0].length}), match='${this.match[0]}'>`;
  }

  override item(key: Value): Value {
    if (typeof key === 'string' && Object.hasOwn(this.match.groups ?? {}, key)) return this.match.groups![key] ?? null;
    if (typeof key === 'number' && key >= 0 && key < this.match.length) return this.match[key] ?? null;
    return raise(`The pattern has no group ${str(key)}.`);
  }

  override attribute(name: string): Value | undefined {
    const { match } = this;
    const groups = match.slice(1);
    const start = (): number => match.index;
    const end = (): number => match.index + match[0].length;
    switch (name) {
      case 'group':
        return new Callable(name, (args) => (args.length > 1 ? new Tuple(args.map((a) => this.item(a))) : this.item(args[0] ?? 0)));
      case 'groups':
        return callable(name, 'default?', ([d]) => new Tuple(groups.map((g) => g ?? d ?? null)));
      case 'groupdict':
        return callable(name, 'default?', ([d]) => dictOf(Object.entries(match.groups ?? {}).map(([k, v]) => [k, v ?? d ?? null] as const)));
      case 'start':
        return callable(name, 'group?', start);
      case 'end':
        return callable(name, 'group?', end);
      case 'span':
        return callable(name, 'group?', () => new Tuple([start(), end()]));
      case 'string':
        return match.input;
      case 'lastindex':
        return groups.findLastIndex((g) => g !== undefined) + 1 || null;
      default:
        return undefined;
    }
  }

  override truth(): boolean {
    return true;
  }
}

const none = (found: RegExpExecArray | null): Value => (found === null ? null : new Match(found));

function text(value: Value | undefined): string {
  const t = str(value ?? null);
  return t.length > 1_000_000 ? raise('The text is too long for a pattern.', 'limit') : t;
}

function exec(p: Pattern, string: Value | undefined, around: (source: string) => string): Value {
  const subject = text(string);
  return none(inTime(p.source, () => new RegExp(around(p.regexp.source), p.regexp.flags.replace('g', '')).exec(subject)));
}

function found(p: Pattern, string: Value | undefined, { run }: CallSite): RegExpExecArray[] {
  const subject = text(string);
  const all = inTime(p.source, () => [...subject.matchAll(p.regexp)]);
  charge(run, 32 * all.length);
  return all;
}

function replaced(template: string, m: RegExpExecArray): string {
  return template.replace(/\\(?:g<(\w+)>|(\d\d?)|(.))/gs, (whole, name?: string, number?: string, other?: string) => {
    const key = name ?? number;
    if (key !== undefined) return (/^\d+$/.test(key) ? m[Number(key)] : m.groups?.[key]) ?? '';
    return other === 'n' ? '\n' : other === 't' ? '\t' : other === '\\' ? '\\' : whole;
  });
}

function substitute(p: Pattern, [repl, string, count]: Given, at: CallSite): [string, number] {
  const subject = text(string);
  const limit = typeof count === 'number' && count > 0 ? count : Infinity;
  let out = '';
  let last = 0;
  let done = 0;
  for (const m of found(p, subject, at)) {
    if (done >= limit) break;
    done++;
    out += subject.slice(last, m.index) + (repl instanceof Callable ? str(repl.call([new Match(m)], new Map(), at)) : replaced(str(repl ?? null), m));
    last = m.index + m[0].length;
  }
  return [out + subject.slice(last), done];
}

function split(p: Pattern, string: Value | undefined, max: Value | undefined, at: CallSite): Value[] {
  const subject = text(string);
  const limit = typeof max === 'number' && max > 0 ? max : Infinity;
  const out: Value[] = [];
  let last = 0;
  for (const m of found(p, subject, at).slice(0, limit)) {
    out.push(subject.slice(last, m.index), ...m.slice(1).map((g) => g ?? null));
    last = m.index + m[0].length;
  }
  out.push(subject.slice(last));
  return out;
}

const groupsOf = (m: RegExpExecArray): Value => (m.length === 1 ? m[0] : m.length === 2 ? (m[1] ?? '') : new Tuple(m.slice(1).map((g) => g ?? '')));

/** Functions of a pattern; `rest` is what follows it. */
const FUNCTIONS: Readonly<Record<string, { readonly rest: string; readonly run: (p: Pattern, args: Given, at: CallSite) => Value }>> = {
  match: { rest: 'string', run: (p, [s]) => exec(p, s, (source) => `(?<![^])(?:${source})`) },
  fullmatch: { rest: 'string', run: (p, [s]) => exec(p, s, (source) => `(?<![^])(?:${source})(?![^])`) },
  search: { rest: 'string', run: (p, [s]) => exec(p, s, (source) => source) },
  findall: { rest: 'string', run: (p, [s], at) => found(p, s, at).map(groupsOf) },
  finditer: { rest: 'string', run: (p, [s], at) => found(p, s, at).map((m) => new Match(m)) },
  split: { rest: 'string maxsplit?', run: (p, [s, n], at) => split(p, s, n, at) },
  sub: { rest: 'repl string count?', run: (p, args, at) => substitute(p, args, at)[0] },
  subn: { rest: 'repl string count?', run: (p, args, at) => new NamedTuple(['new_string', 'number'], substitute(p, args, at)) },
};

const patternOf = (p: Value | undefined, flags: Value | undefined): Pattern =>
  p instanceof Pattern ? p : new Pattern(str(p ?? null), typeof flags === 'number' ? flags : 0);

/** `modules.re`. */
export const RE = new Namespace('re', {
  ...Object.fromEntries(
    Object.entries(FUNCTIONS).map(([name, f]) => [
      name,
      callable(name, `pattern ${f.rest} flags?`, ([p, ...args], at) => counting(f.run)(patternOf(p, args.pop()), args, at)),
    ]),
  ),
  compile: callable('compile', 'pattern flags?', ([p, flags]) => patternOf(p, flags)),
  escape: callable('escape', 'pattern', ([p]) => str(p ?? null).replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, '\\$&')),
  ...FLAGS,
});
