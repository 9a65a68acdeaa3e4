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
  const [end, other] = PIECES.map((pieces) => endOf(raw.sql, pieces)) as [number, number];
  const tail = raw.sql.slice(end);
  const compiled = end !== other || !tail.includes(';') ? raw : { ...raw, sql: `${raw.sql.slice(0, end)}${tail.replaceAll(';', ' ')}`.trimEnd() };
  env.onCompiled(node.id, compiled);
  const text = compiled.sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim();
  if (text === '' || text === ';') {
    fail('compile/failed', `${label(node)} has no query: its file is empty, or all of it is comments or left out by its templates.`, {
      help: 'Write a select statement.',
    });
  }
  return compiled;
}

const QUOTED = String.raw`"(?:[^"]|"")*"|\x60(?:[^\x60]|\x60\x60)*\x60|(\$\w*\$)[\s\S]*?\1|--[^\n]*|/\*[\s\S]*?\*/`;
/** Strings, names and comments, where a backslash is a character, and where it is an escape. */
const PIECES = [new RegExp(`${QUOTED}|'(?:[^']|'')*'`, 'g'), new RegExp(`${QUOTED}|'(?:[^'\\\\]|''|\\\\[\\s\\S])*'`, 'g')];

/** Where the last of a statement ends, before blanks, comments and semicolons. */
function endOf(sql: string, pieces: RegExp): number {
  let end = 0;
  let at = 0;
  const plain = (to: number): void => {
    const text = sql.slice(at, to).replace(/[\s;]+$/, '');
    if (text !== '') end = at + text.length;
  };
  for (const m of sql.matchAll(pieces)) {
    plain(m.index);
    at = m.index + m[0].length;
    if (!/^(--|\/\*)/.test(m[0])) end = at;
  }
  plain(sql.length);
  return end;
}
