// One file instead of two hundred: loading each module of its own would take longer than most commands. What is heavy
// and not always needed stays a package of its own, loaded when it is. Three ways in: the command line, the Node API and
// the thread that writes files. Of the declarations, those that the API's types need are kept.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Copies a declaration and all it imports to dist/types. */
function keepTypes(file, seen = new Set()) {
  if (seen.has(file)) return;
  seen.add(file);
  mkdirSync(dirname(join('dist/types', file)), { recursive: true });
  copyFileSync(join('dist', file), join('dist/types', file));
  for (const [, to] of readFileSync(join('dist', file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)\.[tj]s'/g))
    keepTypes(join(dirname(file), `${to}.d.ts`), seen);
}

/** Writes the JSON Schemas of YAML files. */
async function writeSchemas() {
  const { schemaFiles } = await import('./dist/api/schemas.js');
  mkdirSync('dist/schemas', { recursive: true });
  for (const { file, schema } of schemaFiles()) writeFileSync(join('dist/schemas', file), `${JSON.stringify(schema)}\n`);
}

/** Packages of many small files that the command line nearly always needs: one file each loads in half the time. */
const packages = {
  input: { yaml: 'yaml', duckdb: '@duckdb/node-api' },
  platform: 'node',
  logLevel: 'warn',
  external: [/^@duckdb\/node-bindings/],
  output: { dir: 'dist/bundle/packages', format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' },
};

const dwt = {
  input: { cli: 'dist/cli.js', index: 'dist/index.js', 'file-writer-worker': 'dist/artifacts/file-writer-worker.js' },
  platform: 'node',
  logLevel: 'warn',
  external: [/^@duckdb\//, /^@faker-js\//, /^mysql2/, 'pg', 'pg-copy-streams', 'chokidar', 'yaml', 'toposort'],
  output: { dir: 'dist/bundle', format: 'esm', chunkFileNames: '[name].js' },
  plugins: [
    { name: 'types', closeBundle: () => keepTypes('index.d.ts') },
    { name: 'schemas', closeBundle: writeSchemas },
  ],
};

export default [dwt, packages];
