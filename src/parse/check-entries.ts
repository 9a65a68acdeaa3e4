// What entries of property files say of each other and of the project: groups, macros, columns, versions. All of it is
// looked at after every file is read.
import { error, warning } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { isTemplated, label, type Place } from '../project/resources.ts';
import { isMapping, type Path } from '../project/shape.ts';
import { checkColumnNames } from './check-columns.ts';
import { configPlace, patchOf } from './config-place.ts';
import type { Index } from './index-resources.ts';
import type { Described, Patch, Patches } from './patches.ts';
import type { ColumnEntry, MacroPropertiesEntry, RelationEntry } from './properties.ts';
import { indexIn } from './prune.ts';
import type { Workshop } from './workshop.ts';

/** Reports every mistake that takes more than one entry to see. */
export function checkEntries(w: Workshop, patches: Patches, index: Index): void {
  checkGroups(w, patches, index);
  checkMacros(w, patches);
  for (const map of [patches.models, patches.seeds, patches.snapshots, patches.analyses])
    for (const patch of map.values()) checkColumnsTwice(w, patch.entry.columns ?? [], patch.file, patch.path);
  for (const { entry, file, path } of patches.sources)
    entry.tables?.forEach((table, i) => checkColumnsTwice(w, table.columns ?? [], file, [...path, 'tables', indexIn(entry.tables!, i)]));
  for (const patch of patches.models.values()) checkVersions(w, patch, index);
  checkColumnNames(w, patches, index);
}

function duplicate(w: Workshop, what: string, place: Place, first: Place, severity: typeof error | typeof warning = error): void {
  w.report(
    severity('parse/duplicate', what, {
      span: w.spanOf(place),
      related: [{ message: 'it is here first', span: w.spanOf(first) }],
      help: 'Keep one of the two.',
    }),
  );
}

function nameOf(p: Patch<Described>): Place {
  return { yaml: p.file, path: [...p.path, 'name'], on: 'value' };
}

/** Entries of one kind by name; two of one name are a mistake. */
function byName(w: Workshop, what: string, patches: readonly Patch<Described>[]): Map<string, Patch<Described>> {
  const found = new Map<string, Patch<Described>>();
  for (const patch of patches) {
    const before = found.get(patch.entry.name);
    if (before === undefined) found.set(patch.entry.name, patch);
    else duplicate(w, `The ${what} '${patch.entry.name}' is described twice.`, nameOf(patch), nameOf(before));
  }
  return found;
}

function checkGroups(w: Workshop, patches: Patches, index: Index): void {
  const groups = byName(w, 'group', patches.groups);
  const tree = new Set<string>();
  for (const r of index.enabled.values()) {
    const group = r.config['group'];
    if (typeof group !== 'string' || groups.has(group) || w.unread.mayHold(group)) continue;
    const patch = patchOf(patches, r);
    const place =
      r.type === 'test' && r.generic !== null ? r.place : configPlace(r, patch, 'group', isTemplated(r) && r.file.endsWith('.sql') ? w.readText(r.file) : null);
    // A folder of project.yml that names it speaks for all that lies in it.
    if (place === r.place && r.type !== 'test') {
      if (tree.has(group)) continue;
      tree.add(group);
    }
    w.report(
      error('parse/unknown-group', `${label(r)} belongs to the group '${group}', which does not exist.`, {
        span: w.spanOf(place),
        help:
          didYouMean(group, groups.keys()) ??
          (groups.size === 0 ? `Write it in a property file: groups: [{name: ${group}, owner: {name: …}}].` : `Groups: ${[...groups.keys()].join(', ')}.`),
      }),
    );
  }
}

function checkMacros(w: Workshop, patches: Patches): void {
  const entries = [...w.facts.macros.entries()].filter((m) => m.package === w.pkg);
  for (const patch of byName(w, 'macro', patches.macros).values()) {
    const { name } = patch.entry;
    const macro = entries.find((m) => m.name === name || m.name === `test_${name}` || m.name.startsWith(`materialization_${name}_`));
    if (macro === undefined) {
      if (w.unread.mayHold(name)) continue;
      const help = didYouMean(
        name,
        entries.map((m) => m.name.replace(/^test_/, '')),
      );
      w.report(
        warning('parse/unknown-resource', `There is no macro '${name}' to describe.`, {
          span: w.spanOf(nameOf(patch)),
          ...(help === undefined ? {} : { help }),
        }),
      );
      continue;
    }
    const described = (patch.entry as MacroPropertiesEntry).arguments ?? [];
    if (described.length === 0 || !/^(?!materialization_)/.test(macro.name)) continue;
    const parameters = w.facts.macros.definition(macro).parameters.map((p) => p.name);
    described.forEach((argument, i) => {
      if (parameters.includes(argument.name)) return;
      w.report(
        warning('parse/bad-argument', `The macro '${name}' has no argument '${argument.name}' to describe.`, {
          span: w.spanOf({ yaml: patch.file, path: [...patch.path, 'arguments', indexIn(described, i), 'name'], on: 'value' }),
          help: didYouMean(argument.name, parameters) ?? (parameters.length === 0 ? 'It has none.' : `Its arguments: ${parameters.join(', ')}.`),
        }),
      );
    });
  }
}

function checkColumnsTwice(w: Workshop, columns: readonly ColumnEntry[], file: string, path: Path): void {
  const names = columns.map((c) => String(c.name));
  if (new Set(names).size === names.length) return;
  const first = new Map<string, Path>();
  columns.forEach((column, i) => {
    const name = String(column.name);
    const here = [...path, 'columns', indexIn(columns, i), 'name'];
    const before = first.get(name);
    if (before === undefined) first.set(name, here);
    else
      duplicate(
        w,
        `The column '${name}' is described twice: this description counts, and the data tests of both.`,
        { yaml: file, path: here, on: 'value' },
        { yaml: file, path: before, on: 'value' },
        warning,
      );
  });
}

function checkVersions(w: Workshop, { entry, file, path }: Patch<RelationEntry>, index: Index): void {
  const { latest_version: latest } = entry;
  const versions = entry.versions ?? [];
  if (versions.length === 0 && (latest === undefined || latest === null)) return;
  const seen = new Map<string, Path>();
  versions.forEach((version, i) => {
    const v = String(version.v);
    const here = [...path, 'versions', indexIn(versions, i)];
    const before = seen.get(v);
    if (before !== undefined) {
      duplicate(
        w,
        `The version ${v} of '${entry.name}' is there twice.`,
        { yaml: file, path: [...here, 'v'], on: 'value' },
        { yaml: file, path: [...before, 'v'], on: 'value' },
      );
      return;
    }
    seen.set(v, here);
    const id = `model.${w.pkg}.${entry.name}.v${v}`;
    const name = version.defined_in ?? `${entry.name}_v${v}`;
    if (index.enabled.has(id) || index.disabled.has(id) || w.unread.mayHold(name)) return;
    w.report(
      warning('parse/unknown-resource', `There is no file ${name}.sql for version ${v} of '${entry.name}'.`, {
        span: w.spanOf({ yaml: file, path: [...here, isMapping(version) && 'defined_in' in version ? 'defined_in' : 'v'], on: 'value' }),
        help: 'Write it, or name the file that holds it: defined_in.',
      }),
    );
  });
  if (latest === undefined || latest === null || seen.has(String(latest))) return;
  const help = versions.length === 0 ? 'It has no versions.' : `Versions: ${[...seen.keys()].join(', ')}.`;
  w.report(
    error('parse/bad-config', `latest_version of '${entry.name}' is ${String(latest)}, which is none of its versions.`, {
      span: w.spanOf({ yaml: file, path: [...path, 'latest_version'], on: 'value' }),
      help,
    }),
  );
}
