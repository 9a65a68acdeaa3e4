// Diagnostics as a person reads them: what happened, where (file, line, the text with a mark under it), what to do.
import type { Diagnostic, Span } from '../diagnostics/diagnostic.ts';
import { codeFrame } from './code-frame.ts';
import type { Palette } from './palette.ts';
import { displayWidth, harmless, wrap } from './width.ts';

/** Gives a file's text, or undefined where it cannot be read. */
export type ReadSource = (file: string) => string | undefined;

/** One diagnostic, several lines, no line feed at the end. Sentences are wrapped at `columns`; null leaves them whole. `word` stands in for the severity. */
export function printDiagnostic(d: Diagnostic, read: ReadSource, p: Palette, columns: number | null = null, word: string = d.severity): string {
  const tint = d.severity === 'error' ? p.red : p.yellow;
  const lines = message(d, p, tint, columns, word);
  if (d.span !== undefined) lines.push(...codeFrame(d.span, d.source ?? read(d.span.file), p, tint, columns));
  lines.push(...relatedPlaces(d, read, p, columns));
  if (d.help !== undefined && d.help !== '') lines.push(...help(d.help, p, columns));
  return lines.join('\n');
}

/** As many of one message as are shown whole. */
const SHOWN_WHOLE = 3;
/** Places of the others that are named. */
const NAMED = 5;

/** Diagnostics, a block for each; of those that say the same at many places the first is shown, and where the others are. */
export function printDiagnostics(all: readonly Diagnostic[], read: ReadSource, p: Palette, columns: number | null = null): string[] {
  const alike = new Map<string, Diagnostic[]>();
  for (const d of all) {
    const same = alike.get(sayings(d));
    if (same === undefined) alike.set(sayings(d), [d]);
    else same.push(d);
  }
  return all.flatMap((d) => {
    const same = alike.get(sayings(d))!;
    const repeats = d.span !== undefined && (d.related ?? []).length === 0 && same.length > SHOWN_WHOLE;
    if (repeats && same[0] !== d) return [];
    const block = printDiagnostic(d, read, p, columns);
    return [repeats ? [block, ...elsewhere(same.slice(1), columns)].join('\n') : block];
  });
}

/** What a diagnostic says, whatever its place. */
function sayings(d: Diagnostic): string {
  return JSON.stringify([d.severity, d.code, d.message, d.help ?? null, d.related?.length ?? 0]);
}

function elsewhere(others: readonly Diagnostic[], columns: number | null): string[] {
  const places = others.slice(0, NAMED).map(({ span }) => `${span!.file}:${span!.line}:${span!.column}`);
  const rest = others.length > NAMED ? ' …' : '';
  return wrap(`and at ${others.length} more places: ${places.join(' ')}${rest}`, columns === null ? null : columns - 2).map((l) => `  ${l}`);
}

/** `error[parse/yaml] What happened.`: a narrow terminal has the text below the code. */
function message(d: Diagnostic, p: Palette, tint: (s: string) => string, columns: number | null, word: string): string[] {
  const [first = '', ...more] = harmless(d.message).split('\n');
  const head = `${p.bold(tint(word))}${p.dim(`[${d.code}]`)} `;
  const headWidth = word.length + d.code.length + 3;
  const rest = more.flatMap((l) => wrap(l, columns));
  const fits = columns === null || headWidth + displayWidth(first) <= columns;
  return fits ? [`${head}${p.bold(first)}`, ...rest] : [head.trimEnd(), ...wrap(first, columns - 2).map((l) => `  ${p.bold(l)}`), ...rest];
}

function help(text: string, p: Palette, columns: number | null): string[] {
  const lines = harmless(text)
    .split('\n')
    .flatMap((l) => wrap(l, columns === null ? null : columns - 8));
  return lines.map((l, i) => (i === 0 ? `  ${p.blue('help:')} ${l}` : `        ${l}`.trimEnd()));
}

/** The other places; one that was shown just before is not shown again, and a message that repeats (a recursion) is counted. */
function relatedPlaces(d: Diagnostic, read: ReadSource, p: Palette, columns: number | null): string[] {
  const lines: string[] = [];
  let shown = d.span;
  const related = d.related ?? [];
  for (let i = 0; i < related.length; i++) {
    const { message, span } = related[i]!;
    let times = 1;
    while (related[i + 1]?.message === message && isSamePlace(related[i + 1]!.span, span)) [i, times] = [i + 1, times + 1];
    const repeats = times > 1 ? ` (${times} times)` : '';
    const same = isSamePlace(shown, span);
    lines.push(...wrap(`${message}${repeats}${same ? '' : ':'}`, columns === null ? null : columns - 2).map((l) => `  ${p.dim(l)}`));
    if (!same) lines.push(...codeFrame(span, read(span.file), p, p.blue, columns));
    shown = span;
  }
  return lines;
}

/** A place of its own, as a diagnostic shows it. */
export function printPlace(span: Span, read: ReadSource, p: Palette, tint: (s: string) => string, columns: number | null = null): string[] {
  return codeFrame(span, read(span.file), p, tint, columns);
}

function isSamePlace(a: Span | undefined, b: Span): boolean {
  return a?.file === b.file && a.line === b.line && a.column === b.column;
}
