// debug: what was found where, which target is meant, whether it can be reached, and versions. Exit code 1 where
// something is wrong, with all that could be found out.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../api/api.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { openProject, printDiagnostics, projectRoot } from './project.ts';

export async function debugCommand(io: Io, o: CommonOptions): Promise<ExitCode> {
  const { outColors: p, out } = io.output;
  const say = (what: string, found: string): void => out(`  ${p.dim(what.padEnd(12))} ${found}\n`);
  const root = projectRoot(io.cwd, o.projectDir);
  say('dwt', io.version);
  say('node', io.runtime);
  const file = ['project.yml', 'dbt_project.yml'].find((f) => existsSync(join(root, f)));
  say('project', file === undefined ? p.red(`no project.yml in ${root}`) : join(root, file));
  try {
    const project = openProject(io, o, 'debug');
    const counts = new Map<string, number>();
    for (const r of project.resources.values()) counts.set(r.type, (counts.get(r.type) ?? 0) + 1);
    say(
      'resources',
      [...counts]
        .map(([type, n]) => `${n} ${type === 'test' ? 'data test' : type === 'analysis' && n > 1 ? 'analyse' : type}${n === 1 ? '' : 's'}`)
        .join(', ') || 'none',
    );
    say('compiled to', project.targetPath);
    const { name, type, database, schema, threads } = project.target;
    say('target', `${name} (${type}), ${database === null ? '' : `database ${database}, `}schema ${schema}, ${threads} threads`);
    for (const [key, value] of project.describeTarget()) say(`  ${key}`, value ?? p.dim('(hidden)'));
    for (const path of project.warehouseFiles) if (existsSync(path)) say('file', `${path}, ${(statSync(path).size / 1e6).toFixed(1)} MB`);
    const { version, ms } = await project.check();
    say('connection', p.green(`${version}, in ${(ms / 1000).toFixed(2)}s`));
    out(`\n${p.bold(p.green('All checks passed.'))}\n`);
    return 0;
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    out('\n');
    printDiagnostics(io, e.diagnostics, root);
    return 1;
  }
}
