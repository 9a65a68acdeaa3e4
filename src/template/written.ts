// What a template's text says where rendering would lose it: every name it calls, and the arguments of its config() call
// as dbt writes them down (a text as it is, a call or a list as source, what has no spelling there as Jinja's tree), so
// that both tools find the same things unchanged.
import type { Arguments, CompareOperand, Expression, FunCall, Macro, Pair, Statement } from './nodes.ts';
import { quote, repr, str } from './print.ts';
import type { Template } from './template.ts';
import type { Value } from './values.ts';

export interface WrittenCalls {
  /** Names called, `package.name` where written so; each once, in order. */
  readonly names: readonly string[];
  /** Keyword arguments of the first config() call. */
  readonly config: Readonly<Record<string, string>>;
}

/** Reads any template off its tree. */
export function writtenCalls(template: Template): WrittenCalls {
  const names = new Set<string>();
  let config: Record<string, string> | undefined;
  eachNode(template.root, (node) => {
    if (node.typename !== 'FunCall') return;
    const call = node as FunCall;
    const name = calledName(call.name);
    if (name === 'config') config ??= keywordsOf(call.args);
    if (name !== undefined && !READ_OTHERWISE.has(name)) names.add(name);
  });
  return { names: [...names], config: config ?? {} };
}

/** The bare names that a macro calls and does not give a meaning to itself; each once, in order. */
export function openCalls(macro: Macro): readonly string[] {
  const called = new Set<string>();
  const bound = new Set(['caller', 'loop', 'varargs', 'kwargs']);
  const bind = (target: unknown): void => eachNode(target, (n) => void (n.typename === 'Symbol' && bound.add((n as unknown as { value: string }).value)));
  eachNode(macro, (node) => {
    const n = node as Expression | Statement;
    if (n.typename === 'FunCall' && n.name.typename === 'Symbol') called.add(n.name.value);
    else if (n.typename === 'Set' || n.typename === 'For') bind(n.target);
    else if (n.typename === 'With') bind(n.targets);
    else if (n.typename === 'Macro' || n.typename === 'Caller') {
      if (n !== macro) bound.add(n.name);
      for (const p of n.parameters) bound.add(p.name);
    }
  });
  return [...called].filter((name) => !bound.has(name));
}

function eachNode(root: unknown, visit: (node: { readonly typename: string }) => void): void {
  if (Array.isArray(root)) for (const item of root) eachNode(item, visit);
  else if (typeof root === 'object' && root !== null) {
    if ('typename' in root) visit(root as { readonly typename: string });
    for (const child of Object.values(root)) if (typeof child === 'object') eachNode(child, visit);
  }
}

const READ_OTHERWISE = new Set(['ref', 'source', 'config', 'var']);

/** The arguments of a config() call that has only literals. */
export function writtenLiterals(kwargs: ReadonlyMap<string, Value>): Record<string, string> {
  return Object.fromEntries([...kwargs].map(([k, v]) => [k, str(v)]));
}

function calledName(node: Expression): string | undefined {
  if (node.typename === 'Symbol') return node.value;
  return node.typename === 'Attribute' && node.target.typename === 'Symbol' ? `${node.target.value}.${node.name}` : undefined;
}

function keywordsOf(args: Arguments): Record<string, string> {
  const { positional, pairs, doubleSplat } = parts(args);
  // A dict in place of the arguments says the same.
  const dicts = [positional[0], doubleSplat].flatMap((e) => (e?.typename === 'Dict' ? e.children : []));
  return Object.fromEntries(
    [...dicts, ...pairs].map((p) => [
      p.key.typename === 'Literal' ? String(p.key.value) : keyOf(p),
      p.value.typename === 'Literal' ? str(p.value.value as Value) : source(p.value),
    ]),
  );
}

interface Parts {
  readonly positional: readonly Expression[];
  readonly pairs: readonly Pair[];
  readonly splat: Expression | undefined;
  readonly doubleSplat: Expression | undefined;
}

function parts(args: Arguments): Parts {
  const positional: Expression[] = [];
  const pairs: Pair[] = [];
  let splat: Expression | undefined;
  let doubleSplat: Expression | undefined;
  for (const child of args.children) {
    if (child.typename === 'Splat') splat = child.target;
    else if (child.typename !== 'KeywordArgs') positional.push(child);
    else
      for (const p of child.children) {
        if (p.typename === 'Pair') pairs.push(p);
        else doubleSplat = p.target;
      }
  }
  return { positional, pairs, splat, doubleSplat };
}

function keyOf(p: Pair): string {
  return p.key.typename === 'Symbol' ? p.key.value : source(p.key);
}

const SIGNS: Readonly<Record<CompareOperand['type'], string>> = {
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'lteq',
  '>': 'gt',
  '>=': 'gteq',
  in: 'in',
  'not in': 'notin',
};

/** An expression as source. */
function source(e: Expression): string {
  switch (e.typename) {
    case 'Literal':
      return repr(e.value as Value);
    case 'Symbol':
      return e.value;
    case 'FunCall': {
      const { positional, pairs, splat, doubleSplat } = parts(e.args);
      const all = [...positional.map(source), ...pairs.map((p) => `${keyOf(p)}=${source(p.value)}`)];
      if (splat !== undefined) all.push(`*${source(splat)}`);
      if (doubleSplat !== undefined) all.push(`**${source(doubleSplat)}`);
      return `${source(e.name)}(${all.join(', ')})`;
    }
    case 'Array':
      return `[${e.children.map(source).join(', ')}]`;
    case 'Tuple':
      return e.children.length === 1 ? `(${source(e.children[0]!)},)` : `(${e.children.map(source).join(', ')})`;
    case 'Dict':
      return `{${e.children.map((p) => `${source(p.key)}: ${source(p.value)}`).join(', ')}}`;
    case 'Attribute':
      return `${source(e.target)}.${e.name}`;
    case 'LookupVal':
      return `${source(e.target)}[${source(e.val)}]`;
    case 'Concat':
      return `${source(e.left)} ~ ${source(e.right)}`;
    case 'Compare':
      return `${source(e.expr)} ${e.ops.map((o) => `${o.type} ${source(o.expr)}`).join(' ')}`;
    case 'Not':
      return `not ${source(e.target)}`;
    case 'Neg':
      return `-${source(e.target)}`;
    case 'And':
      return `${source(e.left)} and ${source(e.right)}`;
    case 'Or':
      return `${source(e.left)} or ${source(e.right)}`;
    default:
      return tree(e);
  }
}

/** An expression as Jinja shows its tree. */
function tree(e: Expression): string {
  switch (e.typename) {
    case 'Literal':
      return `Const(value=${repr(e.value as Value)})`;
    case 'Symbol':
      return `Name(name=${quote(e.value)}, ctx='load')`;
    case 'FunCall':
      return `Call(node=${tree(e.name)}, ${treeOfArguments(e.args)})`;
    case 'Filter':
    case 'Test': {
      const [value, ...rest] = e.args.children as [Expression, ...Arguments['children']];
      return `${e.typename}(node=${tree(value)}, name=${quote(e.name.value)}, ${treeOfArguments({ ...e.args, children: rest })})`;
    }
    case 'Array':
      return `List(items=${treeOfAll(e.children)})`;
    case 'Tuple':
      return `Tuple(items=${treeOfAll(e.children)}, ctx='load')`;
    case 'Dict':
      return `Dict(items=[${e.children.map((p) => `Pair(key=${tree(p.key)}, value=${tree(p.value)})`).join(', ')}])`;
    case 'Attribute':
      return `Getattr(node=${tree(e.target)}, attr=${quote(e.name)}, ctx='load')`;
    case 'LookupVal':
      return `Getitem(node=${tree(e.target)}, arg=${tree(e.val)}, ctx='load')`;
    case 'Slice':
      return `Slice(${(['start', 'stop', 'step'] as const).map((k) => `${k}=${e[k] === null ? 'None' : tree(e[k])}`).join(', ')})`;
    case 'Compare':
      return `Compare(expr=${tree(e.expr)}, ops=[${e.ops.map((o) => `Operand(op='${SIGNS[o.type]}', expr=${tree(o.expr)})`).join(', ')}])`;
    case 'InlineIf':
      return `CondExpr(test=${tree(e.cond)}, expr1=${tree(e.body)}, expr2=${e.else_ === null ? 'None' : tree(e.else_)})`;
    case 'Concat':
      return `Concat(nodes=${treeOfAll(concatenated(e))})`;
    case 'Not':
    case 'Neg':
    case 'Pos':
      return `${e.typename}(node=${tree(e.target)})`;
    case 'Capture':
      return 'Capture()';
    default:
      return `${e.typename}(left=${tree(e.left)}, right=${tree(e.right)})`;
  }
}

function concatenated(e: Expression): Expression[] {
  return e.typename === 'Concat' ? [...concatenated(e.left), e.right] : [e];
}

function treeOfAll(items: readonly Expression[]): string {
  return `[${items.map(tree).join(', ')}]`;
}

function treeOfArguments(args: Arguments): string {
  const { positional, pairs, splat, doubleSplat } = parts(args);
  const keywords = pairs.map((p) => `Keyword(key=${quote(keyOf(p))}, value=${tree(p.value)})`).join(', ');
  const rest = [splat, doubleSplat].map((e) => (e === undefined ? 'None' : tree(e)));
  return `args=${treeOfAll(positional)}, kwargs=[${keywords}], dyn_args=${rest[0]}, dyn_kwargs=${rest[1]}`;
}
