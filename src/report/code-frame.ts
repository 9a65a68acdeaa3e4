// A place in a file as a person sees it: path, line and column, the text of the line, a mark below.
import type { Span } from '../diagnostics/diagnostic.ts';
import type { Palette } from './palette.ts';
import { displayWidth, fit, harmless } from './width.ts';

/** Columns of a code frame where there is no terminal to fit. */
const FRAME = 160;

/** A password that is written into a target, alone or in a URL: a log is read by more people than project.yml. */
const PASSWORD = /(\b(?:password|pass)["']?\s*:\s*["']?|:\/\/[^:/?#\s"']*:)([^\s"',{}@]+)(?=["'\s,}@]|$)/gi;

function withoutPasswords(line: string): string {
  return line.replaceAll(PASSWORD, (_, before: string, value: string) => before + '*'.repeat(value.length));
}

/** The line with a mark under the place; of a long line the part around it. */
export function codeFrame(span: Span, source: string | undefined, p: Palette, tint: (s: string) => string, columns: number | null): string[] {
  const head = `  ${p.blue('-->')} ${span.file}:${span.line}:${span.column}`;
  const line = source?.split(/\r?\n/)[span.line - 1];
  if (line === undefined || line.trim() === '') return [head];
  const text = withoutPasswords(line);
  const gutter = String(span.line).length;
  const room = Math.max(20, (columns ?? FRAME + gutter + 6) - gutter - 6);
  const at = Math.min(span.column - 1, text.length);
  const word = /^[\w$.-]+/.exec(text.slice(at))?.[0].length ?? 1;
  const end = Math.max(at + 1, Math.min((span.endColumn ?? span.column + word) - 1, text.length));
  const start = text.length <= room || at < room * 0.6 ? 0 : at - Math.floor(room * 0.4);
  const before = start > 0 ? '…' : '';
  const shown = fit(oneLine(text.slice(start)), room - before.length);
  const marked = Math.min(end, start + shown.length) - at;
  const indent = before.length + displayWidth(shown.slice(0, at - start));
  const length = Math.max(1, displayWidth(shown.slice(at - start, at - start + marked)));
  return [
    head,
    `  ${p.dim(`${' '.repeat(gutter)} |`)}`,
    `  ${p.dim(`${span.line} |`)} ${p.dim(before)}${shown}`.trimEnd(),
    `  ${p.dim(`${' '.repeat(gutter)} |`)} ${' '.repeat(indent)}${tint('^'.repeat(length))}`,
  ];
}

/** Every character of one column or two, so that a mark can stand below it. */
function oneLine(text: string): string {
  return harmless(text).replaceAll('\t', ' ');
}
