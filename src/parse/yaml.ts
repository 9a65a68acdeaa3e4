// YAML text to plain values, read as dbt reads it (YAML 1.1, but dates stay texts), and back to places: where in
// the file a path of keys stands. Places are looked up when a message needs one, so reading stays fast.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LineCounter as Lines, Node, ScalarTag, Tags } from 'yaml';
import { type Diagnostic, error, type Span } from '../diagnostics/diagnostic.ts';
import type { Place } from '../project/resources.ts';
import { yaml } from '../project/yaml-library.ts';
import type { Mistake, Path, Shape } from '../project/shape.ts';

const { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } = yaml;

const OPTIONS = {
  version: '1.1',
  customTags: (tags: Tags): Tags =>
    tags
      .filter((t) => typeof t === 'string' || !/timestamp|binary|omap|pairs|set$/.test(t.tag))
      .map((t) => (typeof t !== 'string' && 'test' in t && t.test !== undefined ? asPyYaml(t) : t)),
  keepSourceTokens: false,
  prettyErrors: false,
  logLevel: 'error',
} as const;

/** Plain scalars are what PyYAML takes them for: a lone y is a text, and so are e2, 09 and 1e3. */
function asPyYaml(tag: ScalarTag): ScalarTag {
  const takes = (sample: string): boolean => tag.test?.test(sample) === true;
  if (tag.tag.endsWith(':bool'))
    return { ...tag, test: takes('yes') ? /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/ : /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/ };
  if (tag.tag.endsWith(':int') && takes('12')) return { ...tag, test: /^[-+]?(?:0|[1-9][0-9_]*)$/ };
  if (tag.tag.endsWith(':int') && takes('1:30')) return { ...tag, test: /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/ };
  if (tag.tag.endsWith(':float') && takes('1e3')) return { ...tag, test: /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)[eE][-+][0-9]+$/ };
  if (tag.tag.endsWith(':float') && takes('1.5')) return { ...tag, test: /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)$/ };
  return tag;
}

/** The file's value, or the first syntax errors with their places. An empty file is null. */
export function readYaml(text: string, file: string): { readonly data: unknown } | { readonly mistakes: readonly Diagnostic[] } {
  const document = parseDocument(text, OPTIONS);
  if (document.errors.length === 0) {
    try {
      const data = document.toJS({ maxAliasCount: 1000 }) as unknown;
      const bare = text.includes('{{') && holdsBareTemplate(data) ? /^[^#'"\n]*?(?:[:-]\s+)(\{\{)/m.exec(text) : null;
      if (bare === null) return { data };
      return { mistakes: [bareTemplate({ file, ...lineAndColumn(text, bare.index + bare[0].length - 2) })] };
    } catch (e) {
      return { mistakes: [error('parse/yaml', `${(e as Error).message}.`, { span: { file, line: 1, column: 1 } })] };
    }
  }
  const lines = new LineCounter();
  const [first] = parseDocument(text, { ...OPTIONS, lineCounter: lines }).errors;
  return { mistakes: [explainSyntax(first!.code, first!.message, first!.pos[0], text, file, lines)] };
}

/** yaml's errors in the words of a person who writes YAML, at the line that has to be changed. */
function explainSyntax(code: string, message: string, offset: number, text: string, file: string, lines: Lines): Diagnostic {
  const at = (o: number): Span => {
    const { line, col } = lines.linePos(Math.min(o, text.length));
    return { file, line, column: col };
  };
  const lineAt = (o: number): string => {
    const start = text.lastIndexOf('\n', o - 1) + 1;
    const end = text.indexOf('\n', start);
    return text.slice(start, end < 0 ? text.length : end);
  };
  const tab = /^[ ]*\t/m.exec(text);
  if (tab !== null && (code === 'TAB_AS_INDENT' || /^\s*\t/.test(lineAt(offset)))) {
    return error('parse/yaml', 'A line is indented with a tab.', {
      span: at(tab.index + tab[0].length - 1),
      help: 'YAML indents with spaces only: replace the tab.',
    });
  }
  if (code === 'DUPLICATE_KEY') {
    const key = /^[^:\n]+/.exec(text.slice(offset))?.[0].trim() ?? '';
    const indent = lineAt(offset).search(/[^\s-]/);
    const before = [...text.slice(0, offset).matchAll(new RegExp(`^[\\s-]{${indent}}${escapeForPattern(key)}\\s*:`, 'gm'))].at(-1);
    const related = before === undefined ? {} : { related: [{ message: 'it is here first', span: at(before.index + indent) }] };
    return error('parse/yaml', `The key '${key}' is there twice.`, { span: at(offset), ...related, help: 'Remove one of the two, or merge them.' });
  }
  if (/Flow (map|sequence)/.test(message)) {
    const opened = openBracket(text, offset);
    const mark = message.includes('sequence') ? '[' : '{';
    return error('parse/yaml', `A ${mark} is opened and not closed.`, {
      span: at(opened ?? offset),
      help: `Close it with ${mark === '[' ? ']' : '}'}, or indent its further lines.`,
    });
  }
  const unclosed = /Missing closing (.)?quote|Missing closing (["'])/.exec(message);
  if (unclosed !== null) {
    const mark = message.includes('"') ? '"' : "'";
    const opened = openQuote(text, mark);
    return error('parse/yaml', `A quote ${mark} is opened and never closed.`, {
      span: at(opened ?? offset),
      help: `Close it with ${mark} at the end of the text.`,
    });
  }
  if (
    /Nested mappings are not allowed|Implicit keys need to be on a single line|BLOCK_AS_IMPLICIT_KEY|All mapping items must start|BAD_INDENT/.test(
      `${message} ${code}`,
    ) ||
    code === 'MISSING_CHAR'
  ) {
    const line = lines.linePos(offset).line;
    const template = /:\s*\{[{%]/.exec(lineAt(offset));
    if (template !== null) return bareTemplate(at(text.lastIndexOf('\n', offset - 1) + 1 + template.index + template[0].length - 2));
    const wrong = misindented(text, line);
    return error('parse/yaml', wrong === undefined ? sentence(message) : 'This line is not indented like its neighbours.', {
      span: wrong === undefined ? at(offset) : { file, line: wrong.line, column: wrong.column },
      help: 'Entries of one list or mapping start in the same column; a text that holds ": " needs quotes.',
    });
  }
  return error('parse/yaml', sentence(message), { span: at(offset) });
}

function bareTemplate(span: Span): Diagnostic {
  return error('parse/yaml', 'A template has to be quoted, or YAML takes its brace for a mapping of its own.', { span, help: 'Put it in quotes: "{{ … }}".' });
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Whether a key is what YAML makes of `{{ name }}` without quotes. */
function holdsBareTemplate(data: unknown): boolean {
  if (Array.isArray(data)) return data.some(holdsBareTemplate);
  return typeof data === 'object' && data !== null && Object.entries(data).some(([k, v]) => /^\{ .* \}$/.test(k) || holdsBareTemplate(v));
}

/** The bracket before `offset` that is still open there. */
function openBracket(text: string, offset: number): number | undefined {
  let depth = 0;
  for (let i = Math.min(offset, text.length) - 1; i >= 0; i--) {
    const c = text[i]!;
    if (c === ']' || c === '}') depth++;
    else if ((c === '[' || c === '{') && depth-- === 0) return i;
  }
  return undefined;
}

function sentence(message: string): string {
  const first = message
    .split('\n')[0]!
    .replace(/ at line \d+, column \d+:?$/, '')
    .replace(/:$/, '');
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/** Where the last quote that has no partner on its line stands. */
function openQuote(text: string, mark: string): number | undefined {
  let offset = 0;
  for (const line of text.split('\n')) {
    const m = new RegExp(`[:\\-\\[,{]\\s*(${mark})`).exec(line);
    if (m !== null && (line.split(mark).length - 1) % 2 === 1) return offset + m.index + m[0].length - 1;
    offset += line.length + 1;
  }
  return undefined;
}

/** The first line at or after `line` whose indentation fits no line above it, or that is deeper than a finished value allows. */
function misindented(text: string, line: number): { line: number; column: number } | undefined {
  const all = text.split('\n');
  const indentOf = (s: string): number => s.search(/[^\s-]/);
  for (let i = Math.max(1, line - 2); i < Math.min(all.length, line + 2); i++) {
    const current = all[i]!;
    let above = i - 1;
    while (above > 0 && all[above]!.trim() === '') above--;
    const before = all[above]!;
    if (current.trim() === '' || before.trim() === '' || current.trim().startsWith('#')) continue;
    const deeper = current.search(/\S/) > Math.max(before.search(/\S/), indentOf(before));
    if (deeper && !/:\s*(#.*)?$/.test(before) && !/[|>][+-]?\s*$/.test(before)) return { line: i + 1, column: current.search(/\S/) + 1 };
    const levels = all.slice(0, i).flatMap((l) => (l.trim() === '' ? [] : [l.search(/\S/), indentOf(l)]));
    if (!deeper && !levels.includes(current.search(/\S/))) return { line: i + 1, column: current.search(/\S/) + 1 };
  }
  return undefined;
}

function escapeForPattern(s: string): string {
  return s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
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
