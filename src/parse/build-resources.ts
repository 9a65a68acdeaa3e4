// Everything read becomes resources: sources, seeds, snapshots, models, analyses, data tests, exposures and hooks of the run.
import type { Resource } from '../project/resources.ts';
import { buildAnalysis, buildModel, buildSingularTest } from './build-models.ts';
import { buildOperations } from './build-operations.ts';
import { buildSeed } from './build-seeds.ts';
import { buildSnapshots, buildYamlSnapshot } from './build-snapshots.ts';
import { buildExposure, buildSources } from './build-sources.ts';
import { buildTests } from './build-tests.ts';
import type { Reading } from './cache.ts';
import type { Patch, Patches } from './patches.ts';
import type { SqlFiles } from './piece.ts';
import type { ProjectFile } from './project-file.ts';
import type { RelationEntry } from './properties.ts';
import { indexIn } from './prune.ts';
import type { FoundFile } from './scan.ts';
import { stem, type Workshop } from './workshop.ts';

/** An entry under `models:` that names a seed or a snapshot counts for it, as in dbt. */
export function moveMisplaced(patches: Patches, files: readonly FoundFile[], readings: readonly Reading[]): void {
  const models = new Set(files.filter((f) => f.kind === 'model').map((f) => stem(f.path)));
  const seeds = new Set(files.filter((f) => f.kind === 'seed').map((f) => stem(f.path.replace(/\.gz$/, ''))));
  const snapshots = new Set(readings.flatMap(({ cached }) => (cached.reading.kind === 'blocks' ? cached.reading.blocks.map((b) => b.name) : [])));
  for (const [name, patch] of patches.models) {
    if (models.has(name)) continue;
    const home = seeds.has(name) ? patches.seeds : snapshots.has(name) ? patches.snapshots : undefined;
    if (home === undefined || home.has(name)) continue;
    home.set(name, patch);
    patches.models.delete(name);
  }
}

/** `patches` are marked where they are used. */
export function buildResources(
  w: Workshop,
  sql: SqlFiles,
  readings: readonly Reading[],
  files: readonly FoundFile[],
  patches: Patches,
  project: ProjectFile,
  projectPath: string,
): Resource[] {
  const built: Resource[] = [];
  const withTests = (r: Resource, patch: Patch<RelationEntry> | undefined): void => {
    built.push(r);
    if (patch !== undefined) for (const t of buildTests(w, sql.purity, r, patch.entry, patch.file, patch.path)) built.push(t);
  };
  for (const patch of patches.sources) {
    buildSources(w, patch).forEach((source, i) => {
      const { tables } = patch.entry;
      built.push(source, ...buildTests(w, sql.purity, source, tables![i]!, patch.file, [...patch.path, 'tables', indexIn(tables!, i)]));
    });
  }
  for (const file of files)
    if (file.kind === 'seed')
      withTests(
        buildSeed(w, file, patches),
        patches.seeds.get(
          file.path
            .replace(/\.gz$/, '')
            .replace(/^.*\//, '')
            .replace(/\.csv$/, ''),
        ),
      );
  for (const { file, cached } of readings) {
    const { reading } = cached;
    if (file.kind === 'snapshot') for (const s of buildSnapshots(w, sql, file, cached, patches)) withTests(s, patches.snapshots.get(s.name));
    if (reading.kind !== 'template') continue;
    if (file.kind === 'model') {
      const model = buildModel(w, sql, file, cached, reading.reading, patches);
      withTests(model, patches.models.get(model.name));
    } else if (file.kind === 'analysis') built.push(buildAnalysis(w, sql, file, cached, reading.reading, patches));
    else if (file.kind === 'test') built.push(buildSingularTest(w, sql, file, cached, reading.reading, patches));
  }
  for (const patch of patches.snapshots.values()) {
    const snapshot = buildYamlSnapshot(w, sql, patch);
    if (snapshot !== undefined) withTests(snapshot, patch);
  }
  for (const patch of patches.exposures) built.push(buildExposure(w, patch));
  built.push(...buildOperations(w, project, projectPath));
  return built;
}
