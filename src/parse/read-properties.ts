// Property files, checked: every mistake is reported, and what is sound beside them is collected all the same.
import { type Diagnostic, type Span, warning } from '../diagnostics/diagnostic.ts';
import type { Place } from '../project/resources.ts';
import type { Mistake } from '../project/shape.ts';
import type { CachedFile, ParseCache } from './cache.ts';
import { collectPatches, emptyPatches, type Patches } from './patches.ts';
import { type PropertiesFile, propertiesShape } from './properties.ts';
import { prune, spoiltBy } from './prune.ts';
import type { FoundFile } from './scan.ts';
import { isIn, type Lines } from './yaml-repair.ts';
import { placed } from './yaml.ts';

export interface ReadProperties {
  readonly patches: Patches;
  /** Files of which something could not be used. */
  readonly broken: readonly string[];
}

/** Reads the data of all property files. `redefined` says of a built-in data test whether the project has one of that name. */
export function readProperties(
  readings: readonly { readonly file: FoundFile; readonly cached: CachedFile }[],
  cache: ParseCache,
  redefined: (test: string) => boolean,
  spanOf: (p: Place) => Span,
  report: (d: Diagnostic) => void,
): ReadProperties {
  const patches = emptyPatches();
  const broken: string[] = [];
  for (const { file, cached } of readings) {
    if (cached.reading.kind !== 'yaml' || cached.reading.data === null) continue;
    const { data, mistakes = [], lost = [] } = cached.reading;
    for (const d of mistakes) report(d);
    if (cached.sound === true) {
      collectPatches(patches, data as PropertiesFile, file.path, spanOf, report);
      continue;
    }
    const { sound, diagnostics } = check(data, file.path, lost, redefined, spanOf);
    if (mistakes.length + diagnostics.length === 0) cache.markSound(cached);
    for (const d of diagnostics) report(d);
    if (mistakes.length > 0 || diagnostics.some((d) => d.severity === 'error')) broken.push(file.path);
    if (sound !== null) collectPatches(patches, sound as PropertiesFile, file.path, spanOf, report);
  }
  reportUnsupported(patches, spanOf, report);
  return { patches, broken };
}

/** Each key once, where it first stands: a project that uses it has it in many files. */
function reportUnsupported({ unsupported }: Patches, spanOf: (p: Place) => Span, report: (d: Diagnostic) => void): void {
  for (const what of new Set(unsupported.map((u) => u.what))) {
    const [first, ...others] = unsupported.filter((u) => u.what === what);
    const files = others.length === 0 ? '' : ` It is in ${others.length} more file${others.length === 1 ? '' : 's'}.`;
    report(warning('parse/unsupported', `'${what}:' is not used by dwt yet; the rest of the project works.${files}`, { span: spanOf(first!.place) }));
  }
}

function check(
  data: unknown,
  file: string,
  lost: readonly Lines[],
  redefined: (test: string) => boolean,
  spanOf: (p: Place) => Span,
): { readonly sound: unknown; readonly diagnostics: readonly Diagnostic[] } {
  const shape: typeof propertiesShape = {
    ...propertiesShape,
    check: (value, path, report) =>
      propertiesShape.check(value, path, (m) => {
        if (m.test === undefined || !redefined(m.test)) report(m);
      }),
  };
  const mistakes: Mistake[] = [];
  shape.check(data, [], (m) => mistakes.push(m));
  return {
    sound: mistakes.some((m) => spoiltBy(m) !== undefined) ? prune(shape, data) : data,
    diagnostics: mistakes
      .map((m) => placed(m, spanOf({ yaml: file, path: m.path, on: m.on })))
      // What an entry lacks may stand in what was left out of it.
      .filter((d) => d.code !== 'parse/missing-key' || !lost.some((l) => isIn(l, d.span?.line))),
  };
}
