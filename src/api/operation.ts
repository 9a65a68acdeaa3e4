// A macro of the project, called with arguments against the warehouse.
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
import { inlineNode } from './compile.ts';
import type { Opened } from './opened.ts';
import type { Work } from './work.ts';

/** Calls a macro. Returns what it returns, as text. Throws `Failure`. */
export async function runOperation(opened: Opened, work: Work, macro: string, args: Readonly<Record<string, unknown>>): Promise<string> {
  const { loaded, graph } = opened;
  const { macros, projectName } = loaded.facts;
  const dot = macro.indexOf('.');
  const entry = dot < 0 ? macros.find(macro, projectName) : macros.findIn(macro.slice(0, dot), macro.slice(dot + 1));
  const builtin = dot < 0 || macro.startsWith('dbt.') ? macro.slice(dot + 1) : undefined;
  if (entry === undefined && (builtin === undefined || new Context(loaded.facts).builtin(builtin, projectName) === undefined)) {
    const names = [...macros.entries()].map((m) => m.name).filter((name) => !/^(test|materialization)_/.test(name));
    throw new Failure(
      error('cli/usage', `There is no macro '${macro}' in this project.`, {
        help:
          didYouMean(macro, names) ??
          (names.length === 0
            ? 'Write it in macros/: {% macro ' + macro.replace(/\W/g, '_') + '() %} … {% endmacro %}'
            : `Macros: ${names.slice(0, 20).join(', ')}.`),
      }),
    );
  }
  const node = { ...inlineNode(opened, ''), name: macro, ...(entry === undefined ? {} : { file: entry.file, place: { span: entry.span } }) };
  const env = {
    facts: loaded.facts,
    graph,
    flags: { fullRefresh: false, empty: false },
    readText: loaded.readText,
    locate: loaded.spanOf,
    selected: new Set<string>(),
  };
  function* call(): Steps<Value> {
    const { result, isOpen } = yield* drive((ask) => {
      const context = new Context(env.facts, runtimeNames(env, node, new Map(), ask), ask, true);
      const kwargs = new Map(Object.entries(args).map(([k, v]) => [k, toValue(v)]));
      const given = callMacro(entry === undefined ? context.builtin(builtin!, projectName)! : context.macro(entry), [], kwargs, {
        scope: context.scope(entry?.package ?? projectName),
        span: entry?.span ?? { file: `macro ${macro}`, line: 1, column: 1 },
        frame: { label: `run-operation ${macro}` },
      });
      return { result: given, isOpen: context.isOpen };
    });
    if (isOpen) yield { kind: 'commit' };
    return result;
  }
  try {
    const result = await work.drive(call());
    return result === null ? '' : str(result);
  } catch (e) {
    if (e instanceof Failure && e.diagnostics.some((d) => d.code === 'execute/connection')) throw e;
    throw new Failure(
      explain(
        e,
        { resource: node, compiled: null, statement: null, compiledPath: null, resources: graph.nodes.values(), target: loaded.facts.target },
        loaded.spanOf,
      ),
    );
  }
}
