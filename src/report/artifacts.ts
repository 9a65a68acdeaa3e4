// Files beside the output: compiled SQL, the statements that ran, run_results.json in dbt's shape (v6).
// https://docs.getdbt.com/reference/artifacts/run-results-json
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DBT_VERSION } from '../context/context.ts';
import type { RunFacts, RunSummary, NodeResult } from '../execute/events.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Resource } from '../project/resources.ts';
import type { FileWriter } from './file-writer.ts';

export interface ArtifactPlace {
  readonly root: string;
  /** Absolute path of the target folder. */
  readonly targetPath: string;
  readonly projectName: string;
}

/** Where a node's compiled SQL is written, relative to the project's folder. What is one of several in its file (a data test of YAML, a snapshot) has a file in a folder named after that. */
export function compiledFile(place: ArtifactPlace, r: Resource, kind: 'compiled' | 'run' = 'compiled'): string | null {
  if (r.type === 'seed' || r.type === 'source' || r.type === 'operation' || r.type === 'exposure') return null;
  const name = r.alias;
  const inFile = r.file.endsWith('.sql') && r.type !== 'snapshot' ? r.file : `${r.file}/${name}.sql`;
  return relative(place.root, join(place.targetPath, kind, place.projectName, inFile)).replaceAll('\\', '/');
}

/** Writes a node's compiled SQL and what ran for it. */
export function writeNodeFiles(place: ArtifactPlace, writer: FileWriter, r: NodeResult): void {
  if (r.compiled !== null) writeCompiled(place, writer, r.resource, r.compiled.sql);
  if (r.executed.length === 0 || r.resource.type === 'test') return;
  const path = compiledFile(place, r.resource, 'run');
  if (path !== null) writer.write(join(place.root, path), `${r.executed.join(';\n\n')};\n`);
}

export function writeCompiled(place: ArtifactPlace, writer: FileWriter, r: Resource, sql: string): void {
  const path = compiledFile(place, r);
  if (path !== null) writer.write(join(place.root, path), `${sql}\n`);
}

/** Writes run_results.json, aside and then in place. */
export function writeRunResults(place: ArtifactPlace, facts: RunFacts, summary: RunSummary, args: Readonly<Record<string, unknown>>): void {
  const results = summary.results.map((r) => ({
    status: r.status,
    timing:
      r.status === 'skipped'
        ? []
        : [{ name: 'execute', started_at: r.startedAt.toISOString(), completed_at: new Date(r.startedAt.getTime() + r.ms).toISOString() }],
    thread_id: `Thread-${r.thread}`,
    execution_time: r.ms / 1000,
    adapter_response: r.rows === null ? {} : { rows_affected: r.rows },
    message: r.diagnostics.find((d) => d.severity === 'error')?.message ?? r.message,
    failures: r.failures,
    unique_id: r.id,
    compiled: r.compiled !== null,
    compiled_code: r.compiled?.sql ?? null,
    relation_name: null,
    batch_results: null,
  }));
  const body = {
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json',
      dbt_version: DBT_VERSION,
      generated_at: new Date().toISOString(),
      invocation_id: facts.invocationId,
      env: {},
      invocation_started_at: facts.startedAt.toISOString(),
    },
    results,
    elapsed_time: summary.elapsedMs / 1000,
    args,
  };
  const path = join(place.targetPath, 'run_results.json');
  mkdirSync(place.targetPath, { recursive: true });
  writeFileSync(`${path}.tmp`, JSON.stringify(body));
  renameSync(`${path}.tmp`, path);
}

/** What of an earlier run is read again. */
export interface EarlierRun {
  readonly args: { readonly which?: string; readonly vars?: Readonly<Record<string, unknown>>; readonly full_refresh?: boolean; readonly target?: string };
  readonly results: readonly { readonly unique_id: string; readonly status: string }[];
}

/** run_results.json of a folder; undefined where there is none. Throws `Failure` where it cannot be read. */
export function readRunResults(folder: string): EarlierRun | undefined {
  const path = join(folder, 'run_results.json');
  if (!existsSync(path)) return undefined;
  try {
    const read = JSON.parse(readFileSync(path, 'utf8')) as Partial<EarlierRun>;
    if (Array.isArray(read.results)) return { args: read.args ?? {}, results: read.results };
  } catch {
    // Said below.
  }
  return fail('cli/usage', `${path} is not what a run leaves behind, so there is nothing to go by.`, { help: 'Run something again: it is written anew.' });
}
