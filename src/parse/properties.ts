// Property files: the shape of models.yml and its kin, as dbt documents them
// (https://docs.getdbt.com/reference/configs-and-properties). What an entry's data tests look like is in test-entry.ts.
import { CONFIG_KEYS } from '../project/config.ts';
import { configShape, plural } from '../project/config-shape.ts';
import { when } from '../project/json-schema.ts';
import type { ResourceType } from '../project/resources.ts';
import {
  anything,
  bool,
  either,
  type Infer,
  list,
  map,
  named,
  integer,
  object,
  oneOfTexts,
  optional,
  scalar,
  type Shape,
  text,
  textLike,
} from '../project/shape.ts';
import { freshnessShape } from '../project/freshness.ts';
import { constraints, docs, quoting } from '../project/parts.ts';
import { tests } from './test-entry.ts';

const description = optional(scalar, 'What it is, for the docs.');
const meta = optional(map(anything), 'Free-form facts.');
const date = textLike(/^\d{4}-\d{2}-\d{2}([T ].*)?$/, 'a date such as 2026-12-31');
const tags = optional(either(text, list(text)), 'Labels for selection.');
const data_type = optional(text, 'Its type in the warehouse.');
const configOf = (type: ResourceType): ReturnType<typeof optional<Readonly<Record<string, unknown>>>> =>
  optional(configShape(type), 'Configuration, as in the file itself.');

/** A key that configures, written beside `config:`. */
const belongsToConfig =
  (type: ResourceType) =>
  (key: string): string | undefined =>
    CONFIG_KEYS[key] === undefined
      ? undefined
      : CONFIG_KEYS[key].on.includes(type)
        ? "It is a configuration: write it under 'config:'."
        : `It configures ${plural(CONFIG_KEYS[key].on)}.`;

/** What of an entry changes neither what is built nor what is tested. */
const WORDS: ReadonlySet<string> = new Set(
  'constraints data_type deprecation_date description docs granularity label loader maturity meta owner policy_tags url version'.split(' '),
);

const legacyKeys = {
  docs: optional(docs, 'How it appears in the docs.'),
  meta,
  tags,
  group: optional(text, 'The group it belongs to.'),
  access: optional(oneOfTexts('private', 'protected', 'public'), 'Who may refer to it.'),
};

const column = named(
  'column',
  object(
    {
      name: scalar,
      description,
      data_type,
      quote: optional(bool, 'Whether data tests quote its name.'),
      meta,
      tags,
      constraints,
      tests,
      data_tests: tests,
      config: optional(object({ meta, tags }, { what: 'the configuration of a column', words: WORDS }), 'Its meta and tags.'),
      docs: optional(docs),
      policy_tags: optional(list(text), 'Accepted for compatibility.'),
      granularity: optional(text, 'Accepted for compatibility.'),
      entity: optional(anything),
      dimension: optional(anything),
    },
    { what: 'a column', words: WORDS, apart: ['tests', 'data_tests'] },
  ),
);
export type ColumnEntry = Infer<typeof column>;

const columns = optional(list(column), 'Its columns: descriptions, types, data tests.');

const included = object(
  { include: optional(either(text, list(text)), 'Columns of the model, or all.'), exclude: optional(list(text), 'Columns left out.') },
  { what: 'a choice of columns' },
);
const version = object(
  {
    v: scalar,
    defined_in: optional(text, 'The file that holds it, without its ending.'),
    description,
    config: configOf('model'),
    columns: optional(list(versionColumn())),
    tests,
    data_tests: tests,
    constraints,
    deprecation_date: optional(date, 'The day from which it should not be used.'),
    docs: optional(docs),
    access: legacyKeys.access,
    meta,
  },
  { what: 'a version', words: WORDS, apart: ['tests', 'data_tests'], hint: belongsToConfig('model') },
);
export type VersionEntry = Infer<typeof version>;

/** A column of a version, or which columns of the model it has. */
function versionColumn(): Shape<Readonly<Record<string, unknown>>> {
  const isChoice = (value: unknown): boolean => typeof value === 'object' && value !== null && ('include' in value || 'exclude' in value);
  return {
    expected: 'a column',
    check: (value, path, report) => (isChoice(value) ? included : column).check(value, path, report),
    json: (d) => when({ type: 'object', anyOf: [{ required: ['include'] }, { required: ['exclude'] }] }, included.json(d), column.json(d)),
  };
}

const relationEntry = { name: text, description, columns, tests, data_tests: tests, constraints, ...legacyKeys };
const entry = <const E extends Readonly<Record<string, Shape<unknown>>>>(type: ResourceType, what: string, more: E) =>
  object({ ...relationEntry, config: configOf(type), ...more }, { what, words: WORDS, apart: ['tests', 'data_tests'], hint: belongsToConfig(type) });

const model = entry('model', 'a model', {
  latest_version: optional(scalar, 'The version that ref() without a version means.'),
  versions: optional(list(version), 'Its versions, each a file of its own.'),
  deprecation_date: optional(date, 'The day from which it should not be used.'),
  time_spine: optional(anything),
  primary_key: optional(anything),
  freshness: optional(freshnessShape, 'Accepted for compatibility.'),
  semantic_model: optional(anything),
  metrics: optional(anything),
  primary_entity: optional(anything),
  agg_time_dimension: optional(anything),
  derived_semantics: optional(anything),
  materialized: optional(text, 'How it is built; better under config.'),
  enabled: optional(bool, 'Whether it takes part; better under config.'),
});
const seed = entry('seed', 'a seed', { quote_columns: optional(bool, 'Whether names of columns keep their capitals on PostgreSQL.') });
const snapshot = entry('snapshot', 'a snapshot', { relation: optional(text, "What it is taken of: ref('orders') or source('shop', 'orders').") });
export type RelationEntry = Infer<typeof model> & { readonly relation?: string };

const sourceFields = {
  description,
  database: optional(text, 'Database (catalog) that it lies in.'),
  schema: optional(text, "Schema that it lies in; the source's name if absent."),
  loader: optional(text, 'Who loads it.'),
  loaded_at_field: optional(text, 'The column that says when a row was loaded.'),
  loaded_at_query: optional(text, 'A query for the newest load.'),
  freshness: optional(freshnessShape, 'How old the newest row may be.'),
  quoting: optional(quoting, 'Accepted for compatibility; names are always quoted.'),
  overrides: optional(text),
  config: configOf('source'),
  tests,
  data_tests: tests,
  external: optional(anything),
  ...legacyKeys,
};
const sourceOptions = { apart: ['tests', 'data_tests'], hint: belongsToConfig('source') } as const;
const table = object(
  { name: text, identifier: optional(text, 'Its name in the warehouse, where it is another.'), columns, ...sourceFields },
  { what: 'a table of a source', words: WORDS, ...sourceOptions },
);
const source = object({ name: text, tables: optional(list(table), 'Its tables.'), ...sourceFields }, { what: 'a source', words: WORDS, ...sourceOptions });
export type SourceEntry = Infer<typeof source>;
export type TableEntry = Infer<typeof table>;

const macro = object(
  {
    name: text,
    description,
    arguments: optional(
      list(object({ name: text, type: optional(text, 'Its type, in words.'), description }, { what: 'an argument', words: WORDS })),
      'Its arguments, for the docs.',
    ),
    docs: optional(docs),
    meta,
    config: optional(object({ meta, docs: optional(docs) }, { what: 'the configuration of a macro', words: WORDS })),
  },
  { what: 'a macro', words: WORDS },
);
export type MacroPropertiesEntry = Infer<typeof macro>;

const owner = object(
  { name: optional(text, 'A name.'), email: optional(either(text, list(text)), 'An address, or several.') },
  { what: 'an owner', open: true, some: ['name', 'email'] },
);
const group = object(
  { name: text, owner, description, config: optional(object({ meta }, { what: 'the configuration of a group', words: WORDS })) },
  { what: 'a group', spare: ['owner'], words: WORDS },
);

const exposure = object(
  {
    name: text,
    label: optional(text, 'Its title.'),
    type: oneOfTexts('dashboard', 'notebook', 'analysis', 'ml', 'application'),
    url: optional(text, 'Where it is found.'),
    maturity: optional(oneOfTexts('low', 'medium', 'high'), 'How far it can be relied on.'),
    owner,
    depends_on: optional(list(text), "What it reads: ref('orders'), source('shop', 'orders')."),
    description,
    config: configOf('exposure'),
    tags,
    meta,
    enabled: optional(bool, 'Whether it takes part; better under config.'),
  },
  { what: 'an exposure', spare: ['type', 'owner'], words: WORDS, hint: belongsToConfig('exposure') },
);

const singularTest = object(
  { name: text, description, config: configOf('test'), docs: optional(docs), meta },
  { what: 'a data test', words: WORDS, hint: belongsToConfig('test') },
);
const unitTest = object({ name: text }, { open: true });

export const propertiesShape = object(
  {
    version: optional(either(integer, textLike(/^\d+$/, 'a text of digits')), 'Accepted and not needed: 2.'),
    models: optional(list(model), 'Models that exist: descriptions, configuration, data tests.'),
    seeds: optional(list(seed), 'Seeds that exist.'),
    snapshots: optional(list(snapshot), 'Snapshots: those that exist, and, with a relation, those defined here.'),
    analyses: optional(list(entry('analysis', 'an analysis', {})), 'Analyses that exist.'),
    sources: optional(list(source), 'Tables that the project reads and does not build.'),
    macros: optional(list(macro), 'Macros that exist.'),
    exposures: optional(list(exposure), 'What outside of the project depends on it.'),
    groups: optional(list(group), 'Who owns what.'),
    data_tests: optional(list(singularTest), 'Singular data tests that exist.'),
    unit_tests: optional(list(unitTest), 'Read and left aside.'),
    metrics: optional(list(anything), 'Read and left aside.'),
    semantic_models: optional(list(anything), 'Read and left aside.'),
    saved_queries: optional(list(anything), 'Read and left aside.'),
    functions: optional(list(anything), 'Read and left aside.'),
    anchors: optional(anything, 'A place for YAML anchors.'),
  },
  { what: 'a property file', words: WORDS },
);
export type PropertiesFile = Infer<typeof propertiesShape>;
