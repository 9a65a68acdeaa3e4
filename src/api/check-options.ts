// The options of the API in one table for each function: the types of options.ts are held to it, and what a caller gives is
// checked against it. In: options as they were given. Throws with every one that is unknown or of the wrong kind.
import { type Diagnostic, error, Failure } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { INDIRECT_SELECTIONS } from '../graph/select-parse.ts';
import type { DeferOptions, FreshnessOptions, Host, ProjectOptions, RunFlagOptions, RunOptions, Selection } from './options.ts';
import type { WorkOptions } from './work.ts';

interface Kind {
  /** As in: must be … */
  readonly what: string;
  readonly takes: (value: unknown) => boolean;
}

type Table<T> = Readonly<Record<keyof T, Kind>>;

const text: Kind = { what: 'a text', takes: (v) => typeof v === 'string' };
const texts: Kind = { what: 'a list of texts', takes: (v) => Array.isArray(v) && v.every((item) => typeof item === 'string') };
const yesNo: Kind = { what: 'true or false', takes: (v) => typeof v === 'boolean' };
const count: Kind = { what: 'a whole number of 1 or more', takes: (v) => Number.isInteger(v) && (v as number) >= 1 };
const limit: Kind = { what: 'a whole number', takes: (v) => Number.isInteger(v) };
const mapping: Kind = { what: 'an object', takes: (v) => typeof v === 'object' && v !== null && !Array.isArray(v) };
const set: Kind = { what: 'a Set of ids', takes: (v) => v instanceof Set };
const called: Kind = { what: 'a function', takes: (v) => typeof v === 'function' };
const signal: Kind = { what: 'an AbortSignal', takes: (v) => v instanceof AbortSignal };
const oneOf = (...choices: readonly string[]): Kind => ({
  what: `one of ${choices.map((c) => `'${c}'`).join(', ')}`,
  takes: (v) => typeof v === 'string' && choices.includes(v),
});

const FLAGS: Table<RunFlagOptions> = { fullRefresh: yesNo, failFast: yesNo, empty: yesNo, storeFailures: yesNo };
const PROJECT: Table<ProjectOptions> = {
  projectDir: text,
  target: text,
  vars: mapping,
  threads: count,
  targetPath: text,
  cache: yesNo,
  warnError: yesNo,
  flags: mapping,
};
const SELECTION: Table<Selection> = {
  select: texts,
  exclude: texts,
  selector: text,
  indirectSelection: oneOf(...INDIRECT_SELECTIONS),
  resourceType: texts,
  excludeResourceType: texts,
  state: text,
};
const DEFER: Table<DeferOptions> = { defer: yesNo, favorState: yesNo, deferState: text };
const WORK: Table<WorkOptions> = { looksOnly: yesNo, log: called, warn: called };
const LOOK = { ...WORK, ...DEFER, state: text };
const RUN: Table<RunOptions> = { ...SELECTION, ...FLAGS, ...DEFER, ids: set, manifest: yesNo, as: text, retryOf: text, signal };
const FRESHNESS: Table<FreshnessOptions> = { ...SELECTION, output: text, signal };

const TABLES = {
  openProject: PROJECT,
  select: SELECTION,
  run: RUN,
  plan: RUN,
  freshness: FRESHNESS,
  compile: { ...FLAGS, ...LOOK },
  compileInline: { ...FLAGS, ...LOOK },
  show: { ...LOOK, limit },
  query: { ...LOOK, limit },
  runOperation: WORK,
  writeCatalog: { ...SELECTION, empty: yesNo },
  'history.runs': { limit: count },
  'history.node': { limit: count },
} satisfies Readonly<Record<string, Readonly<Record<string, Kind>>>>;

type Taker = keyof typeof TABLES;

const OF_HOST: readonly string[] = ['cwd', 'env', 'now', 'newId', 'signal', 'version'] satisfies readonly (keyof Host)[];

/** @internal Throws `Failure` with everything that is wrong with the options of a function. */
export function checkOptions(taker: Taker, options: unknown): void {
  if (!mapping.takes(options)) throw new Failure(error('cli/usage', `${taker} takes an object of options, not ${spelled(options)}.`));
  const table: Readonly<Record<string, Kind>> = TABLES[taker];
  const found: Diagnostic[] = [];
  for (const [key, value] of Object.entries(options as object)) {
    const kind = Object.hasOwn(table, key) ? table[key] : undefined;
    if (kind === undefined) found.push(error('cli/usage', `${taker} has no option '${key}'.`, { help: helpFor(taker, key, Object.keys(table)) }));
    else if (value !== undefined && !kind.takes(value)) found.push(wrongKind(taker, key, kind, value));
  }
  if (found.length > 0) throw new Failure(found);
}

/** @internal Throws `Failure` where what comes before the options is of another kind. */
export function checkArgument(taker: string, name: string, kind: 'text' | 'ids' | 'paths' | 'node', value: unknown): void {
  const { what, takes } = ARGUMENTS[kind];
  if (!takes(value)) throw new Failure(error('cli/usage', `The ${name} of ${taker} must be ${what}, not ${spelled(value)}.`));
}

/** @internal These ids; throws `Failure` with each of them that is none of the project's. */
export function checkIds(ids: ReadonlySet<string>, resources: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const strange = [...ids].filter((id) => !resources.has(id));
  if (strange.length === 0) return ids;
  const help = 'Ids are the keys of project.resources, such as model.shop.orders.';
  throw new Failure(strange.map((id) => error('cli/usage', `There is no '${id}' in this project.`, { help: didYouMean(id, [...resources.keys()]) ?? help })));
}

const ARGUMENTS: Readonly<Record<'text' | 'ids' | 'paths' | 'node', Kind>> = {
  text,
  ids: set,
  paths: { ...set, what: 'a Set of paths' },
  node: { what: 'a resource, its id or its name', takes: (v) => typeof v === 'string' || mapping.takes(v) },
};

/** Those of some options that a function takes. */
export function optionsFor(taker: Taker, options: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([key]) => Object.hasOwn(TABLES[taker], key)));
}

function helpFor(taker: Taker, key: string, known: readonly string[]): string {
  const near = didYouMean(key, known);
  if (near !== undefined) return near;
  if (taker === 'openProject' && OF_HOST.includes(key)) return `It is a part of the host: openProject(options, { ${key} }).`;
  const owner = (Object.keys(TABLES) as Taker[]).find((t) => Object.hasOwn(TABLES[t], key));
  return owner === undefined ? `Its options: ${known.join(', ')}.` : `It is an option of ${owner}.`;
}

function wrongKind(taker: Taker, key: string, kind: Kind, value: unknown): Diagnostic {
  const help = kind === texts && typeof value === 'string' ? { help: `Write ['${value}'].` } : {};
  return error('cli/usage', `The option '${key}' of ${taker} must be ${kind.what}, not ${spelled(value)}.`, help);
}

function spelled(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : value === undefined ? 'nothing' : String(value);
}
