// White space as Python's `str` sees it, which is not quite JavaScript's.
const CLASS = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const LEADING = new RegExp(`^[${CLASS}]+`);
const TRAILING = new RegExp(`[${CLASS}]+$`);
const RUN = new RegExp(`[${CLASS}]+`);
const ALL = new RegExp(`^[${CLASS}]+$`);

/** Without white space at the start. */
export const trimStart = (text: string): string => text.replace(LEADING, '');

/** Without white space at the end. The last character is looked at first: the pattern is slow on long texts. */
export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Is a character, by its code, white space? */
export function isSpace(code: number): boolean {
  if (code <= 32) return (code >= 9 && code <= 13) || code >= 28;
  return code >= 0x85 && TRAILING.test(String.fromCharCode(code));
}

/** Is the text white space alone, and not empty? */
export const isSpaces = (text: string): boolean => ALL.test(text);

/** The words between runs of white space, at most `limit` splits from the left; the rest keeps its inner white space. */
export function words(text: string, limit = -1): string[] {
  if (limit < 0)
    return trimEnd(trimStart(text))
      .split(RUN)
      .filter((word) => word !== '');
  const out: string[] = [];
  let rest = trimStart(text);
  while (rest !== '' && out.length < limit) {
    const found = RUN.exec(rest);
    if (found === null) break;
    out.push(rest.slice(0, found.index));
    rest = rest.slice(found.index + found[0].length);
  }
  if (rest !== '') out.push(rest);
  return out;
}

const LINE_END = new RegExp('\\r\\n|[\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029]', 'g');

/** `str.splitlines`: the lines, with their ends where `keep` says so; nothing for an end of line at the end. */
export function splitLines(text: string, keep = false): string[] {
  const out: string[] = [];
  let from = 0;
  for (const found of text.matchAll(LINE_END)) {
    out.push(text.slice(from, found.index + (keep ? found[0].length : 0)));
    from = found.index + found[0].length;
  }
  if (from < text.length) out.push(text.slice(from));
  return out;
}
