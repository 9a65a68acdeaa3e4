// Macros as values: arguments bound to parameters as Jinja does it, the body evaluated, the value of dbt's `return` handed
// back. An error that passes through gets the place inside the macro, and the place of the call as a frame.
import { didYouMean } from '../diagnostics/nearest.ts';
import { evaluate } from './evaluate.ts';
import { Frame, type Activation } from './frame.ts';
import { pass } from './failure.ts';
import type { Macro } from './nodes.ts';
import { SourceMap } from './source-map.ts';
import { execute, type Output } from './statements.ts';
import { Callable, dictOf, orElse, raise, ReturnSignal, TemplateError, Tuple, Undefined, type CallSite, type Keywords, type Value } from './values.ts';

/** A macro defined in a template, which sees the names around it. */
export function macroValue(node: Macro, frame: Frame): Callable {
  const { file, scope } = frame.activation;
  return new Callable(node.name, (args, kwargs, at) => {
    const activation: Activation = { file, scope, run: at.run, node };
    return callMacro(node, new Frame(activation, frame), args, kwargs, at);
  });
}

/** Evaluates a macro in `frame`, which is new and becomes its scope. */
export function callMacro(node: Macro, frame: Frame, args: readonly Value[], kwargs: Keywords, at: CallSite): Value {
  const { run } = frame.activation;
  const label = node.typename === 'Caller' ? 'the call block' : `macro '${node.name}'`;
  if (++run.depth > run.limits.depth) raise(`Macros call each other more than ${run.limits.depth} deep.`, 'limit', `Does ${label} call itself without end?`);
  try {
    bindParameters(node, frame, args, kwargs, at);
    if (!run.mapped) return written(node, frame, { text: '' });
    const map = new SourceMap(frame.activation.file, label);
    const text = written(node, frame, { text: '', map });
    run.written = { text, map };
    return text;
  } catch (error) {
    if (error instanceof ReturnSignal && node.typename === 'Macro') return error.value;
    throw pass(error, frame.activation, label, at.span);
  } finally {
    run.depth--;
  }
}

function written(node: Macro, frame: Frame, out: Output): string {
  execute(node.body, frame, out);
  return out.text;
}

function bindParameters(node: Macro, frame: Frame, args: readonly Value[], kwargs: Keywords, at: CallSite): void {
  const { parameters, uses, name } = node;
  const what = node.typename === 'Caller' ? 'caller()' : `Macro '${name}'`;
  const mistake = (message: string, help?: string): never => {
    const error = new TemplateError(message, 'type', help);
    error.span = at.span;
    throw error;
  };
  let taken = 0;
  for (let i = 0; i < parameters.length; i++) {
    const parameter = parameters[i]!;
    const named = kwargs.get(parameter.name);
    if (named !== undefined) taken++;
    if (i < args.length) {
      if (named !== undefined) mistake(`${what} gets two values for '${parameter.name}'.`);
      frame.set(parameter.name, args[i]!);
    } else if (named !== undefined) frame.set(parameter.name, named);
    else if (parameter.default !== undefined) frame.set(parameter.name, evaluate(parameter.default, frame));
    else {
      const missing = new Undefined(parameter.name, `parameter '${parameter.name}' was not provided`);
      missing.origin = at.span;
      frame.set(parameter.name, missing);
    }
  }
  const caller = kwargs.get('caller');
  const declared = parameters.some((parameter) => parameter.name === 'caller');
  if (uses.caller && !declared) {
    if (caller !== undefined) taken++;
    frame.set(
      'caller',
      orElse(caller, () => new Undefined('caller', 'no caller defined')),
    );
  }
  const names = new Set(parameters.map((parameter) => parameter.name));
  const rest = kwargs.size > taken ? [...kwargs].filter(([key]) => !names.has(key) && !(key === 'caller' && uses.caller)) : [];
  if (uses.kwargs) frame.set('kwargs', dictOf(rest));
  else if (rest.length > 0) {
    const [key] = rest[0]!;
    const help = didYouMean(key, names) ?? (names.size === 0 ? undefined : `It takes ${[...names].map((one) => `'${one}'`).join(', ')}.`);
    mistake(key === 'caller' ? `${what} has no use for a call block: it never calls caller().` : `${what} takes no argument '${key}'.`, help);
  }
  if (uses.varargs) frame.set('varargs', new Tuple(args.slice(parameters.length)));
  else if (args.length > parameters.length)
    mistake(
      `${what} takes ${parameters.length === 0 ? 'no arguments' : `at most ${parameters.length} argument${parameters.length === 1 ? '' : 's'}`}, but ${args.length} are given.`,
    );
}
