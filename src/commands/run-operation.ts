// run-operation: calls a macro of the project, with arguments, against the warehouse. What it returns is printed.
import type { Steps } from '../adapters/step.ts';
import { drive } from '../compile/drive.ts';
import { runtimeNames } from '../compile/runtime-names.ts';
import { Context } from '../context/context.ts';
import { error, Failure } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { explain } from '../execute/failure.ts';
import { str } from '../template/print.ts';
import { callMacro } from '../template/template.ts';
import { toValue, type Value } from '../template/values.ts';
import { CompileWork, inlineNode } from './compile.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { openProject } from './open.ts';

export interface OperationOptions extends CommonOptions {
  readonly macro: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export async function runOperationCommand(io: Io, o: OperationOptions): Promise<ExitCode> {
  const opened = openProject(io, o, 'run-operation');
  const { loaded, graph } = opened;
  const { macros, projectName } = loaded.facts;
  const dot = o.macro.indexOf('.');
  const entry = dot < 0 ? macros.find(o.macro, projectName) : macros.findIn(o.macro.slice(0, dot), o.macro.slice(dot + 1));
  if (entry === undefined) {
    const names = [...macros.entries()].map((m) => m.name);
    throw new Failure(
      error('cli/usage', `There is no macro '${o.macro}' in this project.`, {
        help: didYouMean(o.macro, names) ?? `Macros: ${names.slice(0, 20).join(', ')}.`,
      }),
    );
  }
  const node = { ...inlineNode(opened, ''), name: o.macro, file: entry.file, place: { span: entry.span } };
  const env = { facts: loaded.facts, graph, flags: { fullRefresh: false, empty: false }, readText: loaded.readText, selected: new Set<string>() };
  function* call(): Steps<Value> {
    return yield* drive((ask) => {
      const context = new Context(env.facts, runtimeNames(env, node, new Map(), ask), ask);
      const kwargs = new Map(Object.entries(o.args).map(([k, v]) => [k, toValue(v)]));
      return callMacro(context.macro(entry!), [], kwargs, {
        scope: context.scope(entry!.package),
        span: entry!.span,
        frame: { label: `run-operation ${o.macro}` },
      });
    });
  }
  const work = new CompileWork(io, opened, o);
  try {
    const result = await work.drive(call());
    const text = result === null ? '' : str(result).trim();
    if (text !== '') io.output.out(`${text}\n`);
    return 0;
  } catch (e) {
    if (e instanceof Failure && e.diagnostics.some((d) => d.code === 'execute/connection')) throw e;
    throw new Failure(explain(e, { resource: node, compiled: null, statement: null, compiledPath: null }, loaded.spanOf));
  } finally {
    await work.close();
  }
}
