// What is wrong with a text that is not YAML, in the words of a person who writes YAML, at the line that has to be changed.
import { type Diagnostic, error, type Span } from '../diagnostics/diagnostic.ts';

/** A mistake as the YAML library gives it. */
export interface SyntaxMistake {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** Every key that is there twice, and the first of the other mistakes: what follows it may follow from it. */
export function explainMistakes(mistakes: readonly SyntaxMistake[], text: string, file: string): Diagnostic[] {
  const first = mistakes.find((m) => m.code !== 'DUPLICATE_KEY');
  return mistakes.filter((m) => m === first || (m.code === 'DUPLICATE_KEY' && m.pos[0] < (first?.pos[0] ?? Infinity))).map((m) => explainSyntax(m, text, file));
}

function explainSyntax({ code, message, pos }: SyntaxMistake, text: string, file: string): Diagnostic {
  const at = (o: number): Span => ({ file, ...lineAndColumn(text, Math.min(o, text.length)) });
  const offset = code === 'DUPLICATE_KEY' ? pos[0] : firstVisible(text, pos[0]);
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
  if (code === 'MULTIPLE_DOCS')
    return error('parse/yaml', `${file} holds several documents, and only one is read.`, {
      span: at(offset),
      help: "Take the line '---' out, or give each document a file of its own.",
    });
  if (code === 'BAD_DQ_ESCAPE')
    return error('parse/yaml', 'In double quotes a \\ begins an escape, and this is none.', {
      span: { ...at(offset), endColumn: at(offset).column + 2 },
      help: 'Use single quotes, where \\ is a \\; in paths use /.',
    });
  if (code === 'BAD_SCALAR_START' && !/\{%/.test(text.slice(offset - 1, offset + 1)))
    return error('parse/yaml', `A text without quotes cannot begin with ${text[offset]}.`, { span: at(offset), help: 'Put the text in quotes.' });
  if (/Unexpected flow-(map|seq)-end/.test(message))
    return error('parse/yaml', `This ${text[offset]} closes nothing.`, { span: at(offset), help: 'Remove it, or open what it closes.' });
  if (/Unexpected scalar at node end/.test(message) && /["']\s*$/.test(text.slice(0, pos[0])))
    return error('parse/yaml', 'After the quote that closes a text more follows.', {
      span: at(offset),
      help: "Put all of it in quotes; a ' within '…' is written twice: ''.",
    });
  if (/block-seq-ind on same line/.test(message))
    return error('parse/yaml', 'A list stands on the line of its key.', { span: at(offset), help: 'Begin it on the next line, or write it as […].' });
  if (/Block scalar header/.test(message))
    return error('parse/yaml', 'Behind | or > stands text, which belongs on the next line.', {
      span: at(offset),
      help: 'Begin the text on a line of its own, indented.',
    });
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
    const { line } = at(offset);
    const template = /:\s*\{[{%]/.exec(lineAt(offset));
    if (template !== null) return bareTemplate(at(text.lastIndexOf('\n', offset - 1) + 1 + template.index + template[0].length - 2));
    const colon = /^[^\n]*?(?=:(?:\s|$))/.exec(text.slice(offset));
    if (code === 'BLOCK_AS_IMPLICIT_KEY' && colon !== null && /:\s+$/.test(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset))) {
      const whole = lineAt(offset)
        .slice(at(offset).column - 1)
        .trimEnd();
      return error('parse/yaml', "This text holds ': ', so YAML takes it for a key with a value.", {
        span: { ...at(offset), endColumn: at(offset).column + whole.length },
        help: `Put the text in quotes: "${whole.replaceAll('"', '\\"')}".`,
      });
    }
    const wrong = misindented(text, line);
    return error('parse/yaml', wrong === undefined ? sentence(message) : 'This line is not indented like its neighbours.', {
      span: wrong === undefined ? at(offset) : { file, line: wrong.line, column: wrong.column },
      help: 'Entries of one list or mapping start in the same column; a text that holds ": " needs quotes.',
    });
  }
  return error('parse/yaml', sentence(message), { span: at(offset) });
}

/** A template that stands without quotes. */
export function bareTemplate(span: Span): Diagnostic {
  return error('parse/yaml', 'A template has to be quoted, or YAML takes its brace for a mapping of its own.', { span, help: 'Put it in quotes: "{{ … }}".' });
}

/** Lines and columns count from 1. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
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

/** The first place at or after `offset` where something is to be seen. */
function firstVisible(text: string, offset: number): number {
  const blank = /^\s*/.exec(text.slice(offset))![0].length;
  return offset + blank < text.length ? offset + blank : offset;
}
