// parse: reads the project and writes manifest.json. Nothing is asked of the warehouse.
import { note, openProject } from './project.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';

export function parseCommand(io: Io, o: CommonOptions): ExitCode {
  const written = openProject(io, o, 'parse').writeManifest();
  note(io, `Wrote ${written.path}`);
  return 0;
}
