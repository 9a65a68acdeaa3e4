// The first look at a declaration: which tables and columns there are, and what they are called by others. In: YAML nodes.
// Out: shapes, by which names in expressions are resolved: columns above, `alias.column`, `parent.column`, built-in names.
import type { Node } from 'yaml';
import { isScalar } from '../project/yaml-library.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import type { Scope, Unknown, Use } from './expression.ts';
import { dateValue } from './value.ts';
import type { Field, Reader } from './yaml-reader.ts';

/** A table before its columns are read: their names, and what its rows and those it finds are called. */
export interface Shape {
  readonly name: string;
  readonly index: number;
  readonly field: Field;
  readonly columns: readonly Field[];
  /** Names of found rows: which column found them, in which table. */
  readonly aliases: ReadonlyMap<string, { readonly via: number; readonly table: number }>;
  readonly parent: { readonly alias: string; readonly table: number; readonly node: Node | undefined } | undefined;
}

/** Built-in names and what they mean. */
const BUILT_IN: ReadonlyMap<string, (asOf: number) => Use> = new Map<string, (asOf: number) => Use>([
  ['row', () => ({ kind: 'frame', of: 'row' })],
  ['line', () => ({ kind: 'frame', of: 'line' })],
  ['arrived', () => ({ kind: 'frame', of: 'arrived' })],
  ['grown', () => ({ kind: 'frame', of: 'grown' })],
  ['as_of', (asOf) => ({ kind: 'constant', value: dateValue(asOf) })],
]);

/** The shapes of all tables; unknown tables in `ref` and `each` are noted here, once. */
export function readShapes(reader: Reader, tables: Node | undefined): readonly Shape[] {
  const fields = [...reader.fields(tables, "'tables'").values()];
  const names = fields.map((f) => f.name);
  return fields.map((field, index) => {
    if (!/^[A-Za-z_]\w*$/.test(field.name)) reader.report('value', `'${field.name}' can't name a table: use letters, digits and _.`, field.key);
    const columnsNode = reader.get(field.node, 'columns');
    const columns = columnsNode === undefined ? [] : [...reader.fields(columnsNode, `'columns' of ${field.name}`).values()];
    const aliases = new Map<string, { via: number; table: number }>();
    columns.forEach((column, via) => {
      const ref = reader.get(column.node, 'ref');
      if (ref === undefined) return;
      const table = findTable(reader, names, ref);
      const as = reader.get(column.node, 'as');
      const alias = as === undefined ? column.name : String(isScalar(as) ? as.value : '');
      if (aliases.has(alias))
        reader.report('value', `Two columns of ${field.name} find a row called '${alias}'.`, as ?? column.key, {
          help: "Give one of them another name with 'as'.",
        });
      else if (table >= 0) aliases.set(alias, { via, table });
    });
    const each = reader.get(field.node, 'each');
    let parent: Shape['parent'];
    const of = each === undefined ? undefined : reader.get(each, 'table');
    if (of !== undefined) {
      const table = findTable(reader, names, of);
      const as = reader.get(each, 'as');
      if (as !== undefined && aliases.has(String(isScalar(as) ? as.value : '')))
        reader.report('value', 'A column of this table finds a row of the same name.', as);
      if (table >= 0) parent = { alias: as === undefined ? names[table]! : String(isScalar(as) ? as.value : ''), table, node: of };
    }
    return { name: field.name, index, field, columns, aliases, parent };
  });
}

/**
 * What names mean for column `position` of a table: those above it, or all where `position` is the number of columns.
 * With `self`, the row that the column itself finds is in sight, too.
 */
export function scopeFor(shapes: readonly Shape[], shape: Shape, position: number, asOf: number, self: boolean): Scope {
  const unknown = (message: string, wrong: string, candidates: readonly string[]): Unknown => ({
    kind: 'unknown',
    message,
    wrong,
    candidates,
  });
  const namesOf = (table: number): string[] => shapes[table]!.columns.map((c) => c.name);

  const ownName = (name: string): Use | Unknown => {
    const names = namesOf(shape.index);
    const column = names.indexOf(name);
    if (column >= 0 && column < position) return { kind: 'own', column };
    const builtIn = BUILT_IN.get(name);
    if (builtIn !== undefined) return builtIn(asOf);
    if (column >= 0) return unknown(`Column '${name}' comes later; a column sees only those above it.`, name, []);
    return unknown(`There is no column '${name}' in ${shape.name}.`, name, [...names.slice(0, position), ...BUILT_IN.keys()]);
  };

  const otherName = (qualifier: string, name: string): Use | Unknown => {
    const alias = shape.aliases.get(qualifier);
    const isParent = alias === undefined && shape.parent?.alias === qualifier;
    if (alias === undefined && !isParent) {
      const candidates = [...shape.aliases.keys(), ...(shape.parent === undefined ? [] : [shape.parent.alias])];
      return unknown(`No row is called '${qualifier}' here.`, qualifier, candidates);
    }
    if (alias !== undefined && !(alias.via < position || (self && alias.via === position))) {
      return unknown(`The row '${qualifier}' is found later; a column sees only what is above it.`, qualifier, []);
    }
    const table = alias === undefined ? shape.parent!.table : alias.table;
    const column = namesOf(table).indexOf(name);
    if (column < 0) return unknown(`There is no column '${name}' in ${shapes[table]!.name}.`, name, namesOf(table));
    return alias === undefined ? { kind: 'parent', column } : { kind: 'found', via: alias.via, column };
  };

  return (qualifier, name) => (qualifier === undefined ? ownName(name) : otherName(qualifier, name));
}

/** Reports the reference that closes a circle, if the tables refer to each other in one. */
export function checkCycles(reader: Reader, shapes: readonly Shape[]): void {
  const state: ('open' | 'done' | undefined)[] = [];
  const path: number[] = [];
  const visit = (index: number): void => {
    state[index] = 'open';
    path.push(index);
    const shape = shapes[index]!;
    const edges = [...shape.aliases.values()].map(({ via, table }) => ({
      table,
      node: reader.get(shape.columns[via]!.node, 'ref'),
    }));
    if (shape.parent !== undefined) edges.push({ table: shape.parent.table, node: shape.parent.node });
    for (const { table, node } of edges) {
      if (state[table] === 'open') {
        const circle = [...path.slice(path.indexOf(table)), table].map((i) => shapes[i]!.name);
        reader.report('cycle', `Tables refer to each other in a circle: ${circle.join(' → ')}.`, node);
      } else if (state[table] === undefined) visit(table);
    }
    path.pop();
    state[index] = 'done';
  };
  shapes.forEach((shape) => {
    if (state[shape.index] === undefined) visit(shape.index);
  });
}

function findTable(reader: Reader, names: readonly string[], node: Node): number {
  const name = isScalar(node) ? String(node.value) : '';
  const table = names.indexOf(name);
  if (table < 0) reader.report('unknown-table', `There is no table '${name}'.`, node, { help: didYouMean(name, names) });
  return table;
}
