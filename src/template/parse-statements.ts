// Tokens to statements: Jinja's, its `do` and loop controls, and dbt's `test`, `materialization`, `snapshot` and `docs`.
// Blocks that are open are kept in a list, so that a missing or wrong end names where its block was opened.
import lexer from 'nunjucks/src/lexer.js';
import { didYouMean } from '../diagnostics/nearest.ts';
import type { JinjaToken } from './lexer.ts';
import * as nodes from './nodes.ts';
import type { Body, Expression, Statement, Target } from './nodes.ts';
import { ExpressionParser } from './parse-expressions.ts';
import { isSpaces } from './whitespace.ts';

const TAGS: readonly string[] = 'if for set do macro call filter raw with break continue block test data_test snapshot materialization docs'.split(' ');
const ENDS = new Set(['else', 'elif', ...TAGS.map((tag) => `end${tag}`)]);
const LOADING = new Set(['include', 'import', 'from', 'extends']);

/** The statements of a template; see `parseTemplate` for what comes in and goes out. */
export class TemplateParser extends ExpressionParser {
  private readonly open: JinjaToken[] = [];
  private blockStart = 0;

  /** Called by nunjucks' `parseAsRoot` and `parseUntilBlocks`. */
  parseNodes(): Statement[] {
    const out: Statement[] = [];
    for (;;) {
      const token = this.nextToken() as JinjaToken | null;
      if (token === null) return out;
      if (token.type === lexer.TOKEN_DATA) {
        out.push(new nodes.TemplateData(token.lineno, token.colno, token.value));
      } else if (token.type === lexer.TOKEN_VARIABLE_START) {
        const value = this.parseTuple();
        this.require(lexer.TOKEN_VARIABLE_END, "'}}'");
        out.push(new nodes.Output(token.lineno, token.colno, [value]));
      } else {
        this.blockStart = token.start;
        const statement = this.parseStatement();
        if (statement === null) return out;
        out.push(...statement);
      }
    }
  }

  /** The whole source as one expression. */
  parseLone(): Expression {
    const node = this.parseTuple();
    if (this.skip(lexer.TOKEN_VARIABLE_END)) while (this.peek().type === lexer.TOKEN_DATA && isSpaces(this.peek().value)) this.take();
    if (this.peek().type !== 'end') this.unexpected('the end of the expression');
    return node;
  }

  parseStatement(): readonly Statement[] | null {
    const tag = this.peek();
    if (tag.type !== lexer.TOKEN_SYMBOL) this.unexpected("a tag's name");
    if (this.breakOnBlocks?.includes(tag.value) === true) return null;
    this.take();
    switch (tag.value) {
      case 'if':
        return [this.parseIf(tag)];
      case 'for':
        return [this.parseFor(tag)];
      case 'set':
        return [this.parseSet(tag)];
      case 'do':
        return [this.ended(new nodes.Do(tag.lineno, tag.colno, this.parseTuple()))];
      case 'macro':
        return [this.parseMacro(tag)];
      case 'call':
        return [this.parseCall(tag)];
      case 'filter':
        return [this.parseFilterBlock(tag)];
      case 'with':
        return [this.parseWith(tag)];
      case 'break':
      case 'continue':
        return [this.ended(new (tag.value === 'break' ? nodes.Break : nodes.Continue)(tag.lineno, tag.colno))];
      case 'raw':
        return this.parseRaw(tag);
      case 'block':
        return [this.parseBlock(tag)];
      case 'test':
      case 'data_test':
      case 'materialization':
      case 'snapshot':
        return [this.parseDefinition(tag)];
      case 'docs':
        return [this.parseDocs(tag)];
      default:
        return this.unknown(tag);
    }
  }

  private unknown(tag: JinjaToken): never {
    const { value, lineno, colno } = tag;
    const last = this.open.at(-1);
    if (LOADING.has(value)) {
      const why = `Templates cannot load other files: '${value}' is not supported.`;
      this.complain(why, lineno, colno, 'Put what is shared into a macro; macros can be called from everywhere.');
    }
    if (ENDS.has(value)) {
      if (last === undefined) this.complain(`'${value}' closes a block that was never opened.`, lineno, colno);
      const where = `'${last.value}', opened on line ${last.lineno + 1},`;
      this.complain(`'${value}' stands where ${where} has to be closed first.`, lineno, colno, `Write {% end${last.value} %} before it.`);
    }
    const help = didYouMean(value, last === undefined ? TAGS : [...TAGS, `end${last.value}`, 'else', 'elif']);
    return this.complain(`Unknown tag '${value}'.`, lineno, colno, help);
  }

  private endTag(): JinjaToken {
    return this.require(lexer.TOKEN_BLOCK_END, "'%}'");
  }

  private ended<T>(node: T): T {
    this.endTag();
    return node;
  }

  /** The end of the opening tag and the statements up to one of the names, which is taken; its own `%}` is not. */
  private bodyUntil(tag: JinjaToken, ...names: string[]): { readonly body: Body; readonly end: JinjaToken; readonly start: number } {
    // Jinja takes a colon here, as Python has one: {% if x: %}.
    this.skip(lexer.TOKEN_COLON);
    this.endTag();
    const start = this.jinja.index;
    this.open.push(tag);
    const body = this.parseUntilBlocks(...names) as unknown as Body;
    const end = this.peek();
    if (end.type === 'end') this.complain(`'${tag.value}' is never closed: {% ${names.at(-1)} %} is missing.`, tag.lineno, tag.colno);
    this.open.pop();
    this.take();
    return { body, end, start };
  }

  private body(tag: JinjaToken, name: string): Body {
    const { body } = this.bodyUntil(tag, name);
    this.endTag();
    return body;
  }

  private parseIf(tag: JinjaToken): nodes.If {
    const branches: { readonly tag: JinjaToken; readonly cond: Expression; readonly body: Body }[] = [];
    let otherwise: Body | nodes.If | null = null;
    for (let at = tag; ;) {
      const cond = this.parseTuple(false);
      const { body, end } = this.bodyUntil(tag, 'elif', 'else', 'endif');
      branches.push({ tag: at, cond, body });
      at = end;
      if (end.value === 'elif') continue;
      if (end.value === 'else') otherwise = this.bodyUntil(tag, 'endif').body;
      this.endTag();
      break;
    }
    for (const { tag: at, cond, body } of branches.toReversed()) otherwise = new nodes.If(at.lineno, at.colno, cond, body, otherwise);
    return otherwise as nodes.If;
  }

  private parseFor(tag: JinjaToken): nodes.For {
    const target = this.parseTarget('in');
    if (!this.skipSymbol('in')) this.unexpected("'in'");
    const iterable = this.parseTuple(false, 'recursive');
    const test = this.skipSymbol('if') ? this.parseExpression() : null;
    const recursive = this.skipSymbol('recursive');
    const { body, end } = this.bodyUntil(tag, 'else', 'endfor');
    const otherwise = end.value === 'else' ? this.bodyUntil(tag, 'endfor').body : null;
    this.endTag();
    return new nodes.For(tag.lineno, tag.colno, target, iterable, test, recursive, body, otherwise);
  }

  /** Names to assign to: `a`, `a, b`, `(a, b), c`, and `namespace.a` where `stopAt` is absent. */
  private parseTarget(stopAt?: string): Target {
    const { lineno, colno } = this.peek();
    const items = [this.parseOneTarget(stopAt === undefined)];
    if (this.peek().type !== lexer.TOKEN_COMMA) return items[0]!;
    while (this.skip(lexer.TOKEN_COMMA)) {
      const { type, value } = this.peek();
      if (this.isOperator('=') || type === lexer.TOKEN_BLOCK_END || (type === lexer.TOKEN_SYMBOL && value === stopAt)) break;
      items.push(this.parseOneTarget(stopAt === undefined));
    }
    return new nodes.TupleNode(lineno, colno, items);
  }

  private parseOneTarget(attributes: boolean): Target {
    const token = this.peek();
    const node = this.parsePrimary();
    if (node.typename === 'Symbol') {
      if (!attributes || !this.isOperator('.')) return node;
      this.take();
      const name = this.requireName("an attribute's name");
      return new nodes.Attribute(name.lineno, name.colno, node, name.value);
    }
    if (node.typename === 'Tuple' && node.children.every((child) => child.typename === 'Symbol' || child.typename === 'Tuple')) return node;
    return this.complain(`Cannot assign to '${token.value}': a name is expected here.`, token.lineno, token.colno);
  }

  private parseSet(tag: JinjaToken): nodes.SetStatement {
    const target = this.parseTarget();
    if (this.isOperator('=')) {
      this.take();
      return this.ended(new nodes.SetStatement(tag.lineno, tag.colno, target, this.parseTuple()));
    }
    return new nodes.SetStatement(tag.lineno, tag.colno, target, this.parseCapture(tag, 'endset'));
  }

  /** `| filter | filter %}…{% end %}`: the text of the body, filtered. A filter block's first filter has no bar. */
  private parseCapture(tag: JinjaToken, end: string): Expression {
    const capture = new nodes.Capture(tag.lineno, tag.colno, undefined as unknown as Body);
    let value: Expression = capture;
    while (this.skip(lexer.TOKEN_PIPE) || (tag.value === 'filter' && value === capture)) value = this.parseFilter(value);
    (capture as { body: Body }).body = this.body(tag, end);
    return value;
  }

  private parseFilterBlock(tag: JinjaToken): Statement {
    return new nodes.Output(tag.lineno, tag.colno, [this.parseCapture(tag, 'endfilter')]);
  }

  private parseWith(tag: JinjaToken): nodes.With {
    const targets: Target[] = [];
    const values: Expression[] = [];
    while (this.peek().type !== lexer.TOKEN_BLOCK_END) {
      if (targets.length > 0) this.require(lexer.TOKEN_COMMA, "',' or '%}'");
      targets.push(this.parseOneTarget(false));
      if (!this.isOperator('=')) this.unexpected("'='");
      this.take();
      values.push(this.parseExpression());
    }
    return new nodes.With(tag.lineno, tag.colno, targets, values, this.body(tag, 'endwith'));
  }

  private parseParameters(): nodes.Parameter[] {
    const out: nodes.Parameter[] = [];
    this.require(lexer.TOKEN_LEFT_PAREN, "'('");
    while (this.peek().type !== lexer.TOKEN_RIGHT_PAREN) {
      if (out.length > 0) this.require(lexer.TOKEN_COMMA, "',' or ')'");
      if (this.peek().type === lexer.TOKEN_RIGHT_PAREN) break;
      const name = this.requireName("a parameter's name");
      this.skipAnnotation();
      if (this.isOperator('=')) {
        this.take();
        const start = this.peek().start;
        const value = this.parseExpression();
        out.push({ name: name.value, default: value, text: this.jinja.str.slice(start, this.peek().start).trim() });
      } else if (out.at(-1)?.default === undefined) out.push({ name: name.value });
      else this.complain(`Parameter '${name.value}' needs a default, since one before it has one.`, name.lineno, name.colno);
    }
    this.take();
    return out;
  }

  /** `: type` after a parameter, as dbt allows it: `optional[list[str]]`. It has no meaning for the macro's call. */
  private skipAnnotation(): void {
    if (!this.skip(lexer.TOKEN_COLON)) return;
    this.skipType();
  }

  private skipType(): void {
    this.requireName('a type');
    if (!this.skip(lexer.TOKEN_LEFT_BRACKET)) return;
    do this.skipType();
    while (this.skip(lexer.TOKEN_COMMA));
    this.require(lexer.TOKEN_RIGHT_BRACKET, "']'");
  }

  private macroBody(tag: JinjaToken, end: string): { body: Body; uses: nodes.Uses; bodyStart: number; bodyEnd: number } {
    const uses = { caller: false, varargs: false, kwargs: false };
    this.macros.push(uses);
    const { body, start } = this.bodyUntil(tag, end);
    const bodyEnd = this.blockStart;
    this.macros.pop();
    this.endTag();
    return { body, uses, bodyStart: start, bodyEnd };
  }

  private parseMacro(tag: JinjaToken): nodes.Macro {
    const start = this.blockStart;
    const name = this.requireName("the macro's name");
    const parameters = this.parseParameters();
    const { body, uses } = this.macroBody(tag, 'endmacro');
    return new nodes.Macro(name.lineno, name.colno, name.value, parameters, body, uses, { start, end: this.jinja.index });
  }

  private parseCall(tag: JinjaToken): nodes.CallBlock {
    const start = this.blockStart;
    const parameters = this.peek().type === lexer.TOKEN_LEFT_PAREN ? this.parseParameters() : [];
    const call = this.parseExpression();
    if (call.typename !== 'FunCall') this.complain("'call' needs a call, such as {% call name() %}.", tag.lineno, tag.colno);
    const { body, uses } = this.macroBody(tag, 'endcall');
    const caller = new nodes.Caller(tag.lineno, tag.colno, 'caller', parameters, body, uses, { start, end: this.jinja.index });
    return new nodes.CallBlock(tag.lineno, tag.colno, call, caller);
  }

  private parseRaw(tag: JinjaToken): Statement[] {
    this.endTag();
    const raw = this.jinja.readRaw('endraw');
    if (raw === undefined) return this.complain("'raw' is never closed: {% endraw %} is missing.", tag.lineno, tag.colno);
    return raw.text === '' ? [] : [new nodes.TemplateData(raw.line, raw.column, raw.text)];
  }

  private parseBlock(tag: JinjaToken): Statement {
    const name = this.requireName("the block's name");
    const { body } = this.bodyUntil(tag, 'endblock');
    this.skipSymbol(name.value);
    this.endTag();
    return new nodes.Block(tag.lineno, tag.colno, name.value, body);
  }

  private parseDefinition(tag: JinjaToken): nodes.Definition {
    const start = this.blockStart;
    const { value, lineno, colno } = this.requireName(`the name of the ${tag.value}`);
    const kind = tag.value === 'data_test' ? 'test' : (tag.value as nodes.Definition['kind']);
    const parameters = kind === 'test' ? this.parseParameters() : [];
    const name = kind === 'test' ? `test_${value}` : kind === 'materialization' ? this.materializationName(value) : value;
    const bodyLine = this.peek().lineno;
    const { body, uses, bodyStart, bodyEnd } = this.macroBody(tag, `end${tag.value}`);
    const macro = kind === 'snapshot' ? null : new nodes.Macro(lineno, colno, name, parameters, body, uses, { start, end: this.jinja.index });
    return new nodes.Definition(lineno, colno, kind, name, value, macro, { start: bodyStart, end: bodyEnd }, bodyLine);
  }

  /** `, adapter='x'`, `, default` and `, supported_languages=[…]` after a materialization's name. */
  private materializationName(name: string): string {
    let adapter = 'default';
    while (this.skip(lexer.TOKEN_COMMA)) {
      const key = this.requireName("'default', 'adapter' or 'supported_languages'");
      if (key.value === 'default') continue;
      if (!this.isOperator('=')) this.unexpected("'='");
      this.take();
      const value = this.parseExpression();
      if (key.value === 'supported_languages') continue;
      if (key.value !== 'adapter') this.complain(`Unknown option '${key.value}' of a materialization.`, key.lineno, key.colno);
      if (value.typename !== 'Literal' || typeof value.value !== 'string')
        return this.complain("The adapter has to be a string, such as adapter='duckdb'.", value.lineno, value.colno);
      adapter = value.value;
    }
    return `materialization_${name}_${adapter}`;
  }

  private parseDocs(tag: JinjaToken): nodes.Definition {
    const { value, lineno, colno } = this.requireName('the name of the docs block');
    this.endTag();
    const raw = this.jinja.readRaw('enddocs');
    if (raw === undefined) return this.complain("'docs' is never closed: {% enddocs %} is missing.", tag.lineno, tag.colno);
    return new nodes.Definition(lineno, colno, 'docs', value, value, null, { start: raw.start, end: raw.end }, raw.line);
  }
}
