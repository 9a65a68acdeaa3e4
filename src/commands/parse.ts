// parse: reads the project and writes manifest.json. Nothing is asked of the warehouse.
import { openProject } from './project.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';

export function parseCommand(io: Io, o: CommonOptions): ExitCode {
  const written = openProject(io, o, 'parse').writeManifest();
  if (!io.output.quiet) io.output.err(`Wrote ${written.path}\n`);
  return 0;
}
