// One column of a declaration. In: its YAML node and the shapes of all tables. Out: a generator, or undefined after each
// mistake has been noted.
import type { Node } from 'yaml';
import { isMap, isScalar, isSeq } from '../project/yaml-library.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import type { Column, FakerArgument, Generator, Option, Placed } from './declaration.ts';
import { compileExpression, type Scope } from './expression.ts';
import { FAKER_METHODS } from './faker-methods.ts';
import { type ColumnKind, COMMON, KINDS } from './keys.ts';
import { scopeFor, type Shape } from './shape.ts';
import type { Field, Reader } from './yaml-reader.ts';

/** What a column is read by. */
export interface ColumnContext {
  readonly reader: Reader;
  readonly shapes: readonly Shape[];
  readonly shape: Shape;
  readonly asOf: number;
  /** The columns above this one are in sight; all of them where a change makes a column anew. */
  readonly position: number;
  /** A change: no sequence, no reference. */
  readonly inChange: boolean;
}

/** Reads a column; a plain value stands for itself in every row. */
export function readColumn(context: ColumnContext, field: Field): Column | undefined {
  const { reader } = context;
  const what = `column '${field.name}'`;
  if (!isMap(field.node)) {
    const value = reader.value(field.node, `The ${what}`);
    return value === undefined ? undefined : { name: field.name, hidden: false, nulls: 0, generator: { kind: 'constant', value } };
  }
  const given = field.node.items.map((pair) => (isScalar(pair.key) ? String(pair.key.value) : ''));
  const kinds = given.filter((key): key is ColumnKind => Object.hasOwn(KINDS, key));
  const kind = kinds[0];
  const known = kind === undefined ? [...Object.keys(KINDS), ...COMMON] : [kind, ...KINDS[kind], ...(context.inChange ? [] : COMMON), ...kinds];
  const fields = reader.fields(field.node, `The ${what}`, known);
  if (kind === undefined || kinds.length > 1) {
    const all = Object.keys(KINDS).join(', ');
    return reader.report(
      'missing-key',
      kind === undefined ? `The ${what} doesn't say what is in it.` : `The ${what} says twice what is in it: ${kinds.join(' and ')}.`,
      field.key,
      { help: `Give it one of: ${all}.` },
    );
  }
  if (context.inChange && (kind === 'ref' || kind === 'sequence')) return reader.report('value', `A change can't make a '${kind}' anew.`, field.key);
  const hidden = fields.has('hidden') ? (reader.boolean(fields.get('hidden')!.node, "'hidden'") ?? false) : false;
  const nulls = fields.has('nulls') ? (reader.number(fields.get('nulls')!.node, "'nulls'", 0, 1) ?? 0) : 0;
  const generator = readGenerator(context, what, kind, fields);
  return generator === undefined ? undefined : { name: field.name, hidden, nulls, generator };
}

function readGenerator(context: ColumnContext, what: string, kind: string, fields: ReadonlyMap<string, Field>): Generator | undefined {
  const { reader } = context;
  const node = fields.get(kind)?.node;
  const scope = scopeFor(context.shapes, context.shape, context.position, context.asOf, false);
  switch (kind) {
    case 'value': {
      const value = reader.value(node, `'value' of ${what}`);
      return value === undefined ? undefined : { kind: 'constant', value };
    }
    case 'sequence': {
      const format = reader.text(node, "'sequence'");
      const m = /^([^{}]*)\{(?::0?(\d{1,3}))?\}([^{}]*)$/.exec(format ?? '');
      const start = fields.has('start') ? reader.number(fields.get('start')!.node, "'start'", 0, 1e15, true) : 1;
      if (format === undefined || start === undefined) return undefined;
      if (m === null)
        return reader.report('value', `'${format}' has no place for the number.`, node, {
          help: 'Write {} or, with leading zeros to six digits, {:06}: CUST{:06}.',
        });
      return { kind: 'sequence', before: m[1]!, width: Number(m[2] ?? 0), after: m[3]!, start };
    }
    case 'faker':
      return readFaker(context, node, fields.get('args')?.node, scope);
    case 'choice':
      return readChoice(context, node, fields.get('by')?.node);
    case 'int':
    case 'decimal':
    case 'date': {
      const scale = kind === 'decimal' ? (fields.has('scale') ? reader.number(fields.get('scale')!.node, "'scale'", 0, 15, true) : 2) : 0;
      const bounds = readBounds(reader, node, `'${kind}' of ${what}`, scope);
      return bounds === undefined || scale === undefined ? undefined : { kind: 'range', of: kind, scale, low: bounds[0], high: bounds[1] };
    }
    case 'ref':
      return readReference(context, what, fields);
    default: {
      const expression = readExpression(reader, node, `'expr' of ${what}`, scope);
      return expression === undefined ? undefined : { kind: 'expression', expression };
    }
  }
}

/** An expression, or undefined after its mistakes have been noted. A number or a date is one, too. */
function readExpression(reader: Reader, node: Node | undefined, what: string, scope: Scope): Placed | undefined {
  const source = reader.text(node, what);
  if (source === undefined || node === undefined) return undefined;
  const expression = compileExpression(source, scope, ({ reason, message, help, offset }) => {
    reader.report(reason, message, node, { help, span: reader.spanWithin(node, source, offset) });
  });
  return expression === undefined ? undefined : { ...expression, span: reader.span(node) };
}

/** Two bounds, `[low, high]`, both included; one value alone is both. */
export function readBounds(reader: Reader, node: Node | undefined, what: string, scope: Scope): readonly [Placed, Placed] | undefined {
  const items = isScalar(node) ? [node, node] : reader.items(node, what);
  if (isSeq(node) && items.length !== 2) return reader.report('value', `${what} must have two bounds: [lowest, highest].`, node);
  const [low, high] = items.map((item) => readExpression(reader, item, `A bound of ${what}`, scope));
  return low === undefined || high === undefined ? undefined : [low, high];
}

function readFaker(context: ColumnContext, node: Node | undefined, args: Node | undefined, scope: Scope): Generator | undefined {
  const { reader } = context;
  const path = reader.text(node, "'faker'");
  const list = args === undefined ? [] : reader.items(args, "'args'").map((item) => readArgument(reader, item, scope));
  if (path === undefined) return undefined;
  if (!FAKER_METHODS.has(path)) {
    const near = didYouMean(path, FAKER_METHODS) ?? 'See https://fakerjs.dev/api/ for all methods; those that give a single value can be used.';
    return reader.report('unknown-faker', `faker has no method '${path}'.`, node, { help: near });
  }
  const [module, method] = path.split('.') as [string, string];
  return list.includes(undefined) ? undefined : { kind: 'faker', module, method, args: list as FakerArgument[], span: reader.span(node) };
}

function readArgument(reader: Reader, node: Node, scope: Scope): FakerArgument | undefined {
  if (isSeq(node)) {
    const items = reader.items(node, 'An argument').map((item) => readArgument(reader, item, scope));
    return items.includes(undefined) ? undefined : { kind: 'list', items: items as FakerArgument[] };
  }
  if (isMap(node)) {
    const fields = [...reader.fields(node, 'An argument').values()];
    if (fields.length === 1 && fields[0]!.name === 'expr') {
      const expression = readExpression(reader, fields[0]!.node, "'expr'", scope);
      return expression === undefined ? undefined : { kind: 'expression', expression };
    }
    const entries = fields.map((f) => [f.name, f.node === undefined ? undefined : readArgument(reader, f.node, scope)] as const);
    return entries.some(([, value]) => value === undefined) ? undefined : { kind: 'map', entries: entries as [string, FakerArgument][] };
  }
  const value = isScalar(node) ? node.value : undefined;
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return { kind: 'plain', value };
  return reader.report('type', 'An argument must be a value, a list or a map.', node);
}

function readChoice(context: ColumnContext, node: Node | undefined, by: Node | undefined): Generator | undefined {
  const { reader, shape, position } = context;
  if (by === undefined) {
    const options = readOptions(reader, node);
    return options === undefined ? undefined : { kind: 'choice', options };
  }
  const name = reader.text(by, "'by'");
  const column = shape.columns.findIndex((c) => c.name === name);
  if (name !== undefined && (column < 0 || column >= position)) {
    const above = shape.columns.slice(0, position).map((c) => c.name);
    reader.report(
      'unknown-column',
      column < 0 ? `There is no column '${name}' in ${shape.name}.` : `Column '${name}' comes later; a column sees only those above it.`,
      by,
      { help: didYouMean(name, above) },
    );
  }
  const cases = [...reader.fields(node, "'choice'").values()].map((f) => [f.name, readOptions(reader, f.node)] as const);
  if (name === undefined || column < 0 || cases.some(([, options]) => options === undefined)) return undefined;
  return {
    kind: 'choice-by',
    by: column,
    cases: new Map(cases as [string, readonly Option[]][]),
    span: reader.span(by),
  };
}

/** A list of equally likely values, or a map from value to weight. */
function readOptions(reader: Reader, node: Node | undefined): readonly Option[] | undefined {
  let sum = 0;
  const options: Option[] = [];
  let good = true;
  const add = (item: Node | undefined, weight: number | undefined): void => {
    const value = reader.value(item, 'A choice');
    if (value === undefined || weight === undefined) good = false;
    else options.push({ value, upTo: (sum += weight) });
  };
  if (isMap(node)) for (const f of reader.fields(node, "'choice'").values()) add(f.key, reader.number(f.node, `The weight of '${f.name}'`, 0, 1e9));
  else for (const item of reader.items(node, "'choice'")) add(item, 1);
  if (good && sum <= 0) return reader.report('value', 'There is nothing to choose from.', node);
  return good ? options : undefined;
}

function readReference(context: ColumnContext, what: string, fields: ReadonlyMap<string, Field>): Generator | undefined {
  const { reader, shapes, shape, position, asOf } = context;
  const above = scopeFor(shapes, shape, position, asOf, false);
  const self = scopeFor(shapes, shape, position, asOf, true);
  const optional = (key: string, scope: Scope): Placed | undefined =>
    fields.has(key) ? readExpression(reader, fields.get(key)!.node, `'${key}' of ${what}`, scope) : undefined;
  const [where, otherwise, at] = [optional('where', self), optional('else', self), optional('at', above)];
  const chance = fields.has('chance') ? (reader.number(fields.get('chance')!.node, "'chance'", 0, 1) ?? 1) : 1;
  const target = shapes.find((s) => s.name === String(isScalar(fields.get('ref')!.node) ? (fields.get('ref')!.node as { value?: unknown }).value : ''));
  if (target === undefined) return undefined;
  if (target.parent !== undefined) {
    return reader.report(
      'child-reference',
      `'${target.name}' has rows for each row of another table; such rows can't be referred to.`,
      fields.get('ref')!.node,
      {
        help: `Refer to '${shapes[target.parent.table]!.name}' instead.`,
      },
    );
  }
  const columnNode = fields.get('column')?.node;
  const name = columnNode === undefined ? shape.columns[position]?.name : reader.text(columnNode, "'column'");
  const column = target.columns.findIndex((c) => c.name === name);
  if (column < 0) {
    const help =
      didYouMean(
        name ?? '',
        target.columns.map((c) => c.name),
      ) ?? "Name one of its columns with 'column'.";
    return reader.report('unknown-column', `There is no column '${name}' in ${target.name}.`, columnNode ?? fields.get('ref')!.node, { help });
  }
  return { kind: 'reference', table: target.index, column, where, chance, otherwise, at };
}
