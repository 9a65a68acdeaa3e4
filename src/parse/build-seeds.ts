// Seeds: a CSV file, its properties and its folder's configuration become a resource. The file's content is read when
// it is loaded; its checksum is of the content up to a size, as in dbt.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Seed } from '../project/resources.ts';
import { isMapping } from '../project/shape.ts';
import type { Patches } from './patches.ts';
import type { FoundFile } from './scan.ts';
import { checkConfig, configure, entryConfig, fqnOf, nameRelation, readColumns, stem, type Workshop } from './workshop.ts';

const HASHED_BYTES = 1024 * 1024;

export function buildSeed(w: Workshop, file: FoundFile, patches: Patches): Seed {
  const name = stem(file.path.replace(/\.gz$/, ''));
  const fqn = fqnOf(w.pkg, file.base, file.path, name);
  const patch = patches.seeds.get(name);
  const own = patch === undefined ? {} : entryConfig(w, patch.entry, patch.file, patch.path);
  if (patch !== undefined) {
    patch.used = true;
    checkConfig(w, own, 'seed', (path, on) =>
      w.spanOf({ yaml: patch.file, path: [...patch.path, ...(isMapping(patch.entry.config) ? ['config'] : []), ...path], on }),
    );
  }
  const config = configure(w, 'seed', fqn, [own]);
  const seed: Seed = {
    type: 'seed',
    id: `seed.${w.pkg}.${name}`,
    package: w.pkg,
    name,
    file: file.path,
    fqn,
    config,
    description: patch?.entry.description === undefined || patch.entry.description === null ? '' : String(patch.entry.description),
    columns: readColumns(patch?.entry.columns),
    place: { span: { file: file.path, line: 1, column: 1 } },
    patch: patch?.file ?? null,
    relation: { database: null, schema: '', identifier: name },
    alias: name,
    checksum:
      file.size > HASHED_BYTES
        ? `path:${file.path}`
        : createHash('sha256')
            .update(readFileSync(join(w.root, file.path)))
            .digest('hex'),
  };
  return { ...seed, ...nameRelation(w, seed, { schema: config['schema'], database: config['database'], alias: config['alias'], fallback: name }) };
}
