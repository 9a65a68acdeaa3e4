// The package as a program imports it: `import { openProject } from 'dwt'`. With cli.ts and report/console.ts the only file
// that touches `process`, and only for what a caller leaves out.
import { randomUUID } from 'node:crypto';
import * as api from './api/api.ts';
import { packageVersion } from './api/version.ts';
import { printDiagnostic } from './report/diagnostics.ts';
import { palette } from './report/palette.ts';
import { sourceReader } from './report/source-reader.ts';
import type { GeneratedTable, GenerateRequest } from './api/generate.ts';

export type * from './api/api.ts';
export type { GeneratedTable, GenerateRequest };
export { Decimal, type DwtProject, Failure, label, succeeded } from './api/api.ts';

function host(given: Partial<api.Host>): api.Host {
  return {
    cwd: given.cwd ?? process.cwd(),
    env: given.env ?? process.env,
    now: given.now ?? (() => new Date()),
    newId: given.newId ?? randomUUID,
    signal: given.signal ?? new AbortController().signal,
    version: given.version ?? packageVersion(),
  };
}

/**
 * Reads a project: the folder given, or the nearest with a project file at or above the current one. Throws `Failure`,
 * whose `diagnostics` hold every error found. What is left out of the host comes from the process.
 */
export function openProject(options: api.ProjectOptions = {}, given: Partial<api.Host> = {}): api.DwtProject {
  return api.openProject(options, host(given));
}

/** Writes a small project into a new folder. Returns the folder and its files. Throws `Failure`. */
export async function initProject(folder: string, given: Partial<api.Host> = {}): Promise<{ readonly root: string; readonly files: readonly string[] }> {
  return (await import('./api/init.ts')).initProject(folder, host(given));
}

/** Makes sample data from a declaration. Throws `Failure`; then no file has changed. */
export async function generate(o: GenerateRequest = {}, onTable?: (t: GeneratedTable) => void, given: Partial<api.Host> = {}): Promise<void> {
  await (await import('./api/generate.ts')).generate(o, host(given), onTable);
}

/** A diagnostic as the command line prints it: message, place, the lines around it with a mark, and what to do. `root` is the project's folder. */
export function formatDiagnostic(d: api.Diagnostic, root: string, o: { readonly colors?: boolean } = {}): string {
  return printDiagnostic(d, sourceReader(root), palette(o.colors === true));
}
