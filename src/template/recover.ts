// Going on after a statement that failed, so that one mistake of a template does not hide the next.
import { Failure } from '../diagnostics/diagnostic.ts';
import { toFailure } from './failure.ts';
import type { Activation } from './frame.ts';
import type { Expression, Statement, Target } from './nodes.ts';

/** A recovery that tells of each failure once; see `RenderOptions.onFailure`. */
export function recovery(activation: Activation, label: string | undefined, tell: (failure: Failure) => void): NonNullable<Activation['recover']> {
  const told = new Set<string>();
  /** Names that a failed statement was to give a value. */
  const unknown = new Set<string>();
  return (error, failed) => {
    const failure = toFailure(error, activation, label);
    if (!(failure instanceof Failure)) throw error;
    const [first] = failure.diagnostics;
    if (first!.code === 'template/raised' || first!.code === 'template/limit') throw error;
    for (const name of boundBy(failed)) unknown.add(name);
    const [, name] = /^'(\w+)/.exec(first!.message) ?? [];
    if (first!.code === 'template/undefined' && name !== undefined && unknown.has(name)) return;
    const key = JSON.stringify([first!.message, first!.span]);
    if (told.has(key)) return;
    told.add(key);
    tell(failure);
  };
}

/** Names that a statement gives a value in the scope that it stands in. */
function boundBy(node: Statement): readonly string[] {
  switch (node.typename) {
    case 'Set':
      return names(node.target);
    case 'Macro':
      return [node.name];
    case 'If': {
      const otherwise = node.else_ === null ? [] : node.else_.typename === 'If' ? [node.else_] : node.else_.children;
      return [...node.body.children, ...otherwise].flatMap(boundBy);
    }
    default:
      return [];
  }
}

function names(target: Target | Expression): readonly string[] {
  if (target.typename === 'Symbol') return [target.value];
  return target.typename === 'Tuple' ? target.children.flatMap(names) : [];
}
