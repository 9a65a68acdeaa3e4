// What a table of rows can be turned into: other orders, names and groups, as agate has them.
// https://agate.readthedocs.io/en/latest/api/table.html
import { compare, truth } from '../template/compare.ts';
import { str } from '../template/print.ts';
import { type CallSite, Callable, HostObject, raise, Tuple, type Value } from '../template/values.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { callable } from './globals.ts';
import type { RowValue, TableValue } from './table-value.ts';

type Run = (table: TableValue, args: readonly (Value | undefined)[], at: CallSite) => Value;

function method(parameters: string, run: Run): (name: string, table: TableValue) => Callable {
  return (name, table) => callable(name, parameters, (args, at) => run(table, args, at));
}

/** Methods by name. */
export const TABLE_METHODS: Readonly<Record<string, (name: string, table: TableValue) => Callable>> = {
  select: method('key', (table, [key]) => withColumns(table, positions(table, key))),
  exclude: method('key', (table, [key]) => {
    const names = namesOf(key);
    return withColumns(
      table,
      table.names.flatMap((n, i) => (names.includes(n) ? [] : [i])),
    );
  }),
  limit: method('start_or_stop? stop? step?', (table, [first, stop, step]) => {
    const [from, to] = stop === undefined || stop === null ? [null, first] : [first, stop];
    const every = Math.max(1, Number(step ?? 1));
    const rows = table.rows.slice(Number(from ?? 0), to === undefined || to === null ? undefined : Number(to));
    return withRows(
      table,
      rows.filter((_, i) => i % every === 0),
    );
  }),
  order_by: method('key reverse?', (table, [key, reverse], at) => {
    const read = reader(table, key, at);
    const sign = truth(reverse ?? false) ? -1 : 1;
    const keyed = table.rows.map((row) => [row, read(row)] as const);
    keyed.sort(([, a], [, b]) => sign * ordered(a, b));
    return withRows(
      table,
      keyed.map(([row]) => row),
    );
  }),
  distinct: method('key?', (table, [key], at) => {
    const read = key === undefined || key === null ? (row: RowValue): Value[] => [...row.cells] : reader(table, key, at);
    const first = new Map<string, RowValue>();
    for (const row of table.rows) {
      const text = written(read(row));
      if (!first.has(text)) first.set(text, row);
    }
    return withRows(table, [...first.values()]);
  }),
  rename: method('column_names? row_names? slug_columns? slug_rows?', (table, [names]) => {
    if (names === undefined || names === null) return table;
    const renamed = names instanceof Map ? new Map([...names].map(([k, v]) => [str(k), str(v)])) : null;
    const listed = namesOf(names);
    if (renamed === null && listed.length !== table.names.length)
      raise(`rename() has ${listed.length} names for ${table.names.length} columns.`, 'undefined', "A dict renames some: rename({'old': 'new'}).");
    return table.with(
      table.names.map((n, i) => (renamed === null ? listed[i]! : (renamed.get(n) ?? n))),
      table.rows.map((r) => r.cells),
    );
  }),
  group_by: method('key key_name?', (table, [key, keyName], at) => {
    const read = reader(table, key, at);
    const groups = new Map<string, { readonly key: Value; readonly rows: RowValue[] }>();
    for (const row of table.rows) {
      const values = read(row);
      // As agate does, which has text for keys, and none where there is no value.
      const value = values.length === 1 ? values[0]! : new Tuple(values);
      const text = written(values);
      const group = groups.get(text);
      if (group === undefined) groups.set(text, { key: value, rows: [row] });
      else group.rows.push(row);
    }
    return new TableSet(
      [...groups.values()].map((g) => [g.key, withRows(table, g.rows)] as const),
      keyName ?? (typeof key === 'string' ? key : 'group'),
    );
  }),
};

/** Tables by the value that their rows share. */
class TableSet extends HostObject {
  private readonly groups: readonly (readonly [key: Value, table: TableValue])[];
  private readonly keyName: Value;

  constructor(groups: readonly (readonly [key: Value, table: TableValue])[], keyName: Value) {
    super();
    this.groups = groups;
    this.keyName = keyName;
  }

  override display(): string {
    return this.groups.map(([key, table]) => `${str(key)}: ${table.rows.length} rows`).join('\n');
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'keys':
        return new Callable(name, () => new Tuple(this.groups.map(([key]) => key)));
      case 'values':
        return new Callable(name, () => new Tuple(this.groups.map(([, table]) => table)));
      case 'items':
        return new Callable(name, () => this.groups.map(([key, table]) => new Tuple([key, table])));
      case 'get':
        return new Callable(name, ([key, otherwise]) => this.item(key ?? null) ?? otherwise ?? null);
      case 'key_name':
        return this.keyName;
      default:
        return undefined;
    }
  }

  override item(key: Value): Value | undefined {
    const found = this.groups.find(([k]) => written([k]) === written([key]));
    return (found ?? (typeof key === 'number' ? this.groups.at(key) : undefined))?.[1];
  }

  override attributeNames(): Iterable<string> {
    return ['keys', 'values', 'items', 'get', 'key_name'];
  }

  override iterate(): Iterable<Value> {
    return this.groups.map(([, table]) => table);
  }

  override length(): number {
    return this.groups.length;
  }
}

/** Values as one text: equal where they are. */
function written(values: readonly Value[]): string {
  return JSON.stringify(values.map((v) => (v === null ? null : str(v))));
}

/** In order, what has no value last. */
function ordered(a: readonly Value[], b: readonly Value[]): number {
  for (const [i, x] of a.entries()) {
    const y = b[i]!;
    if (x === null || y === null) {
      if (x !== y) return x === null ? 1 : -1;
    } else {
      const c = compare(x, y);
      if (c !== 0) return c;
    }
  }
  return 0;
}

/** What a key is of a row: a column, several, or what a macro makes of it. */
function reader(table: TableValue, key: Value | undefined, at: CallSite): (row: RowValue) => Value[] {
  if (key instanceof Callable) return (row) => [key.call([row], new Map(), at)];
  const columns = positions(table, key);
  return (row) => columns.map((i) => row.cells[i] ?? null);
}

function positions(table: TableValue, key: Value | undefined): number[] {
  return namesOf(key).map((n) => {
    const i = table.names.indexOf(n);
    return i >= 0 ? i : raise(`The rows have no column '${n}'.`, 'undefined', didYouMean(n, table.names) ?? `Columns: ${table.names.join(', ')}.`);
  });
}

/** A name, or a list of them. */
function namesOf(value: Value | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : value instanceof Tuple ? value.items.map(str) : Array.isArray(value) ? value.map(str) : [];
}

function withColumns(table: TableValue, at: readonly number[]): TableValue {
  return table.with(
    at.map((i) => table.names[i]!),
    table.rows.map((r) => at.map((i) => r.cells[i] ?? null)),
  );
}

function withRows(table: TableValue, rows: readonly RowValue[]): TableValue {
  return table.with(
    table.names,
    rows.map((r) => r.cells),
  );
}
