// Builds dist/: compiles src/, bundles it, keeps the declarations and writes the JSON Schemas. It is made aside and put in place whole: a build
// that is interrupted leaves what was there, and a dwt that runs meanwhile never finds half of it. `--if-changed`: only where something it is made of
// is other than when it was last made.
//
// One file instead of two hundred: loading each module of its own would take longer than most commands. What is heavy and not always needed stays a
// package of its own, loaded when it is. Three ways in: the command line, the Node API and the thread that writes files. Of the declarations, those
// that the API's types need are kept.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
/** Within the folder, so that the modules find their packages. */
const made = `dist.${process.pid}`;
const stamp = stampOf(['scripts/build.mjs', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'node_modules/.package-lock.json', ...filesIn('src')]);

if (process.argv.includes('--if-changed') && existsSync('dist/stamp') && readFileSync('dist/stamp', 'utf8') === stamp) process.exit();
try {
  await build();
  writeFileSync(join(made, 'stamp'), stamp);
  putInPlace();
} finally {
  rmSync(made, { recursive: true, force: true });
  clear();
}

async function build() {
  const tsc = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', made], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  const { build: bundle } = await import('rolldown');
  const common = { platform: 'node', logLevel: 'warn' };
  await bundle([
    {
      ...common,
      input: { cli: `${made}/cli.js`, index: `${made}/index.js`, 'file-writer-worker': `${made}/artifacts/file-writer-worker.js` },
      external: [/^@duckdb\//, /^@faker-js\//, /^mysql2/, 'pg', 'pg-copy-streams', 'chokidar', 'yaml', 'toposort'],
      output: { dir: `${made}/bundle`, format: 'esm', chunkFileNames: '[name].js' },
    },
    // Packages of many small files that the command line nearly always needs: one file each loads in half the time.
    {
      ...common,
      input: { yaml: 'yaml', duckdb: '@duckdb/node-api' },
      external: [/^@duckdb\/node-bindings/],
      output: { dir: `${made}/bundle/packages`, format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' },
    },
  ]);
  keepTypes('index.d.ts');
  const { schemaFiles } = await import(pathToFileURL(`${made}/api/schemas.js`).href);
  mkdirSync(`${made}/schemas`, { recursive: true });
  for (const { file, schema } of schemaFiles()) writeFileSync(join(made, 'schemas', file), `${JSON.stringify(schema)}\n`);
}

/** Copies a declaration and all it imports to dist/types. */
function keepTypes(file, seen = new Set()) {
  if (seen.has(file)) return;
  seen.add(file);
  mkdirSync(dirname(join(made, 'types', file)), { recursive: true });
  copyFileSync(join(made, file), join(made, 'types', file));
  for (const [, to] of readFileSync(join(made, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)\.[tj]s'/g))
    keepTypes(join(dirname(file), `${to}.d.ts`), seen);
}

/** dist becomes what was made; another build may do the same at this moment. */
function putInPlace() {
  const old = `${made}.old`;
  for (let attempt = 1; ; attempt++) {
    try {
      if (existsSync('dist')) renameSync('dist', old);
      renameSync(made, 'dist');
      break;
    } catch (e) {
      if (attempt === 20) throw e;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}

/** What builds left that were killed. */
function clear() {
  for (const name of readdirSync('.')) {
    const pid = /^dist\.(\d+)(\.old)?$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(name, { recursive: true, force: true });
  }
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name))
    .sort();
}

function stampOf(files) {
  const hash = createHash('sha1');
  for (const file of files) if (existsSync(file)) hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (e) {
    return e.code === 'EPERM';
  }
}
