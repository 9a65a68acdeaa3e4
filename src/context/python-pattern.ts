// A pattern of Python's `re` in JavaScript's spelling: flags at its head, named groups, anchors, escapes that only one of
// the two knows, braces that are no quantifier. https://docs.python.org/3/library/re.html#regular-expression-syntax
import { raise } from '../template/values.ts';

/** Flags under Python's numbers. */
export const FLAGS: Readonly<Record<string, number>> = {
  IGNORECASE: 2,
  I: 2,
  LOCALE: 4,
  L: 4,
  MULTILINE: 8,
  M: 8,
  DOTALL: 16,
  S: 16,
  UNICODE: 32,
  U: 32,
  VERBOSE: 64,
  X: 64,
  ASCII: 256,
  A: 256,
};

const VERBOSE = 64;
const ASCII = 256;
const END = '(?![^])';
const CLASSES: Readonly<Record<string, string>> = { w: '\\p{L}\\p{N}\\p{M}_', d: '\\p{Nd}' };

/** The pattern for `RegExp`, global and Unicode. Throws where it is none. */
export function toRegExp(source: string, given: number): RegExp {
  let flags = given;
  let body = source;
  for (let head = INLINE.exec(body); head !== null; head = INLINE.exec(body)) {
    for (const letter of head[1]!.toUpperCase()) flags |= FLAGS[letter] ?? 0;
    body = body.slice(head[0].length);
  }
  const js = `${(flags & 2) !== 0 ? 'i' : ''}${(flags & 8) !== 0 ? 'm' : ''}${(flags & 16) !== 0 ? 's' : ''}`;
  try {
    return new RegExp(translate(body, flags), `gu${js}`);
  } catch (e) {
    return raise(`'${source}' is not a pattern: ${(e as Error).message}.`);
  }
}

const INLINE = /^\(\?([aimsuxL]+)\)/;
const QUANTIFIER = /\{\d*,?\d*\}/y;

function translate(source: string, flags: number): string {
  let out = '';
  for (let i = 0; i < source.length;) {
    const c = source[i]!;
    if (c === '\\') {
      out += escaped(source[i + 1] ?? '', false, flags);
      i += 2;
    } else if (c === '[') {
      const [text, next] = bracket(source, i, flags);
      out += text;
      i = next;
    } else if (source.startsWith('(?P<', i)) {
      out += '(?<';
      i += 4;
    } else if (source.startsWith('(?P=', i)) {
      const end = source.indexOf(')', i);
      out += `\\k<${source.slice(i + 4, end)}>`;
      i = end + 1;
    } else if (source.startsWith('(?#', i)) {
      i = source.indexOf(')', i) + 1;
    } else if (c === '$') {
      out += (flags & 8) !== 0 ? '$' : `(?=\\n?${END})`;
      i++;
    } else if (c === '{') {
      QUANTIFIER.lastIndex = i;
      const found = QUANTIFIER.exec(source)?.[0];
      const real = found !== undefined && /\d/.test(found);
      out += real ? found.replace('{,', '{0,') : '\\{';
      i += real ? found.length : 1;
    } else if (c === '}' || c === ']') {
      out += `\\${c}`;
      i++;
    } else if ((flags & VERBOSE) !== 0 && /\s/.test(c)) i++;
    else if ((flags & VERBOSE) !== 0 && c === '#') {
      const end = source.indexOf('\n', i);
      i = end < 0 ? source.length : end + 1;
    } else {
      out += c;
      i++;
    }
  }
  return out;
}

function escaped(c: string, inClass: boolean, flags: number): string {
  if (c === 'A' && !inClass) return '(?<![^])';
  if (c === 'Z' && !inClass) return END;
  if (c === 'a') return '\\x07';
  const known = (flags & ASCII) === 0 ? CLASSES[c.toLowerCase()] : undefined;
  if (known !== undefined && c === c.toLowerCase()) return inClass ? known : `[${known}]`;
  if (known !== undefined && !inClass) return `[^${known}]`;
  if (/[A-Za-z0-9]/.test(c)) return `\\${c}`;
  return /[\^$\\.*+?()[\]{}|/-]/.test(c) ? (c === '-' && !inClass ? '-' : `\\${c}`) : c;
}

/** A character class, and where it ends. */
function bracket(source: string, from: number, flags: number): [string, number] {
  let i = from + 1;
  let out = '[';
  if (source[i] === '^') {
    out += '^';
    i++;
  }
  for (let first = true; i < source.length; first = false) {
    const c = source[i]!;
    if (c === ']' && !first) return [`${out}]`, i + 1];
    if (c === '\\') {
      out += escaped(source[i + 1] ?? '', true, flags);
      i += 2;
      continue;
    }
    out += c === ']' || c === '[' ? `\\${c}` : c;
    i++;
  }
  return raise(`'${source}' is not a pattern: '[' is never closed.`);
}
