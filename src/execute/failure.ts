// What went wrong with a node, as diagnostics: the engine's refusal is placed at the line of the model that it is about,
// not at a line of SQL nobody wrote.
import { LoadFailure, StatementFailure } from '../adapters/adapter.ts';
import type { Compiled } from '../compile/compile.ts';
import { placeOf } from '../compile/origin.ts';
import { type Diagnostic, error, Failure, sentence, type Span } from '../diagnostics/diagnostic.ts';
import { label, type Place, type Resource } from '../project/resources.ts';

export interface NodeFacts {
  readonly resource: Resource;
  readonly compiled: Compiled | null;
  readonly statement: string | null;
  /** Where the compiled SQL was written, relative to the project. */
  readonly compiledPath: string | null;
  /** Those of the project, to tell what has not been built. */
  readonly resources?: Iterable<Resource>;
}

/** Diagnostics for anything a plan may throw. */
export function explain(thrown: unknown, facts: NodeFacts, spanOf: (p: Place) => Span): readonly Diagnostic[] {
  const { resource } = facts;
  const at = spanOf(resource.place);
  if (thrown instanceof Failure) return thrown.diagnostics.map((d) => (d.span === undefined ? { ...d, span: at } : d));
  if (thrown instanceof StatementFailure) {
    if (thrown.cancelled) return [error('execute/cancelled', `${label(resource)} was interrupted.`, { span: at })];
    const place = sourcePlace(thrown, facts) ?? at;
    const missing = notBuilt(thrown.message, facts.resources ?? []);
    const path =
      facts.compiledPath !== null && facts.statement?.includes(facts.compiled?.sql ?? '\u0000') === true ? `Compiled SQL: ${facts.compiledPath}` : undefined;
    const help = [missing ?? thrown.hint, path].filter((h) => h !== undefined).join('\n');
    return [error('execute/sql-failed', thrown.message, { span: place, ...(help === '' ? {} : { help }) })];
  }
  if (thrown instanceof LoadFailure) {
    const span: Span = { file: resource.file, line: thrown.line ?? 1, column: thrown.column ?? 1 };
    return [error('execute/load-failed', thrown.message, { span, ...(thrown.help === undefined ? {} : { help: thrown.help }) })];
  }
  const e = thrown as Error;
  return [error('internal/bug', `${label(resource)}: ${e.message ?? String(thrown)}`, { span: at, help: e.stack?.split('\n').slice(1, 4).join('\n') ?? '' })];
}

/** Where the engine misses a relation of the project: it has not been built there, which no hint of the engine can know. */
function notBuilt(message: string, resources: Iterable<Resource>): string | undefined {
  if (!/(does not|doesn't|not) exist/i.test(message)) return undefined;
  let found: Resource | undefined;
  for (const r of resources) {
    if ((r.type !== 'model' && r.type !== 'seed' && r.type !== 'snapshot') || r.config.materialized === 'ephemeral') continue;
    const named = new RegExp(`(^|[^\\w])${r.relation.identifier.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}([^\\w]|$)`).test(message);
    if (named && (found === undefined || r.name.length > found.name.length)) found = r;
  }
  return found === undefined
    ? undefined
    : `${sentence(label(found))} has not been built in this target: dwt ${found.type === 'seed' ? 'seed' : 'build'} --select ${found.type === 'seed' ? '' : '+'}${found.name}`;
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
