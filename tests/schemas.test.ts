// One definition, two uses: what the shapes find nothing wrong with is valid under the published JSON Schemas, and
// nothing else is. On the YAML files of this repository, and on values made out of good ones by slips.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { schemaFiles } from '../src/api/schemas.ts';
import { readYaml } from '../src/parse/yaml.ts';
import { CONFIG_KEYS } from '../src/project/config.ts';
import type { Mistake, Shape } from '../src/project/shape.ts';

const root = resolve(import.meta.dirname, '..');
const ajv = new Ajv2020({ allErrors: false, strictTypes: false, strictRequired: false });
const [project, properties, selectors] = schemaFiles().map(({ shape, schema }) => ({ shape, schema, valid: ajv.compile(schema) })) as [Kind, Kind, Kind];

interface Kind {
  readonly shape: Shape<unknown>;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly valid: ValidateFunction;
}

function mistakes(shape: Shape<unknown>, value: unknown): Mistake[] {
  const found: Mistake[] = [];
  shape.check(value, [], (m) => found.push(m));
  return found;
}

function kindOf(file: string): Kind {
  return /(^|\/)(dbt_)?project\.yml$/.test(file) ? project : file.endsWith('selectors.yml') ? selectors : properties;
}

/** YAML files below a folder that dwt reads: not the declarations of sample data, nor what belongs to the tests. */
function files(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((f) => `${folder}/${f}`)
    .filter((f) => /\.ya?ml$/.test(f) && !/(^|\/)(generate|case)\.ya?ml$|(^|\/)(expected|target)\//.test(f));
}

test('the YAML files of the demo and the examples are valid', () => {
  const found = ['project.yml', ...['models', 'seeds', 'snapshots', 'macros', 'examples'].flatMap(files)];
  expect(found.length).toBeGreaterThan(8);
  for (const file of found) {
    const { valid } = kindOf(file);
    expect(valid(readYaml(readFileSync(join(root, file), 'utf8'), file).data), `${file}: ${JSON.stringify(valid.errors)}`).toBe(true);
  }
});

test('of the YAML files of the cases, those are valid that the shapes find nothing wrong with', () => {
  const found = files('tests/cases');
  expect(found.length).toBeGreaterThan(100);
  let wrong = 0;
  for (const file of found) {
    const { data } = readYaml(readFileSync(join(root, file), 'utf8'), file);
    if (data === undefined || data === null) continue;
    const { shape, valid } = kindOf(file);
    const own = mistakes(shape, data);
    if (own.length > 0) wrong++;
    expect(valid(data), `${file}: ${JSON.stringify(own)} ${JSON.stringify(valid.errors)}`).toBe(own.length === 0);
  }
  expect(wrong).toBeGreaterThan(5);
});

describe('the shapes and the schemas agree on what slips make of', () => {
  it.each([
    ['project', project, 'project.yml'],
    ['properties', properties, 'properties.yml'],
    ['selectors', selectors, 'selectors.yml'],
  ] as const)('%s files', (_, { shape, valid }, sample) => {
    const { data } = readYaml(readFileSync(join(import.meta.dirname, 'schemas', sample), 'utf8'), sample);
    expect(mistakes(shape, data)).toEqual([]);
    expect(valid(data), JSON.stringify(valid.errors)).toBe(true);
    let [good, bad] = [0, 0];
    fc.assert(
      fc.property(fc.array(slip, { minLength: 1, maxLength: 2 }), (slips) => {
        const value = slips.reduce<unknown>((v, s) => change(v, s), data);
        const own = mistakes(shape, value);
        if (own.length === 0) good++;
        else bad++;
        expect(valid(value), `${JSON.stringify(value)}\n${JSON.stringify(own)}\n${JSON.stringify(valid.errors)}`).toBe(own.length === 0);
      }),
      { numRuns: 1500 },
    );
    expect(Math.min(good, bad)).toBeGreaterThan(200);
  });
});

test('every key of configuration says in the schema what it is for', () => {
  const definitions = properties.schema['$defs'] as Readonly<
    Record<string, { readonly properties: Readonly<Record<string, { readonly description?: string }>> }>
  >;
  for (const type of ['model', 'seed', 'snapshot', 'test', 'source', 'exposure'] as const)
    for (const [key, { on, description }] of Object.entries(CONFIG_KEYS))
      if (on.includes(type)) expect(definitions[`${type}_config`]!.properties[key]?.description, `${type} ${key}`).toBe(description);
});

// -- Slips: something at a random place of a good value is renamed, replaced, left out, or added.

interface Slip {
  readonly where: number;
  readonly how: 'rename' | 'replace' | 'remove' | 'add' | 'template' | 'plus';
  readonly key: string;
  readonly value: unknown;
}

const names = [
  'name',
  'nmae',
  'tests',
  'data_tests',
  '+enabled',
  'enabled',
  'meta',
  '+meta',
  'tags',
  'config',
  'exclude',
  'union',
  'method',
  'type',
  'unique',
  'materialized',
  '+materialized',
  'pre_hook',
  'bind',
  'model_paths',
  'x',
];
const value = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    1,
    5,
    -1,
    1.5,
    '',
    'a',
    'view',
    'Table',
    'true',
    '5',
    "{{ var('x') }}",
    '{% if x %}a{% endif %}',
    'dashboard',
    'PRIVATE',
    'duckdb',
    'postgres',
    'tag',
    'eager',
  ),
  fc.constantFrom<unknown>(
    [],
    [null],
    ['a'],
    [1],
    [['a']],
    [{}],
    {},
    { a: 1 },
    { '+a': 1 },
    { name: 'a' },
    { a: { b: 1 } },
    { unique: null },
    { accepted_values: { values: ['a'] } },
    { sql: 'x' },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
const slip: fc.Arbitrary<Slip> = fc.record({
  where: fc.nat(),
  how: fc.constantFrom('rename', 'replace', 'remove', 'add', 'template', 'plus'),
  key: fc.oneof(fc.constantFrom(...names, ...Object.keys(CONFIG_KEYS)), fc.string({ maxLength: 4 })),
  value,
});

/** Every place of a value, as a path. */
function places(v: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof v !== 'object' || v === null) return [path];
  return [path, ...Object.entries(v).flatMap(([k, inner]) => places(inner, [...path, Array.isArray(v) ? Number(k) : k]))];
}

function change(v: unknown, s: Slip): unknown {
  const all = places(v);
  const path = all[s.where % all.length]!;
  const copy = structuredClone({ root: v }) as Record<string, unknown>;
  let owner: Record<string | number, unknown> = copy;
  const full = ['root', ...path];
  for (const step of full.slice(0, -1)) owner = owner[step] as Record<string | number, unknown>;
  const last = full.at(-1)!;
  const here = owner[last];
  const isRecord = typeof here === 'object' && here !== null && !Array.isArray(here);
  if (s.how === 'template') owner[last] = "{{ env_var('X') }}";
  else if (s.how === 'add' && isRecord) owner[last] = { ...here, [s.key]: s.value };
  else if (s.how === 'add' && Array.isArray(here)) owner[last] = [...(here as unknown[]), s.value];
  else if ((s.how === 'rename' || s.how === 'plus') && typeof last === 'string' && path.length > 0) {
    const { [last]: moved, ...rest } = owner;
    const key = s.how === 'rename' ? s.key : last.startsWith('+') ? last.slice(1) : `+${last}`;
    for (const k of Object.keys(owner)) delete owner[k];
    Object.assign(owner, rest, { [key]: moved });
  } else if (s.how === 'remove' && path.length > 0) {
    if (Array.isArray(owner)) owner.splice(Number(last), 1);
    else delete owner[last];
  } else owner[last] = s.value;
  return copy['root'];
}
