// init: a small project of the person's own, and what to do with it.
import { relative } from 'node:path';
import { initProject } from '../api/init.ts';
import { shellWord } from '../report/rerun.ts';
import type { ExitCode, Io } from './io.ts';

export function initCommand(io: Io, folder: string): ExitCode {
  const { root, files } = initProject(folder, io);
  if (io.output.quiet) return 0;
  for (const path of files) io.output.out(`  ${io.output.outColors.dim('wrote')} ${path}\n`);
  // Called by npx it is not on the path.
  const dwt = io.env['npm_command'] === 'exec' ? 'npx dwt' : 'dwt';
  io.output.out(`\nNow:\n${root === io.cwd ? '' : `  cd ${shellWord(relative(io.cwd, root))}\n`}  ${dwt} build\n  ${dwt} show --select customer_orders\n`);
  return 0;
}
