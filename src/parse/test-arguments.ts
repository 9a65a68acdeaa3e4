// The arguments of a generic data test against the parameters of its macro, before anything runs.
import { GENERIC_TESTS } from '../context/builtin-sql.ts';
import { type Diagnostic, error, type Span, warning } from '../diagnostics/diagnostic.ts';
import type { MacroEntry } from '../project/project.ts';
import { argumentHelp } from './test-entry.ts';
import type { Workshop } from './workshop.ts';

interface Parameters {
  readonly required: readonly string[];
  readonly all: readonly string[];
  /** It takes any further arguments. */
  readonly open: boolean;
}

/** What is wrong with the arguments; `spanOf` places one, or the test itself. */
export function checkTestArguments(
  w: Workshop,
  test: string,
  entry: MacroEntry | undefined,
  given: readonly string[],
  spanOf: (argument: string | null) => Span,
): Diagnostic[] {
  const { required, all, open } = parametersOf(w, test, entry);
  const wrong: Diagnostic[] = [];
  for (const name of given) {
    if (open || all.includes(name)) continue;
    const help = argumentHelp(
      name,
      all.filter((a) => a !== 'model'),
    );
    wrong.push(error('parse/bad-argument', `The data test '${test}' has no argument '${name}'.`, { span: spanOf(name), help }));
  }
  if (wrong.length > 0) return wrong;
  return required
    .filter((r) => r !== 'model' && !given.includes(r))
    .map((r) => {
      const help = r === 'column_name' ? 'Write it under a column, or give column_name.' : `Write "- ${test}: {arguments: {${r}: …}}".`;
      const extra = { span: spanOf(null), help };
      // A macro may do without: what is not given is undefined in it, as in dbt.
      return entry === undefined
        ? error('parse/bad-argument', `The data test '${test}' needs the argument '${r}'.`, extra)
        : warning('parse/bad-argument', `The data test '${test}' is not given its argument '${r}', which is undefined in it then.`, extra);
    });
}

/** Thousands of tests share a few macros. */
const ofEntries = new WeakMap<MacroEntry, Parameters>();
const ofBuiltins = new Map<string, Parameters>();

function parametersOf(w: Workshop, test: string, entry: MacroEntry | undefined): Parameters {
  const known = entry === undefined ? ofBuiltins.get(test) : ofEntries.get(entry);
  if (known !== undefined) return known;
  const found = readParameters(w, test, entry);
  if (entry === undefined) ofBuiltins.set(test, found);
  else ofEntries.set(entry, found);
  return found;
}

function readParameters(w: Workshop, test: string, entry: MacroEntry | undefined): Parameters {
  if (entry !== undefined) {
    const { parameters, text } = w.facts.macros.definition(entry);
    return {
      required: parameters.filter((p) => p.default === undefined).map((p) => p.name),
      all: parameters.map((p) => p.name),
      open: /\b(kwargs|varargs)\b/.test(text),
    };
  }
  const { parameters } = GENERIC_TESTS[test.replace(/^dbt\./, '')]!;
  const named = parameters.filter((p) => p !== 'store?');
  return { required: named.filter((p) => !p.endsWith('?')), all: named.map((p) => p.replace('?', '')), open: false };
}
