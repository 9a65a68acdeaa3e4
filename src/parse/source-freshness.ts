// What a source says of its freshness: at the source and at its table, beside the other keys or under `config:`, and in
// the project file where neither has a word. The nearest word counts, and null takes back what was said further out.
import { isDeepStrictEqual } from 'node:util';
import { error } from '../diagnostics/diagnostic.ts';
import { type Freshness, freshnessShape, mergeFreshness } from '../project/freshness.ts';
import { isMapping, type Path } from '../project/shape.ts';
import type { Patch } from './patches.ts';
import type { SourceEntry, TableEntry } from './properties.ts';
import { indexIn } from './prune.ts';
import { renderYaml } from './render-yaml.ts';
import type { Workshop } from './workshop.ts';
import { placed } from './yaml.ts';

type Words = Readonly<Record<string, unknown>>;

interface Level {
  readonly beside: Words;
  readonly config: Words;
}

/** The limits that hold for a table, or null where it is not checked. */
export function freshnessOf(w: Workshop, patch: Patch<SourceEntry>, index: number, fqn: readonly string[]): Freshness | null {
  const [source, table] = levels(w, patch, index) as [Level, Level];
  const said = [
    limits(w, patch, patch.entry, patch.path, source.beside['freshness']),
    source.config['freshness'],
    limits(w, patch, patch.entry.tables![index]!, tablePath(patch, index), table.beside['freshness']),
    table.config['freshness'],
  ];
  const own = said.every((v) => v === undefined) ? undefined : mergeFreshness(said);
  return (own === undefined ? mergeFreshness([w.trees.source.configFor(fqn)['freshness']]) : own) ?? null;
}

/** How the newest load of a table is found; where there are both, the query is asked. */
export function loadedAtOf(
  w: Workshop,
  patch: Patch<SourceEntry>,
  index: number,
  fqn: readonly string[],
): { loadedAtField: string | null; loadedAtQuery: string | null } {
  const [source, table] = levels(w, patch, index).map((l) => ({ ...l.config, ...l.beside })) as [Words, Words];
  const path = tablePath(patch, index);
  for (const [level, at, what] of [
    [source, patch.path, `source '${patch.entry.name}'`],
    [table, path, `table '${patch.entry.tables![index]!.name}'`],
  ] as const) {
    if (text(level['loaded_at_field']) === null || text(level['loaded_at_query']) === null) continue;
    const span = w.spanOf({ yaml: patch.file, path: [...at, 'name'], on: 'value' });
    w.report(error('parse/bad-config', `The ${what} has both loaded_at_field and loaded_at_query.`, { span, help: 'Keep one of the two.' }));
  }
  const tree = w.trees.source.configFor(fqn);
  const ownField = Object.hasOwn(table, 'loaded_at_field');
  return {
    loadedAtField: text(ownField ? table['loaded_at_field'] : (source['loaded_at_field'] ?? tree['loaded_at_field'])),
    // A column at the table takes the place of a query at the source.
    loadedAtQuery: text(table['loaded_at_query'] ?? (ownField ? null : (source['loaded_at_query'] ?? tree['loaded_at_query']))),
  };
}

function tablePath({ entry, path }: Patch<SourceEntry>, index: number): Path {
  return [...path, 'tables', indexIn(entry.tables!, index)];
}

/** Limits as rendered. The file was looked at before; what a template gave is looked at here. */
function limits(w: Workshop, { file }: Patch<SourceEntry>, of: SourceEntry | TableEntry, path: Path, rendered: unknown): unknown {
  if (rendered === undefined || rendered === null || isDeepStrictEqual(rendered, of.freshness)) return rendered;
  let sound = true;
  freshnessShape.check(rendered, ['freshness'], (m) => {
    sound = false;
    w.report(placed(m, w.spanOf({ yaml: file, path: [...path, ...m.path], on: m.on })));
  });
  return sound ? rendered : undefined;
}

/** The words of the source and of the table, rendered; queries are rendered when they run. */
function levels(w: Workshop, patch: Patch<SourceEntry>, index: number): Level[] {
  const { entry, file, path } = patch;
  return (
    [
      [entry, path],
      [entry.tables![index]!, tablePath(patch, index)],
    ] as const
  ).map(([of, at]) => {
    const words = (value: unknown, inside: Path): Words => {
      const picked = isMapping(value) ? Object.fromEntries(KEYS.flatMap((k) => (Object.hasOwn(value, k) ? [[k, value[k]]] : []))) : {};
      const { loaded_at_query: query, ...rest } = picked;
      const rendered = renderYaml(w.facts, rest, (p) => w.spanOf({ yaml: file, path: [...at, ...inside, ...p], on: 'value' }), w.report) as Words;
      return query === undefined ? rendered : { ...rendered, loaded_at_query: query };
    };
    return { beside: words(of, []), config: words(of.config, ['config']) };
  });
}

const KEYS = ['freshness', 'loaded_at_field', 'loaded_at_query'];

function text(value: unknown): string | null {
  return value === undefined || value === null || value === '' ? null : String(value);
}
