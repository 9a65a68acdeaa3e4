// Expressions to values, by walking the tree.
import { NO_KEYWORDS } from './arguments.ts';
import { article, compare, contains, equals, iterate, list, truth, used } from './compare.ts';
import { applyFilter } from './filters.ts';
import { Site, spanOf, type Activation, type Frame } from './frame.ts';
import { charge, checkSize } from './limits.ts';
import { findMethod, getAttribute, getItem, getSlice } from './members.ts';
import type { Arguments, Compare, Expression, FunCall } from './nodes.ts';
import { negate, operate, plus, type Operator } from './operators.ts';
import { str } from './print.ts';
import { capture } from './statements.ts';
import { applyTest } from './tests.ts';
import { Callable, dictSet, HostObject, raise, Tuple, Undefined, type CallSite, type Dict, type Keywords, type Value } from './values.ts';

const OPERATORS: Readonly<Record<string, Operator>> = { Add: '+', Sub: '-', Mul: '*', Div: '/', FloorDiv: '//', Mod: '%', Pow: '**' };

/** The value of an expression. */
export function evaluate(node: Expression, frame: Frame): Value {
  const { activation } = frame;
  switch (node.typename) {
    case 'Literal':
      return node.value as Value;
    case 'Symbol':
      return placed(frame.get(node.value), node, activation);
    case 'FunCall':
      return evaluateCall(node, frame, undefined);
    case 'Attribute': {
      const target = evaluate(node.target, frame);
      if (target instanceof Undefined && activation.run.lenient) return target;
      activation.node = target instanceof Undefined ? node.target : node;
      return placed(getAttribute(target, node.name), node, activation);
    }
    case 'LookupVal':
      return lookUp(evaluate(node.target, frame), node.val, frame, node);
    case 'Filter':
    case 'Test': {
      const { args, kwargs } = evaluateArguments(node.args, frame);
      activation.node = node;
      charge(activation.run, 1);
      const apply = node.typename === 'Filter' ? applyFilter : applyTest;
      return apply(node.name.value, args, kwargs, new Site(node, activation));
    }
    case 'And': {
      const left = evaluate(node.left, frame);
      return truth(left) ? evaluate(node.right, frame) : left;
    }
    case 'Or': {
      const left = evaluate(node.left, frame);
      return truth(left) ? left : evaluate(node.right, frame);
    }
    case 'Not':
      return !truth(evaluate(node.target, frame));
    case 'Compare':
      return evaluateCompare(node, frame);
    case 'InlineIf': {
      if (truth(evaluate(node.cond, frame))) return evaluate(node.body, frame);
      return node.else_ === null ? new Undefined('', "an 'if' without 'else' has no value here") : evaluate(node.else_, frame);
    }
    case 'Concat': {
      const left = str(evaluate(node.left, frame));
      const right = str(evaluate(node.right, frame));
      activation.node = node;
      checkSize(left.length + right.length, activation.run);
      return left + right;
    }
    case 'Array':
      return node.children.map((child) => evaluate(child, frame));
    case 'Tuple':
      return new Tuple(node.children.map((child) => evaluate(child, frame)));
    case 'Dict': {
      const out: Dict = new Map();
      for (const { key, value } of node.children) {
        const k = evaluate(key, frame);
        const v = evaluate(value, frame);
        activation.node = key;
        dictSet(out, k, v);
      }
      return out;
    }
    case 'Neg':
    case 'Pos': {
      const value = evaluate(node.target, frame);
      activation.node = node;
      return node.typename === 'Neg' ? negate(value) : plus(value);
    }
    case 'Capture':
      return capture(node.body, frame);
    case 'Slice':
      return raise('A slice can only stand between brackets.');
    default: {
      const left = evaluate(node.left, frame);
      const right = evaluate(node.right, frame);
      activation.node = left instanceof Undefined ? node.left : right instanceof Undefined ? node.right : node;
      return operate(OPERATORS[node.typename]!, left, right, activation.run);
    }
  }
}

/** The value; one that is undefined gets the place where that came about. */
function placed(value: Value, node: Expression, activation: Activation): Value {
  if (value instanceof Undefined) value.origin ??= spanOf(node, activation.file);
  return value;
}

function lookUp(target: Value, key: Expression, frame: Frame, node: Expression): Value {
  const { activation } = frame;
  if (target instanceof Undefined && activation.run.lenient) return target;
  if (key.typename === 'Slice') {
    const part = (one: Expression | null): Value => (one === null ? null : evaluate(one, frame));
    const [start, stop, step] = [part(key.start), part(key.stop), part(key.step)] as const;
    activation.node = node;
    return getSlice(target, start, stop, step);
  }
  const value = evaluate(key, frame);
  activation.node = target instanceof Undefined && node.typename === 'LookupVal' ? node.target : node;
  return placed(getItem(target, value), node, activation);
}

/** The arguments of a call; `extra` are keywords to add. */
function evaluateArguments(node: Arguments, frame: Frame, extra?: Keywords): { readonly args: Value[]; readonly kwargs: Keywords } {
  const args: Value[] = [];
  let kwargs: Map<string, Value> | undefined;
  for (const child of node.children) {
    if (child.typename === 'Splat') args.push(...iterate(evaluate(child.target, frame)));
    else if (child.typename === 'KeywordArgs') {
      kwargs = new Map();
      for (const pair of child.children) {
        if (pair.typename === 'DoubleSplat') {
          const more = evaluate(pair.target, frame);
          if (!(more instanceof Map)) return raise(`'**' needs a dict, not ${article(more)}.`);
          for (const [key, value] of more) kwargs.set(str(key), value);
        } else kwargs.set(pair.key.typename === 'Symbol' ? pair.key.value : '', evaluate(pair.value, frame));
      }
    } else args.push(evaluate(child, frame));
  }
  if (extra !== undefined) kwargs = new Map([...(kwargs ?? []), ...extra]);
  return { args, kwargs: kwargs ?? NO_KEYWORDS };
}

/** A call; `extra` are keywords to add, as a `call` block's caller is. */
export function evaluateCall(node: FunCall, frame: Frame, extra: Keywords | undefined): Value {
  const { activation } = frame;
  const callee = node.name;
  charge(activation.run, 1);
  if (callee.typename === 'Attribute') {
    const target = evaluate(callee.target, frame);
    activation.node = target instanceof Undefined ? callee.target : callee;
    const method = target instanceof HostObject ? undefined : findMethod(target, callee.name);
    const known = method !== undefined || (target instanceof Undefined && activation.run.lenient);
    const found = known ? target : getAttribute(target, callee.name);
    const { args, kwargs } = evaluateArguments(node.args, frame, extra);
    activation.node = node;
    const site = new Site(node, activation);
    return method === undefined ? call(found, args, kwargs, site) : method([target, ...args], kwargs, site, callee.name);
  }
  const target = evaluate(callee, frame);
  const { args, kwargs } = evaluateArguments(node.args, frame, extra);
  activation.node = node;
  return call(target, args, kwargs, new Site(node, activation));
}

/** Calls a value. Throws where it is none that can be called. */
export function call(callee: Value, args: Value[], kwargs: Keywords, at: CallSite): Value {
  if (callee instanceof Callable) return callee.call(args, kwargs, at);
  if (callee instanceof HostObject && callee.callAs !== undefined) return callee.callAs(args, kwargs, at);
  if (callee instanceof Undefined && at.run.lenient) return callee;
  used(callee);
  return raise(`${article(callee)} cannot be called.`.replace(/^./, (c) => c.toUpperCase()));
}

function evaluateCompare(node: Compare, frame: Frame): Value {
  let left = evaluate(node.expr, frame);
  for (const operand of node.ops) {
    const right = evaluate(operand.expr, frame);
    frame.activation.node = node;
    if (!holds(operand.type, left, right)) return false;
    left = right;
  }
  return true;
}

function holds(operator: Compare['ops'][number]['type'], a: Value, b: Value): boolean {
  switch (operator) {
    case '==':
      return equals(a, b);
    case '!=':
      return !equals(a, b);
    case '<':
      return compare(a, b, operator) < 0;
    case '<=':
      return compare(a, b, operator) <= 0;
    case '>':
      return compare(a, b, operator) > 0;
    case '>=':
      return compare(a, b, operator) >= 0;
    case 'in':
      return contains(b, a);
    case 'not in':
      return !contains(b, a);
  }
}

/** `target = value` for names: a tuple is taken apart. Throws where the numbers differ. */
export function unpack(value: Value, count: number): readonly Value[] {
  const items = value instanceof Tuple ? value.items : list(used(value));
  if (items.length !== count) raise(`${count} values are needed here, but there are ${items.length}.`);
  return items;
}
