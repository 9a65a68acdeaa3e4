// compile: the SQL of nodes, written under the target folder, or printed for one node or an inline query.
import { type Diagnostic, type DwtProject, Failure, optionsFor, type ResourceType } from '../api/api.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { plural } from '../report/words.ts';
import { chooseNodes, note, openProject, printDiagnostics } from './project.ts';

export interface CompileOptions extends CommonOptions {
  readonly inline?: string;
}

/** What has SQL of its own. */
export const COMPILED: readonly ResourceType[] = ['model', 'analysis', 'snapshot', 'test'];

/** Compiles. Errors of nodes are all reported; the exit code is then 1. */
export async function compileCommand(io: Io, o: CompileOptions): Promise<ExitCode> {
  const project = openProject(io, o, 'compile');
  const told = { log: logTo(io), warn: warnTo(io, project) };
  if (o.inline !== undefined) {
    io.output.out(`${await project.compileInline(o.inline, { ...optionsFor('compileInline', o), ...told })}\n`);
    return 0;
  }
  const chosen = chooseNodes(io, project, o, COMPILED);
  const failures: Diagnostic[] = [];
  const queries: string[] = [];
  let compiled = 0;
  let first: string | null = null;
  try {
    for await (const node of project.compile(chosen, { ...optionsFor('compile', o), ...told })) {
      if ('diagnostics' in node) failures.push(...node.diagnostics);
      else {
        compiled++;
        first ??= node.path;
        if (node.resource.type !== 'test') queries.push(node.sql);
      }
    }
  } catch (e) {
    // What nodes said is told, whatever ended it.
    printDiagnostics(io, failures, project.root);
    if (o.select !== undefined && queries.length === 1) io.output.out(`${queries[0]!}\n`);
    if (!(e instanceof Failure) || failures.length === 0) throw e;
    printDiagnostics(io, e.diagnostics, project.root);
    return 1;
  }
  if (io.signal.aborted) {
    io.output.err('Interrupted.\n');
    return 130;
  }
  printDiagnostics(io, failures, project.root);
  if (o.select !== undefined && queries.length === 1) io.output.out(`${queries[0]!}\n`);
  else note(io, `Compiled ${plural(compiled, 'node')}${first === null ? '' : ` to ${first.replace(/(^|\/)compiled\/.*$/, '$1compiled/')}`}`);
  return failures.length > 0 ? 1 : 0;
}

/** What is doubtful in templates, as it comes. */
export function warnTo(io: Io, project: DwtProject): (d: Diagnostic) => void {
  return (d) => printDiagnostics(io, [d], project.root);
}

/** Messages of templates, as they come. */
export function logTo(io: Io): (level: 'info' | 'warning', message: string) => void {
  return (level, message) => io.output.err(io.output.format === 'json' ? `${JSON.stringify({ event: 'log', level, message })}\n` : `${message}\n`);
}
