// Packages of CommonJS, loaded when they are first needed. `import` would first lex all of a package for the names it exports, which takes
// longer than loading it; and the command line takes the one file that the build makes of the many of a package (`scripts/build.mjs`).
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Files of the build beside the bundle, by package. */
const SINGLE: Readonly<Record<string, string>> = { yaml: './packages/yaml.cjs', '@duckdb/node-api': './packages/duckdb.cjs' };

let single = false;

/** From now on packages come from single files. Not for programs: their own copy of a driver knows which files are open, and ours has to be the same. */
export function preferSingleFiles(): void {
  single = true;
}

/** What a package exports. */
export function loadPackage(name: string): unknown {
  const file = single ? SINGLE[name] : undefined;
  if (file === undefined) return require(name);
  try {
    return require(file);
  } catch (e) {
    // Run from a build without a bundle.
    if ((e as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return require(name);
    throw e;
  }
}
