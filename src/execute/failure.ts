// What went wrong with a node, as diagnostics: the engine's refusal is placed at the line of the model that it is about,
// not at a line of SQL nobody wrote.
import { LoadFailure, StatementFailure } from '../adapters/adapter.ts';
import type { Compiled } from '../compile/compile.ts';
import { placeInSource } from '../compile/source-place.ts';
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
export function explain(thrown: unknown, facts: NodeFacts, spanOf: (p: Place) => Span, readText: (file: string) => string): readonly Diagnostic[] {
  const { resource } = facts;
  const at = spanOf(resource.place);
  if (thrown instanceof Failure) return thrown.diagnostics.map((d) => (d.span === undefined ? { ...d, span: at } : d));
  if (thrown instanceof StatementFailure) {
    if (thrown.cancelled) return [error('execute/cancelled', `${capital(label(resource))} was interrupted.`, { span: at })];
    const place = sourcePlace(thrown, facts, readText) ?? at;
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

function sourcePlace(e: StatementFailure, facts: NodeFacts, readText: (file: string) => string): Span | undefined {
  const { resource, compiled, statement } = facts;
  if (compiled === null || statement === null || e.line === undefined) return undefined;
  if (resource.type === 'test' && resource.generic !== null) return undefined;
  const offset = statement.indexOf(compiled.sql);
  if (offset < 0) return undefined;
  const linesBefore = statement.slice(0, offset).split('\n').length - 1;
  const line = e.line - linesBefore;
  if (line < 1) return undefined;
  const column = line === 1 ? (e.column ?? 1) - (offset - (statement.lastIndexOf('\n', offset - 1) + 1)) : (e.column ?? 1);
  const text = 'code' in resource && resource.code.kind === 'text' ? resource.code.text : readText(resource.file);
  const found = placeInSource(text, compiled.sql, line, Math.max(1, column));
  return found === undefined
    ? undefined
    : {
        file: resource.file,
        line: found.line + compiled.firstLine - 1,
        column: found.column,
        ...(found.length === undefined ? {} : { endColumn: found.column + found.length }),
      };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
