// Help with what a statement names and the engine does not know: the near name among the columns of what the node reads,
// the relations of the project, the tables of the query, common functions and types.
import type { Missing } from '../adapters/failures.ts';
import { didYouMean, nearest } from '../diagnostics/nearest.ts';
import { label, type Resource } from '../project/resources.ts';
import { portableInstead } from './foreign-functions.ts';
import { givenNames, tablesOf } from './sql-text.ts';

export interface Surroundings {
  /** The SQL of the node. */
  readonly sql: string;
  /** Columns of what the node reads, by the last part of the relation's name. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
  /** Resources of the project. */
  readonly resources: readonly Resource[];
}

/** What to do about a missing name, or nothing where nothing near is known. */
export function helpWith(missing: Missing, s: Surroundings): string | undefined {
  switch (missing.kind) {
    case 'column':
      return helpWithColumn(missing, s);
    case 'alias':
      return helpWithAlias(missing.name, s, missing.candidates);
    case 'relation':
      return nearRelation(missing.name, s.resources) ?? didYouMean(missing.name, missing.candidates ?? []);
    case 'function':
      return portableInstead(missing.name) ?? didYouMean(missing.name, [...(missing.candidates ?? []), ...FUNCTIONS]);
    case 'type':
      return didYouMean(missing.name, [...(missing.candidates ?? []), ...TYPES]);
  }
}

function helpWithColumn({ name, qualifier, candidates = [] }: Missing, s: Surroundings): string | undefined {
  const quotes = /^[\u2018-\u201f]/.test(name) ? `These are typographic quotes: write '${name.replaceAll(/[\u2018-\u201f]/g, '')}'.` : undefined;
  if (quotes !== undefined) return quotes;
  const tables = tablesOf(s.sql);
  const table = qualifier === undefined ? undefined : [...tables].find(([as]) => as.toLowerCase() === qualifier.toLowerCase())?.[1];
  if (qualifier !== undefined && table === undefined && tables.size > 0) return helpWithAlias(qualifier, s);
  const all = [...s.columns].flatMap(([, columns]) => columns);
  const own = table === undefined ? undefined : s.columns.get(table.toLowerCase());
  const offered = candidates.map((c) => c.replace(/^.*\./, ''));
  const near = nearest(name, own ?? [...offered, ...all, ...givenNames(s.sql)]);
  if (near !== undefined) return `Did you mean '${near}'?`;
  const here = own ?? (s.columns.size === 1 ? all : offered);
  return here.length === 0 ? undefined : `Columns here: ${listed(here)}.`;
}

function helpWithAlias(name: string, s: Surroundings, candidates: readonly string[] = []): string | undefined {
  const tables = [...new Set([...tablesOf(s.sql).keys(), ...candidates.map((c) => c.replace(/^.*\./, ''))])];
  return didYouMean(name, tables) ?? (tables.length === 0 ? undefined : `Tables here: ${listed(tables)}.`);
}

/** The near name among the relations of the project, and how to read it. */
export function nearRelation(name: string, resources: readonly Resource[]): string | undefined {
  const byName = new Map<string, Resource>();
  for (const r of resources) if (r.type === 'model' || r.type === 'seed' || r.type === 'snapshot' || r.type === 'source') byName.set(identifierOf(r), r);
  const near = nearest(name, byName.keys());
  const found = near === undefined ? undefined : byName.get(near)!;
  if (found === undefined) return undefined;
  const call = found.type === 'source' ? `source('${found.sourceName}', '${found.name}')` : `ref('${found.name}')`;
  return `Did you mean '${near}'? That is ${label(found)}: {{ ${call} }}.`;
}

function identifierOf(r: Resource): string {
  return 'relation' in r ? r.relation.identifier : r.name;
}

const LISTED = 12;

function listed(names: readonly string[]): string {
  return names.length <= LISTED ? names.join(', ') : `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more`;
}

/** Functions of all engines. */
const FUNCTIONS = (
  'abs avg ceil ceiling coalesce concat count current_date current_timestamp dense_rank extract first_value floor greatest lag last_value lead least left ' +
  'length lower lpad ltrim max md5 min mod now nullif power rank regexp_replace repeat replace reverse right round row_number rpad rtrim sqrt stddev substr ' +
  'substring sum trim upper variance'
).split(' ');

const TYPES = 'bigint boolean char date decimal double float integer int json numeric real smallint text time timestamp timestamptz uuid varchar'.split(' ');
