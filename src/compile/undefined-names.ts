// Names that a template prints and that nothing defines: Jinja writes nothing for them, which is the commonest slip of all.
// In: what rendering says of each. Out: a warning a place, with the near name among those in scope.
import { type Diagnostic, type Span, warning } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import type { PrintedUndefined, Undefined } from '../template/values.ts';

/** Collects while a template is rendered. */
export class UndefinedNames {
  private readonly found = new Map<string, Diagnostic>();
  readonly note: PrintedUndefined = (value, at) => {
    const span = value.origin ?? at;
    const key = `${span.file}:${span.line}:${span.column}:${value.name}`;
    if (!this.found.has(key)) this.found.set(key, describe(value, span, at));
  };

  warnings(): readonly Diagnostic[] {
    return [...this.found.values()];
  }
}

function describe(value: Undefined, span: Span, at: Span): Diagnostic {
  const { name, hint } = value;
  const elsewhere = span.file !== at.file || span.line !== at.line || span.column !== at.column;
  const related = elsewhere ? { related: [{ message: 'printed here', span: at }] } : {};
  const missing = hint.startsWith('parameter ');
  const message = missing ? `The argument '${name}' is not given, so nothing is printed for it.` : `${reason(hint)}, so nothing is printed.`;
  const near = missing ? undefined : didYouMean(name, value.candidates?.() ?? []);
  const help = missing
    ? `Give it, or give it a default in the macro: ${name}=….`
    : (near ?? `Define it, or take the braces away where SQL is meant; {{ ${name} | default('') }} says that nothing is meant.`);
  return warning('compile/undefined-name', message, { span, help, ...related });
}

function reason(hint: string): string {
  const member = /^'.*' has no (attribute|element) (.*)$/s.exec(hint);
  return member === null ? hint : `There is no ${member[1] === 'attribute' ? 'member' : 'item'} ${member[2]} here`;
}
