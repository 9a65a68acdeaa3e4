// What the configuration of a resource refers to: its hooks, and its foreign keys. They are rendered when they run; but what they name has
// to be built before, so they are read while parsing, each as a template of its own.
import { Failure } from '../diagnostics/diagnostic.ts';
import { asList, type Config, isReference } from '../project/config.ts';
import type { Relation } from '../project/relation.ts';
import type { Place, Ref, SourceRef } from '../project/resources.ts';
import { isMapping } from '../project/shape.ts';
import type { Purity } from './purity.ts';
import { fromReading, fromRendering } from './references.ts';
import { readTemplate, type TemplateReading } from './sql-reading.ts';
import type { Workshop } from './workshop.ts';

export interface ConfigReferences {
  readonly refs: readonly Ref[];
  readonly sources: readonly SourceRef[];
  /** Names of macros that are called. */
  readonly calls: readonly string[];
}

const NONE: ConfigReferences = { refs: [], sources: [], calls: [] };

/** `place` is where a key of the configuration stands. What cannot be read refers to nothing: running it tells why. */
export function configReferences(
  w: Workshop,
  purity: Purity,
  config: Config,
  file: string,
  self: Relation,
  place: (key: string, text: string) => Place,
): ConfigReferences {
  const read = (key: string, text: string, template = text): ConfigReferences =>
    readTemplateOf(w, purity, template, config, file, self, () => place(key, text));
  const found = [
    ...(['pre-hook', 'post-hook'] as const).flatMap((key) => config[key].filter((h) => h.sql.includes('{')).map((h) => read(key, h.sql))),
    ...asList(config['foreign_keys']).flatMap((k) =>
      isMapping(k) && typeof k['to'] === 'string' && isReference(k['to']) ? [read('foreign_keys', k['to'], `{{ ${k['to']} }}`)] : [],
    ),
  ];
  if (found.length === 0) return NONE;
  return { refs: found.flatMap((f) => f.refs), sources: found.flatMap((f) => f.sources), calls: found.flatMap((f) => f.calls) };
}

function readTemplateOf(w: Workshop, purity: Purity, text: string, config: Config, file: string, self: Relation, place: () => Place): ConfigReferences {
  try {
    const reading = readingOf(w, text);
    const dynamic = !purity.suffices(reading, w.pkg);
    if (!dynamic && reading.refs.length === 0 && reading.sources.length === 0) return { ...NONE, calls: reading.calls };
    const quiet: Workshop = { ...w, report: () => {} };
    const { refs, sources } = dynamic ? fromRendering(quiet, text, file, 1, 'the configuration', config, self) : fromReading(quiet, reading, file);
    const at = place();
    return { refs: refs.map((r) => ({ ...r, place: at })), sources: sources.map((s) => ({ ...s, place: at })), calls: reading.calls };
  } catch (e) {
    if (e instanceof Failure) return NONE;
    throw e;
  }
}

/** A hook of a folder is the same for all models in it. */
const readings = new WeakMap<Workshop, Map<string, TemplateReading>>();

function readingOf(w: Workshop, text: string): TemplateReading {
  const known = readings.get(w) ?? new Map<string, TemplateReading>();
  readings.set(w, known);
  const reading = known.get(text) ?? readTemplate(text, 'configuration');
  known.set(text, reading);
  return reading;
}
