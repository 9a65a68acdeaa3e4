// What every command begins with: the project, opened, and its warnings told.
import { type Diagnostic, type DwtProject, openProject as open, optionsFor, projectRoot, type ResourceType } from '../api/api.ts';
import { printDiagnostics as blocks } from '../report/diagnostics.ts';
import { sourceReader } from '../report/source-reader.ts';
import { wrap } from '../report/width.ts';
import { diagnosticJson } from '../report/json-lines.ts';
import type { CommonOptions, Io } from './io.ts';

/** Opens the project. Warnings are printed, but for those that the caller will tell `later`; throws `Failure` with every error found. */
export function openProject(io: Io, o: CommonOptions, which: string, later: (d: Diagnostic) => boolean = () => false): DwtProject {
  const { fullRefresh, failFast, empty, storeFailures } = o;
  const flags = {
    which,
    ...(fullRefresh === undefined ? {} : { fullRefresh }),
    ...(failFast === undefined ? {} : { failFast }),
    ...(empty === undefined ? {} : { empty }),
    ...(storeFailures === undefined ? {} : { storeFailures }),
  };
  const project = open({ ...optionsFor('openProject', o), flags }, io);
  printDiagnostics(
    io,
    project.warnings.filter((d) => !later(d)),
    project.root,
  );
  return project;
}

/** The nodes a command works on. Warnings (nothing matched) are printed; throws `Failure`. */
export function chooseNodes(
  io: Io,
  project: DwtProject,
  o: CommonOptions,
  types: readonly ResourceType[],
  standard?: readonly ResourceType[],
): ReadonlySet<string> {
  const { ids, warnings } = project.select(optionsFor('select', o), types, standard);
  printDiagnostics(io, warnings, project.root);
  return ids;
}

/** Prints diagnostics to standard error, in the format asked for. */
export function printDiagnostics(io: Io, diagnostics: readonly Diagnostic[], root: string): void {
  const { output } = io;
  const read = sourceReader(root);
  const shown = output.quiet ? diagnostics.filter((d) => d.severity === 'error') : diagnostics;
  if (output.format === 'json') for (const d of shown) output.err(`${diagnosticJson(d)}\n`);
  else for (const block of blocks(shown, read, output.errColors, output.errColumns)) output.err(`${block}\n\n`);
}

/** Tells on standard error what was done, or why there was nothing to do; in the format asked for. */
export function note(io: Io, message: string): void {
  const { output } = io;
  if (output.quiet) return;
  output.err(output.format === 'json' ? `${JSON.stringify({ event: 'message', message })}\n` : `${wrap(message, output.errColumns).join('\n')}\n`);
}

export { projectRoot, sourceReader };
