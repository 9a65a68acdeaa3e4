// Artifacts of a whole project: its manifest, its catalog, and what an earlier state of it left behind.
import { join, resolve } from 'node:path';
import type { SchemaName } from '../adapters/adapter.ts';
import { buildCatalog, stands } from '../artifacts/catalog.ts';
import { comparedManifest, type ManifestInput, writeManifest } from '../artifacts/manifest.ts';
import type { CompiledNode } from '../artifacts/manifest-nodes.ts';
import { readRunResults } from '../artifacts/read-results.ts';
import { readFreshness, readNodeStates } from '../artifacts/read-state.ts';
import { Failure } from '../diagnostics/diagnostic.ts';
import { isRefusal, unwritten } from '../files/refusal.ts';
import { ELSEWHERE } from '../files/unwritten.ts';
import { metadataOf, writeJson } from '../artifacts/write-json.ts';
import type { PreviousState } from '../graph/select-state.ts';
import type { YamlSelector } from '../graph/select-yaml.ts';
import type { Connections } from './connect.ts';
import { shownFrom } from './paths.ts';
import type { Invocation } from '../artifacts/write-json.ts';
import type { Opened } from './opened.ts';
import type { Selection } from './options.ts';

/** A file that was written, relative to the project, and how many nodes and sources it tells of. */
export interface WrittenArtifact {
  readonly path: string;
  readonly nodes: number;
  readonly sources: number;
}

/** @internal Writes a file of the project; `file` is its name for people. Throws `Failure` where it cannot be written. */
export function orFail<T>(file: string, write: () => T): T {
  try {
    return write();
  } catch (e) {
    throw isRefusal(e) ? new Failure(unwritten(file, e, { help: ELSEWHERE })) : e;
  }
}

/** @internal Writes manifest.json, with the SQL of what was compiled. */
export function writeProjectManifest(opened: Opened, invocation: Invocation, compiled?: ReadonlyMap<string, CompiledNode>): WrittenArtifact {
  const path = writeManifest({ ...inputOf(opened), ...(compiled === undefined ? {} : { compiled }) }, invocation);
  const all = [...opened.graph.nodes.values()];
  const sources = all.filter((r) => r.type === 'source').length;
  return { path: shown(opened, path), nodes: all.filter((r) => r.type !== 'exposure').length - sources, sources };
}

/** @internal Asks the warehouse what stands there and writes catalog.json. `chosen`: ids to tell of; absent: all. Throws `Failure`. */
export async function writeProjectCatalog(
  opened: Opened,
  connections: Connections,
  invocation: Invocation,
  o: { readonly chosen?: ReadonlySet<string>; readonly empty: boolean },
): Promise<WrittenArtifact> {
  const resources = [...opened.graph.nodes.values()].filter((r) => stands(r) && (o.chosen === undefined || o.chosen.has(r.id)));
  const schemas = new Map<string, SchemaName>();
  for (const r of resources)
    if (stands(r)) schemas.set(JSON.stringify([r.relation.database, r.relation.schema]), { database: r.relation.database, schema: r.relation.schema });
  const found =
    o.empty || schemas.size === 0
      ? []
      : await connections.use({ threads: 1 }, async (warehouse) => {
          const session = await warehouse.session();
          try {
            return await session.catalog([...schemas.values()]);
          } finally {
            await session.release();
          }
        });
  const { nodes, sources } = buildCatalog(resources, found);
  const path = join(opened.artifacts.targetPath, 'catalog.json');
  orFail(shown(opened, path), () => writeJson(path, { metadata: metadataOf('catalog/v1', invocation), nodes, sources, errors: null }));
  return { path: shown(opened, path), nodes: Object.keys(nodes).length, sources: Object.keys(sources).length };
}

/** @internal What is known from earlier, as far as a selection asks for it. Throws `Failure`. */
export function previousState(opened: Opened, o: Selection, selectors: readonly YamlSelector[]): PreviousState {
  const words = [...(o.select ?? []), ...(o.exclude ?? [])].join(' ');
  const byName = o.selector !== undefined || o.select === undefined || words.includes('selector:') ? JSON.stringify(selectors.map((s) => s.definition)) : '';
  const asks = (method: string): boolean => new RegExp(`\\b${method}\\b`).test(byName) || words.includes(`${method}:`);
  const { targetPath } = opened.artifacts;
  const folder = resolve(opened.host.cwd, o.state ?? targetPath);
  const results = asks('result') ? readRunResults(folder)?.results : undefined;
  const freshness = asks('source_status') ? readFreshness(folder, targetPath) : undefined;
  return {
    ...(asks('state') ? readNodeStates(folder, () => comparedManifest(inputOf(opened))) : {}),
    ...(results === undefined ? {} : { results: new Map(results.map((r) => [r.unique_id, r.status])) }),
    ...(freshness === undefined ? {} : { freshness }),
  };
}

function inputOf({ loaded, graph, artifacts, selectors }: Opened): ManifestInput {
  return { project: loaded.project, graph, facts: loaded.facts, readText: loaded.readText, place: artifacts, selectors };
}

function shown(opened: Opened, path: string): string {
  return shownFrom(opened.place.root, path);
}
