// debug: what was found where, which target is meant, whether it can be reached, and versions. Exit code 1 where
// something is wrong, with all that could be found out.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../diagnostics/diagnostic.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { connect, openProject, printDiagnostics, projectRoot } from './open.ts';

export async function debugCommand(io: Io, o: CommonOptions): Promise<ExitCode> {
  const { outColors: p, out } = io.output;
  const say = (what: string, found: string): void => out(`  ${p.dim(what.padEnd(12))} ${found}\n`);
  const root = projectRoot(io.cwd, o.projectDir);
  say('dwt', io.version);
  say('node', io.runtime);
  const file = ['project.yml', 'dbt_project.yml'].find((f) => existsSync(join(root, f)));
  say('project', file === undefined ? p.red(`no project.yml in ${root}`) : join(root, file));
  try {
    const opened = openProject(io, o, 'debug');
    const { project, adapter, targetPath } = opened.loaded;
    const counts = new Map<string, number>();
    for (const r of project.resources.values()) counts.set(r.type, (counts.get(r.type) ?? 0) + 1);
    say(
      'resources',
      [...counts]
        .map(([type, n]) => `${n} ${type === 'test' ? 'data test' : type === 'analysis' && n > 1 ? 'analyse' : type}${n === 1 ? '' : 's'}`)
        .join(', ') || 'none',
    );
    say('compiled to', targetPath);
    say(
      'target',
      `${project.target.name} (${adapter.type}), ${project.target.database === null ? '' : `database ${project.target.database}, `}schema ${project.target.schema}, ${project.target.threads} threads`,
    );
    for (const [key, value] of Object.entries(project.target.settings)) {
      const shape = adapter.settings[key];
      if (shape === undefined || typeof value === 'object') continue;
      say(`  ${key}`, shape.secret === true ? p.dim('(hidden)') : String(value));
    }
    for (const path of adapter.files?.(project.target.settings, project.root) ?? [])
      if (existsSync(path)) say('file', `${path}, ${(statSync(path).size / 1e6).toFixed(1)} MB`);
    const began = performance.now();
    const warehouse = await connect(io, opened, { threads: 1 });
    try {
      const session = await warehouse.session();
      await session.query('select 1 as one');
      await session.release();
      say('connection', p.green(`${warehouse.version}, in ${((performance.now() - began) / 1000).toFixed(2)}s`));
    } finally {
      await warehouse.close();
    }
    out(`\n${p.bold(p.green('All checks passed.'))}\n`);
    return 0;
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    out('\n');
    printDiagnostics(io, e.diagnostics, root);
    return 1;
  }
}
