// Tokens to expressions: nunjucks' parser with Jinja's grammar where the two differ (precedence, slices, tuples, splats,
// tests, chained comparison, trailing commas, adjacent strings). A mistake is thrown as `template/syntax` with its place.
import lexer from 'nunjucks/src/lexer.js';
import nunjucks from 'nunjucks/src/parser.js';
import type { JinjaToken, JinjaTokenizer } from './lexer.ts';
import * as nodes from './nodes.ts';
import type { Expression, Uses } from './nodes.ts';
import { float, int } from './numbers.ts';

const END = 'end';
const MAX_NESTING = 150;
const COMPARISONS = new Set(['==', '!=', '<', '>', '<=', '>=']);
const TEST_ARGUMENT = new Set([lexer.TOKEN_SYMBOL, lexer.TOKEN_STRING, lexer.TOKEN_INT, lexer.TOKEN_FLOAT, lexer.TOKEN_LEFT_BRACKET, lexer.TOKEN_LEFT_CURLY]);
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

const ADDING = new Set(['+', '-']);
const MULTIPLYING = new Set(['*', '/', '//', '%']);
const AFTER_EXPRESSION = new Set([
  lexer.TOKEN_COMMA,
  lexer.TOKEN_COLON,
  lexer.TOKEN_RIGHT_PAREN,
  lexer.TOKEN_RIGHT_BRACKET,
  lexer.TOKEN_RIGHT_CURLY,
  lexer.TOKEN_VARIABLE_END,
  lexer.TOKEN_BLOCK_END,
  END,
]);

/** The expressions of a template. The overridden methods keep nunjucks' names, since inherited ones call them. */
export class ExpressionParser extends nunjucks.Parser {
  private nesting = 0;
  /** An operand that has been read before the grammar above it was entered. */
  private operand: Expression | undefined;
  protected readonly jinja: JinjaTokenizer;
  /** What the macros around the place being read mention. */
  protected readonly macros: Uses[] = [];
  protected readonly complain: (message: string, line: number, column: number, help?: string) => never;

  constructor(tokens: JinjaTokenizer, complain: ExpressionParser['complain']) {
    super(tokens);
    this.jinja = tokens;
    this.complain = complain;
  }

  /** The next token, not taken. Where the source ends inside a tag, that is the mistake. */
  protected peek(): JinjaToken {
    const token = this.peekToken() as JinjaToken | null;
    return token ?? { type: END, value: 'the end', lineno: this.jinja.lineno, colno: 0, start: this.jinja.len };
  }

  protected take(): JinjaToken {
    const token = this.peek();
    this.peeked = null;
    return token;
  }

  protected unexpected(wanted: string): never {
    const token = this.peek();
    if (token.type === END) {
      const { line, column } = this.jinja.openedAt;
      return this.complain(`This tag is never closed: ${wanted} is expected before the end of the template.`, line, column);
    }
    const shown = token.type === lexer.TOKEN_STRING ? 'a string' : `'${token.value}'`;
    const help = token.value === '=' && token.type === lexer.TOKEN_OPERATOR ? "To compare, write '=='." : undefined;
    return this.complain(`Expected ${wanted}, found ${shown}.`, token.lineno, token.colno, help);
  }

  protected require(type: string, shown: string): JinjaToken {
    if (this.peek().type !== type) this.unexpected(shown);
    return this.take();
  }

  protected requireName(what: string): JinjaToken {
    return this.require(lexer.TOKEN_SYMBOL, what);
  }

  protected isOperator(value: string): boolean {
    const token = this.peek();
    return token.type === lexer.TOKEN_OPERATOR && token.value === value;
  }

  /** An expression, or a tuple without parentheses. */
  parseTuple(conditional = true, stopAt?: string): Expression {
    const first = this.peek();
    const node = conditional ? this.parseExpression() : this.withoutCondition();
    if (this.peek().type !== lexer.TOKEN_COMMA) return node;
    const items = [node];
    while (this.skip(lexer.TOKEN_COMMA)) {
      const { type, value } = this.peek();
      if (type === lexer.TOKEN_VARIABLE_END || type === lexer.TOKEN_BLOCK_END || type === lexer.TOKEN_RIGHT_PAREN || type === END) break;
      if (stopAt !== undefined && type === lexer.TOKEN_SYMBOL && value === stopAt) break;
      items.push(conditional ? this.parseExpression() : this.withoutCondition());
    }
    return new nodes.TupleNode(first.lineno, first.colno, items);
  }

  /** Most expressions are a single operand: that is read first, and only where more follows the grammar is gone through. */
  parseExpression(): Expression {
    if (++this.nesting > MAX_NESTING) {
      const { lineno, colno } = this.peek();
      this.complain(`This expression is nested more than ${MAX_NESTING} deep.`, lineno, colno);
    }
    let node: Expression | undefined;
    const first = this.peek();
    if (first.type !== lexer.TOKEN_SYMBOL || first.value !== 'not') {
      node = this.parseUnary(true);
      const { type, value } = this.peek();
      if (!AFTER_EXPRESSION.has(type) && !(type === lexer.TOKEN_OPERATOR && value === '=')) {
        this.operand = node;
        node = undefined;
      }
    }
    node ??= this.parseInlineIf();
    this.nesting--;
    return node;
  }

  private withoutCondition(): Expression {
    return this.parseOr() as unknown as Expression;
  }

  parseInlineIf(): Expression {
    let node = this.parseOr() as unknown as Expression;
    while (this.skipSymbol('if')) {
      const cond = this.parseOr() as unknown as Expression;
      const otherwise = this.skipSymbol('else') ? this.parseExpression() : null;
      node = new nodes.InlineIf(node.lineno, node.colno, cond, node, otherwise);
    }
    return node;
  }

  /** Comparison: called by nunjucks' `parseNot`. */
  parseIn(): Expression {
    const left = this.parseAdd();
    let operands: nodes.CompareOperand[] | undefined;
    for (;;) {
      const token = this.peek();
      let operator: nodes.CompareOperand['type'];
      if (token.type === lexer.TOKEN_OPERATOR && COMPARISONS.has(token.value)) {
        operator = token.value as nodes.CompareOperand['type'];
        this.take();
      } else if (token.type === lexer.TOKEN_SYMBOL && (token.value === 'in' || token.value === 'not')) {
        this.take();
        operator = token.value === 'in' ? 'in' : 'not in';
        if (token.value === 'not' && !this.skipSymbol('in')) this.unexpected("'in' after 'not'");
      } else break;
      (operands ??= []).push(new nodes.CompareOperand(token.lineno, token.colno, this.parseAdd(), operator));
    }
    return operands === undefined ? left : new nodes.Compare(left.lineno, left.colno, left, operands);
  }

  parseAdd(): Expression {
    let node = this.parseConcat();
    for (let token = this.peek(); ADDING.has(token.value) && token.type === lexer.TOKEN_OPERATOR; token = this.peek()) {
      this.take();
      node = new nodes.ARITHMETIC[token.value]!(token.lineno, token.colno, node, this.parseConcat());
    }
    return node;
  }

  parseConcat(): Expression {
    let node = this.parseMul();
    while (this.peek().type === lexer.TOKEN_TILDE) {
      this.take();
      node = new nodes.Concat(node.lineno, node.colno, node, this.parseMul());
    }
    return node;
  }

  parseMul(): Expression {
    let node = this.parsePow();
    for (let token = this.peek(); MULTIPLYING.has(token.value) && token.type === lexer.TOKEN_OPERATOR; token = this.peek()) {
      this.take();
      node = new nodes.ARITHMETIC[token.value]!(token.lineno, token.colno, node, this.parsePow());
    }
    return node;
  }

  parsePow(): Expression {
    let node = this.parseUnary(true);
    for (let token = this.peek(); token.value === '**' && token.type === lexer.TOKEN_OPERATOR; token = this.peek()) {
      this.take();
      node = new nodes.ARITHMETIC['**']!(token.lineno, token.colno, node, this.parseUnary(true));
    }
    return node;
  }

  parseUnary(withFilters: boolean): Expression {
    if (this.operand !== undefined) {
      const ready = this.operand;
      this.operand = undefined;
      return ready;
    }
    const token = this.peek();
    let node: Expression;
    if (token.type === lexer.TOKEN_OPERATOR && (token.value === '-' || token.value === '+')) {
      this.take();
      const target = this.parseUnary(false);
      node = new (token.value === '-' ? nodes.Neg : nodes.Pos)(token.lineno, token.colno, target);
    } else node = this.parsePrimary();
    node = this.parsePostfix(node);
    return withFilters ? this.parseFilters(node) : node;
  }

  parsePrimary(): Expression {
    const token = this.peek();
    const { type, value, lineno, colno } = token;
    switch (type) {
      case lexer.TOKEN_SYMBOL: {
        this.take();
        const constant = CONSTANTS.get(value);
        if (constant !== undefined) return new nodes.Literal(lineno, colno, constant);
        if (this.macros.length > 0 && (value === 'caller' || value === 'varargs' || value === 'kwargs')) for (const uses of this.macros) uses[value] = true;
        return new nodes.Symbol(lineno, colno, value);
      }
      case lexer.TOKEN_STRING: {
        this.take();
        let text = value;
        while (this.peek().type === lexer.TOKEN_STRING) text += this.take().value;
        return new nodes.Literal(lineno, colno, text);
      }
      case lexer.TOKEN_INT:
        this.take();
        return new nodes.Literal(lineno, colno, int(BigInt(value.replaceAll('_', ''))));
      case lexer.TOKEN_FLOAT:
        this.take();
        return new nodes.Literal(lineno, colno, float(Number(value.replaceAll('_', ''))));
      case lexer.TOKEN_LEFT_PAREN: {
        this.take();
        const empty = this.peek().type === lexer.TOKEN_RIGHT_PAREN;
        const node = empty ? new nodes.TupleNode(lineno, colno, []) : this.parseTuple();
        this.require(lexer.TOKEN_RIGHT_PAREN, "')'");
        return node;
      }
      case lexer.TOKEN_LEFT_BRACKET:
        this.take();
        return new nodes.ArrayNode(
          lineno,
          colno,
          this.parseItems(lexer.TOKEN_RIGHT_BRACKET, "',' or ']'", () => this.parseExpression()),
        );
      case lexer.TOKEN_LEFT_CURLY:
        this.take();
        return new nodes.Dict(
          lineno,
          colno,
          this.parseItems(lexer.TOKEN_RIGHT_CURLY, "',' or '}'", () => this.parsePair()),
        );
      default:
        return this.unexpected('an expression');
    }
  }

  private parsePair(): nodes.Pair {
    const key = this.parseExpression();
    this.require(lexer.TOKEN_COLON, "':' after the key");
    return new nodes.Pair(key.lineno, key.colno, key, this.parseExpression());
  }

  private parseItems<T>(close: string, wanted: string, one: () => T): T[] {
    const items: T[] = [];
    while (this.peek().type !== close) {
      if (items.length > 0) this.require(lexer.TOKEN_COMMA, wanted);
      if (this.peek().type === close) break;
      items.push(one());
    }
    this.take();
    return items;
  }

  parsePostfix(start: Expression): Expression {
    let node = start;
    for (;;) {
      const token = this.peek();
      if (token.type === lexer.TOKEN_LEFT_PAREN) {
        node = new nodes.FunCall(token.lineno, token.colno, node, this.parseArguments([]));
      } else if (token.type === lexer.TOKEN_LEFT_BRACKET) {
        this.take();
        const keys = this.parseItems(lexer.TOKEN_RIGHT_BRACKET, "']'", () => this.parseSubscript());
        const key = keys.length === 1 ? keys[0]! : new nodes.TupleNode(token.lineno, token.colno, keys);
        node = new nodes.LookupVal(token.lineno, token.colno, node, key);
      } else if (token.type === lexer.TOKEN_OPERATOR && token.value === '.') {
        this.take();
        const name = this.peek();
        if (name.type === lexer.TOKEN_INT) {
          node = new nodes.LookupVal(token.lineno, token.colno, node, new nodes.Literal(name.lineno, name.colno, Number(name.value)));
        } else if (name.type === lexer.TOKEN_SYMBOL) {
          node = new nodes.Attribute(name.lineno, name.colno, node, name.value);
        } else this.unexpected("a name after '.'");
        this.take();
      } else return node;
    }
  }

  private parseSubscript(): Expression {
    const { lineno, colno } = this.peek();
    const part = (): Expression | null => {
      const { type } = this.peek();
      return type === lexer.TOKEN_COLON || type === lexer.TOKEN_RIGHT_BRACKET || type === lexer.TOKEN_COMMA ? null : this.parseExpression();
    };
    const start = part();
    if (!this.skip(lexer.TOKEN_COLON)) return start ?? this.unexpected('an index');
    const stop = part();
    const step = this.skip(lexer.TOKEN_COLON) ? part() : null;
    return new nodes.Slice(lineno, colno, start, stop, step);
  }

  /** `(…)` of a call, added to the arguments that are there already. */
  protected parseArguments(args: nodes.Arguments['children']): nodes.Arguments {
    const open = this.require(lexer.TOKEN_LEFT_PAREN, "'('");
    let keywords: nodes.KeywordArgs['children'] | undefined;
    for (let token = this.peek(), first = true; token.type !== lexer.TOKEN_RIGHT_PAREN; token = this.peek(), first = false) {
      if (!first) {
        this.require(lexer.TOKEN_COMMA, "',' or ')'");
        token = this.peek();
        if (token.type === lexer.TOKEN_RIGHT_PAREN) break;
      }
      if (token.type === lexer.TOKEN_OPERATOR && (token.value === '**' || token.value === '*')) {
        this.take();
        const value = this.parseExpression();
        if (token.value === '*') args.push(new nodes.Splat(token.lineno, token.colno, value));
        else (keywords ??= []).push(new nodes.DoubleSplat(token.lineno, token.colno, value));
        continue;
      }
      const value = this.parseExpression();
      if (value.typename === 'Symbol' && this.isOperator('=')) {
        this.take();
        (keywords ??= []).push(new nodes.Pair(value.lineno, value.colno, value, this.parseExpression()));
      } else if (keywords === undefined) args.push(value);
      else this.complain('A positional argument comes after a keyword argument.', token.lineno, token.colno);
    }
    this.take();
    if (keywords !== undefined) args.push(new nodes.KeywordArgs(open.lineno, open.colno, keywords));
    return new nodes.NodeList(open.lineno, open.colno, args);
  }

  private parseFilters(start: Expression): Expression {
    let node = start;
    for (;;) {
      const token = this.peek();
      if (token.type === lexer.TOKEN_PIPE) {
        this.take();
        node = this.parseFilter(node);
      } else if (token.type === lexer.TOKEN_SYMBOL && token.value === 'is') {
        this.take();
        node = this.parseTest(node);
      } else if (token.type === lexer.TOKEN_LEFT_PAREN) {
        node = new nodes.FunCall(token.lineno, token.colno, node, this.parseArguments([]));
      } else return node;
    }
  }

  private parseDottedName(what: string): nodes.Symbol {
    const token = this.requireName(what);
    let name = token.value;
    while (this.isOperator('.')) {
      this.take();
      name += `.${this.requireName(what).value}`;
    }
    return new nodes.Symbol(token.lineno, token.colno, name);
  }

  /** A filter's name and arguments, applied to `value`; the `|` is taken already. */
  protected parseFilter(value: Expression): Expression {
    const name = this.parseDottedName("a filter's name");
    const called = this.peek().type === lexer.TOKEN_LEFT_PAREN;
    const args = called ? this.parseArguments([value]) : new nodes.NodeList(name.lineno, name.colno, [value]);
    return new nodes.Filter(name.lineno, name.colno, name, args);
  }

  private parseTest(value: Expression): Expression {
    const negated = this.skipSymbol('not');
    const name = this.parseDottedName("a test's name");
    const token = this.peek();
    let args: nodes.Arguments;
    if (token.type === lexer.TOKEN_LEFT_PAREN) args = this.parseArguments([value]);
    else {
      const items = [value];
      const word = token.type === lexer.TOKEN_SYMBOL ? token.value : '';
      if (word === 'is') this.complain("Tests cannot be chained with 'is'.", token.lineno, token.colno, "Write 'x is a and x is b'.");
      // `if` is not in Jinja's list of words that end a test, yet `x is defined if y` has no other reading that parses.
      if (TEST_ARGUMENT.has(token.type) && word !== 'else' && word !== 'or' && word !== 'and' && word !== 'if')
        items.push(this.parsePostfix(this.parsePrimary()));
      args = new nodes.NodeList(name.lineno, name.colno, items);
    }
    const node = new nodes.Test(name.lineno, name.colno, name, args);
    return negated ? new nodes.Not(name.lineno, name.colno, node) : node;
  }
}
