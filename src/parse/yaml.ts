// YAML text to plain values, read as dbt reads it (YAML 1.1, but dates stay texts), and back to places: where in
// the file a path of keys stands. Places are looked up when a message needs one, so reading stays fast.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument, type Tags } from 'yaml';
import { type Diagnostic, error, type Span } from '../diagnostics/diagnostic.ts';
import type { Place } from '../project/resources.ts';
import type { Mistake, Path, Shape } from '../project/shape.ts';

const OPTIONS = {
  version: '1.1',
  customTags: (tags: Tags): Tags => tags.filter((t) => typeof t === 'string' || !/timestamp|binary|omap|pairs|set$/.test(t.tag)),
  keepSourceTokens: false,
  prettyErrors: false,
} as const;

/** The file's value, or the first syntax errors with their places. An empty file is null. */
export function readYaml(text: string, file: string): { readonly data: unknown } | { readonly mistakes: readonly Diagnostic[] } {
  const document = parseDocument(text, OPTIONS);
  if (document.errors.length === 0) {
    try {
      return { data: document.toJS({ maxAliasCount: 1000 }) as unknown };
    } catch (e) {
      return { mistakes: [error('parse/yaml', `${(e as Error).message}.`, { span: { file, line: 1, column: 1 } })] };
    }
  }
  const lines = new LineCounter();
  const mistakes = parseDocument(text, { ...OPTIONS, lineCounter: lines })
    .errors.slice(0, 3)
    .map((e) => {
      const at = placeOf(text, e.code, e.pos[0], lines);
      return error('parse/yaml', sentence(e.message), { span: { file, ...at }, ...adviceFor(e.code, text, e.pos[0]) });
    });
  return { mistakes: mistakes.slice(0, 1) };
}

/** yaml reports some indentation slips at the end of the line before; the person needs the line itself. */
function placeOf(text: string, code: string, offset: number, lines: LineCounter): { line: number; column: number } {
  let at = offset;
  if (code === 'MISSING_CHAR' && !text.slice(0, at).endsWith('\n') && /^\s*$/.test(text.slice(at, text.indexOf('\n', at)))) at = Math.max(0, at - 1);
  while (at < text.length && (text[at] === ' ' || text[at] === '\n') && code !== 'MISSING_CHAR') at++;
  const { line, col } = lines.linePos(Math.min(at, text.length));
  return { line, column: col };
}

function sentence(message: string): string {
  const first = message
    .split('\n')[0]!
    .replace(/ at line \d+, column \d+:?$/, '')
    .replace(/:$/, '');
  return `${first}.`.replace(/\.\.$/, '.');
}

function adviceFor(code: string, text: string, offset: number): { help?: string } {
  const start = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  const line = text.slice(start, text.indexOf('\n', start) === -1 ? text.length : text.indexOf('\n', start));
  if (line.includes('\t')) return { help: 'YAML indents with spaces only: replace the tab.' };
  if (code === 'DUPLICATE_KEY') return { help: 'Remove one of the two, or merge them.' };
  if (code === 'BAD_INDENT' || code === 'BLOCK_AS_IMPLICIT_KEY' || /sequence item without/i.test(text) || code === 'MISSING_CHAR')
    return { help: 'Check the indentation: entries of one list or mapping start in the same column, and a quote that is opened is closed.' };
  if (/:\s*[{%]/.test(line)) return { help: 'Put a template in quotes: "{{ … }}".' };
  return {};
}

/** Where the key or the value at `path` stands; the nearest part of the path that exists. Lines and columns from 1. */
export function locate(text: string, file: string, path: Path, on: 'key' | 'value'): Span {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...OPTIONS, lineCounter: lines });
  let node: unknown = document.contents;
  let range: readonly [number, number] | undefined = rangeOf(node);
  for (const [i, step] of path.entries()) {
    if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      range = rangeOf(node) ?? range;
    } else if (isMap(node)) {
      const pair = node.items.find((p) => isPair(p) && isScalar(p.key) && String(p.key.value) === String(step));
      if (pair === undefined) break;
      node = pair.value;
      const last = i === path.length - 1;
      range = (last && on === 'value' && isScalar(node) ? rangeOf(node) : rangeOf(pair.key)) ?? range;
    } else break;
  }
  if (range === undefined) return { file, line: 1, column: 1 };
  const { line, col } = lines.linePos(range[0]);
  const end = lines.linePos(Math.max(range[0] + 1, range[1]));
  return { file, line, column: col, ...(end.line === line ? { endColumn: end.col } : {}) };
}

function rangeOf(node: unknown): readonly [number, number] | undefined {
  const range = (node as Node | undefined)?.range;
  return range ? [range[0], range[1]] : undefined;
}

/** Turns places into spans; reads YAML files again, once each. For messages alone. */
export function placeResolver(root: string): (place: Place) => Span {
  const texts = new Map<string, string>();
  return (place) => {
    if ('span' in place) return place.span;
    let content = texts.get(place.yaml);
    if (content === undefined) {
      try {
        content = readFileSync(join(root, place.yaml), 'utf8');
      } catch {
        content = '';
      }
      texts.set(place.yaml, content);
    }
    return locate(content, place.yaml, place.path, place.on ?? 'key');
  };
}

/** Checks a file's value against a shape: all mistakes, as diagnostics with places. */
export function checkShape(shape: Shape<unknown>, value: unknown, text: string, file: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  shape.check(value, [], (m) => found.push(mistakeToDiagnostic(m, text, file)));
  return found;
}

export function mistakeToDiagnostic(m: Mistake, text: string, file: string): Diagnostic {
  return error(`parse/${m.kind}`, m.message, { span: locate(text, file, m.path, m.on), ...(m.help === undefined ? {} : { help: m.help }) });
}
