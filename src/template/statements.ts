// Statements to text, by walking the tree.
import { article, iterate, truth } from './compare.ts';
import { evaluate, evaluateCall, unpack } from './evaluate.ts';
import { type Activation, Frame, spanOf } from './frame.ts';
import { charge } from './limits.ts';
import { Loop } from './loop.ts';
import { macroValue } from './macros.ts';
import type { Body, Expression, For, Statement, Target } from './nodes.ts';
import { str } from './print.ts';
import type { SourceMap } from './source-map.ts';
import { HostObject, raise, Undefined, type Run, type Value } from './values.ts';

/** Text being written, and where each piece of it comes from, where that is wanted. */
export interface Output {
  text: string;
  readonly map?: SourceMap;
}

type After = 'go on' | 'break' | 'continue';

function write(out: Output, text: string, run: Run): void {
  out.text += text;
  run.size += text.length;
  if (run.size > run.limits.characters) raise(`The template writes more than ${run.limits.characters} characters.`, 'limit');
}

/** The text of a body in a scope of its own. */
export function capture(body: Body, frame: Frame): string {
  const out: Output = { text: '' };
  execute(body, new Frame(frame.activation, frame), out);
  return out.text;
}

/** Writes a body; tells whether a loop around it ends or goes on to its next item. */
export function execute(body: Body, frame: Frame, out: Output): After {
  const { recover } = frame.activation;
  for (const statement of body.children) {
    const after = recover === undefined ? executeOne(statement, frame, out) : attempt(statement, frame, out, recover);
    if (after !== 'go on') return after;
  }
  return 'go on';
}

function attempt(node: Statement, frame: Frame, out: Output, recover: NonNullable<Activation['recover']>): After {
  try {
    return executeOne(node, frame, out);
  } catch (e) {
    recover(e, node);
    return 'go on';
  }
}

function executeOne(node: Statement, frame: Frame, out: Output): After {
  const { activation } = frame;
  switch (node.typename) {
    case 'TemplateData':
      out.map?.add(out.text.length, node);
      write(out, node.value, activation.run);
      return 'go on';
    case 'Output':
      for (const child of node.children) {
        activation.run.written = undefined;
        const value = evaluate(child, frame);
        out.map?.add(out.text.length, child, value, activation.run.written);
        // An 'if' without 'else' is meant to print nothing: its value has no name.
        if (value instanceof Undefined && value.name !== '') activation.run.printedUndefined?.(value, spanOf(child, activation.file));
        write(out, typeof value === 'string' ? value : str(value), activation.run);
      }
      return 'go on';
    case 'If': {
      let branch: Statement | Body | null = node;
      while (branch !== null && branch.typename === 'If') {
        const test: boolean = truth(evaluate(branch.cond, frame));
        if (test) return execute(branch.body, frame, out);
        branch = branch.else_;
      }
      return branch === null ? 'go on' : execute(branch, frame, out);
    }
    case 'Set': {
      const value = evaluate(node.value, frame);
      activation.node = node;
      assign(node.target, value, frame);
      return 'go on';
    }
    case 'For':
      runLoop(node, evaluate(node.arr, frame), frame, out, 1);
      return 'go on';
    case 'Do':
      evaluate(node.target, frame);
      return 'go on';
    case 'Macro':
    case 'Caller':
      frame.set(node.name, macroValue(node, frame));
      return 'go on';
    case 'CallBlock': {
      activation.run.written = undefined;
      const result = evaluateCall(node.call, frame, new Map([['caller', macroValue(node.caller, frame)]]));
      out.map?.add(out.text.length, node, result, activation.run.written);
      write(out, str(result), activation.run);
      return 'go on';
    }
    case 'With': {
      const values = node.values.map((value) => evaluate(value, frame));
      const inner = new Frame(activation, frame);
      node.targets.forEach((target, i) => assign(target, values[i]!, inner));
      return execute(node.body, inner, out);
    }
    case 'Block':
      return execute(node.body, new Frame(activation, frame), out);
    case 'Break':
      return 'break';
    case 'Continue':
      return 'continue';
    case 'Definition':
      return 'go on';
  }
}

/** Gives a name, several names or an attribute its value. */
function assign(target: Target | Expression, value: Value, frame: Frame): void {
  if (target.typename === 'Symbol') frame.set(target.value, value);
  else if (target.typename === 'Tuple') {
    const items = unpack(value, target.children.length);
    target.children.forEach((child, i) => assign(child, items[i]!, frame));
  } else if (target.typename === 'Attribute') {
    const object = evaluate(target.target, frame);
    frame.activation.node = target;
    if (!(object instanceof HostObject) || object.setAttribute === undefined)
      return raise(`An attribute can only be set on a namespace, not on ${article(object)}.`, 'type', 'Make it with {% set ns = namespace() %}.');
    object.setAttribute(target.name, value);
  }
}

/** Writes a loop over `value`; `depth` counts from 1 and grows where the loop calls itself. */
function runLoop(node: For, value: Value, frame: Frame, out: Output, depth: number): void {
  const { activation } = frame;
  const { run } = activation;
  activation.node = node.arr;
  let items = [...iterate(value)];
  charge(run, items.length);
  if (node.test !== null) {
    const { test, target } = node;
    items = items.filter((item) => {
      const inner = new Frame(activation, frame);
      activation.node = node;
      assign(target, item, inner);
      return truth(evaluate(test, inner));
    });
  }
  const again = (next: Value): string => {
    const text: Output = { text: '' };
    if (++run.depth > run.limits.depth) raise(`Loops call themselves more than ${run.limits.depth} deep.`, 'limit');
    try {
      runLoop(node, next, frame, text, depth + 1);
    } finally {
      run.depth--;
    }
    return text.text;
  };
  const loop = new Loop(items, depth, node.recursive ? again : undefined);
  for (const item of items) {
    const inner = new Frame(activation, frame);
    inner.set('loop', loop);
    activation.node = node;
    assign(node.target, item, inner);
    charge(run, 1);
    const after = execute(node.body, inner, out);
    loop.next();
    if (after === 'break') break;
  }
  if (items.length === 0 && node.else_ !== null) execute(node.else_, new Frame(activation, frame), out);
}
