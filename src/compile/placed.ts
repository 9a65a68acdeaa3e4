// Pieces of SQL that are configuration, hooks above all: where they stand in the files of the project.
import { StatementFailure } from '../adapters/failures.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import type { Runnable } from '../project/resources.ts';
import type { CompileEnv } from './runtime-names.ts';

/** A refused statement that is not the node's query, with its own place where that is known. */
export class PlacedFailure extends StatementFailure {
  readonly span: Span | undefined;

  constructor(message: string, from: StatementFailure, span: Span | undefined) {
    super(message, from);
    this.span = span;
  }
}

const PROJECT_FILES = ['project.yml', 'dbt_project.yml'];

/** Where a piece of configuration stands as it is: in the node's own file, its property file, or the project's. */
export function placeOfText(env: CompileEnv, node: Runnable, piece: string): Span | undefined {
  const first = piece.trim().split('\n')[0]!;
  for (const file of [node.file, ...(node.patch === null ? [] : [node.patch]), ...PROJECT_FILES]) {
    const text = read(env, file);
    const at = text === undefined || first === '' ? -1 : text.indexOf(first);
    if (text === undefined || at < 0) continue;
    const before = text.slice(0, at);
    const column = at - before.lastIndexOf('\n');
    return { file, line: before.split('\n').length, column, endColumn: column + first.length };
  }
  return undefined;
}

function read(env: CompileEnv, file: string): string | undefined {
  try {
    return env.readText(file);
  } catch {
    return undefined;
  }
}
