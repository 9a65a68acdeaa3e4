// run-operation: calls a macro of the project, with arguments, against the warehouse. What it returns is printed.
import { waiting } from '../report/waiting.ts';
import { logTo } from './compile.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { openProject } from './project.ts';

export interface OperationOptions extends CommonOptions {
  readonly macro: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export async function runOperationCommand(io: Io, o: OperationOptions): Promise<ExitCode> {
  const project = openProject(io, o, 'run-operation');
  const text = (await waiting(io.output, `calling ${o.macro}`, project.runOperation(o.macro, o.args, { log: logTo(io) }))).trim();
  if (text !== '') io.output.out(`${text}\n`);
  return 0;
}
