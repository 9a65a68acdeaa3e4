// Step 3 of the house: a node's template and its context become SQL. Ephemeral models it refers to are compiled first
// and put before it as common table expressions. What a template asks the warehouse goes out as steps; else this is pure.
import type { Steps } from '../adapters/step.ts';
import { Context } from '../context/context.ts';
import { RelationValue } from '../context/relation-value.ts';
import { GENERIC_TESTS } from '../context/builtin-sql.ts';
import { fail, Failure, type Span } from '../diagnostics/diagnostic.ts';
import { type DataTest, label, type Runnable, type Worked } from '../project/resources.ts';
import { callMacro, callMacroMapped, evaluateExpression, parseTemplate, render, renderMapped, type SourceMap, type Template } from '../template/template.ts';
import { type PrintedUndefined, toValue, type Value } from '../template/values.ts';
import { drive } from './drive.ts';
import { nameEmptyInputs } from './empty-inputs.ts';
import { type CompileEnv, cteName, deferred, type Ephemerals, input, runtimeNames, sourceRelation } from './runtime-names.ts';
import { isTemplate } from '../project/shape.ts';
import { prependCtes, type Cte } from './ctes.ts';
import type { Origin } from './origin.ts';
import { UndefinedNames } from './undefined-names.ts';

export interface Compiled {
  /** The query, common table expressions of ephemeral models included. */
  readonly sql: string;
  /** Where its parts come from. */
  readonly origins: readonly Origin[];
  /** The ephemeral models put into it, each with its common table expression. */
  readonly ctes: readonly { readonly id: string; readonly sql: string }[];
}

/** What a template gave, without blank lines at its ends. */
interface Rendered {
  readonly sql: string;
  readonly origin: Origin | null;
  readonly ephemerals: Ephemerals;
}

/** Compiles any node that has SQL. Throws `Failure`. */
export function* compileNode(env: CompileEnv, node: Exclude<Runnable, { type: 'seed' }>): Steps<Compiled> {
  const { sql, origin, ephemerals } = yield* renderNode(env, node);
  const ctes = ephemerals.size === 0 ? [] : yield* compileCtes(env, ephemerals, []);
  return { ...prependCtes(sql, origin, ctes), ctes: ctes.map((c) => ({ id: c.id, sql: `${c.name} as (\n${c.sql}\n)` })) };
}

/** CTEs of ephemeral models, each after those it reads, each once. */
function* compileCtes(env: CompileEnv, ephemerals: Ephemerals, above: readonly string[]): Steps<Cte[]> {
  const ctes: Cte[] = [];
  for (const model of ephemerals.values()) {
    if (above.includes(model.id)) continue;
    const inner = yield* renderNode(env, model);
    for (const cte of yield* compileCtes(env, inner.ephemerals, [...above, model.id])) if (!ctes.some((c) => c.name === cte.name)) ctes.push(cte);
    const name = env.facts.dialect.quote(cteName(env.graph, model));
    if (!ctes.some((c) => c.name === name)) ctes.push({ id: model.id, name, sql: inner.sql, origin: inner.origin });
  }
  return ctes;
}

const templates = new WeakMap<Runnable, Template>();

function templateOf(env: CompileEnv, node: Exclude<Runnable, { type: 'seed' }>): Template {
  let template = templates.get(node);
  if (template === undefined) {
    template = node.code.kind === 'text' ? parseTemplate(node.code.text, node.file, node.code.firstLine) : parseTemplate(env.readText(node.file), node.file);
    templates.set(node, template);
  }
  return template;
}

function* renderNode(env: CompileEnv, node: Exclude<Runnable, { type: 'seed' }>): Steps<Rendered> {
  let ephemerals: Ephemerals = new Map();
  let undefinedNames = new UndefinedNames();
  const { text: rendered, map } = yield* drive((ask): { text: string; map: SourceMap | null } => {
    ephemerals = new Map();
    undefinedNames = new UndefinedNames();
    const context = new Context(env.facts, runtimeNames(env, node, ephemerals, ask), ask);
    if (node.type === 'test' && node.generic !== null) return renderGenericTest(env, node, node.generic, context, ephemerals, undefinedNames);
    return renderMapped(templateOf(env, node), {
      scope: context.scope(node.package),
      frame: { label: label(node) },
      printedUndefined: undefinedNames.note,
    });
  });
  for (const d of undefinedNames.warnings()) env.onWarning?.(d);
  const text = env.flags.empty ? nameEmptyInputs(rendered, env.facts.dialect.quote) : rendered;
  const skip = /^\s*\n/.exec(text)?.[0].length ?? 0;
  const sql = text.slice(skip).trimEnd();
  return { sql, origin: map === null ? null : { start: 0, end: sql.length, skip, map }, ephemerals };
}

/** Calls the macro of a generic test with the arguments from YAML. */
function renderGenericTest(
  env: CompileEnv,
  node: DataTest,
  generic: NonNullable<DataTest['generic']>,
  context: Context,
  ephemerals: Ephemerals,
  undefinedNames: UndefinedNames,
): { readonly text: string; readonly map: SourceMap | null } {
  const scope = context.scope(node.package);
  const model = testedRelation(env, node, generic.attachedTo, ephemerals, context);
  const kwargs = new Map<string, Value>([['model', model]]);
  for (const [k, v] of Object.entries(generic.arguments)) kwargs.set(k, argumentValue(v, scope, node.file));
  const dot = generic.test.indexOf('.');
  const name = dot < 0 ? generic.test : generic.test.slice(dot + 1);
  const { macros } = env.facts;
  const entry = dot < 0 ? macros.find(`test_${name}`, node.package) : macros.findIn(generic.test.slice(0, dot), `test_${name}`);
  const as = node.config['store_failures_as'] ?? null;
  const stored = as === null ? (node.config['store_failures'] ?? env.facts.flags['STORE_FAILURES']) === true : as !== 'ephemeral';
  if (entry === undefined && name === 'not_null' && stored) kwargs.set('store', true);
  const macro = entry !== undefined ? context.macro(entry) : Object.hasOwn(GENERIC_TESTS, name) ? context.builtin(`test_${name}`, node.package) : undefined;
  if (macro === undefined) return fail('parse/unknown-test', `There is no data test '${generic.test}'.`);
  return callMacroMapped(macro, kwargs, calledFor(env, node, label(node), context, undefinedNames.note));
}

/** How a macro is called for a data test; the place is looked for when it is asked for. */
function calledFor(env: CompileEnv, node: DataTest, what: string, context: Context, printedUndefined?: PrintedUndefined): Parameters<typeof callMacro>[3] {
  return {
    scope: context.scope(node.package),
    frame: { label: what },
    file: node.file,
    get span() {
      return env.locate(node.place);
    },
    ...(printedUndefined === undefined ? {} : { printedUndefined }),
  };
}

/** `ref('x')`, `var('y')` and templates in arguments are evaluated; other texts are themselves. */
function argumentValue(value: unknown, scope: Parameters<typeof evaluateExpression>[1]['scope'], file: string): Value {
  if (typeof value === 'string') {
    if (/^\s*(env_var|ref|var|source|doc)\s*\(.+\)\s*$/.test(value)) return evaluateExpression(value, { scope, file });
    if (isTemplate(value)) {
      const lone = /^\s*\{\{([^{}]*)\}\}\s*$/.exec(value);
      return lone === null ? render(parseTemplate(value, file), { scope }) : evaluateExpression(lone[1]!, { scope, file });
    }
    return value;
  }
  if (Array.isArray(value)) return value.map((v) => argumentValue(v, scope, file));
  return toValue(value);
}

/** What a data test reads: the relation it is attached to, or those of its rows that satisfy `where`. */
function testedRelation(env: CompileEnv, node: DataTest, attachedTo: string, ephemerals: Ephemerals, context: Context): Value {
  const resource = env.graph.nodes.get(attachedTo);
  const { dialect } = env.facts;
  let relation: RelationValue;
  if (resource === undefined) return fail('graph/missing-ref', `${label(node)} is attached to something that does not exist.`);
  if (resource.type === 'source') relation = sourceRelation(env, resource, node);
  else if (resource.type === 'model' && resource.config.materialized === 'ephemeral') {
    ephemerals.set(resource.id, resource);
    relation = new RelationValue(
      { database: null, schema: '', identifier: cteName(env.graph, resource) },
      { dialect, kind: 'cte', text: dialect.quote(cteName(env.graph, resource)) },
    );
  } else {
    const own = 'relation' in resource ? resource.relation : { database: null, schema: '', identifier: resource.name };
    const elsewhere = context.ask === null ? undefined : deferred(env, resource, context.ask);
    relation = input(env, new RelationValue(elsewhere ?? own, { dialect }));
  }
  const { macros } = env.facts;
  const own = macros.override('get_where_subquery', node.package);
  const macro = own === undefined ? context.builtin('get_where_subquery', node.package) : context.macro(own);
  return macro === undefined ? relation : callMacro(macro, [relation], undefined, calledFor(env, node, `where of ${label(node)}`, context));
}

/** Renders a piece of SQL in a node's context: a hook, a statement of the command line. */
export function* renderSql(env: CompileEnv, node: Worked, text: string, what: string, extra: Readonly<Record<string, Value>> = {}): Steps<string> {
  if (!isTemplate(text)) return text;
  try {
    let undefinedNames = new UndefinedNames();
    const rendered = yield* drive((ask) => {
      undefinedNames = new UndefinedNames();
      const context = new Context(env.facts, runtimeNames(env, node, new Map(), ask, extra), ask);
      return render(parseTemplate(text, node.file), {
        scope: context.scope(node.package),
        frame: { label: what },
        printedUndefined: undefinedNames.note,
      });
    });
    const doubtful = undefinedNames.warnings();
    if (doubtful.length > 0) for (const d of inFile(new Failure(doubtful), env, node, text).diagnostics) env.onWarning?.(d);
    return rendered;
  } catch (e) {
    throw e instanceof Failure ? inFile(e, env, node, text) : e;
  }
}

/** Places within a piece of a file become places of the file, where the piece stands in it as it is; else they are dropped. */
function inFile(e: Failure, env: CompileEnv, node: Worked, piece: string): Failure {
  let start = -1;
  let before: readonly string[] = [];
  try {
    const whole = env.readText(node.file);
    start = whole.indexOf(piece);
    before = whole.slice(0, start).split('\n');
  } catch {
    // A file that cannot be read has no places.
  }
  const moved = (span: Span): Span | undefined => {
    if (span.file !== node.file) return span;
    if (start < 0) return undefined;
    const shift = span.line === 1 ? before.at(-1)!.length : 0;
    const end = span.endColumn === undefined ? {} : { endColumn: span.endColumn + shift };
    return { ...span, line: span.line + before.length - 1, column: span.column + shift, ...end };
  };
  return new Failure(
    e.diagnostics.map(({ span, related, ...d }) => {
      const place = span === undefined ? undefined : moved(span);
      const others = (related ?? []).flatMap((r) => {
        const at = moved(r.span);
        return at === undefined ? [] : [{ ...r, span: at }];
      });
      return { ...d, ...(place === undefined ? {} : { span: place }), ...(others.length === 0 ? {} : { related: others }) };
    }),
  );
}
