// project.yml itself: found, read, checked, and its variables sorted by whom they are for.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { error, Failure } from '../diagnostics/diagnostic.ts';
import type { Vars } from '../project/project.ts';
import { isMapping } from '../project/shape.ts';
import { normalizeKeys, type ProjectFile, projectShape } from './project-file.ts';
import { checkShape, readYaml } from './yaml.ts';

const PROJECT_FILES = ['project.yml', 'dbt_project.yml'] as const;

/** The project file of a folder. Throws `Failure` with every mistake in it. */
export function readProjectFile(root: string): { file: string; project: ProjectFile } {
  const file = PROJECT_FILES.find((f) => existsSync(join(root, f)));
  if (file === undefined)
    throw new Failure(
      error('parse/no-project', `There is no project.yml in ${root}.`, {
        help: "Go to a project's folder, name one with --project-dir, or make one:\n\nname: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: target/shop.duckdb}",
      }),
    );
  const text = readFileSync(join(root, file), 'utf8');
  const read = readYaml(text, file);
  if ('mistakes' in read) throw new Failure(read.mistakes);
  if (!isMapping(read.data))
    throw new Failure(error('parse/wrong-type', `${file} must hold keys with values, such as name and targets.`, { span: { file, line: 1, column: 1 } }));
  const data = normalizeKeys(read.data);
  const mistakes = checkShape(projectShape, data, text, file);
  const fatal = mistakes.filter((m) => m.severity === 'error');
  if (fatal.length > 0) throw new Failure(mistakes);
  if (!/^\w+$/.test(String(data['name'])))
    throw new Failure(
      error('parse/wrong-type', `'name' must consist of letters, digits and underscores, not '${String(data['name'])}'.`, {
        span: { file, line: 1, column: 1 },
      }),
    );
  return { file, project: data as unknown as ProjectFile };
}

/** Variables of the file and of the command line, apart. */
export function readVars(project: ProjectFile, cli: Readonly<Record<string, unknown>>): Vars {
  const global: Record<string, unknown> = {};
  const byPackage: Record<string, Readonly<Record<string, unknown>>> = {};
  for (const [k, v] of Object.entries(project.vars ?? {})) {
    if (isMapping(v) && k === project.name) byPackage[k] = v;
    else global[k] = v;
  }
  return { cli, global, byPackage };
}
