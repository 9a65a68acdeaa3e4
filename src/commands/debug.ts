// debug: what was found where, which target is meant, whether it can be reached, and versions. Exit code 1 where
// something is wrong, with all that could be found out.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../api/api.ts';
import { waiting } from '../report/waiting.ts';
import { countsInWords, countTypes, duration, plural } from '../report/words.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { openProject, printDiagnostics, projectRoot } from './project.ts';

export async function debugCommand(io: Io, o: CommonOptions): Promise<ExitCode> {
  const { outColors: p, out, format } = io.output;
  const found: Record<string, string> = {};
  const say = (what: string, value: string, tint: (s: string) => string = (s) => s): void => {
    found[what.trim()] = value;
    if (format === 'text') out(`  ${p.dim(what.padEnd(12))} ${tint(value)}\n`);
  };
  const end = (ok: boolean): ExitCode => {
    if (format === 'json') out(`${JSON.stringify({ event: 'debug', ok, ...found })}\n`);
    else if (ok) out(`\n${p.bold(p.green('All checks passed.'))}\n`);
    return ok ? 0 : 1;
  };
  const root = projectRoot(io.cwd, o.projectDir);
  say('dwt', io.version);
  say('node', io.runtime);
  const file = ['project.yml', 'dbt_project.yml'].find((f) => existsSync(join(root, f)));
  if (file === undefined) say('project', `no project.yml in ${root}`, p.red);
  else say('project', join(root, file));
  try {
    const project = openProject(io, o, 'debug');
    say('resources', countsInWords(countTypes(project.resources.values())) || 'none');
    say('compiled to', project.targetPath);
    const { name, type, database, schema, threads } = project.target;
    say('target', `${name} (${type}), ${database === null ? '' : `database ${database}, `}schema ${schema}, ${plural(threads, 'thread')}`);
    for (const [key, value] of project.describeTarget()) say(`  ${key}`, value ?? '(hidden)', value === null ? p.dim : undefined);
    for (const path of project.warehouseFiles) if (existsSync(path)) say('file', `${path}, ${(statSync(path).size / 1e6).toFixed(1)} MB`);
    const { version, ms } = await waiting(io.output, `connecting to ${name}`, project.check());
    say('connection', `${version}, in ${duration(ms)}`, p.green);
    return end(true);
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    if (format === 'text') out('\n');
    printDiagnostics(io, e.diagnostics, root);
    return end(false);
  }
}
