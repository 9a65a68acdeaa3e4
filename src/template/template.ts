// The door of this folder. In: the text of a template and the names it may use. Out: text or a value, or a Failure with one
// diagnostic that has the innermost place and, outward from it, the places that called it.
import { error, Failure, type Span } from '../diagnostics/diagnostic.ts';
import { NO_KEYWORDS } from './arguments.ts';
import { call, evaluate } from './evaluate.ts';
import { toFailure } from './failure.ts';
import { Frame, type Activation, type Scope } from './frame.ts';
import type { CallSite } from './values.ts';
import { JinjaTokenizer } from './lexer.ts';
import { counted, newRun } from './limits.ts';
import { toNative } from './native.ts';
import { TemplateData, type Body, type Expression } from './nodes.ts';
import { TemplateParser } from './parse-statements.ts';
import { str } from './print.ts';
import { recovery } from './recover.ts';
import { SourceMap } from './source-map.ts';
import { execute } from './statements.ts';
import type { Keywords, Limits, PrintedUndefined, Run, Value } from './values.ts';

export { configKeys } from './config-keys.ts';
export { docsOf, macroCallable, macrosOf, snapshotsOf, type MacroDefinition, type TextBlock } from './definitions.ts';
export type { Scope } from './frame.ts';
export type { SourceMap, Traced } from './source-map.ts';

/** A parsed template. */
export interface Template {
  readonly file: string;
  readonly source: string;
  readonly root: Body;
}

export interface RenderOptions {
  readonly scope: Scope;
  readonly limits?: Limits;
  /**
   * Members and calls of what is undefined are undefined too. dbt does so while it parses, before macros and relations
   * are known; without it, as when dbt compiles, they are errors that name what is undefined.
   */
  readonly lenient?: boolean;
  /** Told of each undefined value that is printed; see `Run`. */
  readonly printedUndefined?: PrintedUndefined;
  /** What is rendered, for the chain of places in an error: `model 'orders'`. */
  readonly frame?: { readonly label: string };
  /**
   * Told of each statement of the template itself that fails, and rendering goes on after it. What only follows from an earlier
   * failure is not told; what was raised on purpose, and a limit that was reached, end the rendering as ever.
   */
  readonly onFailure?: (failure: Failure) => void;
}

type Complain = (message: string, line: number, column: number, help?: string) => never;

const complainAbout =
  (file: string): Complain =>
  (message, line, column, help) => {
    const span = { file, line: line + 1, column: column + 1 };
    throw new Failure(error('template/syntax', message, help === undefined ? { span } : { span, help }));
  };

/** Parses a template. Throws a Failure `template/syntax`. A newline at the end is dropped, as Jinja does. */
export function parseTemplate(source: string, file: string, firstLine = 1): Template {
  const unix = source.includes('\r') ? source.replace(/\r\n?/g, '\n') : source;
  const text = unix.endsWith('\n') ? unix.slice(0, -1) : unix;
  if (!/\{[{%#]/.test(text)) {
    const data = text === '' ? [] : [new TemplateData(firstLine - 1, 0, text)];
    return { file, source: unix, root: { typename: 'Root', lineno: firstLine - 1, colno: 0, children: data } };
  }
  const complain = complainAbout(file);
  const parser = new TemplateParser(new JinjaTokenizer(text, firstLine - 1, complain), complain);
  return { file, source: unix, root: guard(complain, firstLine, () => parser.parseAsRoot() as unknown as Body) };
}

function guard<T>(complain: Complain, line: number, parse: () => T): T {
  try {
    return parse();
  } catch (thrown) {
    if (thrown instanceof RangeError) complain('The template is nested too deeply.', line - 1, 0);
    throw thrown;
  }
}

function parseExpression(source: string, file: string): Expression {
  const complain = complainAbout(file);
  const tokens = new JinjaTokenizer(source, 0, complain);
  tokens.startInExpression(/^\s*\{\{[-+]?/.exec(source)?.[0].length ?? 0);
  return guard(complain, 1, () => new TemplateParser(tokens, complain).parseLone());
}

function run<T>(file: string, options: RenderOptions, action: (frame: Frame) => T, mapped = false): T {
  const activation: Activation = {
    file,
    scope: options.scope,
    run: newRun(options.limits, options.lenient, options.printedUndefined, mapped),
    node: undefined,
  };
  if (options.onFailure !== undefined) activation.recover = recovery(activation, options.frame?.label, options.onFailure);
  try {
    return counted(activation.run, () => action(new Frame(activation)));
  } catch (thrown) {
    throw toFailure(thrown, activation, options.frame?.label);
  }
}

/** The text of a template. Throws a Failure where it fails; what a host function throws to suspend passes through. */
export function render(template: Template, options: RenderOptions): string {
  const [only, more] = template.root.children;
  if (only === undefined) return '';
  if (more === undefined && only.typename === 'TemplateData') return only.value;
  return run(template.file, options, (frame) => {
    const out = { text: '' };
    execute(template.root, frame, out);
    return out.text;
  });
}

/** As `render`, with the way back from each character of the text to the place in the template that it comes from. */
export function renderMapped(template: Template, options: RenderOptions): { readonly text: string; readonly map: SourceMap } {
  const write = (frame: Frame): { readonly text: string; readonly map: SourceMap } => {
    const out = { text: '', map: new SourceMap(template.file) };
    execute(template.root, frame, out);
    return out;
  };
  return run(template.file, options, write, true);
}

/** The value of a lone expression, with or without `{{ }}`: no text is made of it. Throws as `render` does. */
export function evaluateExpression(source: string, options: RenderOptions & { readonly file: string }): Value {
  const node = parseExpression(source, options.file);
  return run(options.file, options, (frame) => toNative(node, evaluate(node, frame), (text) => parseExpression(text, options.file)));
}

/**
 * The value of a template that is one `{{ … }}` and nothing else, as dbt reads the values of property files; the text of any
 * other template. Throws as `render` does.
 */
export function renderNative(template: Template, options: RenderOptions): Value {
  const [only, ...rest] = template.root.children;
  if (only?.typename !== 'Output' || rest.length > 0) return render(template, options);
  const [node] = only.children;
  return run(template.file, options, (frame) => toNative(node!, evaluate(node!, frame), (text) => parseExpression(text, template.file)));
}

/** As `callMacro`, for the text that a macro writes: with the way back to the macro's own text; null where it gave another value. */
export function callMacroMapped(
  macro: Value,
  kwargs: Keywords,
  options: RenderOptions & { readonly span: Span; readonly file?: string },
): { readonly text: string; readonly map: SourceMap | null } {
  return called(macro, [], kwargs, options, true, (value, { written }) => {
    const text = str(value);
    return { text, map: written?.text === text ? written.map : null };
  });
}

/** Calls a macro from outside of any template. Throws as `render` does; `span` is the place that asked for it. */
export function callMacro(
  macro: Value,
  args: Value[],
  kwargs: Keywords | undefined,
  options: RenderOptions & { readonly span: Span; readonly file?: string },
): Value {
  return called(macro, args, kwargs ?? NO_KEYWORDS, options, false, (value) => value);
}

function called<T>(
  macro: Value,
  args: Value[],
  kwargs: Keywords,
  options: RenderOptions & { readonly span: Span; readonly file?: string },
  mapped: boolean,
  take: (value: Value, run: Run) => T,
): T {
  // Where `file` is given, a `span` that takes work to find is asked for by messages alone.
  const from = (activation: Activation): CallSite => ({
    get span() {
      return options.span;
    },
    run: activation.run,
  });
  return run(options.file ?? options.span.file, options, ({ activation }) => take(call(macro, args, kwargs, from(activation)), activation.run), mapped);
}
