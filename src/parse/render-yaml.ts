// Templates inside YAML values: a text that is one expression becomes its value, a text with expressions in it a text.
// Hooks and conditions of data tests stay as written: they are rendered when they run.
import { Context, type Facts } from '../context/context.ts';
import { type Diagnostic, Failure, type Span } from '../diagnostics/diagnostic.ts';
import { isMapping, isTemplate, type Path } from '../project/shape.ts';
import { parseTemplate, renderNative, type Scope } from '../template/template.ts';
import { toPlain } from '../template/values.ts';

const LATER = new Set([
  'pre-hook',
  'post-hook',
  'pre_hook',
  'post_hook',
  'on-run-start',
  'on-run-end',
  'description',
  'sql_header',
  'external_location',
  'query-comment',
]);

/** Renders every text of a value that holds a template; mistakes go to `report`, placed by `at`. */
export function renderYaml(facts: Facts, value: unknown, at: (path: Path) => Span, report: (d: Diagnostic) => void): unknown {
  if (!holdsTemplate(value)) return value;
  const scope = new Context(facts).scope(facts.projectName);
  return walk(value, [], scope, at, report);
}

/** The key that takes `ref('orders')` as a text: with braces around it the text is the same. */
const REFERS = 'to';
const IN_BRACES = /^\s*\{\{-?\s*((?:ref|source)\s*\([^{}]*\))\s*-?\}\}\s*$/;

function walk(value: unknown, path: Path, scope: Scope, at: (path: Path) => Span, report: (d: Diagnostic) => void): unknown {
  const reference = typeof value === 'string' && path.at(-1) === REFERS ? IN_BRACES.exec(value)?.[1] : undefined;
  if (reference !== undefined) return reference;
  if (isTemplate(value)) return renderText(value, path, scope, at, report);
  if (Array.isArray(value)) return value.map((v, i) => walk(v, [...path, i], scope, at, report));
  if (isMapping(value))
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, LATER.has(k.replace(/^\+/, '')) ? v : walk(v, [...path, k], scope, at, report)]));
  return value;
}

function renderText(text: string, path: Path, scope: Scope, at: (path: Path) => Span, report: (d: Diagnostic) => void): unknown {
  try {
    return renderValue(text, scope, 'yaml');
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    for (const d of e.diagnostics) report({ ...d, span: at(path) });
    return null;
  }
}

/** The value of a text with templates in it. Throws `Failure`. */
export function renderValue(text: string, scope: Scope, file: string): unknown {
  return toPlain(renderNative(parseTemplate(text, file), { scope }));
}

function holdsTemplate(value: unknown): boolean {
  if (typeof value === 'string') return isTemplate(value);
  if (Array.isArray(value)) return value.some(holdsTemplate);
  return isMapping(value) && Object.values(value).some(holdsTemplate);
}
