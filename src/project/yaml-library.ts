// The YAML library, loaded by require: `import` would first lex all of its CommonJS for the names it exports, which
// takes longer than loading it.
import { createRequire } from 'node:module';

/** What the package `yaml` exports. */
export const yaml: typeof import('yaml') = createRequire(import.meta.url)('yaml') as typeof import('yaml');
