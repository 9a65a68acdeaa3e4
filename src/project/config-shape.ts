// The shapes of configuration, made from the table of keys: what `config:` of a property file may hold, and what the
// trees of project.yml may (folders, names, and keys with or without `+`).
import { isMisspelt, nearest } from '../diagnostics/nearest.ts';
import { canonicalKey, CONFIG_KEYS, FOREIGN_KEYS, MATERIALIZATIONS } from './config.ts';
import { type Definitions, type JsonSchema, orNull, when } from './json-schema.ts';
import type { ResourceType } from './resources.ts';
import { isMapping, type Mistake, named, type Path, type Report, type Shape, templated, textSuch, wrongType } from './shape.ts';

export type Tree = Readonly<Record<string, unknown>>;

const PLURALS: Readonly<Partial<Record<ResourceType, string>>> = { analysis: 'analyses', test: 'data tests' };
const EXAMPLES: Readonly<Partial<Record<ResourceType, string>>> = { model: 'materialized: table', test: 'severity: warn' };
const OLDER_SPELLINGS = ['pre_hook', 'post_hook'];

/** Several of a kind, in words. */
export function plural(types: readonly ResourceType[]): string {
  return types.map((t) => PLURALS[t] ?? `${t.replace('_', ' ')}s`).join(', ');
}

/** What `config:` of a property file may hold for a kind of resource. */
export function configShape(type: ResourceType): Shape<Readonly<Record<string, unknown>>> {
  return named(`${type}_config`, {
    expected: 'keys with values',
    check: (value, path, report) => {
      if (!isMapping(value))
        report(wrongType(path, value, 'keys with values', `Write it as {${EXAMPLES[type] ?? 'tags: [nightly]'}}, or with a line for each key.`));
      else for (const [k, v] of Object.entries(value)) checkOwnKey(k, v, type, [...path, k], report);
    },
    json: (d) => ({
      type: 'object',
      properties: keySchemas(type, d),
      patternProperties: { [oneOf(FOREIGN_KEYS)]: FOREIGN },
      additionalProperties: false,
    }),
  });
}

/** What a tree of project.yml may hold for a kind of resource. */
export function treeShape(type: ResourceType): Shape<Tree> {
  const name = `${type}_folder`;
  return named(name, {
    expected: 'keys with values',
    check: (value, path, report) => {
      if (isMapping(value)) checkTree(value, type, path, report);
      else report(wrongType(path, value, 'keys with values', 'Write a line for each key, such as "+tags: nightly", or for each folder.'));
    },
    json: (d) => {
      const folder = { $ref: `#/$defs/${name}` };
      const keys = keySchemas(type, d);
      const elsewhere = [...Object.keys(CONFIG_KEYS), ...OLDER_SPELLINGS].filter((k) => !Object.hasOwn(keys, k));
      const merged = elsewhere.filter(isMerged);
      const others = elsewhere.filter((k) => !isMerged(k));
      return {
        type: 'object',
        properties: {
          ...Object.fromEntries(Object.entries(keys).map(([k, schema]) => [`+${k}`, schema])),
          ...Object.fromEntries(Object.entries(keys).map(([k, schema]) => [k, when(likeFolder(isMerged(k)), folder, schema)])),
        },
        patternProperties: {
          [oneOf(FOREIGN_KEYS)]: when(likeFolder(false), folder),
          [oneOf(FOREIGN_KEYS, '\\+')]: FOREIGN,
          [`^\\+(?!(?:${[...Object.keys(keys), ...FOREIGN_KEYS].join('|')})$)`]: false,
          // Keys of other kinds of resources.
          ...(merged.length === 0 ? {} : { [oneOf(merged)]: when(likeFolder(true), folder, false) }),
          ...(others.length === 0 ? {} : { [oneOf(others)]: when(likeFolder(false), folder, false) }),
        },
        additionalProperties: orNull(folder),
      };
    },
  });
}

const OWN = 'Put facts of your own under `meta`.';
const FOREIGN: JsonSchema = { description: 'For other engines; without effect here.' };

function oneOf(keys: Iterable<string>, before = ''): string {
  return `^${before}(?:${[...keys].join('|')})$`;
}

/** Each key of configuration of a kind of resource, with its schema. */
function keySchemas(type: ResourceType, d: Definitions): Record<string, JsonSchema> {
  const schemas: Record<string, JsonSchema> = {};
  for (const [k, key] of Object.entries(CONFIG_KEYS))
    if (key.on.includes(type)) schemas[k] = { ...orNull(valueShape(k).json(d)), description: key.description };
  for (const older of OLDER_SPELLINGS) if (schemas[canonicalKey(older)] !== undefined) schemas[older] = schemas[canonicalKey(older)]!;
  return schemas;
}

/** What a key of configuration may be set to: its shape, or a template. */
function valueShape(name: string): Shape<unknown> {
  return templated(name === 'materialized' ? textSuch(...MATERIALIZATIONS) : CONFIG_KEYS[name]!.shape);
}

function isMerged(k: string): boolean {
  return CONFIG_KEYS[canonicalKey(k)]?.merge === 'merge';
}

/** Values of a key without `+` that are taken for a folder. */
function likeFolder(merged: boolean): JsonSchema {
  return merged ? { type: 'object', not: { propertyNames: { pattern: '^(?!\\+)' } } } : { type: 'object' };
}

export function isConfigKey(k: string): boolean {
  return Object.hasOwn(CONFIG_KEYS, canonicalKey(k)) || FOREIGN_KEYS.has(k);
}

/** `meta: {…}` without `+`: a key of configuration whose value happens to have keys, and none of them looks like a folder's. */
export function isMappingConfig(k: string, v: Tree): boolean {
  if (k.startsWith('+')) return true;
  return CONFIG_KEYS[canonicalKey(k)]?.merge === 'merge' && !Object.keys(v).some((inner) => inner.startsWith('+'));
}

/** Every mistake in a tree: unknown keys, wrong types. */
function checkTree(tree: Tree, type: ResourceType, at: Path, report: Report): void {
  for (const [k, v] of Object.entries(tree)) {
    const path = [...at, k];
    if (k.startsWith('+') || (isConfigKey(k) && (!isMapping(v) || isMappingConfig(k, v)))) checkConfigKey(k, v, type, path, report);
    else if (isMapping(v)) checkTree(v, type, path, report);
    else if (v !== null) report(unknownInTree(k, v, type, path));
  }
}

/** A key without `+` whose value has no keys: a configuration that is misspelt, or a folder that is no folder. */
function unknownInTree(k: string, v: unknown, type: ResourceType, path: Path): Mistake {
  const unknown = unknownKey(k, type, path);
  if (unknown.severity !== 'warning' || unknown.near === true) return unknown;
  const help = `A folder or a ${type.replace('_', ' ')} has keys below it; a configuration has a + before it.`;
  return { ...unknown, help: Array.isArray(v) || typeof v !== 'string' ? help : `${help} Facts of your own go under +meta.` };
}

/** Mistakes of one key in `config:`. */
function checkOwnKey(k: string, value: unknown, type: ResourceType, path: Path, report: Report): void {
  if (!k.startsWith('+')) checkConfigKey(k, value, type, path, report);
  else
    report({
      path,
      on: 'key',
      kind: 'unknown-config',
      message: `'${k}' has a +, which keys of configuration have in project.yml alone.`,
      help: `Write '${canonicalKey(k)}'.`,
    });
}

/** Mistakes of one key of configuration, wherever it is set. What may be another engine's or a materialization's own is a warning. */
export function checkConfigKey(k: string, value: unknown, type: ResourceType, path: Path, report: Report): void {
  const name = canonicalKey(k);
  const rule = Object.hasOwn(CONFIG_KEYS, name) ? CONFIG_KEYS[name] : undefined;
  if (rule === undefined) {
    if (!FOREIGN_KEYS.has(name)) report(unknownKey(k, type, path));
    return;
  }
  if (!rule.on.includes(type)) {
    report({ path, on: 'key', kind: 'unknown-config', severity: 'warning', message: `'${name}' configures ${plural(rule.on)}, not ${plural([type])}.` });
    return;
  }
  if (value !== null) valueShape(name).check(value, path, report);
}

/** Without them a table would have other rows, so they are not passed over. https://github.com/duckdb/dbt-duckdb */
const DECISIVE: ReadonlySet<string> = new Set(['merge_update_condition', 'merge_insert_condition', 'merge_update_set_expressions', 'merge_clauses']);

/** A key that is nearly one of ours is a slip, and an error; any other may be a project's own. */
function unknownKey(k: string, type: ResourceType, path: Path): Mistake & { readonly near?: true } {
  const known = Object.keys(CONFIG_KEYS).filter((c) => CONFIG_KEYS[c]!.on.includes(type));
  const near = nearest(canonicalKey(k), [...known, ...OLDER_SPELLINGS]);
  if (DECISIVE.has(canonicalKey(k)))
    return {
      path,
      on: 'key',
      kind: 'unknown-config',
      message: `'${canonicalKey(k)}' of dbt-duckdb decides which rows a merge writes, and dwt does not have it.`,
      help: 'Say it in the query or in incremental_predicates, or write a strategy of your own: a macro get_incremental_<name>_sql.',
    };
  return {
    path,
    on: 'key',
    kind: 'unknown-config',
    message: `'${canonicalKey(k)}' is not a configuration of ${plural([type])}.`,
    ...(near === undefined
      ? { severity: 'warning', help: k === 'description' ? "It describes: write it beside 'config:'." : OWN }
      : isMisspelt(canonicalKey(k), near)
        ? { help: `Did you mean '${near}'?` }
        : { severity: 'warning', near: true, help: `Did you mean '${near}'? ${OWN}` }),
  };
}
