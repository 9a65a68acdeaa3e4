// What a template refers to, read off its tree without rendering. Only for templates that consist of text and calls with
// literal arguments, which most are; any other is 'dynamic' and has to be rendered to know.
import type { Span } from '../diagnostics/diagnostic.ts';
import { spanOf } from './frame.ts';
import type { Arguments, Expression, FunCall, Statement } from './nodes.ts';
import { negate } from './operators.ts';
import type { Template } from './template.ts';
import { dictOf, Tuple, type Value } from './values.ts';

export interface StaticReference {
  readonly args: readonly Value[];
  readonly kwargs: ReadonlyMap<string, Value>;
  readonly span: Span;
}
export interface StaticReading {
  readonly refs: readonly StaticReference[];
  readonly sources: readonly StaticReference[];
  readonly configs: readonly StaticReference[];
  readonly vars: readonly { readonly name: string; readonly hasDefault: boolean; readonly span: Span }[];
  /** Calls of other names, as written: `cents`, `dbt_utils.star`. The caller decides whether they are harmless. */
  readonly calls: readonly { readonly name: string; readonly span: Span }[];
}

interface Reading {
  readonly file: string;
  readonly refs: StaticReference[];
  readonly sources: StaticReference[];
  readonly configs: StaticReference[];
  readonly vars: StaticReading['vars'][number][];
  readonly calls: StaticReading['calls'][number][];
}

const NO_KEYWORDS: ReadonlyMap<string, Value> = new Map();
/** Names whose calls have to be evaluated. */
const EVALUATED = new Set(['env_var', 'return', 'caller', 'range', 'dict', 'namespace', 'cycler', 'joiner']);

/** What the template refers to, or 'dynamic' where that has to be found out by rendering. */
export function staticCalls(template: Template): StaticReading | 'dynamic' {
  const into: Reading = { file: template.file, refs: [], sources: [], configs: [], vars: [], calls: [] };
  for (const statement of template.root.children) if (!readStatement(statement, into)) return 'dynamic';
  const { refs, sources, configs, vars, calls } = into;
  return { refs, sources, configs, vars, calls };
}

function readStatement(node: Statement, into: Reading): boolean {
  switch (node.typename) {
    case 'TemplateData':
      return true;
    case 'Output':
      return node.children.every((child) => readOutput(child, into));
    case 'Do':
      return node.target.typename === 'FunCall' && readCall(node.target, into);
    default:
      return false;
  }
}

function readOutput(node: Expression, into: Reading): boolean {
  if (node.typename === 'FunCall') return readCall(node, into);
  if (node.typename === 'Symbol') return node.value === 'this';
  return node.typename === 'Attribute' && node.target.typename === 'Symbol' && (node.target.value === 'target' || node.target.value === 'this');
}

function calledName(node: Expression): string | undefined {
  if (node.typename === 'Symbol') return node.value;
  if (node.typename !== 'Attribute' || node.target.typename !== 'Symbol') return undefined;
  return `${node.target.value}.${node.name}`;
}

function readCall(node: FunCall, into: Reading): boolean {
  const name = calledName(node.name);
  if (name === undefined || EVALUATED.has(name)) return false;
  const span = spanOf(node, into.file);
  if (name !== 'ref' && name !== 'source' && name !== 'config' && name !== 'var') {
    into.calls.push({ name, span });
    return readNested(node.args, into);
  }
  const found = literals(node.args);
  if (found === undefined) return false;
  const reference = { ...found, span };
  if (name === 'ref') into.refs.push(reference);
  else if (name === 'source') into.sources.push(reference);
  else if (name === 'config') {
    // A dict in place of arguments.
    if (found.args.length > 0) return false;
    into.configs.push(reference);
  } else {
    const [first, second] = found.args;
    if (typeof first !== 'string') return false;
    into.vars.push({ name: first, hasDefault: second !== undefined || found.kwargs.has('default'), span });
  }
  return true;
}

/** The arguments of a macro: literals, or calls of the same kind, which are read too. */
function readNested(args: Arguments, into: Reading): boolean {
  const one = (child: Expression): boolean => (child.typename === 'FunCall' ? readCall(child, into) : readOutput(child, into) || literal(child) !== undefined);
  return args.children.every((child) => {
    if (child.typename === 'Splat') return false;
    if (child.typename === 'KeywordArgs') return child.children.every((pair) => pair.typename === 'Pair' && one(pair.value));
    return one(child);
  });
}

function literals(args: Arguments): { readonly args: Value[]; readonly kwargs: ReadonlyMap<string, Value> } | undefined {
  const out: Value[] = [];
  let kwargs: Map<string, Value> | undefined;
  for (const child of args.children) {
    if (child.typename === 'Splat') return undefined;
    if (child.typename === 'KeywordArgs') {
      kwargs = new Map();
      for (const pair of child.children) {
        const value = pair.typename === 'Pair' ? literal(pair.value) : undefined;
        if (value === undefined || pair.typename !== 'Pair' || pair.key.typename !== 'Symbol') return undefined;
        kwargs.set(pair.key.value, value);
      }
      continue;
    }
    const value = literal(child);
    if (value === undefined) return undefined;
    out.push(value);
  }
  return { args: out, kwargs: kwargs ?? NO_KEYWORDS };
}

/** The value of a literal, or undefined where it is none. */
export function literal(node: Expression): Value | undefined {
  switch (node.typename) {
    case 'Literal':
      return node.value as Value;
    case 'Neg': {
      const value = literal(node.target);
      return typeof value === 'number' ? negate(value) : undefined;
    }
    case 'Array':
    case 'Tuple': {
      const items: Value[] = [];
      for (const child of node.children) {
        const value = literal(child);
        if (value === undefined) return undefined;
        items.push(value);
      }
      return node.typename === 'Array' ? items : new Tuple(items);
    }
    case 'Dict': {
      const pairs: (readonly [Value, Value])[] = [];
      for (const { key, value } of node.children) {
        const k = literal(key);
        const v = literal(value);
        if (k === undefined || v === undefined || Array.isArray(k) || k instanceof Map) return undefined;
        pairs.push([k, v]);
      }
      return dictOf(pairs);
    }
    default:
      return undefined;
  }
}
