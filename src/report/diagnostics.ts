// Diagnostics as a person reads them: what happened, where (file, line, the text with a mark under it), what to do.
import type { Diagnostic, Span } from '../diagnostics/diagnostic.ts';
import type { Palette } from './palette.ts';

/** Gives a file's text, or undefined where it cannot be read. */
export type ReadSource = (file: string) => string | undefined;

/** One diagnostic, several lines, no line feed at the end. */
export function printDiagnostic(d: Diagnostic, read: ReadSource, p: Palette): string {
  const tint = d.severity === 'error' ? p.red : p.yellow;
  const lines = [`${p.bold(tint(d.severity))}${p.dim(`[${d.code}]`)} ${p.bold(d.message.split('\n')[0]!)}`, ...d.message.split('\n').slice(1)];
  if (d.span !== undefined) lines.push(...frame(d.span, d.source ?? read(d.span.file), p, tint));
  lines.push(...relatedPlaces(d, read, p));
  if (d.help !== undefined && d.help !== '')
    lines.push(...d.help.split('\n').map((l, i) => (i === 0 ? `  ${p.blue('help:')} ${l}` : `        ${l}`.trimEnd())));
  return lines.join('\n');
}

/** The other places; one that was shown just before is not shown again, and a message that repeats (a recursion) is counted. */
function relatedPlaces(d: Diagnostic, read: ReadSource, p: Palette): string[] {
  const lines: string[] = [];
  let shown = d.span;
  const related = d.related ?? [];
  for (let i = 0; i < related.length; i++) {
    const { message, span } = related[i]!;
    let times = 1;
    while (related[i + 1]?.message === message && isSamePlace(related[i + 1]!.span, span)) [i, times] = [i + 1, times + 1];
    const repeats = times > 1 ? ` (${times} times)` : '';
    if (isSamePlace(shown, span)) lines.push(`  ${p.dim(`${message}${repeats}`)}`);
    else lines.push(`  ${p.dim(`${message}${repeats}:`)}`, ...frame(span, read(span.file), p, p.blue));
    shown = span;
  }
  return lines;
}

/** A place: file and line, the text, a mark under it. */
export function printPlace(span: Span, read: ReadSource, p: Palette, tint: (s: string) => string): string[] {
  return frame(span, read(span.file), p, tint);
}

function isSamePlace(a: Span | undefined, b: Span): boolean {
  return a?.file === b.file && a.line === b.line && a.column === b.column;
}

/** A file that is no text after all must not reach the terminal as it is. */
const UNPRINTABLE = /[\u0000-\u001f\u007f]/g;

/** A password that is written into a target, alone or in a URL: a log is read by more people than project.yml. */
const PASSWORD = /(\b(?:password|pass)["']?\s*:\s*["']?|:\/\/[^:/?#\s"']*:)([^\s"',{}@]+)(?=["'\s,}@]|$)/gi;

function withoutPasswords(line: string): string {
  return line.replaceAll(PASSWORD, (_, before: string, value: string) => before + '*'.repeat(value.length));
}

function frame(span: Span, source: string | undefined, p: Palette, tint: (s: string) => string): string[] {
  const head = `  ${p.blue('-->')} ${span.file}:${span.line}:${span.column}`;
  const line = source?.split(/\r?\n/)[span.line - 1];
  if (line === undefined || line.trim() === '') return [head];
  const text = withoutPasswords(line);
  const gutter = String(span.line).length;
  const start = Math.max(0, span.column - 1 > 100 ? span.column - 41 : 0);
  const shown = text
    .slice(start, start + 160)
    .replaceAll('\t', ' ')
    .replaceAll(UNPRINTABLE, '\ufffd');
  const from = Math.min(span.column - 1 - start, shown.length);
  const word = /^[\w$.-]+/.exec(text.slice(span.column - 1))?.[0].length ?? 1;
  const length = Math.max(1, Math.min((span.endColumn ?? span.column + word) - span.column, Math.max(1, shown.length - from)));
  return [
    head,
    `  ${p.dim(`${' '.repeat(gutter)} |`)}`,
    `  ${p.dim(`${span.line} |`)} ${shown}`,
    `  ${p.dim(`${' '.repeat(gutter)} |`)} ${' '.repeat(from)}${tint('^'.repeat(length))}`,
  ];
}
