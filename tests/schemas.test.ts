// One definition, two uses: what the shapes find nothing wrong with is valid under the published JSON Schemas, and
// nothing else is. On the YAML files of this repository, and on values made out of good ones by slips.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { stringify } from 'yaml';
import { schemaFiles } from '../src/api/schemas.ts';
import { declarationMistakes } from '../src/generate/parse-declaration.ts';
import { readYaml } from '../src/parse/yaml.ts';
import { CONFIG_KEYS } from '../src/project/config.ts';
import type { Mistake, Shape } from '../src/project/shape.ts';
import { change, slip } from './support/slips.ts';

const root = resolve(import.meta.dirname, '..');
const ajv = new Ajv2020({ allErrors: false, strictTypes: false, strictRequired: false });
const [project, properties, selectors, declaration] = schemaFiles().map(({ shape, schema }) => ({ shape, schema, valid: ajv.compile(schema) })) as [
  Kind,
  Kind,
  Kind,
  Kind,
];

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
    expect(valid(JSON.parse(JSON.stringify(data))), `${file}: ${JSON.stringify(own)} ${JSON.stringify(valid.errors)}`).toBe(own.length === 0);
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
    expect(valid(JSON.parse(JSON.stringify(data))), JSON.stringify(valid.errors)).toBe(true);
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

describe('a declaration of sample data', () => {
  const text = readFileSync(join(root, 'seeds/generate.yml'), 'utf8');

  test('that can be read is valid, in all its forms', () => {
    const data: unknown = JSON.parse(JSON.stringify(readYaml(text, 'generate.yml').data));
    expect(declaration.valid(data), JSON.stringify(declaration.valid.errors)).toBe(true);
    expect(
      declaration.valid({ as_of: '2024-12-31', tables: { t: { rows: 1, columns: { a: { sequence: 'A{}', start: 0 }, b: { value: null, nulls: 0.5 } } } } }),
    ).toBe(true);
  });

  test('that the schema refuses, the reader refuses; so does the schema a key that the reader does not know', () => {
    const data: unknown = JSON.parse(JSON.stringify(readYaml(text, 'generate.yml').data));
    let [good, bad, keys] = [0, 0, 0];
    fc.assert(
      fc.property(fc.array(slip, { minLength: 1, maxLength: 2 }), (slips) => {
        const value = slips.reduce<unknown>((v, s) => change(v, s), data);
        const written = stringify(value, { aliasDuplicateObjects: false });
        const found = declarationMistakes(written, 'generate.yml');
        const isValid = declaration.valid(JSON.parse(JSON.stringify(readYaml(written, 'generate.yml').data ?? null)));
        if (isValid) good++;
        else bad++;
        if (!isValid) expect(found, `${written}\n${JSON.stringify(declaration.valid.errors)}`).not.toEqual([]);
        if (found.some((d) => d.code === 'generate/unknown-key')) {
          keys++;
          expect(isValid, `${written}\n${JSON.stringify(found)}`).toBe(false);
        }
      }),
      { numRuns: 600 },
    );
    expect(Math.min(good, bad, keys)).toBeGreaterThan(50);
  });
});
