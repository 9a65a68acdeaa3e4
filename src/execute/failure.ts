// What went wrong with a node, as diagnostics: the engine's refusal is placed at the line of the file that it is about, not
// at a line of SQL nobody wrote, and what a name was meant to be is told from what is known.
import { relative, sep } from 'node:path';
import { ConnectionFailure, LoadFailure, StatementFailure } from '../adapters/failures.ts';
import type { Compiled } from '../compile/compile.ts';
import { placeOf } from '../compile/origin.ts';
import { PlacedFailure } from '../compile/placed.ts';
import { type Diagnostic, error, Failure, type Related, sentence, type Span } from '../diagnostics/diagnostic.ts';
import { isRefusal, refused } from '../files/refusal.ts';
import type { Target } from '../project/project.ts';
import { type DataTest, label, nameOf, type Place, type Resource } from '../project/resources.ts';
import type { Traced } from '../template/template.ts';
import { configPlace } from './config-place.ts';
import { helpWith, nearRelation } from './near-names.ts';
import { findName, KEYWORDS } from './sql-text.ts';
import { helpWithSyntax } from './syntax-help.ts';
import { causesIn, causesInViews } from './value-causes.ts';

export interface NodeFacts {
  readonly resource: Resource;
  readonly compiled: Compiled | null;
  readonly statement: string | null;
  /** Where the compiled SQL was written, relative to the project. */
  readonly compiledPath: string | null;
  /** Those of the project, to tell what has not been built. */
  readonly resources?: Iterable<Resource>;
  /** The one that was looked into. */
  readonly target?: Target;
  /** Columns of what the node reads, by the last part of the relation's name in lower case. */
  readonly columns?: ReadonlyMap<string, readonly string[]>;
  /** Views and ephemeral models that the node reads, directly or through others. */
  readonly views?: readonly Resource[];
  readonly readText?: (file: string) => string;
  /** Absolute path of the project, for places in files that a query reads. */
  readonly root?: string;
}

/** Diagnostics for anything a plan may throw. */
export function explain(thrown: unknown, facts: NodeFacts, spanOf: (p: Place) => Span): readonly Diagnostic[] {
  const { resource } = facts;
  const at = spanOf(resource.place);
  if (thrown instanceof Failure) return thrown.diagnostics.map((d) => complete(d, facts, at));
  if (thrown instanceof StatementFailure) {
    if (thrown.cancelled) return [error('execute/cancelled', `${label(resource)} was interrupted.`, { span: at })];
    if (thrown.outcomeUnknown) {
      const message = `The connection to the warehouse was lost while ${label(resource)} was committing, so nobody knows whether its changes were made: ${thrown.message}`;
      const help =
        'Look at its table, then run `dwt retry`: that makes right whatever is built anew or has a unique_key. Rows that are only appended would be there twice, if they are there already.';
      return [error('execute/connection', message, { span: at, help })];
    }
    if (thrown.ended === 'here') return [refusal(thrown, facts, at, spanOf)];
    if (thrown.disconnected) {
      const help =
        thrown.hint ?? 'What it had begun is undone by the server, or cleared away by the next run. Look at the log of the server, then run `dwt retry`.';
      return [error('execute/connection', `The connection to the warehouse was lost at ${label(resource)}: ${thrown.message}`, { span: at, help })];
    }
    return [refusal(thrown, facts, at, spanOf)];
  }
  if (thrown instanceof ConnectionFailure)
    return [error('execute/connection', thrown.message, { span: at, ...(thrown.help === undefined ? {} : { help: thrown.help }) })];
  if (thrown instanceof LoadFailure) {
    const span: Span = { file: resource.file, line: thrown.line ?? 1, column: thrown.column ?? 1 };
    return [error('execute/load-failed', thrown.message, { span, ...(thrown.help === undefined ? {} : { help: thrown.help }) })];
  }
  if (isRefusal(thrown)) return [{ ...refused(thrown), span: at }];
  const e = thrown as Error;
  if (e.name === 'AbortError') return [error('execute/cancelled', `${label(resource)} was interrupted.`, { span: at })];
  return [error('internal/bug', `${label(resource)}: ${e.message ?? String(thrown)}`, { span: at, help: e.stack?.split('\n').slice(1, 4).join('\n') ?? '' })];
}

/** A diagnostic of compiling or planning, with what only the node's surroundings tell: its place, what a query asked for. */
function complete({ config, ...d }: Diagnostic, facts: NodeFacts, at: Span): Diagnostic {
  const found = config === undefined || facts.readText === undefined ? undefined : configPlace(facts.resource, config.key, config.text, facts.readText);
  const asked = d.code === 'template/raised' && d.help === undefined ? missingTable(d.message, facts.resources ?? [], facts.target) : undefined;
  return { ...d, span: d.span ?? found ?? at, ...(asked === undefined ? {} : { help: asked }) };
}

/** A file that the query reads is what is wrong: that is the place, and the query comes second. */
function inFile(e: StatementFailure, file: NonNullable<StatementFailure['file']>, { resource, root, compiled }: NodeFacts, at: Span): Diagnostic {
  const reader = compiled?.sql.search(/\bread_csv/i) ?? -1;
  const path = root === undefined ? file.path : relative(root, file.path);
  return error('execute/sql-failed', e.message, {
    span: { file: path.split(sep).join('/'), line: file.line, column: file.column },
    related: [{ message: `${label(resource)} reads the file`, span: (reader < 0 ? undefined : outermost(placeOf(compiled!.origins, reader))) ?? at }],
    ...(e.hint === undefined ? {} : { help: e.hint }),
  });
}

/** What the engine refused, placed and explained. */
function refusal(e: StatementFailure, facts: NodeFacts, at: Span, spanOf: (p: Place) => Span): Diagnostic {
  if (e.file !== undefined) return inFile(e, e.file, facts, at);
  const { resource, compiled } = facts;
  const offset = offsetOf(e, facts);
  const found = offset === undefined || compiled === null ? undefined : placeOf(compiled.origins, offset);
  // The macro of a data test is called by YAML: its own text is what is wrong, or else what the test says.
  const isGeneric = resource.type === 'test' && resource.generic !== null;
  const traced = isGeneric && found?.own === false ? undefined : found;
  const own = traced?.span;
  const column = resource.type === 'test' && own === undefined ? testedColumn(e, resource, spanOf) : undefined;
  const type =
    resource.type === 'seed' && e.missing?.kind === 'type' && facts.readText !== undefined
      ? configPlace(resource, 'column_types', e.missing.name, facts.readText)
      : undefined;
  const place = (e instanceof PlacedFailure ? e.span : undefined) ?? own ?? column ?? type ?? at;
  const causes = e.aboutValue && own === undefined && facts.readText !== undefined ? causesInViews(e.message, facts.views ?? [], facts.readText) : [];
  const calls = e instanceof PlacedFailure || traced === undefined ? [] : callsOf(traced, resource);
  const test = isGeneric && traced !== undefined ? [{ message: `called here, in ${label(resource)}`, span: at }] : [];
  const related: readonly Related[] = [...calls, ...test, ...causes];
  const path = facts.compiledPath !== null && facts.statement?.includes(compiled?.sql ?? '\u0000') === true ? `Compiled SQL: ${facts.compiledPath}` : undefined;
  const help = [helpFor(e, facts, offset, causes), path].filter((h) => h !== undefined).join('\n');
  const message = offset === compiled?.sql.length && e.message.startsWith('syntax error at or near') ? 'syntax error at the end of the query' : e.message;
  return error(e.denied ? 'execute/missing-privilege' : 'execute/sql-failed', message, {
    span: place,
    ...(related.length === 0 ? {} : { related }),
    ...(help === '' ? {} : { help }),
  });
}

/** The calls of macros that led to a place, as errors of templates tell them. */
function callsOf(traced: Traced, resource: Resource): readonly Related[] {
  return traced.calls.map(({ span, inside }) => ({ message: inside === null ? `called here, in ${label(resource)}` : `called here by ${inside}`, span }));
}

/** The place in the template itself. */
function outermost(traced: Traced | undefined): Span | undefined {
  return traced?.calls.at(-1)?.span ?? traced?.span;
}

function helpFor(e: StatementFailure, facts: NodeFacts, offset: number | undefined, causes: readonly Related[]): string | undefined {
  const sql = facts.compiled?.sql ?? facts.statement ?? '';
  const resources = [...(facts.resources ?? [])];
  const notThere = e.missing?.kind === 'relation' ? (notBuilt(e.missing.name, resources, facts.target) ?? notLoaded(e.missing.name, resources)) : undefined;
  if (notThere !== undefined) return notThere;
  if (e.missing !== undefined) return helpWith(e.missing, { sql, columns: facts.columns ?? new Map(), resources }) ?? e.hint;
  if (e.hint !== undefined) return e.hint;
  if (/syntax|parse|unterminated/i.test(e.message)) return quotesNeeded(facts.resource) ?? (offset === undefined ? undefined : helpWithSyntax(sql, offset));
  const views = facts.views ?? [];
  if (!e.aboutValue || offset !== undefined || causes.length > 0 || views.length === 0) return undefined;
  return `The value may come from a view that it reads, whose query runs only now: ${views.map((v) => v.file).join(', ')}`;
}

/** A data test of a column whose name is none without quotes. */
function quotesNeeded(r: Resource): string | undefined {
  const column = r.type === 'test' ? r.generic?.column : undefined;
  if (column === undefined || column === null || (/^[a-z_]\w*$/i.test(column) && !KEYWORDS.has(column.toLowerCase()))) return undefined;
  return `The name '${column}' needs quotes: write "quote: true" beside the name of the column.`;
}

/** A test on a column that is not there is a mistake in the column's name. */
function testedColumn(e: StatementFailure, test: DataTest, spanOf: (p: Place) => Span): Span | undefined {
  const { place, generic } = test;
  if (e.missing?.kind !== 'column' || generic?.column?.toLowerCase() !== e.missing.name.toLowerCase() || !('yaml' in place)) return undefined;
  const columns = place.path.lastIndexOf('columns');
  return columns < 0 ? undefined : spanOf({ yaml: place.yaml, path: [...place.path.slice(0, columns + 2), 'name'], on: 'value' });
}

/** Where the engine misses a relation of the project: it has not been built there, which no hint of the engine can know. */
function notBuilt(name: string, resources: Iterable<Resource>, target: Target | undefined): string | undefined {
  for (const r of resources) {
    if ((r.type !== 'model' && r.type !== 'seed' && r.type !== 'snapshot') || r.config.materialized === 'ephemeral') continue;
    if (r.relation.identifier.toLowerCase() !== name.toLowerCase()) continue;
    const where = target === undefined || target.byDefault === true ? '' : ` --target ${target.name}`;
    return `${sentence(label(r))} has not been built in this target: dwt ${r.type === 'seed' ? 'seed' : 'build'}${where} --select ${r.type === 'seed' ? '' : '+'}${nameOf(r)}`;
  }
  return undefined;
}

/** The table of a source, which something else has to put there. */
function notLoaded(name: string, resources: readonly Resource[]): string | undefined {
  const wanted = name.toLowerCase().split('.').at(-1)!;
  const source = resources.find((r) => r.type === 'source' && r.externalLocation === null && r.relation.identifier.toLowerCase() === wanted);
  if (source?.type !== 'source') return undefined;
  return `It is the table of source '${source.sourceName}.${source.name}', which is not there in this target: load it, or correct its schema and identifier in ${source.file}.`;
}

/** Help with a table that a query of a template asked for in vain. */
function missingTable(message: string, resources: Iterable<Resource>, target: Target | undefined): string | undefined {
  const all = [...resources];
  const name = /(?:Table with name|relation|Table) ["']?([^"'\s]+?)["']? (?:does not|doesn't) exist/.exec(message)?.[1]?.replace(/^.*\./, '');
  return name === undefined ? undefined : (notBuilt(name, all, target) ?? nearRelation(name, all));
}

/** The offset in the compiled SQL that the engine complains about: where it says, else where what it names stands. */
function offsetOf(e: StatementFailure, { compiled, statement }: NodeFacts): number | undefined {
  if (compiled === null || statement === null || compiled.sql === '') return undefined;
  const start = statement.indexOf(compiled.sql);
  if (start < 0) return undefined;
  if (e.line === undefined) {
    if (e.mentions !== undefined) return findName(compiled.sql, e.mentions);
    const causes = e.aboutValue ? causesIn(compiled.sql, e.message) : [];
    return causes.length === 1 ? causes[0] : undefined;
  }
  let line = 0;
  for (let n = 1; n < e.line; n++) line = statement.indexOf('\n', line) + 1;
  const column = e.column ?? (/\S/.exec(statement.slice(line))?.index ?? 0) + 1;
  const offset = line + column - 1 - start;
  if (offset < 0) return undefined;
  if (offset <= compiled.sql.length) return offset;
  // What follows the query is ours: the engine came to the end of the query and missed something.
  return statement.slice(start + compiled.sql.length, start + offset).trim() === '' ? compiled.sql.length : undefined;
}
