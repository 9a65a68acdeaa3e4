// Property files: the shape of models.yml and its kin, as dbt documents them
// (https://docs.getdbt.com/reference/configs-and-properties), and the data tests written in them.
import { anything, bool, either, type Infer, isMapping, list, map, nullable, object, optional, scalar, text } from '../project/shape.ts';
import { CONFIG_KEYS } from '../project/config.ts';
import { freshnessShape } from '../project/freshness.ts';

const tests = optional(list(either(text, map(anything))), 'Data tests.');
const config = optional(map(anything), 'Configuration, as in the file itself.');
const description = optional(nullable(scalar), 'What it is, for the docs.');
const constraints = optional(list(map(anything)));
const legacyKeys = {
  docs: optional(map(anything)),
  meta: optional(map(anything)),
  tags: optional(either(text, list(text))),
  group: optional(text),
  access: optional(text),
};

const column = object(
  {
    name: scalar,
    description,
    data_type: optional(text),
    quote: optional(bool),
    meta: optional(map(anything)),
    tags: optional(either(text, list(text))),
    constraints,
    tests,
    data_tests: tests,
    config,
    policy_tags: optional(list(text)),
    granularity: optional(text),
    entity: optional(anything),
    dimension: optional(anything),
  },
  { what: 'a column' },
);
export type ColumnEntry = Infer<typeof column>;

const columns = optional(list(column));

const version = object(
  {
    v: scalar,
    defined_in: optional(text),
    description,
    config,
    columns: optional(list(anything)),
    tests,
    data_tests: tests,
    constraints,
    deprecation_date: optional(scalar),
    docs: optional(map(anything)),
    access: optional(text),
    meta: optional(map(anything)),
  },
  { what: 'a version' },
);
export type VersionEntry = Infer<typeof version>;

const relationEntry = { name: text, description, config, columns, tests, data_tests: tests, constraints, ...legacyKeys };

const model = object(
  {
    ...relationEntry,
    latest_version: optional(scalar),
    versions: optional(list(version)),
    deprecation_date: optional(scalar),
    time_spine: optional(anything),
    primary_key: optional(anything),
    freshness: optional(anything),
    semantic_model: optional(anything),
    metrics: optional(anything),
    agg_time_dimension: optional(anything),
    derived_semantics: optional(anything),
    materialized: optional(text),
    enabled: optional(bool),
  },
  { what: 'a model' },
);
const seed = object(relationEntry, { what: 'a seed' });
const snapshot = object({ ...relationEntry, relation: optional(text) }, { what: 'a snapshot' });
export type RelationEntry = Infer<typeof model> & { readonly relation?: string };

const sourceFields = {
  description,
  database: optional(text),
  schema: optional(text),
  loader: optional(text),
  loaded_at_field: optional(text),
  loaded_at_query: optional(text),
  freshness: optional(freshnessShape),
  quoting: optional(anything),
  overrides: optional(text),
  config,
  tests,
  data_tests: tests,
  external: optional(anything),
  ...legacyKeys,
};
const table = object({ name: text, identifier: optional(text), columns, ...sourceFields }, { what: 'a table of a source' });
const source = object({ name: text, tables: optional(list(table)), ...sourceFields }, { what: 'a source' });
export type SourceEntry = Infer<typeof source>;
export type TableEntry = Infer<typeof table>;

const macro = object(
  {
    name: text,
    description,
    arguments: optional(list(object({ name: text, type: optional(text), description }, { what: 'an argument' }))),
    docs: optional(map(anything)),
    meta: optional(map(anything)),
    config,
  },
  { what: 'a macro' },
);
const named = object({ name: text }, { open: true });
const group = object(
  { name: text, owner: map(anything), description, config, docs: optional(map(anything)), meta: optional(map(anything)) },
  { what: 'a group' },
);

export const propertiesShape = object(
  {
    version: optional(scalar),
    models: optional(list(model)),
    seeds: optional(list(seed)),
    snapshots: optional(list(snapshot)),
    analyses: optional(list(object({ ...relationEntry }, { what: 'an analysis' }))),
    sources: optional(list(source)),
    macros: optional(list(macro)),
    exposures: optional(
      list(
        object(
          {
            name: text,
            label: optional(text),
            type: optional(text),
            url: optional(text),
            maturity: optional(text),
            owner: optional(map(anything)),
            depends_on: optional(list(text)),
            description,
            config,
            tags: optional(either(text, list(text))),
            meta: optional(map(anything)),
            enabled: optional(bool),
          },
          { what: 'an exposure' },
        ),
      ),
    ),
    groups: optional(list(group)),
    data_tests: optional(
      list(object({ name: text, description, config, docs: optional(map(anything)), meta: optional(map(anything)) }, { what: 'a data test' })),
    ),
    unit_tests: optional(list(named)),
    metrics: optional(list(anything)),
    semantic_models: optional(list(anything)),
    saved_queries: optional(list(anything)),
    functions: optional(list(anything)),
    anchors: optional(anything),
  },
  { what: 'a property file' },
);
export type PropertiesFile = Infer<typeof propertiesShape>;

/** A data test as written, taken apart. */
export interface TestEntry {
  /** `not_null`, or `package.test`. */
  readonly test: string;
  readonly name: string | null;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
  readonly description: string;
}

/** Keys beside the arguments that are configuration, as dbt accepts them. */
const TEST_CONFIG = new Set(Object.keys(CONFIG_KEYS).filter((k) => CONFIG_KEYS[k]!.on.includes('test')));

/** Takes one entry of `data_tests:` apart: `unique`, `{accepted_values: {…}}` or `{test_name: …, arguments: …}`. Undefined where it is none of these. */
export function readTestEntry(entry: unknown): TestEntry | undefined {
  if (typeof entry === 'string') return { test: entry, name: null, arguments: {}, config: {}, description: '' };
  if (!isMapping(entry)) return undefined;
  const { test, body } = testAndBody(entry);
  if (test === undefined || (body !== null && !isMapping(body))) return undefined;
  const arguments_: Record<string, unknown> = {};
  const config: Record<string, unknown> = {};
  let name: string | null = null;
  let description = '';
  for (const [k, v] of Object.entries(body ?? {})) {
    if (k === 'config' && isMapping(v)) Object.assign(config, v);
    else if (k === 'arguments' && isMapping(v)) Object.assign(arguments_, v);
    else if (k === 'name' && typeof v === 'string') name = v;
    else if (k === 'description') description = String(v ?? '');
    else if (TEST_CONFIG.has(k)) config[k] = v;
    else arguments_[k] = v;
  }
  return { test, name, arguments: arguments_, config, description };
}

function testAndBody(entry: Record<string, unknown>): { test: string | undefined; body: unknown } {
  if (typeof entry['test_name'] === 'string') {
    const { test_name: test, ...body } = entry;
    return { test: test, body };
  }
  const beside = new Set(['name', 'description', 'config', 'arguments', 'severity', 'tags', 'where', 'limit', 'enabled', 'meta']);
  const keys = Object.keys(entry);
  const test = keys.length === 1 ? keys[0] : keys.find((k) => !beside.has(k));
  if (test === undefined) return { test: undefined, body: null };
  const { [test]: body, ...rest } = entry;
  return { test, body: isMapping(body) || body === null ? { ...rest, ...body } : body };
}
