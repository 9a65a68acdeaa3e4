// The SQL of the demo's models for all engines, side by side in `golden/`: no server, no driver. What a macro or a dialect changes
// is seen there, and MySQL's is shown where no MySQL can be had. UPDATE_GOLDEN=1 writes the files anew.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { copyDemo } from './project.ts';

const GOLDEN = resolve('tests/contract/golden');
const TARGETS = { dev: 'duckdb', postgres: 'postgres', mysql: 'mysql' } as const;
/** Nobody listens there: whoever asks the warehouse fails. */
const NOWHERE = { DWT_POSTGRES_URL: 'postgres://nobody@127.0.0.1:1/retail', DWT_MYSQL_URL: 'mysql://nobody@127.0.0.1:1/retail' };

const scratch = mkdtempSync(join(tmpdir(), 'dwt-golden-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const day = (): string => new Date().toISOString().slice(0, 10);
const began = day();

/** The moment of the run is always the same one. */
function settled(sql: string): string {
  return `${sql
    .trimEnd()
    .replaceAll(`'${began}'`, "'2025-01-01'")
    .replaceAll(`'${day()}'`, "'2025-01-01'")
    .replace(/\b20\d{12}\b/g, '20250101000000')
    .replace(/'20\d\d-\d\d-\d\d \d\d:\d\d:\d\d'/g, "'2025-01-01 00:00:00'")}\n`;
}

function models(folder = 'models'): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.sql'))
    .map((f) => join(folder, f));
}

test.each(Object.entries(TARGETS))('compiled for %s', (target, engine) => {
  const names = models().map((f) => basename(f, '.sql'));
  const project = copyDemo(join(scratch, engine));
  // The SQL of a first run: a later one asks the warehouse whether the table stands, and so would a model that is never rebuilt.
  for (const f of models()) writeFileSync(join(project, f), readFileSync(f, 'utf8').replace(/\bfull_refresh=false,\s*/, ''));
  const ran = spawnSync(
    process.execPath,
    [
      resolve('bin/dwt.js'),
      'compile',
      '--target',
      target,
      '--vars',
      "{as_of: '2025-01-01'}",
      '--no-color',
      '--full-refresh',
      '--project-dir',
      project,
      '--select',
      ...names,
    ],
    { env: { ...process.env, ...NOWHERE }, encoding: 'utf8' },
  );
  expect(ran.status, ran.stderr).toBe(0);
  const compiled = new Map(
    readdirSync(join(project, 'target/compiled'), { recursive: true, encoding: 'utf8' })
      .filter((f) => f.endsWith('.sql') && names.includes(basename(f, '.sql')))
      .map((f) => [basename(f, '.sql'), settled(readFileSync(join(project, 'target/compiled', f), 'utf8'))]),
  );
  expect([...compiled.keys()].toSorted()).toEqual(names.toSorted());
  const file = (name: string): string => join(GOLDEN, `${name}.${engine}.sql`);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(GOLDEN, { recursive: true });
    for (const [name, sql] of compiled) writeFileSync(file(name), sql);
  }
  const golden = readdirSync(GOLDEN).filter((f) => f.endsWith(`.${engine}.sql`));
  for (const [name, sql] of compiled) expect(sql, `${name} for ${engine}; UPDATE_GOLDEN=1 if that is meant`).toBe(readFileSync(file(name), 'utf8'));
  expect(golden.map((f) => f.slice(0, -`.${engine}.sql`.length)).toSorted(), 'a golden file without its model').toEqual(names.toSorted());
});
