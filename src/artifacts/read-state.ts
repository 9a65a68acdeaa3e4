// An earlier state of a project, from a folder of artifacts that dwt or dbt left behind: manifest.json, run_results.json,
// sources.json. Each is read where a selection asks for it, and is absent where its file is.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import type { PreviousState, ThenAndNow } from '../graph/select-state.ts';
import type { Relation } from '../project/relation.ts';
import { isMapping } from '../project/shape.ts';
import { type ComparedManifest, macroTexts, nodeStates } from './node-state.ts';

/** Where each node stands in the earlier state, by id. */
export type DeferredRelations = ReadonlyMap<string, Relation>;

/** `nodes` and `macros` of a state: those of the folder's manifest, and those of the project as it is. Empty where there is no manifest. Throws `Failure`. */
export function readNodeStates(folder: string, now: () => ComparedManifest): Pick<PreviousState, 'nodes' | 'macros'> {
  const before = readManifest(folder);
  if (before === undefined) return {};
  const current = now();
  return {
    nodes: { before: nodeStates(before), now: nodeStates(current) },
    macros: { before: macroTexts(before), now: macroTexts(current) },
  };
}

/** Newest rows of sources then and now. Undefined where either folder has no sources.json. Throws `Failure`. */
export function readFreshness(before: string, now: string): ThenAndNow<string | null> | undefined {
  const [then, current] = [before, now].map(readNewestRows);
  return then === undefined || current === undefined ? undefined : { before: then, now: current };
}

/** Relations of the models, seeds and snapshots in a folder's manifest; undefined where there is none. Throws `Failure`. */
export function readDeferredRelations(folder: string): DeferredRelations | undefined {
  const manifest = readManifest(folder);
  if (manifest === undefined) return undefined;
  const relations = new Map<string, Relation>();
  for (const [id, n] of Object.entries(manifest.nodes)) {
    const { resource_type: type, database, schema, alias, config } = n;
    if (type !== 'model' && type !== 'seed' && type !== 'snapshot') continue;
    if (isMapping(config) && config['materialized'] === 'ephemeral') continue;
    if (typeof schema !== 'string' || typeof alias !== 'string') continue;
    relations.set(id, { database: typeof database === 'string' ? database : null, schema, identifier: alias });
  }
  return relations;
}

function readManifest(folder: string): ComparedManifest | undefined {
  const path = join(folder, 'manifest.json');
  const read = readJson(path);
  if (read === undefined) return undefined;
  const { nodes, sources, exposures, macros } = read;
  if (![nodes, sources, exposures, macros].every(isMapping)) return notOurs(path);
  return { nodes, sources, exposures, macros } as unknown as ComparedManifest;
}

function readNewestRows(folder: string): ReadonlyMap<string, string | null> | undefined {
  const path = join(folder, 'sources.json');
  const read = readJson(path);
  if (read === undefined) return undefined;
  if (!Array.isArray(read['results'])) return notOurs(path);
  return new Map(
    read['results'].filter(isMapping).map((r) => [String(r['unique_id']), typeof r['max_loaded_at'] === 'string' ? r['max_loaded_at'] : null] as const),
  );
}

function readJson(path: string): Record<string, unknown> | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isMapping(read)) return read;
  } catch {
    // Said below.
  }
  return notOurs(path);
}

function notOurs(path: string): never {
  return fail('cli/usage', `${path} is not an artifact that dwt or dbt writes, so there is nothing to compare with.`, {
    help: 'Name another folder with --state, or make it anew: dwt parse',
  });
}
