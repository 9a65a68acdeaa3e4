// Resources by id: two of one name, or two relations in one place, are mistakes, and so is a property entry that
// describes nothing.
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Diagnostic, error, type Span, warning } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { label, type Place, type Resource } from '../project/resources.ts';
import type { Relation } from '../project/relation.ts';
import type { Patches } from './patches.ts';
import type { RelationEntry } from './properties.ts';
import type { Workshop } from './workshop.ts';

export interface Index {
  readonly enabled: Map<string, Resource>;
  readonly disabled: Map<string, Resource>;
}

/** A data test that is written twice with other settings is two tests, and has an id of its own. */
function apart(r: Resource, before: ReadonlyMap<string, Resource>): Resource {
  const same = r.type === 'test' && r.generic !== null ? before.get(r.id) : undefined;
  if (same === undefined || isDeepStrictEqual(same.written, r.written)) return r;
  const digest = createHash('md5')
    .update(`${r.id}${JSON.stringify(r.written)}`)
    .digest('hex');
  return { ...r, id: `${r.id.slice(0, -10)}${digest.slice(-10)}` };
}

/** By id; two of one name, or two relations in one place, are mistakes. */
export function indexResources(resources: readonly Resource[], spanOf: (p: Place) => Span, report: (d: Diagnostic) => void): Index {
  const enabled = new Map<string, Resource>();
  const disabled = new Map<string, Resource>();
  const names = new Map<string, Resource>();
  const relations = new Map<string, Resource>();
  for (const given of resources) {
    const r = apart(given, enabled);
    if (!r.config.enabled) {
      disabled.set(r.id, r);
      continue;
    }
    const twice = (before: Resource, what: string, help: string): void =>
      report(error('parse/duplicate', what, { span: spanOf(r.place), related: [{ message: `${label(before)} is here`, span: spanOf(before.place) }], help }));
    const refable = r.type === 'model' || r.type === 'seed' || r.type === 'snapshot';
    const before = enabled.get(r.id) ?? (refable ? names.get(`${r.name}.${r.type === 'model' ? r.version : null}`) : undefined);
    if (before !== undefined) {
      if (r.type === 'test' && r.generic !== null) {
        // One entry of a model that is there twice is one mistake, and told.
        if (isDeepStrictEqual(r.place, before.place)) continue;
        twice(before, `The data test '${r.name}' is written twice.`, 'Remove one of the two, or give one a name of its own.');
      } else if (r.type === 'exposure') twice(before, `The exposure '${r.name}' is declared twice.`, 'Keep one of the two.');
      else if (r.type === 'source') twice(before, `The source table '${r.sourceName}.${r.name}' is declared twice.`, 'Keep one of the two.');
      else
        twice(
          before,
          `There are two resources named '${r.name}': ${r.file} and ${before.file}.`,
          'Rename one of the two; ref() finds resources by name alone.',
        );
      continue;
    }
    enabled.set(r.id, r);
    if (!refable) continue;
    names.set(`${r.name}.${r.type === 'model' ? r.version : null}`, r);
    if (r.config.materialized === 'ephemeral') continue;
    const place = placeOf(r.relation);
    const same = relations.get(place);
    if (same !== undefined)
      twice(
        same,
        `${label(r)} and ${label(same)} would both be built as '${r.relation.schema}.${r.relation.identifier}'.`,
        'Give one another alias or schema.',
      );
    relations.set(place, r);
  }
  keepTestsApart(enabled, new Set(relations.keys()));
  return { enabled, disabled };
}

const placeOf = (r: Relation): string => `${r.database ?? ''}.${r.schema}.${r.identifier}`.toLowerCase();

/** Two data tests that would keep their rows in one table, or in that of a model: the later one gets a name that tells it apart. */
function keepTestsApart(enabled: Map<string, Resource>, taken: Set<string>): void {
  for (const r of enabled.values()) {
    if (r.type !== 'test') continue;
    if (!taken.has(placeOf(r.relation))) {
      taken.add(placeOf(r.relation));
      continue;
    }
    const digest = createHash('md5').update(r.id).digest('hex').slice(0, 8);
    const relation = { ...r.relation, identifier: `${r.relation.identifier.slice(0, 50)}_${digest}` };
    taken.add(placeOf(relation));
    enabled.set(r.id, { ...r, relation });
  }
}

/** Property entries that describe nothing. */
export function reportLeftovers(w: Workshop, patches: Patches, index: Index, pythonModels: ReadonlyMap<string, string>): void {
  for (const [kind, map, type] of [
    ['model', patches.models, 'model'],
    ['seed', patches.seeds, 'seed'],
    ['snapshot', patches.snapshots, 'snapshot'],
    ['analysis', patches.analyses, 'analysis'],
    ['data test', patches.singularTests, 'test'],
  ] as const) {
    for (const patch of map.values()) {
      const entry = patch.entry as RelationEntry;
      if (kind === 'model' && pythonModels.has(entry.name)) continue;
      if (patch.used || w.unread.mayHold(entry.name) || (entry.versions?.length ?? 0) > 0) continue;
      const names = [...index.enabled.values(), ...index.disabled.values()].filter((r) => r.type === type).map((r) => r.name);
      w.report(
        warning('parse/unknown-resource', `There is no ${kind} '${entry.name}' to describe.`, {
          span: w.spanOf({ yaml: patch.file, path: [...patch.path, 'name'], on: 'value' }),
          ...help(
            didYouMean(entry.name, names) ??
              (kind === 'snapshot' ? `To make it one, add relation: ref('…'), or write {% snapshot ${entry.name} %} in snapshots/.` : undefined),
          ),
        }),
      );
    }
  }
}

function help(text: string | undefined): { help?: string } {
  return text === undefined ? {} : { help: text };
}

/** The same mistake, found twice, is said once. */
export function dedupe(list: readonly Diagnostic[]): Diagnostic[] {
  const place = (d: Diagnostic): string => `${d.span?.file}|${d.span?.line}|${d.span?.column}`;
  // A template that fails leaves nothing, which then is the wrong kind of value too.
  const failed = new Set(list.filter((d) => FAILED_TEMPLATE.test(d.code)).map(place));
  const kept = list.filter((d) => d.code !== 'parse/wrong-type' || !failed.has(place(d)));
  return [...new Map(kept.map((d) => [`${d.code}|${d.message}|${place(d)}`, d])).values()];
}

const FAILED_TEMPLATE = /^(template\/|parse\/(env-var|var|secret)$)/;
