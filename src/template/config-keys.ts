// The arguments of config() in a template, with their places: for messages about what a file configures.
import type { Span } from '../diagnostics/diagnostic.ts';
import type { Expression, FunCall } from './nodes.ts';
import type { Template } from './template.ts';

export interface ConfigKey {
  readonly key: string;
  readonly span: Span;
  /** The texts of its value: itself, or the items of a list or dict. */
  readonly texts: readonly { readonly text: string; readonly span: Span }[];
}

/** Every argument by name of every call of config(), wherever in the template it stands. */
export function configKeys(template: Template): readonly ConfigKey[] {
  return calls(template.root).flatMap((call) =>
    call.args.children.flatMap((child) => {
      if (child.typename !== 'KeywordArgs') return [];
      return child.children.flatMap((pair) => {
        if (pair.typename !== 'Pair' || pair.key.typename !== 'Symbol') return [];
        const { value: key, lineno, colno } = pair.key;
        return [{ key, span: span(template.file, lineno, colno, key.length), texts: texts(template.file, pair.value) }];
      });
    }),
  );
}

function span(file: string, line: number, column: number, length: number): Span {
  return { file, line: line + 1, column: column + 1, endColumn: column + 1 + length };
}

function texts(file: string, value: Expression): ConfigKey['texts'] {
  switch (value.typename) {
    case 'Literal':
      // The quotes belong to it.
      return typeof value.value === 'string' ? [{ text: value.value, span: span(file, value.lineno, value.colno, value.value.length + 2) }] : [];
    case 'Array':
    case 'Tuple':
      return value.children.flatMap((child) => texts(file, child));
    case 'Dict':
      return value.children.flatMap((pair) => texts(file, pair.value));
    default:
      return [];
  }
}

/** Nodes are plain objects of fields, so every part of a tree is found without knowing its kind. */
function calls(node: unknown): FunCall[] {
  if (Array.isArray(node)) return node.flatMap(calls);
  if (typeof node !== 'object' || node === null) return [];
  const own = isConfigCall(node) ? [node] : [];
  return [...own, ...Object.values(node).flatMap(calls)];
}

function isConfigCall(node: object): node is FunCall {
  if (!('typename' in node) || node.typename !== 'FunCall') return false;
  const { name } = node as FunCall;
  return name.typename === 'Symbol' && name.value === 'config';
}
