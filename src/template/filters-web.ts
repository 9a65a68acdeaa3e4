// Filters that write other languages: JSON, URLs, HTML; and `pprint`.
import { builtin, type Builtins } from './arguments.ts';
import { article, compare, iterate, list, truth } from './compare.ts';
import { escape } from './filters-text.ts';
import { isInt, numeric } from './numbers.ts';
import { walked } from './limits.ts';
import { floatText, repr, str } from './print.ts';
import { Float, HostObject, PySet, raise, Tuple, Undefined, type Value } from './values.ts';

export interface JsonOptions {
  /** Spaces, or text, that each level is indented by; undefined for a single line. */
  readonly indent?: string | undefined;
  readonly sortKeys?: boolean;
}

/** JSON as Python's `json.dumps` writes it: ASCII alone, a space after ',' and ':'. Throws where a value is no JSON. */
export function toJson(value: Value, options: JsonOptions = {}, level = 0): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'string') return jsonText(value);
  if (isInt(value)) return value.toString();
  if (typeof value === 'number' || value instanceof Float) return jsonFloat(Number(numeric(value)));
  if (level > 500) raise('This value is nested too deeply to be written as JSON.', 'limit');
  walked(1);
  const { indent } = options;
  const between = (open: string, close: string, parts: readonly string[]): string => {
    if (parts.length === 0) return open + close;
    if (indent === undefined) return open + parts.join(', ') + close;
    const lead = `\n${indent.repeat(level + 1)}`;
    return `${open}${lead}${parts.join(`,${lead}`)}\n${indent.repeat(level)}${close}`;
  };
  if (Array.isArray(value) || value instanceof Tuple)
    return between(
      '[',
      ']',
      list(value).map((item) => toJson(item, options, level + 1)),
    );
  if (value instanceof Map) {
    const entries = [...value];
    if (options.sortKeys === true) entries.sort((a, b) => compare(a[0], b[0]));
    return between(
      '{',
      '}',
      entries.map(([k, v]) => `${jsonKey(k)}: ${toJson(v, options, level + 1)}`),
    );
  }
  return raise(
    `${article(value)} cannot be written as JSON.`.replace(/^./, (c) => c.toUpperCase()),
    value instanceof Undefined ? 'undefined' : 'type',
  );
}

const jsonFloat = (x: number): string => (Number.isFinite(x) ? floatText(x) : Number.isNaN(x) ? 'NaN' : x > 0 ? 'Infinity' : '-Infinity');
const jsonText = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => (c === '\x7f' ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`));

function jsonKey(key: Value): string {
  if (typeof key === 'string') return jsonText(key);
  if (key === null || typeof key === 'boolean' || numeric(key) !== undefined) return `"${toJson(key)}"`;
  return raise(`The keys of JSON have to be texts, not ${article(key)}.`);
}

const HTML_SAFE: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', "'": '\\u0027' };

function urlQuote(text: string, safe: string): string {
  let out = '';
  for (const byte of new TextEncoder().encode(text)) {
    const c = String.fromCharCode(byte);
    out += /[A-Za-z0-9_.~-]/.test(c) || safe.includes(c) ? c : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

function urlEncode(value: Value): string {
  if (typeof value === 'string' || !(value instanceof Map || Array.isArray(value) || value instanceof Tuple)) return urlQuote(str(value), '/');
  const part = (one: Value): string => urlQuote(str(one), '').replaceAll('%20', '+');
  const pairs = value instanceof Map ? [...value] : list(value).map((pair) => list(pair) as [Value, Value]);
  return pairs.map(([k, v]) => `${part(k)}=${part(v)}`).join('&');
}

function attributes(value: Value, space: boolean): string {
  if (!(value instanceof Map)) return raise(`xmlattr needs a dict, not ${article(value)}.`);
  const parts: string[] = [];
  for (const [key, item] of value) {
    if (item === null || item instanceof Undefined) continue;
    if (/[\s/>=]/.test(str(key))) raise(`'${str(key)}' is not a name of an attribute.`);
    parts.push(`${escape(str(key))}="${escape(str(item))}"`);
  }
  return (space && parts.length > 0 ? ' ' : '') + parts.join(' ');
}

const URL = /^(?:https?:\/\/|www\.)[^\s]+$/i;

function urlize(text: string, limit: number | undefined, nofollow: boolean, target: string | undefined): string {
  return text
    .split(/(\s+)/)
    .map((word) => {
      const [, lead = '', middle = '', tail = ''] = /^([(<"']*)([^]*?)([)>.,"'\n]*)$/.exec(word) ?? [];
      if (!URL.test(middle)) return escape(word);
      const href = middle.startsWith('www.') ? `https://${middle}` : middle;
      const shown = limit !== undefined && middle.length > limit ? `${middle.slice(0, limit)}...` : middle;
      const rel = nofollow ? 'nofollow noopener' : 'noopener';
      return `${escape(lead)}<a href="${escape(href)}" rel="${rel}"${target === undefined ? '' : ` target="${escape(target)}"`}>${escape(shown)}</a>${escape(tail)}`;
    })
    .join('');
}

/** Python's `pprint`: keys of dicts in order, and a line for each item where the whole is wider than 80. */
function pretty(value: Value, column: number): string {
  const flat = sortedRepr(value);
  if (column + flat.length <= 80 || value === null || typeof value !== 'object' || value instanceof HostObject) return flat;
  const lead = `,\n${' '.repeat(column + 1)}`;
  if (Array.isArray(value)) return `[${value.map((item) => pretty(item, column + 1)).join(lead)}]`;
  if (value instanceof Map) {
    const parts = ordered(value).map(([k, v]) => `${repr(k)}: ${pretty(v, column + 3 + repr(k).length)}`);
    return `{${parts.join(lead)}}`;
  }
  return flat;
}

const ordered = (value: Map<Value, Value>): [Value, Value][] => [...value].sort(([a], [b]) => (typeof a === typeof b ? compare(a, b) : 0));

function sortedRepr(value: Value): string {
  walked(1);
  if (Array.isArray(value)) return `[${value.map(sortedRepr).join(', ')}]`;
  if (value instanceof Map)
    return `{${ordered(value)
      .map(([k, v]) => `${repr(k)}: ${sortedRepr(v)}`)
      .join(', ')}}`;
  if (value instanceof PySet && value.size > 0)
    return `{${[...iterate(value)]
      .sort((a, b) => compare(a, b))
      .map(sortedRepr)
      .join(', ')}}`;
  return repr(value);
}

export const WEB_FILTERS: Builtins = {
  tojson: builtin('value indent?', ([value, indent]) => {
    const size = numeric(indent);
    const lead = typeof indent === 'string' ? indent : size === undefined ? undefined : ' '.repeat(Number(size));
    return toJson(value!, { indent: lead, sortKeys: true }).replace(/[<>&']/g, (c) => HTML_SAFE[c]!);
  }),
  urlencode: builtin('value', ([value]) => urlEncode(value!)),
  urlize: builtin('value trim_url_limit? nofollow? target? rel? extra_schemes?', ([value, limit, nofollow, target]) => {
    const size = numeric(limit);
    return urlize(str(value!), size === undefined ? undefined : Number(size), truth(nofollow ?? false), typeof target === 'string' ? target : undefined);
  }),
  xmlattr: builtin('value autospace?', ([value, space]) => attributes(value!, truth(space ?? true))),
  pprint: builtin('value', ([value]) => pretty(value!, 0)),
};
