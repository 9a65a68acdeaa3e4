// A YAML file that cannot be read because of one line of it: that line is left out, with what is indented below it, and the
// rest is read. In: a text and a reader of YAML. Out: the data of the rest, every mistake that does not follow from another,
// and the entries that are not whole.
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** Lines, from 1, both ends included. */
export interface Lines {
  readonly from: number;
  readonly to: number;
}

export interface Repaired<T> {
  /** The text with empty lines for what was left out, so that places stay. */
  readonly text: string;
  readonly read: T;
  readonly mistakes: readonly Diagnostic[];
  /** Entries of which something was left out. */
  readonly lost: readonly Lines[];
}

interface Reading {
  readonly data?: unknown;
  readonly mistakes: readonly Diagnostic[];
}

/** Beyond these, a file is not worth guessing at. */
const ROUNDS = 10;

/** Undefined where nothing of it can be read. */
export function repair<T extends Reading>(whole: string, readOnce: (text: string) => T): Repaired<T> | undefined {
  let lines = whole.split('\n');
  let reading = readOnce(whole);
  const mistakes = [...reading.mistakes];
  const lost: Lines[] = [];
  for (let round = 0; reading.data === undefined; round++) {
    const line = syntaxLine(reading);
    // Where a second document begins, what follows is not beside the mistake but another file.
    if (line === undefined || round === ROUNDS || lines[line - 1]?.startsWith('---') === true) return undefined;
    const next = without(lines, line, readOnce);
    if (next === undefined) return undefined;
    lost.push(entryAround(lines, line));
    ({ lines, reading } = next);
    // A second mistake in an entry may follow from the first.
    for (const d of reading.mistakes)
      if (!lost.some((l) => isIn(l, d.span?.line)) && !mistakes.some((m) => m.message === d.message && m.span?.line === d.span?.line)) mistakes.push(d);
  }
  return reading.data === null ? undefined : { text: lines.join('\n'), read: reading, mistakes, lost };
}

export function isIn(lines: Lines, line: number | undefined): boolean {
  return line !== undefined && lines.from <= line && line <= lines.to;
}

/** The line of the mistake for which nothing could be read: the last that is told of. */
function syntaxLine({ mistakes }: Reading): number | undefined {
  return mistakes.at(-1)?.span?.line;
}

/** Leaves out the smallest block around a line with which the trouble at it goes away. */
function without<T extends Reading>(lines: readonly string[], line: number, readOnce: (text: string) => T): { lines: string[]; reading: T } | undefined {
  for (const block of blocksAround(lines, line)) {
    const rest = lines.map((text, i) => (isIn(block, i + 1) ? '' : text));
    const reading = readOnce(rest.join('\n'));
    const next = reading.data === undefined ? syntaxLine(reading) : Infinity;
    if (next !== undefined && next > block.to) return { lines: rest, reading };
  }
  return undefined;
}

/** The line with what is indented below it, then the same of the line that it is below, and so on to a key at the top. */
function* blocksAround(lines: readonly string[], line: number): Generator<Lines> {
  let start = line;
  for (;;) {
    yield { from: start, to: endOfBlock(lines, start) };
    const indent = indentOf(lines[start - 1] ?? '');
    let above = start - 1;
    while (above > 0 && (isBlank(lines[above - 1]!) || !isAbove(lines[above - 1]!, lines[start - 1]!, indent))) above--;
    if (above === 0) return;
    start = above;
  }
}

/** Whether a line can hold one with this indentation: it is less indented, or a key over a list in its own column. */
function isAbove(text: string, below: string, indent: number): boolean {
  const own = indentOf(text);
  return own < indent || (own === indent && isItem(below) && !isItem(text));
}

function endOfBlock(lines: readonly string[], start: number): number {
  const first = lines[start - 1] ?? '';
  const indent = indentOf(first);
  let end = start;
  for (let n = start + 1; n <= lines.length; n++) {
    const text = lines[n - 1]!;
    if (isBlank(text)) continue;
    const deeper = indentOf(text) > indent || (indentOf(text) === indent && isItem(text) && !isItem(first));
    if (!deeper) break;
    end = n;
  }
  return end;
}

/** The entry of a top-level list that holds a line, or else the whole of the key at the top. */
function entryAround(lines: readonly string[], line: number): Lines {
  let top = line;
  while (top > 1 && !/^[^\s#-]/.test(lines[top - 1]!)) top--;
  const items = lines.slice(top, line).flatMap((text, i) => (isItem(text) ? [{ at: top + 1 + i, indent: indentOf(text) }] : []));
  const start = items.findLast((item) => item.indent === items[0]!.indent)?.at ?? top;
  return { from: start, to: Math.max(line, endOfBlock(lines, start)) };
}

function indentOf(text: string): number {
  return text.search(/\S|$/);
}

function isItem(text: string): boolean {
  return /^\s*-(\s|$)/.test(text);
}

function isBlank(text: string): boolean {
  return /^\s*(#|$)/.test(text);
}
