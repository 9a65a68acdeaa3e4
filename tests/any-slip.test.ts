// Whatever is written into the YAML files of a project: it opens, or says what is wrong and where. Nothing else happens.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { Failure, openProject } from '../src/index.ts';
import { copyDemo } from './contract/project.ts';
import { change, slip } from './support/slips.ts';

const FILES = { 'project.yml': 'project.yml', 'models/schema.yml': 'properties.yml', 'selectors.yml': 'selectors.yml' };
const SQL = {
  'models/orders_v1.sql': 'select 1 as id',
  'models/orders_new.sql': "{{ config(materialized='incremental', unique_key='id') }}\nselect id from {{ ref('raw') }}",
  'models/customers.sql': "{% if true %}select 1 as id, {{ cents(var('first', 1)) }} as first{% endif %}",
  'macros/macros.sql': '{% macro cents(e) %}{{ e }}{% endmacro %}{% test unique_combination(model, columns) %}select 1 from {{ model }}{% endtest %}',
  'seeds/raw.csv': 'id\n1\n',
};
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dwt-slips-'));
  for (const folder of ['models', 'macros', 'seeds']) mkdirSync(join(root, folder));
  for (const [file, text] of Object.entries(SQL)) writeFileSync(join(root, file), text);
});
afterAll(() => rmSync(root, { recursive: true }));

/** Whether a project opens; where not, every mistake has a place. Whatever else it throws is thrown on. */
async function opens(projectDir: string): Promise<boolean> {
  try {
    await openProject({ projectDir, target: 'dev' }).close();
    return true;
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    for (const d of e.diagnostics) expect(d.span?.file, d.message).toBeTypeOf('string');
    return false;
  }
}

it('opens, or says what is wrong and where', { timeout: 120_000 }, async () => {
  const good = Object.fromEntries(
    Object.entries(FILES).map(([file, sample]) => [file, parse(readFileSync(join(import.meta.dirname, 'schemas', sample), 'utf8')) as unknown]),
  );
  const write = (files: Readonly<Record<string, unknown>>): void => {
    for (const [file, value] of Object.entries(files)) writeFileSync(join(root, file), stringify(value, { aliasDuplicateObjects: false }));
  };
  let [opened, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(FILES)), fc.array(slip, { maxLength: 2 }), async (file, slips) => {
      write({ ...good, [file]: slips.reduce<unknown>((v, s) => change(v, s), good[file]) });
      if (await opens(root)) opened++;
      else refused++;
    }),
    { numRuns: 150 },
  );
  expect(Math.min(opened, refused)).toBeGreaterThan(10);
});

it('of the demo, whatever is written into its files, and whatever is lost of them', { timeout: 120_000 }, async () => {
  const demo = copyDemo(join(root, 'demo'));
  const files = ['models', 'macros', 'snapshots'].flatMap((folder) =>
    readdirSync(join(demo, folder), { recursive: true, encoding: 'utf8' }).flatMap((f) => (/\.(sql|yml)$/.test(f) ? [join(folder, f)] : [])),
  );
  const pieces = fc.oneof(
    fc.constantFrom('{{', '}}', '{%', '%}', "'", '"', '(', ')', '[', ']', '{', '}', ':', '-', '\n', '\t', '#', '|', '~', '\0', '\ufeff'),
    fc.constantFrom('{{ nope() }}', '{{ a.b.c }}', '{% set q = q.z %}', '{% for i in q %}', '{% endfor %}', '{% if x %}', '{{ 1 / 0 }}', '{{ ref() }}'),
    fc.constantFrom('{{ var() }}', '{{ return(1) }}', '{{ caller() }}', '{{ this.x.y }}', '{{ adapter.nope() }}', '{{ loop.index }}', '{% do config.nope() %}'),
  );
  const edit = fc.record({ file: fc.constantFrom('project.yml', 'seeds/generate.yml', ...files), at: fc.nat(5000), lost: fc.nat(4), more: fc.option(pieces) });
  let [opened, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
      const before = new Map(edits.map(({ file }) => [file, readFileSync(join(demo, file), 'utf8')]));
      for (const { file, at, lost, more } of edits) {
        const text = readFileSync(join(demo, file), 'utf8');
        const from = at % text.length;
        writeFileSync(join(demo, file), text.slice(0, from) + (more ?? '') + text.slice(from + lost));
      }
      try {
        if (await opens(demo)) opened++;
        else refused++;
      } finally {
        for (const [file, text] of before) writeFileSync(join(demo, file), text);
      }
    }),
    { numRuns: 200 },
  );
  expect(Math.min(opened, refused)).toBeGreaterThan(10);
});
