// What went wrong, as data. In: facts of the step that noticed. Out: a value that a reporter can print and a
// test can compare. A step collects as many as it can before it stops; `Failure` carries them where a value can't.
import type { DiagnosticCode } from './codes.ts';

export type Severity = 'error' | 'warning';

/** A place in a file of the project. Lines and columns count from 1; `file` is relative to the project's root, with `/`. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Column after the last character, on the same line; absent means "to the end of the word". */
  readonly endColumn?: number;
}

/** A second place that belongs to the story: the model that called the macro, the first of two duplicates. */
export interface Related {
  readonly message: string;
  readonly span: Span;
}

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** What happened and why, in one or two sentences, without the place. */
  readonly message: string;
  readonly span?: Span;
  /** A key of the resource's configuration that it is about, and the text in it: its place is found when the message is made. */
  readonly config?: { readonly key: string; readonly text?: string };
  /** What to do about it. */
  readonly help?: string;
  readonly related?: readonly Related[];
  /** The text of `span`'s file, where it is not on disk (an inline query, compiled SQL). */
  readonly source?: string;
}

/** Stops a step with the diagnostics found so far. Never escapes a command: the composition root prints it. */
export class Failure extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: Diagnostic | readonly Diagnostic[]) {
    const list = 'code' in diagnostics ? [diagnostics] : diagnostics;
    super(list.map((d) => d.message).join('\n'));
    this.name = 'Failure';
    this.diagnostics = list;
  }
}

type Extra = Partial<Pick<Diagnostic, 'span' | 'config' | 'help' | 'related' | 'source'>>;

/** An error, ready to be collected. */
export function error(code: DiagnosticCode, message: string, extra: Extra = {}): Diagnostic {
  return { code, severity: 'error', message: sentence(message), ...extra };
}

/** A warning, ready to be collected. */
export function warning(code: DiagnosticCode, message: string, extra: Extra = {}): Diagnostic {
  return { code, severity: 'warning', message: sentence(message), ...extra };
}

/** By what a diagnostic is known again. */
export function placeAndMessage({ span, message }: Pick<Diagnostic, 'span' | 'message'>): string {
  return `${span?.file}:${span?.line}:${span?.column}:${message}`;
}

/** A message begins with a capital, also where it begins by naming a resource; a person's own text stays as it is. */
export function sentence(message: string): string {
  return /^(an?|the|model|seed|snapshot|source|data test|analysis|exposure|on-run-(start|end) hook) /.test(message)
    ? message.charAt(0).toUpperCase() + message.slice(1)
    : message;
}

/** Stops at once with a single error. */
export function fail(code: DiagnosticCode, message: string, extra: Extra = {}): never {
  throw new Failure(error(code, message, extra));
}
