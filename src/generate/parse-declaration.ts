// From the text of `generate.yml` to a Declaration. All mistakes are found in one pass and thrown together.
import type { Node } from 'yaml';
import { isMap, isScalar } from '../project/yaml-library.ts';
import { type Diagnostic, Failure } from '../diagnostics/diagnostic.ts';
import { didYouMean, nearest } from '../diagnostics/nearest.ts';
import type { Change, Column, Declaration, Each, Rhythm, Table } from './declaration.ts';
import { ARRIVE, CHANGE, CHILD_TABLE, EACH, GROW, PERIODS, RHYTHM, TABLE, TOP } from './keys.ts';
import { readBounds, readColumn } from './read-column.ts';
import { checkCycles, readShapes, scopeFor, type Shape } from './shape.ts';
import type { Value } from './value.ts';
import { readYaml, type Field, type Reader } from './yaml-reader.ts';

/** Reads a declaration; `file` is its path in messages. Throws a Failure with every mistake. */
export function parseDeclaration(text: string, file: string): Declaration {
  const reader = readYaml(text, file);
  if (reader.diagnostics.length > 0) throw new Failure(reader.diagnostics);
  const top = reader.fields(reader.root, 'The file', TOP);
  const asOfField = top.get('as_of');
  if (asOfField === undefined)
    reader.report('missing-key', "The file has no 'as_of': the day the data shows.", reader.root, {
      help: 'Add a line such as: as_of: 2024-12-31',
    });
  const asOf = (asOfField === undefined ? undefined : reader.day(asOfField.node, "'as_of'")) ?? 0;
  const seed = top.has('seed') ? (reader.number(top.get('seed')!.node, "'seed'", 0, Number.MAX_SAFE_INTEGER, true) ?? 0) : 0;
  const localeNode = top.get('locale')?.node;
  const locale = localeNode === undefined ? 'en' : (reader.text(localeNode, "'locale'") ?? 'en');
  if (!/^[a-z]{2,4}(_[A-Za-z]+)*$/.test(locale))
    reader.report('value', `'${locale}' is no locale of faker.`, localeNode, {
      help: 'See https://fakerjs.dev/guide/localization for those there are: en, de, pt_BR, …',
    });
  if (!top.has('tables')) reader.report('missing-key', "The file has no 'tables'.", reader.root);
  const shapes = top.has('tables') ? readShapes(reader, top.get('tables')!.node) : [];
  checkCycles(reader, shapes);
  const tables = shapes.map((shape) => readTable(reader, shapes, shape, asOf));
  if (reader.diagnostics.length > 0) throw new Failure(inOrder(reader.diagnostics));
  return {
    file,
    seed,
    asOf,
    locale,
    localeSpan: localeNode === undefined ? undefined : reader.span(localeNode),
    tables,
  };
}

/** The mistakes of a declaration. */
export function declarationMistakes(text: string, file: string): readonly Diagnostic[] {
  try {
    parseDeclaration(text, file);
    return [];
  } catch (e) {
    if (e instanceof Failure) return e.diagnostics;
    throw e;
  }
}

/** Whether a table has a key that is one of these but for a slip, which has been told. */
function misspells(table: Node | undefined, wanted: readonly string[]): boolean {
  const known = new Set<string>([...TABLE, ...CHILD_TABLE]);
  const keys = isMap(table) ? table.items.map(({ key }) => (isScalar(key) ? String(key.value) : '')) : [];
  return keys.some((key) => !known.has(key) && wanted.includes(nearest(key, known) ?? ''));
}

function readTable(reader: Reader, shapes: readonly Shape[], shape: Shape, asOf: number): Table {
  const { name, field } = shape;
  const isChild = isMap(field.node) && field.node.has('each');
  const fields = reader.fields(field.node, `Table '${name}'`, isChild ? CHILD_TABLE : TABLE);
  if (shape.columns.length === 0) reader.report('missing-key', `Table '${name}' has no columns.`, field.key, { help: "List them under 'columns'." });
  if (!isChild && !fields.has('rows') && !fields.has('fixed') && !misspells(field.node, ['rows', 'fixed', 'each'])) {
    reader.report('missing-key', `Table '${name}' doesn't say how many rows it has.`, field.key, {
      help: "Add 'rows: 100', 'fixed:' with the rows themselves, or 'each:' for rows of a parent.",
    });
  }
  const context = { reader, shapes, shape, asOf };
  const columns = shape.columns.map((column, position) => readColumn({ ...context, position, inChange: false }, column));
  const get = <T>(key: string, read: (node: Node | undefined) => T): T | undefined => (fields.has(key) ? read(fields.get(key)!.node) : undefined);
  return {
    name,
    hidden: get('hidden', (node) => reader.boolean(node, "'hidden'")) ?? false,
    rows: get('rows', (node) => reader.number(node, "'rows'", 0, 1e12, true)) ?? 0,
    fixed: get('fixed', (node) => readFixed(reader, shape, node)) ?? [],
    arrive: get('arrive', (node) => readArrive(reader, node, asOf)),
    grow: get('grow', (node) => readGrow(reader, node)),
    rhythm: get('rhythm', (node) => readRhythm(reader, node)),
    each: get('each', (node) => readEach(reader, shapes, shape, asOf, node)),
    columns: columns.filter((c): c is Column => c !== undefined),
    changes: get('changes', (node) => [...reader.fields(node, "'changes'").values()].map((f) => readChange(context, f))) ?? [],
  };
}

function readFixed(reader: Reader, shape: Shape, node: Node | undefined): Value[][] {
  const names = shape.columns.map((c) => c.name);
  return reader.items(node, "'fixed'").map((row) => {
    const cells = reader.fields(row, `A fixed row of ${shape.name}`);
    for (const cell of cells.values()) {
      if (!names.includes(cell.name))
        reader.report('unknown-column', `There is no column '${cell.name}' in ${shape.name}.`, cell.key, {
          help: didYouMean(cell.name, names),
        });
    }
    return names.map((name) => (cells.has(name) ? (reader.value(cells.get(name)!.node, `'${name}'`) ?? null) : null));
  });
}

function readArrive(reader: Reader, node: Node | undefined, asOf: number): Table['arrive'] {
  const fields = reader.fields(node, "'arrive'", ARRIVE);
  const day = (key: string, otherwise?: number): number | undefined => {
    if (fields.has(key)) return reader.day(fields.get(key)!.node, `'${key}'`);
    return otherwise ?? reader.report('missing-key', `'arrive' has no '${key}'.`, node);
  };
  const [from, to] = [day('from'), day('to', asOf)];
  if (from === undefined || to === undefined) return undefined;
  if (to > asOf) return reader.report('value', "'to' must not be after 'as_of': on that day all rows are there.", fields.get('to')?.node ?? node);
  if (from > to) return reader.report('value', "'from' must not be after 'to'.", fields.get('from')!.node);
  return { from, to };
}

function readGrow(reader: Reader, node: Node | undefined): Table['grow'] {
  const fields = reader.fields(node, "'grow'", GROW);
  for (const key of ['rows', 'per'])
    if (!fields.has(key))
      reader.report('missing-key', `'grow' has no '${key}'.`, node, {
        help: 'For example: grow: {rows: 30, per: month}',
      });
  const rows = fields.has('rows') ? reader.number(fields.get('rows')!.node, "'rows'", 0, 1e9) : undefined;
  const per = fields.has('per') ? reader.text(fields.get('per')!.node, "'per'") : undefined;
  const period = PERIODS.find((p) => p === per);
  if (per !== undefined && period === undefined)
    reader.report('value', `'${per}' is no period.`, fields.get('per')!.node, {
      help: didYouMean(per, PERIODS) ?? 'Periods: day, week, month, year.',
    });
  return rows === undefined || period === undefined ? undefined : { rows, per: period };
}

function readRhythm(reader: Reader, node: Node | undefined): Rhythm {
  const fields = reader.fields(node, "'rhythm'", RHYTHM);
  const weights = (key: string, length: number): number[] | undefined => {
    if (!fields.has(key)) return undefined;
    const items = reader.items(fields.get(key)!.node, `'${key}'`);
    const numbers = items.map((item) => reader.number(item, `A weight of '${key}'`, 0, 1e6) ?? 1);
    if (items.length !== length || numbers.every((n) => n === 0))
      reader.report('value', `'${key}' must be ${length} weights, not all 0.`, fields.get(key)!.node);
    return numbers;
  };
  const noise = fields.has('noise') ? (reader.number(fields.get('noise')!.node, "'noise'", 0, 1) ?? 0) : 0;
  return { weekdays: weights('weekdays', 7), months: weights('months', 12), noise };
}

function readEach(reader: Reader, shapes: readonly Shape[], shape: Shape, asOf: number, node: Node | undefined): Each | undefined {
  const fields = reader.fields(node, "'each'", EACH);
  for (const key of ['table', 'rows'])
    if (!fields.has(key))
      reader.report('missing-key', `'each' has no '${key}'.`, node, {
        help: 'For example: each: {table: orders, as: order, rows: [1, 5]}',
      });
  if (shape.parent === undefined) return undefined;
  if (shapes[shape.parent.table]!.parent !== undefined)
    return reader.report(
      'child-reference',
      `'${shapes[shape.parent.table]!.name}' has rows for each row of another table; it can't be a parent itself.`,
      shape.parent.node,
    );
  const bounds = fields.has('rows') ? readBounds(reader, fields.get('rows')!.node, "'rows'", scopeFor(shapes, shape, 0, asOf, false)) : undefined;
  return bounds === undefined ? undefined : { table: shape.parent.table, low: bounds[0], high: bounds[1] };
}

function readChange(context: { reader: Reader; shapes: readonly Shape[]; shape: Shape; asOf: number }, field: Field): Change {
  const { reader, shape, asOf } = context;
  const what = `Change '${field.name}'`;
  const fields = reader.fields(field.node, what, CHANGE);
  for (const key of ['every', 'set'])
    if (!fields.has(key))
      reader.report('missing-key', `${what} has no '${key}'.`, field.key, {
        help: 'For example: {every: 365, set: {city: {faker: location.city}}}, every in days on average.',
      });
  const every = fields.has('every') ? (reader.number(fields.get('every')!.node, "'every'", 1, 1e6, true) ?? 1) : 1;
  const from = fields.has('from') ? (reader.day(fields.get('from')!.node, "'from'") ?? asOf + 1) : asOf + 1;
  const names = shape.columns.map((c) => c.name);
  const set: { column: number; generator: Column['generator'] }[] = [];
  for (const entry of fields.has('set') ? reader.fields(fields.get('set')!.node, "'set'").values() : []) {
    const column = names.indexOf(entry.name);
    if (column < 0) {
      reader.report('unknown-column', `There is no column '${entry.name}' in ${shape.name}.`, entry.key, {
        help: didYouMean(entry.name, names),
      });
      continue;
    }
    const made = readColumn({ ...context, position: names.length, inChange: true }, entry);
    if (made !== undefined) set.push({ column, generator: made.generator });
  }
  return { name: field.name, every, from, set };
}

/** In the order of the file, each mistake once. */
function inOrder(diagnostics: Reader['diagnostics']): Reader['diagnostics'] {
  const seen = new Set<string>();
  return diagnostics
    .filter((d) => {
      const key = `${d.code} ${d.span?.line} ${d.span?.column} ${d.message}`;
      return !seen.has(key) && seen.add(key) !== undefined;
    })
    .sort((a, b) => (a.span?.line ?? 0) - (b.span?.line ?? 0) || (a.span?.column ?? 0) - (b.span?.column ?? 0));
}
