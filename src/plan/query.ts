// A node's query, compiled and announced, before anything is built from it.
import type { Steps } from '../adapters/step.ts';
import { compileNode } from '../compile/compile.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { label, type Runnable } from '../project/resources.ts';
import type { Compiled, CompileEnv } from './env.ts';

/** Compiles a node that must have a query. Throws `Failure` where there is none. */
export function* compileQuery(env: CompileEnv, node: Exclude<Runnable, { type: 'seed' }>): Steps<Compiled> {
  const raw = yield* compileNode(env, node);
  // A query stands inside a statement, where the semicolon that ended it in its file would end the statement.
  const end = /;((?:\s|;|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*)$/.exec(raw.sql);
  const compiled = end === null ? raw : { ...raw, sql: `${raw.sql.slice(0, end.index)}${end[1]!.replaceAll(';', ' ')}`.trimEnd() };
  env.onCompiled(node.id, compiled);
  const text = compiled.sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim();
  if (text === '' || text === ';') {
    fail('compile/failed', `${label(node)} has no query: its file is empty, or all of it is comments or left out by its templates.`, {
      help: 'Write a select statement.',
    });
  }
  return compiled;
}
