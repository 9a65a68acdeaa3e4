// Columns and their types as the catalog.json of a folder has them, so that nobody has to ask the warehouse again.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMapping } from '../project/shape.ts';

export interface KnownColumn {
  readonly name: string;
  readonly type: string;
}

/** By id of the node or source, in the order of the table. Empty where there is no catalog, or none that can be read. */
export function readCatalogColumns(folder: string): ReadonlyMap<string, readonly KnownColumn[]> {
  const path = join(folder, 'catalog.json');
  const known = new Map<string, readonly KnownColumn[]>();
  const read = existsSync(path) ? parsed(readFileSync(path, 'utf8')) : undefined;
  if (!isMapping(read)) return known;
  for (const part of [read['nodes'], read['sources']]) {
    if (!isMapping(part)) continue;
    for (const [id, table] of Object.entries(part)) {
      if (!isMapping(table) || !isMapping(table['columns'])) continue;
      const columns = Object.values(table['columns']).flatMap((c) =>
        isMapping(c) && typeof c['name'] === 'string' && typeof c['type'] === 'string' ? [{ name: c['name'], type: c['type'], at: Number(c['index']) }] : [],
      );
      known.set(
        id,
        columns.toSorted((a, b) => a.at - b.at).map(({ name, type }) => ({ name, type })),
      );
    }
  }
  return known;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
