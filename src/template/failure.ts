// An error on its way out of templates: the place where it happened is put on inside, each macro it passes adds the place it
// was called from, and at the end it becomes one Failure.
import { error as problem, Failure, type Diagnostic, type Related, type Span } from '../diagnostics/diagnostic.ts';
import { spanOf, type Activation } from './frame.ts';
import { ReturnSignal, TemplateError } from './values.ts';

/** What to throw on from inside `label`, which was called at `calledAt`. Signals and faults of the host stay as they are. */
export function pass(error: unknown, activation: Activation, label: string, calledAt: Span): unknown {
  const known = place(error, activation);
  if (!(known instanceof TemplateError)) return known;
  name(known, `called here by ${label}`);
  known.frames.push({ message: '', span: calledAt });
  return known;
}

/** What to throw at the outside: a Failure with one diagnostic for what went wrong in a template. */
export function toFailure(error: unknown, activation: Activation, label: string | undefined): unknown {
  const lone = error instanceof ReturnSignal;
  const known = place(lone ? new TemplateError('return() gives a macro its value, and stands outside of any here.', 'type', LONE_HELP) : error, activation);
  if (!(known instanceof TemplateError)) return known;
  name(known, label === undefined ? 'called here' : `called here, in ${label}`);
  const related = shortened(known.frames.length === 1 && isAt(known.frames[0]!.span, known.span) ? [] : known.frames);
  const add = (d: Diagnostic): Diagnostic => {
    const span = d.span ?? known.span;
    const all = [...(d.related ?? []), ...related];
    return { ...d, ...(span === undefined ? {} : { span }), ...(all.length === 0 ? {} : { related: all }) };
  };
  if (known.diagnostics !== undefined) return new Failure(known.diagnostics.map(add));
  return new Failure(add(problem(`template/${known.kind}`, known.message, known.help === undefined ? {} : { help: known.help })));
}

const LONE_HELP = 'Write {{ … }} to put text into the SQL.';

function isAt(a: Span, b: Span | undefined): boolean {
  return a.file === b?.file && a.line === b.line && a.column === b.column;
}

const SHOWN = 4;

/** The innermost and the outermost places of a long chain. */
function shortened(frames: readonly Related[]): readonly Related[] {
  return frames.length <= 2 * SHOWN ? frames : [...frames.slice(0, SHOWN), ...frames.slice(-SHOWN)];
}

function name(error: TemplateError, message: string): void {
  const last = error.frames.at(-1);
  if (last?.message === '') last.message = message;
}

function place(error: unknown, activation: Activation): unknown {
  let known = error;
  if (error instanceof Failure) {
    known = new TemplateError(error.message);
    (known as TemplateError).diagnostics = error.diagnostics;
  } else if (error instanceof RangeError) {
    const deep = error.message.includes('call stack');
    known = new TemplateError(deep ? 'The template is nested too deeply to be evaluated.' : 'The template makes a value that is too large.', 'limit');
  }
  if (known instanceof TemplateError && known.span === undefined) {
    const { node, file } = activation;
    known.span = node === undefined ? { file, line: 1, column: 1 } : spanOf(node, file);
  }
  return known;
}
