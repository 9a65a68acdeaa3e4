// The columns that an entry of a property file describes, each with its place; and those of a version of a model: what it takes over from
// the model's entry, and its own. https://docs.getdbt.com/reference/resource-properties/versions
import { asTexts } from '../project/config.ts';
import { isMapping, type Path } from '../project/shape.ts';
import type { ColumnEntry, RelationEntry, VersionEntry } from './properties.ts';
import { indexIn } from './prune.ts';

/** A column's entry and where it stands in its file. */
export interface PlacedColumn {
  readonly entry: ColumnEntry;
  readonly path: Path;
}

export interface VersionParts {
  /** Where the version's own entry stands. */
  readonly path: Path;
  /** Columns that it takes over: by default all. */
  readonly shared: readonly PlacedColumn[];
  readonly own: readonly PlacedColumn[];
}

/** `path` is that of the model's entry. */
export function partsOfVersion(entry: RelationEntry, path: Path, v: VersionEntry): VersionParts {
  const versionPath = [...path, 'versions', indexIn(entry.versions ?? [], (entry.versions ?? []).indexOf(v))];
  const own = placedColumns(v.columns as readonly ColumnEntry[] | undefined, versionPath).filter((c) => isMapping(c.entry));
  const chosen = own.find((c) => Object.hasOwn(c.entry, 'include') || Object.hasOwn(c.entry, 'exclude'));
  const choice = (chosen?.entry ?? {}) as { readonly include?: unknown; readonly exclude?: unknown };
  const include = choice.include ?? 'all';
  const taken = (name: string): boolean => (include === 'all' || include === '*' || asTexts(include).includes(name)) && !asTexts(choice.exclude).includes(name);
  return {
    path: versionPath,
    shared: placedColumns(entry.columns, path).filter((c) => taken(String(c.entry.name))),
    own: own.filter((c) => c !== chosen),
  };
}

/** The columns of an entry that stands at `path`. */
export function placedColumns(columns: readonly ColumnEntry[] | undefined, path: Path): readonly PlacedColumn[] {
  return (columns ?? []).map((entry, i) => ({ entry, path: [...path, 'columns', indexIn(columns!, i)] }));
}
