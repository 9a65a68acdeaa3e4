// Patterns of a selection. In: a pattern as written. Out: a function that says whether a text matches it. Names follow
// Python's fnmatch, paths its pathlib, because dbt's users know those: https://docs.python.org/3/library/fnmatch.html

/** Whether a text has a character that makes it a pattern. */
export function isPattern(text: string): boolean {
  return /[*?[\]]/.test(text);
}

/** A test for names: `*` any text, `?` one character, `[ab]` one of these, `[!ab]` none of these. Case counts. */
export function matcher(pattern: string): (text: string) => boolean {
  if (pattern === '*') return () => true;
  if (!isPattern(pattern)) return (text) => text === pattern;
  const regex = new RegExp(`^${translate(pattern, '[^]*', '[^]')}$`, 'u');
  return (text) => regex.test(text);
}

/** A test for paths with `/`: `*` stays within one folder, `**` is any number of folders, none included. */
export function pathMatcher(pattern: string): (path: string) => boolean {
  const parts = pattern
    .replaceAll('\\', '/')
    .split('/')
    .filter((p) => p !== '' && p !== '.');
  if (parts.length === 0) return (path) => path === '';
  if (!parts.some(isPattern)) return (path) => path === parts.join('/');
  const source = parts.map((p) => (p === '**' ? '(?:[^/]+/)*' : `${translate(p, '[^/]*', '[^/]')}/`)).join('');
  const regex = new RegExp(`^${source}$`, 'u');
  return (path) => regex.test(path === '' ? '' : `${path}/`);
}

function translate(pattern: string, any: string, one: string): string {
  let out = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!;
    if (c === '*') out += any;
    else if (c === '?') out += one;
    else if (c === '[') {
      const negated = pattern[i + 1] === '!';
      const first = i + (negated ? 2 : 1);
      // A closing bracket right after the opening one belongs to the set.
      const end = pattern.indexOf(']', first + 1);
      if (end < 0) out += '\\[';
      else {
        out += setOf(pattern.slice(first, end), negated);
        i = end;
      }
    } else out += escape(c);
  }
  return out;
}

/** A set of characters and ranges; a range that runs backwards holds nothing, as in Python. */
function setOf(content: string, negated: boolean): string {
  const chars = [...content];
  let inside = '';
  for (let i = 0; i < chars.length; i++) {
    const from = chars[i]!;
    if (chars[i + 1] === '-' && i + 2 < chars.length) {
      const to = chars[i + 2]!;
      if (from.codePointAt(0)! <= to.codePointAt(0)!) inside += `${escapeInSet(from)}-${escapeInSet(to)}`;
      i += 2;
    } else inside += escapeInSet(from);
  }
  if (inside === '') return negated ? '[^]' : '[]';
  return `[${negated ? '^' : ''}${inside}]`;
}

function escapeInSet(c: string): string {
  return /[\\\]^-]/.test(c) ? `\\${c}` : /[&!#$%*+,.:;<=>?@`~[(){}/|]/.test(c) ? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}` : c;
}

function escape(c: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(c) ? `\\${c}` : c;
}
