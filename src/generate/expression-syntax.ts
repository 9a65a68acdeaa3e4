// The little language of `expr`, `where` and bounds. In: text. Out: its tree, or one SyntaxProblem with its offset.
// A Pratt parser: numbers, 'text', 2024-01-31, names (a or a.b), or/and/not, comparison, + - * /, calls, parentheses.
import { parseDay } from './calendar.ts';
import { parseDecimal } from './decimal.ts';
import { dateValue, type Value } from './value.ts';

/** A node of an expression; `offset` counts characters from the beginning of its text. */
export type Tree =
  | { readonly kind: 'literal'; readonly offset: number; readonly value: Value }
  | { readonly kind: 'name'; readonly offset: number; readonly qualifier: string | undefined; readonly name: string }
  | { readonly kind: 'unary'; readonly offset: number; readonly operator: '-' | 'not'; readonly operand: Tree }
  | {
      readonly kind: 'binary';
      readonly offset: number;
      readonly operator: BinaryOperator;
      readonly left: Tree;
      readonly right: Tree;
    }
  | { readonly kind: 'call'; readonly offset: number; readonly name: string; readonly args: readonly Tree[] };

/** An operator between two values; `==` and `<>` are read as `=` and `!=`. */
export type BinaryOperator = 'or' | 'and' | '=' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/';

/** The text is no expression; `offset` is where reading stopped. */
export class SyntaxProblem extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

interface Token {
  readonly kind: 'literal' | 'name' | 'symbol' | 'end';
  readonly text: string;
  readonly offset: number;
  readonly value?: Value;
}

const TOKEN =
  /\s+|(?<date>\d{4}-\d{2}-\d{2})(?!\d)|(?<number>\d+(?:\.\d+)?)|(?<text>'(?:[^']|'')*'|"(?:[^"]|"")*")|(?<name>[A-Za-z_]\w*)|(?<symbol><=|>=|!=|<>|==|[-+*/()<>=,.])/y;

const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  '=': 4,
  '!=': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
};
const NOT = 3;
const NEGATION = 7;
const MAX_DEPTH = 200;
const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** The tree of an expression; throws a SyntaxProblem. */
export function parseExpressionText(text: string): Tree {
  const tokens = tokenize(text);
  let position = 0;
  let depth = 0;
  const peek = (): Token => tokens[position]!;
  const take = (): Token => tokens[position++]!;
  const expect = (symbol: string): void => {
    const token = peek();
    if (token.text !== symbol || token.kind !== 'symbol') throw new SyntaxProblem(`'${symbol}' is expected here, not ${described(token)}.`, token.offset);
    position++;
  };

  const expression = (least: number): Tree => {
    if (++depth > MAX_DEPTH) throw new SyntaxProblem('The expression is nested too deeply.', peek().offset);
    let left = prefix();
    for (;;) {
      const token = peek();
      const operator = binaryOperator(token);
      if (operator === undefined || PRECEDENCE[operator] < least) break;
      position++;
      const right = expression(PRECEDENCE[operator] + 1);
      if (PRECEDENCE[operator] === 4 && binaryOperator(peek()) !== undefined && PRECEDENCE[binaryOperator(peek())!] === 4) {
        throw new SyntaxProblem("Comparisons can't be chained; join them with 'and'.", peek().offset);
      }
      left = { kind: 'binary', offset: token.offset, operator, left, right };
    }
    depth--;
    return left;
  };

  const prefix = (): Tree => {
    const token = take();
    const { offset } = token;
    if (token.kind === 'literal') return { kind: 'literal', offset, value: token.value! };
    if (token.kind === 'symbol' && token.text === '-') return { kind: 'unary', offset, operator: '-', operand: expression(NEGATION) };
    if (token.kind === 'symbol' && token.text === '(') {
      const inner = expression(0);
      expect(')');
      return inner;
    }
    if (token.kind === 'name' && token.text === 'not') return { kind: 'unary', offset, operator: 'not', operand: expression(NOT) };
    if (token.kind === 'name' && binaryOperator(token) === undefined) return named(token);
    throw new SyntaxProblem(`A value is expected here, not ${described(token)}.`, offset);
  };

  const named = (token: Token): Tree => {
    const { offset } = token;
    if (CONSTANTS.has(token.text)) return { kind: 'literal', offset, value: CONSTANTS.get(token.text)! };
    if (peek().text === '(' && peek().kind === 'symbol') {
      position++;
      const args: Tree[] = [];
      if (peek().text === ')') position++;
      else {
        do args.push(expression(0));
        while (peek().kind === 'symbol' && peek().text === ',' && take());
        expect(')');
      }
      return { kind: 'call', offset, name: token.text, args };
    }
    if (peek().kind !== 'symbol' || peek().text !== '.') return { kind: 'name', offset, qualifier: undefined, name: token.text };
    position++;
    const member = take();
    if (member.kind !== 'name') throw new SyntaxProblem(`A column's name is expected after '${token.text}.', not ${described(member)}.`, member.offset);
    return { kind: 'name', offset, qualifier: token.text, name: member.text };
  };

  const tree = expression(0);
  if (peek().kind !== 'end') throw new SyntaxProblem(`The expression should end here, before ${described(peek())}.`, peek().offset);
  return tree;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  while (offset < text.length) {
    TOKEN.lastIndex = offset;
    const m = TOKEN.exec(text);
    if (m === null) {
      const quote = text[offset] === "'" || text[offset] === '"';
      throw new SyntaxProblem(quote ? 'This text has no closing quote.' : `'${text[offset]}' has no meaning here.`, offset);
    }
    const { date, number, text: quoted, name, symbol } = m.groups!;
    if (date !== undefined) {
      const day = parseDay(date);
      if (day === undefined) throw new SyntaxProblem(`There is no day '${date}'.`, offset);
      tokens.push({ kind: 'literal', text: date, offset, value: dateValue(day) });
    } else if (number !== undefined) tokens.push({ kind: 'literal', text: number, offset, value: parseDecimal(number)! });
    else if (quoted !== undefined) {
      const quote = quoted[0]!;
      tokens.push({
        kind: 'literal',
        text: quoted,
        offset,
        value: quoted.slice(1, -1).replaceAll(quote + quote, quote),
      });
    } else if (name !== undefined) tokens.push({ kind: 'name', text: name, offset });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol, offset });
    offset += m[0].length;
  }
  tokens.push({ kind: 'end', text: '', offset });
  return tokens;
}

function binaryOperator(token: Token): BinaryOperator | undefined {
  if (token.kind !== 'symbol' && token.kind !== 'name') return undefined;
  const text = token.text === '==' ? '=' : token.text === '<>' ? '!=' : token.text;
  if (token.kind === 'name' && text !== 'or' && text !== 'and') return undefined;
  return Object.hasOwn(PRECEDENCE, text) ? (text as BinaryOperator) : undefined;
}

function described(token: Token): string {
  return token.kind === 'end' ? 'the end' : `'${token.text}'`;
}
