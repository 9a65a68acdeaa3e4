// Filters on text.
import { table } from '../project/table.ts';
import { builtin, type Builtins } from './arguments.ts';
import { article, truth, used } from './compare.ts';
import { formatPercent } from './format-percent.ts';
import { checkSize } from './limits.ts';
import { capitalize, centered, replaceText, STR_METHODS } from './methods-str.ts';
import { isInt, numeric } from './numbers.ts';
import { str } from './print.ts';
import { dictOf, raise, Tuple, type Value } from './values.ts';
import { splitLines, words } from './whitespace.ts';
import { wrap } from './wrap.ts';

function whole(value: Value | undefined, otherwise: number): number {
  if (value === undefined || value === null) return otherwise;
  const number = numeric(value);
  return isInt(number) ? Number(number) : raise(`An int is needed here, not ${article(value)}.`);
}

const TITLE_BREAK = /([-\s({[<]+)/;
const title = (text: string): string =>
  text
    .split(TITLE_BREAK)
    .map((part) => capitalize(part))
    .join('');

function indent(text: string, width: Value | undefined, first: boolean, blank: boolean): string {
  const lead = typeof width === 'string' ? width : ' '.repeat(Math.max(0, whole(width, 4)));
  const lines = splitLines(`${text}\n`);
  let out = blank ? lines.join(`\n${lead}`) : lines.map((line, i) => (i > 0 && line !== '' ? lead + line : line)).join('\n');
  if (first) out = lead + out;
  return out;
}

function truncate(text: string, size: number, killWords: boolean, end: string, leeway: number): string {
  const points = Array.from(text);
  if (size < end.length) raise(`truncate: the length ${size} is less than that of the end '${end}'.`);
  if (leeway < 0) raise('truncate: the leeway is negative.');
  if (points.length <= size + leeway) return text;
  const kept = points.slice(0, size - end.length).join('');
  if (killWords) return kept + end;
  const at = kept.lastIndexOf(' ');
  return (at === -1 ? kept : kept.slice(0, at)) + end;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;', '"': '&#34;' };
/** Text safe inside HTML. */
export const escape = (text: string): string => text.replace(/[&<>'"]/g, (c) => ESCAPES[c]!);

const escaped = builtin('value', ([value]) => escape(str(value!)));
const same = builtin('value', ([value]) => str(value!));
const plain = (change: (text: string) => string): Builtins[string] => builtin('value', ([value]) => change(str(value!)));

export const TEXT_FILTERS: Builtins = {
  string: same,
  safe: same,
  escape: escaped,
  e: escaped,
  forceescape: escaped,
  upper: plain((text) => text.toUpperCase()),
  lower: plain((text) => text.toLowerCase()),
  capitalize: plain(capitalize),
  title: plain(title),
  trim: builtin('value chars?', ([value, chars], at) => STR_METHODS['strip']!([str(value!), ...(chars === undefined ? [] : [chars])], new Map(), at, 'trim')),
  center: builtin('value width?', ([value, width], at) => {
    checkSize(whole(width, 80), at.run);
    return centered(str(value!), whole(width, 80), ' ');
  }),
  replace: builtin('value old new count?', ([value, from, to, count], at) => replaceText(str(value!), str(from!), str(to!), whole(count, -1), at)),
  format: (args, kwargs, at) => {
    if (args.length > 1 && kwargs.size > 0) raise('format takes positional or keyword arguments, not both.');
    return formatPercent(str(args[0]!), kwargs.size > 0 ? dictOf(kwargs) : new Tuple(args.slice(1)), at.run);
  },
  indent: builtin('value width? first? blank?', ([value, width, first, blank], at) => {
    if (typeof width !== 'string') checkSize(whole(width, 4), at.run);
    return indent(str(used(value!)), width, truth(first ?? false), truth(blank ?? false));
  }),
  truncate: builtin('value length? killwords? end? leeway?', ([value, size, kill, end, leeway]) =>
    truncate(str(value!), whole(size, 255), truth(kill ?? false), str(end ?? '...'), whole(leeway, 5)),
  ),
  wordcount: builtin('value', ([value]) => (str(value!).match(/[\p{L}\p{N}_]+/gu) ?? []).length),
  wordwrap: builtin('value width? break_long_words? wrapstring? break_on_hyphens?', ([value, width, long, mark, hyphens]) => {
    const end = mark === undefined || mark === null ? '\n' : str(mark);
    const each = (line: string): string => wrap(line, whole(width, 79), truth(long ?? true), truth(hyphens ?? true)).join(end);
    return splitLines(str(used(value!)))
      .map(each)
      .join(end);
  }),
  striptags: plain((text) => {
    const out = without(without(text, '<!--', '-->'), '<', '>');
    return words(unescape(out)).join(' ');
  }),
};

/** The text without what stands between two marks, and the marks. In one pass: a pattern would look for the end of each beginning anew. */
function without(text: string, open: string, close: string): string {
  let out = '';
  let from = 0;
  for (;;) {
    const start = text.indexOf(open, from);
    const end = start < 0 ? -1 : text.indexOf(close, start + open.length);
    if (end < 0) return out + text.slice(from);
    out += text.slice(from, start);
    from = end + close.length;
  }
}

const NAMED: Readonly<Record<string, string>> = table({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' });
function unescape(text: string): string {
  return text.replace(/&(?:#(\d+)|#[xX]([\da-fA-F]+)|(\w+));/g, (whole, decimal?: string, hex?: string, name?: string) => {
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    if (name !== undefined) return NAMED[name] ?? whole;
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
