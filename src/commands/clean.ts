// clean: removes what was made, and says what.
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { openProject } from './project.ts';

export async function cleanCommand(io: Io, o: CommonOptions): Promise<ExitCode> {
  for (const { path, kept } of await openProject(io, o, 'clean').clean())
    if (io.output.format === 'json') io.output.out(`${JSON.stringify({ event: 'removed', path, kept })}\n`);
    else if (!io.output.quiet && kept.length === 1 && kept[0] === path) io.output.out(`kept ${path} (the warehouse)\n`);
    else if (!io.output.quiet) io.output.out(`removed ${path}${kept.length === 0 ? '' : `, kept ${kept.join(', ')} (the warehouse)`}\n`);
  return 0;
}
