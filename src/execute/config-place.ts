// Where a resource's configuration says something: in config() of its own file, in its property file, or nowhere that is known.
import type { Span } from '../diagnostics/diagnostic.ts';
import { locate, readYaml } from '../parse/yaml.ts';
import type { Resource } from '../project/resources.ts';
import { isMapping, type Path } from '../project/shape.ts';
import { configKeys, parseTemplate } from '../template/template.ts';

/** The place of a key's value, or of one text in it. */
export function configPlace(resource: Resource, key: string, wanted: string | undefined, readText: (file: string) => string): Span | undefined {
  try {
    return inTemplate(resource, key, wanted, readText) ?? inProperties(resource, key, wanted, readText);
  } catch {
    // A file that cannot be read any more has no places.
    return undefined;
  }
}

function inTemplate(r: Resource, key: string, wanted: string | undefined, readText: (file: string) => string): Span | undefined {
  if (!r.file.endsWith('.sql')) return undefined;
  // Several snapshots may stand in one file.
  const template =
    r.type === 'snapshot' && r.code.kind === 'text' ? parseTemplate(r.code.text, r.file, r.code.firstLine) : parseTemplate(readText(r.file), r.file);
  const found = configKeys(template).filter((k) => k.key === key.replaceAll('-', '_') || k.key === key);
  const value = found.flatMap((k) => k.texts).find((t) => t.text === wanted);
  return value?.span ?? found[0]?.span;
}

const LISTS = ['models', 'seeds', 'snapshots', 'data_tests'];

function inProperties(r: Resource, key: string, wanted: string | undefined, readText: (file: string) => string): Span | undefined {
  const file = r.patch ?? (r.file.endsWith('.sql') || r.file.endsWith('.csv') ? undefined : r.file);
  if (file === undefined) return undefined;
  const text = readText(file);
  const read = readYaml(text, file);
  if (read.data === undefined || !isMapping(read.data)) return undefined;
  for (const list of LISTS) {
    const entries = read.data[list];
    const at = Array.isArray(entries) ? entries.findIndex((e) => isMapping(e) && e['name'] === r.name) : -1;
    const entry: unknown = Array.isArray(entries) ? entries[at] : undefined;
    if (!isMapping(entry)) continue;
    for (const [path, owner] of [
      [[list, at, 'config'], entry['config']],
      [[list, at], entry],
    ] as const) {
      if (!isMapping(owner)) continue;
      const own = [key, key.replaceAll('-', '_')].find((k) => owner[k] !== undefined);
      if (own === undefined) continue;
      const inner = within(owner[own], wanted);
      return locate(text, file, [...path, own, ...(inner ?? [])], inner === undefined ? 'key' : 'value');
    }
  }
  return undefined;
}

/** The path to a text within a value: itself, an item of a list, a value of a mapping. */
function within(value: unknown, wanted: string | undefined): Path | undefined {
  if (wanted === undefined) return undefined;
  if (value === wanted) return [];
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((v: unknown, i) => [i, v] as const)
    : isMapping(value)
      ? Object.entries(value)
      : [];
  const found = entries.find(([, v]) => v === wanted);
  return found === undefined ? undefined : [found[0]];
}
