// What went wrong with a node, as diagnostics: the engine's refusal is placed at the line of the model that it is about,
// not at a line of SQL nobody wrote.
import { LoadFailure, StatementFailure } from '../adapters/adapter.ts';
import type { Compiled } from '../compile/compile.ts';
import { placeOf } from '../compile/origin.ts';
import { type Diagnostic, error, Failure, type Span } from '../diagnostics/diagnostic.ts';
import { label, type Place, type Resource } from '../project/resources.ts';

export interface NodeFacts {
  readonly resource: Resource;
  readonly compiled: Compiled | null;
  readonly statement: string | null;
  /** Where the compiled SQL was written, relative to the project. */
  readonly compiledPath: string | null;
}

/** Diagnostics for anything a plan may throw. */
export function explain(thrown: unknown, facts: NodeFacts, spanOf: (p: Place) => Span): readonly Diagnostic[] {
  const { resource } = facts;
  const at = spanOf(resource.place);
  if (thrown instanceof Failure) return thrown.diagnostics.map((d) => (d.span === undefined ? { ...d, span: at } : d));
  if (thrown instanceof StatementFailure) {
    if (thrown.cancelled) return [error('execute/cancelled', `${capital(label(resource))} was interrupted.`, { span: at })];
    const place = sourcePlace(thrown, facts) ?? at;
    const help = [thrown.hint, facts.compiledPath === null ? undefined : `Compiled SQL: ${facts.compiledPath}`].filter((h) => h !== undefined).join('\n');
    return [error('execute/sql-failed', thrown.message, { span: place, ...(help === '' ? {} : { help }) })];
  }
  if (thrown instanceof LoadFailure) {
    const span: Span = { file: resource.file, line: thrown.line ?? 1, column: 1 };
    return [error('execute/load-failed', thrown.message, { span, ...(thrown.help === undefined ? {} : { help: thrown.help }) })];
  }
  const e = thrown as Error;
  return [error('internal/bug', `${label(resource)}: ${e.message ?? String(thrown)}`, { span: at, help: e.stack?.split('\n').slice(1, 4).join('\n') ?? '' })];
}

/** The engine's place in the statement it was given, as a place in a template. */
function sourcePlace(e: StatementFailure, { compiled, statement }: NodeFacts): Span | undefined {
  if (compiled === null || statement === null || e.line === undefined || compiled.sql === '') return undefined;
  const start = statement.indexOf(compiled.sql);
  if (start < 0) return undefined;
  let line = 0;
  for (let n = 1; n < e.line; n++) line = statement.indexOf('\n', line) + 1;
  const column = e.column ?? (/\S/.exec(statement.slice(line))?.index ?? 0) + 1;
  const offset = line + column - 1 - start;
  return offset < 0 ? undefined : placeOf(compiled.origins, offset);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
