// From the tree of an expression to a function of the row so far. In: text and a scope that knows the names. Out: an
// Expression, or problems with their offsets (all names that are wrong, not just the first).
import { didYouMean } from '../diagnostics/nearest.ts';
import { add, divide, multiply, negate, subtract } from './decimal.ts';
import { parseExpressionText, SyntaxProblem, type BinaryOperator, type Tree } from './expression-syntax.ts';
import { compareValues, date, FUNCTIONS, integer, number, truth } from './functions.ts';
import { dateValue, EvaluationError, kindOf, type Value } from './value.ts';

/** The row that is being made. Columns are known by their position in the table. */
export interface Frame {
  /** The table's columns so far. */
  readonly values: Value[];
  /** For a column that refers: the columns of the row it found; undefined where it found none. */
  readonly found: (readonly Value[] | undefined)[];
  /** The parent's columns, where the table has one row or more for each row of another. */
  parent: readonly Value[] | undefined;
  /** Which row of the table (for child rows: which parent), from 0. */
  row: number;
  /** Which child of its parent, from 0. */
  line: number;
  /** The day the row appears. */
  arrived: number;
  /** Whether it was added after the as-of date. */
  grown: boolean;
}

/** What a name in an expression stands for. */
export type Use =
  | { readonly kind: 'own'; readonly column: number }
  | { readonly kind: 'found'; readonly via: number; readonly column: number }
  | { readonly kind: 'parent'; readonly column: number }
  | { readonly kind: 'constant'; readonly value: Value }
  | { readonly kind: 'frame'; readonly of: 'row' | 'line' | 'arrived' | 'grown' };

/** An expression ready to be evaluated; `evaluate` throws an EvaluationError where kinds don't fit. */
export interface Expression {
  readonly source: string;
  readonly uses: readonly Use[];
  readonly evaluate: (frame: Frame) => Value;
}

/** A name that stands for nothing: the part of it that is wrong, and what could have been meant. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly message: string;
  readonly wrong: string;
  readonly candidates: readonly string[];
}

/** Finds what a name stands for. */
export type Scope = (qualifier: string | undefined, name: string) => Use | Unknown;

/** One mistake in an expression. */
export interface ExpressionProblem {
  readonly reason: 'expression' | 'unknown-name' | 'unknown-function';
  readonly message: string;
  readonly help: string | undefined;
  readonly offset: number;
}

type Evaluate = (frame: Frame) => Value;

/** Compiles `source` in `scope`; the problems go to `report`, and then the result is undefined. */
export function compileExpression(source: string, scope: Scope, report: (problem: ExpressionProblem) => void): Expression | undefined {
  let tree: Tree;
  try {
    tree = parseExpressionText(source);
  } catch (e) {
    if (!(e instanceof SyntaxProblem)) throw e;
    report({ reason: 'expression', message: e.message, help: undefined, offset: e.offset });
    return undefined;
  }
  const uses: Use[] = [];
  let good = true;
  const wrong = (problem: ExpressionProblem): Evaluate => {
    good = false;
    report(problem);
    return () => null;
  };

  const compile = (node: Tree): Evaluate => {
    switch (node.kind) {
      case 'literal': {
        const { value } = node;
        return () => value;
      }
      case 'name': {
        const use = scope(node.qualifier, node.name);
        if (use.kind === 'unknown') {
          return wrong({
            reason: 'unknown-name',
            message: use.message,
            help: didYouMean(use.wrong, use.candidates) ?? namesHere(use.candidates),
            offset: node.offset,
          });
        }
        uses.push(use);
        return readUse(use);
      }
      case 'unary': {
        const operand = compile(node.operand);
        if (node.operator === 'not') return (frame) => !truth(operand(frame));
        return (frame) => {
          const value = operand(frame);
          return value === null ? null : negate(number(value));
        };
      }
      case 'binary':
        return binary(node.operator, compile(node.left), compile(node.right));
      case 'call':
        return call(node);
    }
  };

  const call = (node: Extract<Tree, { kind: 'call' }>): Evaluate => {
    const args = node.args.map(compile);
    const known = node.name === 'if' ? { least: 3, most: 3 } : FUNCTIONS.get(node.name);
    if (known === undefined) {
      const help = didYouMean(node.name, [...FUNCTIONS.keys(), 'if']) ?? `Functions: if, ${[...FUNCTIONS.keys()].join(', ')}.`;
      return wrong({
        reason: 'unknown-function',
        message: `There is no function '${node.name}'.`,
        help,
        offset: node.offset,
      });
    }
    if (args.length < known.least || args.length > known.most) {
      const range = known.most === Infinity ? `${known.least} or more` : known.least === known.most ? `${known.least}` : `${known.least} to ${known.most}`;
      return wrong({
        reason: 'expression',
        message: `'${node.name}' takes ${range} argument${range === '1' ? '' : 's'}, not ${args.length}.`,
        help: undefined,
        offset: node.offset,
      });
    }
    if (!('call' in known)) {
      const [condition, yes, no] = [args[0]!, args[1]!, args[2]!];
      return (frame) => (truth(condition(frame)) ? yes(frame) : no(frame));
    }
    return (frame) => {
      const values = args.map((arg) => arg(frame));
      return known.nulls !== true && values.includes(null) ? null : known.call(values);
    };
  };

  const evaluate = compile(tree);
  return good ? { source, uses, evaluate } : undefined;
}

function namesHere(candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  return `Names here: ${candidates.slice(0, 20).join(', ')}${candidates.length > 20 ? ', …' : ''}.`;
}

/** Reads what a name stands for. */
export function readUse(use: Use): Evaluate {
  switch (use.kind) {
    case 'own': {
      const { column } = use;
      return (frame) => frame.values[column] ?? null;
    }
    case 'found': {
      const { via, column } = use;
      return (frame) => frame.found[via]?.[column] ?? null;
    }
    case 'parent': {
      const { column } = use;
      return (frame) => frame.parent?.[column] ?? null;
    }
    case 'constant': {
      const { value } = use;
      return () => value;
    }
    case 'frame':
      if (use.of === 'grown') return (frame) => frame.grown;
      if (use.of === 'arrived') return (frame) => dateValue(frame.arrived);
      return use.of === 'row'
        ? (frame) => ({ kind: 'number', units: frame.row + 1, scale: 0 })
        : (frame) => ({ kind: 'number', units: frame.line + 1, scale: 0 });
  }
}

function binary(operator: BinaryOperator, left: Evaluate, right: Evaluate): Evaluate {
  switch (operator) {
    case 'and':
      return (frame) => truth(left(frame)) && truth(right(frame));
    case 'or':
      return (frame) => truth(left(frame)) || truth(right(frame));
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const holds = COMPARISONS[operator];
      return strict(left, right, (a, b) => holds(compareValues(a, b)));
    }
    case '+':
      return strict(left, right, (a, b) => {
        if (kindOf(a) === 'date') return dateValue(date(a) + integer(b));
        return kindOf(b) === 'date' ? dateValue(integer(a) + date(b)) : add(number(a), number(b));
      });
    case '-':
      return strict(left, right, (a, b) => {
        if (kindOf(a) !== 'date') return subtract(number(a), number(b));
        return kindOf(b) === 'date' ? { kind: 'number', units: date(a) - date(b), scale: 0 } : dateValue(date(a) - integer(b));
      });
    case '*':
      return strict(left, right, (a, b) => multiply(number(a), number(b)));
    case '/':
      return strict(left, right, (a, b) => {
        const quotient = divide(number(a), number(b));
        if (quotient === undefined) throw new EvaluationError('Division by zero.');
        return quotient;
      });
  }
}

const COMPARISONS: Readonly<Record<'=' | '!=' | '<' | '<=' | '>' | '>=', (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Nothing in, nothing out. */
function strict(left: Evaluate, right: Evaluate, of: (a: Value, b: Value) => Value): Evaluate {
  return (frame) => {
    const a = left(frame);
    if (a === null) return null;
    const b = right(frame);
    return b === null ? null : of(a, b);
  };
}
