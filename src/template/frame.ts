// Names while a template is evaluated: the scopes inside each other, what the host hands out behind them, and the place
// being evaluated, which an error is given on its way out.
import type { Span } from '../diagnostics/diagnostic.ts';
import { GLOBALS } from './globals.ts';
import type { Expression, Statement } from './nodes.ts';
import { orElse, Undefined, type CallSite, type Run, type Value } from './values.ts';

/** What a template sees beyond its own variables. */
export interface Scope {
  lookup(name: string): Value | undefined;
  names(): Iterable<string>;
}

/** One template or macro being evaluated. */
export interface Activation {
  readonly file: string;
  readonly scope: Scope;
  readonly run: Run;
  /** What is being evaluated: the place of an error that has none yet. */
  node: Expression | Statement | undefined;
  /** Takes what a statement failed with, where rendering goes on after it; throws what it does not take. */
  recover?: (error: unknown, failed: Statement) => void;
}

/** A scope of variables. */
export class Frame {
  readonly activation: Activation;
  readonly parent: Frame | undefined;
  private variables: Map<string, Value> | undefined;

  constructor(activation: Activation, parent?: Frame) {
    this.activation = activation;
    this.parent = parent;
  }

  set(name: string, value: Value): void {
    (this.variables ??= new Map()).set(name, value);
  }

  get(name: string): Value {
    const own = this.variables?.get(name);
    if (own !== undefined) return own;
    for (let frame = this.parent; frame !== undefined; frame = frame.parent) {
      const value = frame.variables?.get(name);
      if (value !== undefined) return value;
    }
    return orElse(
      orElse(this.activation.scope.lookup(name), () => GLOBALS.get(name)),
      () => new Undefined(name, undefined, () => this.names()),
    );
  }

  *names(): Iterable<string> {
    if (this.variables !== undefined) yield* this.variables.keys();
    if (this.parent !== undefined) yield* this.parent.names();
    else {
      yield* this.activation.scope.names();
      yield* GLOBALS.keys();
    }
  }
}

/** Where a call stands; its span is worked out when it is asked for. */
export class Site implements CallSite {
  readonly run: Run;
  private readonly node: Expression | Statement;
  private readonly file: string;

  constructor(node: Expression | Statement, activation: Activation) {
    this.node = node;
    this.file = activation.file;
    this.run = activation.run;
  }

  get span(): Span {
    return spanOf(this.node, this.file);
  }
}

/** The place of a node, as far as its end is known: a name, a member, an operator. */
export function spanOf(node: Expression | Statement, file: string): Span {
  const to = (length: number): Span => ({ file, line: node.lineno + 1, column: node.colno + 1, endColumn: node.colno + 1 + length });
  switch (node.typename) {
    case 'Symbol':
      return to(node.value.length);
    case 'Attribute':
      return to(node.name.length);
    case 'Filter':
    case 'Test':
      return to(node.name.value.length);
    case 'FunCall': {
      const callee = node.name;
      if (callee.typename === 'Symbol') return nameSpan(callee, callee.colno, callee.value.length, file);
      if (callee.typename !== 'Attribute') return spanOf(callee, file);
      const start = leftmost(callee);
      return nameSpan(callee, start.lineno === callee.lineno ? start.colno : callee.colno, callee.name.length, file);
    }
    case 'CallBlock':
      return spanOf(node.call, file);
    case 'Macro':
      return to(node.name.length);
    case 'Definition':
      return to(node.written.length);
    case 'Add':
    case 'Sub':
    case 'Mul':
    case 'Div':
    case 'Mod':
      return to(1);
    case 'FloorDiv':
    case 'Pow':
      return to(2);
    default:
      return { file, line: node.lineno + 1, column: node.colno + 1 };
  }
}

function nameSpan(name: Expression, column: number, length: number, file: string): Span {
  return { file, line: name.lineno + 1, column: column + 1, endColumn: name.colno + 1 + length };
}

function leftmost(node: Expression): Expression {
  return node.typename === 'Attribute' ? leftmost(node.target) : node;
}
