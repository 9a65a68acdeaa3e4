// From a place in compiled SQL back to the line of the template it came from. Lines that hold no template are the same
// in both texts, so the two are aligned on these; a line between two of them is where its neighbours say.

export interface SourcePlace {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Characters to mark, where the word is found on the line. */
  readonly length?: number;
}

/** Where `line` and `column` (from 1) of the compiled text stand in the template's text. */
export function placeInSource(template: string, compiled: string, line: number, column: number): SourcePlace | undefined {
  const from = template.split('\n');
  const to = compiled.split('\n');
  if (line > to.length) return undefined;
  const map = alignLines(from, to);
  const exact = map[line - 1];
  const text = to[line - 1] ?? '';
  const word = /^[\w$]+/.exec(text.slice(column - 1))?.[0];
  if (exact !== undefined && exact >= 0) return { line: exact + 1, column, ...(word === undefined ? {} : { length: word.length }) };
  let above = line - 2;
  while (above >= 0 && (map[above] ?? -1) < 0) above--;
  let below = line;
  while (below < to.length && (map[below] ?? -1) < 0) below++;
  const lo = above < 0 ? 0 : map[above]! + 1;
  const hi = below >= to.length ? from.length - 1 : map[below]! - 1;
  const candidates = range(lo, Math.max(lo, hi));
  const withWord = word === undefined ? undefined : candidates.find((i) => new RegExp(`(^|\\W)${word}(\\W|$)`).test(from[i] ?? ''));
  if (withWord !== undefined && word !== undefined) {
    const at = new RegExp(`(?:^|\\W)(${word})(?:\\W|$)`).exec(from[withWord]!)!;
    return { line: withWord + 1, column: at.index + at[0].indexOf(word) + 1, length: word.length };
  }
  const nearby = candidates.find((i) => (from[i] ?? '').includes('{{')) ?? Math.min(lo + Math.max(0, line - 2 - above), from.length - 1);
  const text2 = from[nearby] ?? '';
  const brace = text2.indexOf('{{');
  return { line: nearby + 1, column: Math.max(1, (brace >= 0 ? brace : text2.search(/\S/)) + 1) };
}

function range(lo: number, hi: number): number[] {
  return Array.from({ length: hi - lo + 1 }, (_, i) => lo + i);
}

/** For each compiled line, the template line that is the same text in the same order, or -1: a longest common subsequence, greedily from both ends. */
function alignLines(from: readonly string[], to: readonly string[]): number[] {
  const map = Array.from({ length: to.length }, () => -1);
  const same = (a: string, b: string): boolean => a.trimEnd() === b.trimEnd() && a.trim() !== '' && !/\{[{%#]/.test(a);
  const n = from.length;
  const m = to.length;
  if (n * m > 4_000_000) return map;
  const lcs = Array.from({ length: n + 1 }, () => new Uint16Array(m + 1));
  for (let i = n - 1; i >= 0; i--)
    for (let j = m - 1; j >= 0; j--) lcs[i]![j] = same(from[i]!, to[j]!) ? lcs[i + 1]![j + 1]! + 1 : Math.max(lcs[i + 1]![j]!, lcs[i]![j + 1]!);
  let i = 0;
  let j = 0;
  while (i < n && j < m) {
    if (same(from[i]!, to[j]!)) {
      map[j] = i;
      i++;
      j++;
    } else if (lcs[i + 1]![j]! >= lcs[i]![j + 1]!) i++;
    else j++;
  }
  return map;
}
