// The entries of all property files, by kind and name. Two entries for one name are a mistake; an entry for a name
// that turns out not to exist is another.
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts';
import type { Place } from '../project/resources.ts';
import type { Path } from '../project/shape.ts';
import { indexIn } from './prune.ts';
import type { PropertiesFile, RelationEntry, SourceEntry } from './properties.ts';

export interface Patch<T> {
  readonly entry: T;
  readonly file: string;
  readonly path: Path;
  used: boolean;
}

/** An entry that is only shown: of a group or a macro. */
export interface Described {
  readonly name: string;
  readonly description?: unknown;
}

export interface Patches {
  readonly models: Map<string, Patch<RelationEntry>>;
  readonly seeds: Map<string, Patch<RelationEntry>>;
  readonly snapshots: Map<string, Patch<RelationEntry>>;
  readonly analyses: Map<string, Patch<RelationEntry>>;
  readonly singularTests: Map<string, Patch<{ readonly name: string; readonly description?: unknown; readonly config?: unknown }>>;
  readonly sources: Patch<SourceEntry>[];
  readonly exposures: Patch<NonNullable<PropertiesFile['exposures']>[number]>[];
  readonly groups: Patch<Described>[];
  readonly macros: Patch<Described>[];
  readonly unsupported: { readonly what: string; readonly place: Place }[];
}

export function emptyPatches(): Patches {
  return {
    models: new Map(),
    seeds: new Map(),
    snapshots: new Map(),
    analyses: new Map(),
    singularTests: new Map(),
    sources: [],
    exposures: [],
    groups: [],
    macros: [],
    unsupported: [],
  };
}

/** Adds a property file's entries. */
export function collectPatches(
  into: Patches,
  data: PropertiesFile,
  file: string,
  spanOf: (p: Place) => NonNullable<Diagnostic['span']>,
  report: (d: Diagnostic) => void,
): void {
  const keyed = <T extends { readonly name: string }>(kind: string, entries: readonly T[] | undefined, map: Map<string, Patch<T>>): void => {
    entries?.forEach((entry, i) => {
      const path = [kind, indexIn(entries, i)];
      const before = map.get(entry.name);
      if (before === undefined) {
        map.set(entry.name, { entry, file, path, used: false });
        return;
      }
      report(
        error('parse/duplicate', `'${entry.name}' is described twice under '${kind}:'.`, {
          span: spanOf({ yaml: file, path: [...path, 'name'], on: 'value' }),
          related: [{ message: 'described here first', span: spanOf({ yaml: before.file, path: [...before.path, 'name'], on: 'value' }) }],
          help: 'Keep one of the two.',
        }),
      );
    });
  };
  keyed('models', data.models, into.models);
  keyed('seeds', data.seeds, into.seeds);
  keyed('snapshots', data.snapshots, into.snapshots);
  keyed('analyses', data.analyses, into.analyses);
  keyed('data_tests', data.data_tests, into.singularTests);
  data.sources?.forEach((entry, i) => into.sources.push({ entry, file, path: ['sources', indexIn(data.sources!, i)], used: true }));
  data.exposures?.forEach((entry, i) => into.exposures.push({ entry, file, path: ['exposures', indexIn(data.exposures!, i)], used: true }));
  data.groups?.forEach((entry, i) => into.groups.push({ entry, file, path: ['groups', indexIn(data.groups!, i)], used: true }));
  data.macros?.forEach((entry, i) => into.macros.push({ entry, file, path: ['macros', indexIn(data.macros!, i)], used: true }));
  for (const what of ['unit_tests', 'metrics', 'semantic_models', 'saved_queries', 'functions'] as const) {
    if ((data[what]?.length ?? 0) > 0) into.unsupported.push({ what, place: { yaml: file, path: [what] } });
  }
}
