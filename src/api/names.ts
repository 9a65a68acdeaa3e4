// Names of a project for a shell's Tab, as many as can be had: a project that is being edited is often not whole.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Candidate, completeTerm } from '../graph/select-complete.ts';
import { readYaml } from '../parse/yaml.ts';
import { isMapping } from '../project/shape.ts';
import { open, projectRoot } from './opened.ts';
import type { Host, ProjectOptions } from './options.ts';
import { readYamlSelectors } from './selectors.ts';

export type { Candidate };

export interface ProjectNames {
  /** What a half-typed selection may become. Where the project cannot be read, names by their files. */
  readonly selection: (word: string) => readonly Candidate[];
  readonly targets: () => readonly string[];
  readonly selectors: () => readonly string[];
  readonly macros: () => readonly string[];
  /** Tables of seeds/generate.yml. */
  readonly tables: () => readonly string[];
}

/** Each list is made when it is asked for; what cannot be read is empty. */
export function projectNames(host: Host, o: ProjectOptions): ProjectNames {
  const root = projectRoot(host.cwd, o.projectDir);
  const opened = once(() => open(host, o));
  const yaml = (file: string): Readonly<Record<string, unknown>> => {
    const read = readYaml(readFileSync(join(root, file), 'utf8'), file);
    return isMapping(read.data) ? read.data : {};
  };
  return {
    selection: (word) => {
      const resources = tried(() => [...opened().graph.nodes.values()]);
      if (resources.length > 0) return completeTerm(word, { resources, selectors: tried(() => readYamlSelectors(root, null).selectors.map((s) => s.name)) });
      return tried(() => filesBelow(root)).flatMap((value) => (value.startsWith(word) ? [{ value }] : []));
    },
    targets: () => tried(() => keys(yaml(existsSync(join(root, 'project.yml')) ? 'project.yml' : 'dbt_project.yml')['targets'])),
    selectors: () => tried(() => readYamlSelectors(root, null).selectors.map((s) => s.name)),
    macros: () => tried(() => opened().loaded.project.macros.map((m) => m.name)).filter((name) => !/^(test|materialization)_/.test(name)),
    tables: () => tried(() => tablesOf(yaml(existsSync(join(root, 'seeds/generate.yml')) ? 'seeds/generate.yml' : 'generate.yml')['tables'])),
  };
}

function tried<T>(make: () => readonly T[]): readonly T[] {
  try {
    return make();
  } catch {
    return [];
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function keys(value: unknown): string[] {
  return isMapping(value) ? Object.keys(value) : [];
}

function tablesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((t) => (isMapping(t) && typeof t['name'] === 'string' ? [t['name']] : []));
  return keys(value);
}

function filesBelow(root: string): string[] {
  return ['models', 'seeds', 'snapshots'].flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).flatMap((f) => /([^/\\]+)\.(?:sql|csv)$/.exec(f)?.[1] ?? [])
      : [],
  );
}
