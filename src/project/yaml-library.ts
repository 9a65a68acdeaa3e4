// The YAML library, loaded by require and when it is first needed: `import` would first lex all of its CommonJS for the
// names it exports, which takes longer than loading it, and a project that has not changed needs none of it.
import { createRequire } from 'node:module';

let loaded: typeof import('yaml') | undefined;

/** What the package `yaml` exports. */
export function yamlLibrary(): typeof import('yaml') {
  return (loaded ??= createRequire(import.meta.url)('yaml') as typeof import('yaml'));
}
