// Text to tokens, as Jinja cuts it: nunjucks' tokenizer with the reading of a token replaced. White space control and
// comments are settled here, so the parser sees text that is ready, and tokens carry the offset they start at.
import lexer, { type Token } from 'nunjucks/src/lexer.js';
import { isSpace, trimEnd } from './whitespace.ts';

/** A token with the offset of its first character. */
export interface JinjaToken extends Token {
  readonly start: number;
}

/** Throws a syntax error at a place; both numbers count from 0. */
export type Complain = (message: string, line: number, column: number, help?: string) => never;

const Tokenizer = lexer.lex('').constructor as new (source: string) => ReturnType<typeof lexer.lex>;
const OPENING = /\{[{%#]/g;
/** A name of ASCII letters that no other letter follows. */
const ASCII_NAME = /[A-Za-z_]\w*(?![^\0-\x7f])/y;
const NAME = /[\p{L}_][\p{L}\p{N}\p{M}_]*/uy;
const NUMBER =
  /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?[eE][+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*/y;
const INTEGER = /\d+/y;
const STRING = /'[^'\\]*(?:\\[^][^'\\]*)*'|"[^"\\]*(?:\\[^][^"\\]*)*"/y;
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}<>=.:|,;]/y;
const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const TYPES: Readonly<Record<string, string>> = {
  '(': lexer.TOKEN_LEFT_PAREN,
  ')': lexer.TOKEN_RIGHT_PAREN,
  '[': lexer.TOKEN_LEFT_BRACKET,
  ']': lexer.TOKEN_RIGHT_BRACKET,
  '{': lexer.TOKEN_LEFT_CURLY,
  '}': lexer.TOKEN_RIGHT_CURLY,
  ',': lexer.TOKEN_COMMA,
  ':': lexer.TOKEN_COLON,
  '~': lexer.TOKEN_TILDE,
  '|': lexer.TOKEN_PIPE,
};

/** Reads the tokens of one template. `complain` throws. */
export class JinjaTokenizer extends Tokenizer {
  private lineStart = 0;
  private tag: 'block' | 'variable' | 'text' = 'text';
  private tagStart = { line: 0, column: 0 };
  private trimNext = false;
  private readonly expected: string[] = [];
  private readonly complain: Complain;

  constructor(source: string, firstLine: number, complain: Complain) {
    super(source);
    this.lineno = firstLine;
    this.complain = complain;
  }

  override nextToken(): JinjaToken | null {
    return this.tag === 'text' ? this.readText() : this.readCode();
  }

  /** Starts in the middle of an expression, at an offset: from there on the source is one. */
  startInExpression(at: number): void {
    this.tag = 'variable';
    this.moveTo(at);
  }

  /** The text up to `{% name %}`, and past it; `{%` has not been read yet. Where it never comes, undefined. */
  readRaw(name: string): { readonly text: string; readonly start: number; readonly end: number; readonly line: number; readonly column: number } | undefined {
    const end = new RegExp(`\\{%([-+]?)\\s*${name}\\s*([-+]?)%\\}`, 'g');
    end.lastIndex = this.index;
    const found = end.exec(this.str);
    if (found === null) return undefined;
    const start = Math.min(this.trimNext ? this.skipSpace(this.index) : this.index, found.index);
    this.moveTo(start);
    const line = this.lineno;
    const column = start - this.lineStart;
    let text = this.str.slice(start, found.index);
    if (found[1] === '-') text = trimEnd(text);
    this.moveTo(found.index + found[0].length);
    this.trimNext = found[2] === '-';
    this.tag = 'text';
    return { text, start, end: found.index, line, column };
  }

  private token(type: string, value: string, start: number): JinjaToken {
    return { type, value, lineno: this.lineno, colno: start - this.lineStart, start };
  }

  private moveTo(index: number): void {
    for (let at = this.str.indexOf('\n', this.index); at !== -1 && at < index; at = this.str.indexOf('\n', at + 1)) {
      this.lineno++;
      this.lineStart = at + 1;
    }
    this.index = index;
  }

  private skipSpace(from: number): number {
    let at = from;
    while (at < this.len && isSpace(this.str.charCodeAt(at))) at++;
    return at;
  }

  private readText(): JinjaToken | null {
    for (;;) {
      if (this.trimNext) this.moveTo(this.skipSpace(this.index));
      this.trimNext = false;
      if (this.index >= this.len) return null;
      OPENING.lastIndex = this.index;
      const found = OPENING.exec(this.str);
      const end = found === null ? this.len : found.index;
      if (end > this.index) {
        const raw = this.str.slice(this.index, end);
        const text = found !== null && this.str[end + 2] === '-' ? trimEnd(raw) : raw;
        const token = this.token(lexer.TOKEN_DATA, text, this.index);
        this.moveTo(end);
        if (text !== '') return token;
        continue;
      }
      const mark = this.str.charAt(end + 1);
      if (mark === '#') {
        this.skipComment(end);
        continue;
      }
      const sign = this.str.charAt(end + 2);
      const token = this.token(mark === '%' ? lexer.TOKEN_BLOCK_START : lexer.TOKEN_VARIABLE_START, this.str.slice(end, end + 2), end);
      this.tag = mark === '%' ? 'block' : 'variable';
      this.tagStart = { line: token.lineno, column: token.colno };
      this.index = end + (sign === '-' || sign === '+' ? 3 : 2);
      return token;
    }
  }

  private skipComment(start: number): void {
    const end = this.str.indexOf('#}', start + 2);
    if (end === -1) this.complain("This comment is never closed: '#}' is missing.", this.lineno, start - this.lineStart);
    this.trimNext = this.str[end - 1] === '-' && end > start + 2;
    this.moveTo(end + 2);
  }

  private readCode(): JinjaToken | null {
    const from = this.skipSpace(this.index);
    if (from !== this.index) this.moveTo(from);
    if (from >= this.len) return null;
    const str = this.str;
    const code = str.charCodeAt(from);
    if (this.expected.length === 0) {
      const close = this.tag === 'block' ? '%}' : '}}';
      const sign = code === 45 /* - */ || (code === 43 /* + */ && this.tag === 'block') ? 1 : 0;
      if (str.startsWith(close, from + sign)) {
        const token = this.token(this.tag === 'block' ? lexer.TOKEN_BLOCK_END : lexer.TOKEN_VARIABLE_END, close, from);
        this.index = from + sign + 2;
        this.tag = 'text';
        this.trimNext = code === 45;
        return token;
      }
    }
    if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code > 127) {
      const name = this.match(code < 128 ? ASCII_NAME : NAME, from) ?? this.match(NAME, from);
      if (name !== undefined) return this.take(lexer.TOKEN_SYMBOL, name, from);
    } else if (code === 34 || code === 39) {
      const text = this.match(STRING, from);
      if (text === undefined) this.complain('This string is never closed.', this.lineno, from - this.lineStart);
      const token = this.token(lexer.TOKEN_STRING, unescape(text.slice(1, -1)), from);
      this.moveTo(from + text.length);
      return token;
    } else if (code >= 48 && code <= 57) {
      const number = (str.charCodeAt(from - 1) === 46 ? this.match(INTEGER, from) : this.match(NUMBER, from)) ?? '0';
      return this.take(/^\d[\d_]*[.eE]/.test(number) ? lexer.TOKEN_FLOAT : lexer.TOKEN_INT, number, from);
    } else {
      const operator = this.match(OPERATOR, from);
      if (operator !== undefined) return this.readOperator(operator, from);
    }
    const character = String.fromCodePoint(str.codePointAt(from)!);
    const help = /[\u2018-\u201b]/.test(character)
      ? "It is a typographic quote: write '."
      : /[\u201c-\u201f]/.test(character)
        ? 'It is a typographic quote: write ".'
        : undefined;
    return this.complain(`Unexpected character '${character}'.`, this.lineno, from - this.lineStart, help);
  }

  private match(pattern: RegExp, from: number): string | undefined {
    pattern.lastIndex = from;
    return pattern.test(this.str) ? this.str.slice(from, pattern.lastIndex) : undefined;
  }

  private take(type: string, value: string, from: number): JinjaToken {
    this.index = from + value.length;
    return this.token(type, value, from);
  }

  private readOperator(operator: string, from: number): JinjaToken {
    const close = CLOSES[operator];
    if (close !== undefined) this.expected.push(close);
    else if (operator === ')' || operator === ']' || operator === '}') {
      const wanted = this.expected.pop();
      if (wanted !== operator)
        this.complain(
          wanted === undefined ? `Unexpected '${operator}'.` : `Unexpected '${operator}': '${wanted}' is expected here.`,
          this.lineno,
          from - this.lineStart,
          wanted !== undefined || operator !== '}' ? undefined : this.tag === 'block' ? "A tag ends with '%}'." : "What is printed ends with '}}'.",
        );
    }
    const token = this.token(TYPES[operator] ?? lexer.TOKEN_OPERATOR, operator, from);
    this.index = from + operator.length;
    return token;
  }

  /** Where the tag being read was opened. */
  get openedAt(): { readonly line: number; readonly column: number } {
    return this.tagStart;
  }
}

const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
};
const ESCAPE = /\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{1,3}|[^])/g;

/** A string literal's text with Python's escapes resolved; unknown ones stay as they are. */
function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPE, (whole: string, body: string) => {
    const simple = SIMPLE[body];
    if (simple !== undefined) return simple;
    if (/^[0-7]/.test(body)) return String.fromCodePoint(Number.parseInt(body, 8));
    if (body.length > 1) {
      const code = Number.parseInt(body.slice(1), 16);
      return code > 0x10ffff ? whole : String.fromCodePoint(code);
    }
    return whole;
  });
}
