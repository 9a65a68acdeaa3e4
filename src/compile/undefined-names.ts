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
  const elsewhere = span.file !== at.file || span.line !== at.line || span.column !== at.column;
  const related = elsewhere ? { related: [{ message: 'printed here', span: at }] } : {};
  const { message, help } = words(value);
  return warning('compile/undefined-name', message, { span, ...(help === undefined ? {} : { help }), ...related });
}

const MEMBERS_SHOWN = 8;

function words({ name, hint, candidates }: Undefined): { message: string; help?: string | undefined } {
  if (hint.startsWith('parameter '))
    return { message: `The argument '${name}' is not given, so nothing is printed for it.`, help: `Give it, or give it a default in the macro: ${name}=….` };
  const names = [...(candidates?.() ?? [])];
  const near = didYouMean(name, names);
  const member = /^'.*' has no (attribute|element) (.*)$/s.exec(hint);
  if (member !== null) {
    const help = near ?? (names.length > 0 && names.length <= MEMBERS_SHOWN ? `There are: ${names.join(', ')}.` : undefined);
    return { message: `There is no ${member[1] === 'attribute' ? 'member' : 'item'} ${member[2]} here, so nothing is printed.`, help };
  }
  return {
    message: `${hint}, so nothing is printed.`,
    help: near ?? `Define it, or take the braces away where SQL is meant; {{ ${name} | default('') }} says that nothing is meant.`,
  };
}
