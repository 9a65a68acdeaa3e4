// Where a resource's configuration of one key is written: in its property file, in its SQL, or else where the resource is.
import type { Span } from '../diagnostics/diagnostic.ts';
import { canonicalKey } from '../project/config.ts';
import type { Place, Resource } from '../project/resources.ts';
import { isMapping } from '../project/shape.ts';
import { configKeys, parseTemplate } from '../template/template.ts';
import type { Patch, Patches } from './patches.ts';
import type { RelationEntry } from './properties.ts';

/** The entry that describes a resource. */
export function patchOf(patches: Patches, r: Resource): Patch<RelationEntry> | undefined {
  switch (r.type) {
    case 'model':
      return patches.models.get(r.name);
    case 'seed':
      return patches.seeds.get(r.name);
    case 'snapshot':
      return patches.snapshots.get(r.name);
    case 'analysis':
      return patches.analyses.get(r.name);
    default:
      return undefined;
  }
}

/** The place of a key's value, or of one entry of it. `text` is the resource's template. */
export function configPlace(
  r: Pick<Resource, 'file' | 'config' | 'place'>,
  patch: Patch<RelationEntry> | undefined,
  key: string,
  text: string | null,
  firstLine = 1,
  entry?: { readonly index: number; readonly value: unknown },
): Place {
  const span = text === null ? undefined : configInSql(r.file, text, key, entry === undefined ? r.config[key] : entry.value, firstLine);
  if (span !== undefined) return { span };
  if (patch !== undefined) {
    const { config } = patch.entry;
    const within = isMapping(config) ? Object.keys(config).find((k) => canonicalKey(k) === key) : undefined;
    const path = within !== undefined ? [...patch.path, 'config', within] : Object.hasOwn(patch.entry, key) ? [...patch.path, key] : undefined;
    if (path !== undefined) return { yaml: patch.file, path: entry === undefined ? path : [...path, entry.index], on: 'value' };
  }
  return r.place;
}

/** Where a config() call of a template sets a key: the value, where it is a text or a text in it, else the key. */
export function configInSql(file: string, text: string, key: string, value: unknown, firstLine = 1): Span | undefined {
  if (!/\bconfig\b/.test(text)) return undefined;
  const found = configKeys(parseTemplate(text, file, firstLine)).filter((k) => canonicalKey(k.key) === key);
  return found.flatMap((k) => k.texts).find((t) => t.text === value)?.span ?? found[0]?.span;
}
