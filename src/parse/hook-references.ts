// What the hooks of a resource refer to. A hook is rendered when it runs; but what it names has to be built before, so it is
// read while parsing, as a template of its own.
import { Failure } from '../diagnostics/diagnostic.ts';
import type { Config } from '../project/config.ts';
import type { Relation } from '../project/relation.ts';
import type { Place, Ref, SourceRef } from '../project/resources.ts';
import type { Purity } from './purity.ts';
import { fromReading, fromRendering } from './references.ts';
import { readTemplate, type TemplateReading } from './sql-reading.ts';
import type { Workshop } from './workshop.ts';

export interface HookReferences {
  readonly refs: readonly Ref[];
  readonly sources: readonly SourceRef[];
  /** Names of macros that the hooks call. */
  readonly calls: readonly string[];
}

const NONE: HookReferences = { refs: [], sources: [], calls: [] };

/** `place` is where the configuration of a kind of hooks stands. A hook that cannot be read refers to nothing: running it tells why. */
export function hookReferences(
  w: Workshop,
  purity: Purity,
  config: Config,
  file: string,
  self: Relation,
  place: (key: 'pre-hook' | 'post-hook', sql: string) => Place,
): HookReferences {
  const found = (['pre-hook', 'post-hook'] as const).flatMap((key) =>
    config[key].filter((h) => h.sql.includes('{')).map(({ sql }) => readHook(w, purity, sql, config, file, self, () => place(key, sql))),
  );
  if (found.length === 0) return NONE;
  return { refs: found.flatMap((f) => f.refs), sources: found.flatMap((f) => f.sources), calls: found.flatMap((f) => f.calls) };
}

function readHook(w: Workshop, purity: Purity, sql: string, config: Config, file: string, self: Relation, place: () => Place): HookReferences {
  try {
    const reading = readingOf(w, sql);
    const dynamic = reading.dynamic || reading.calls.some((c) => !purity.isPure(c, w.pkg));
    if (!dynamic && reading.refs.length === 0 && reading.sources.length === 0) return { ...NONE, calls: reading.calls };
    const quiet: Workshop = { ...w, report: () => {} };
    const { refs, sources } = dynamic ? fromRendering(quiet, sql, file, 1, 'a hook', config, self) : fromReading(quiet, reading, file);
    const at = place();
    return { refs: refs.map((r) => ({ ...r, place: at })), sources: sources.map((s) => ({ ...s, place: at })), calls: reading.calls };
  } catch (e) {
    if (e instanceof Failure) return NONE;
    throw e;
  }
}

/** A hook of a folder is the same for all models in it. */
const readings = new WeakMap<Workshop, Map<string, TemplateReading>>();

function readingOf(w: Workshop, sql: string): TemplateReading {
  const known = readings.get(w) ?? new Map<string, TemplateReading>();
  readings.set(w, known);
  const reading = known.get(sql) ?? readTemplate(sql, 'hook');
  known.set(sql, reading);
  return reading;
}
