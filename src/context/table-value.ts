// The rows of a query as a template sees them, in the manner of agate's Table, which dbt hands out:
// `results.columns[0].values()`, `for row in results`, `row['id']`, `row.id`, `row[0]`.
import type { Cell, Table } from '../adapters/adapter.ts';
import { Decimal } from '../adapters/adapter.ts';
import type { Context } from './context.ts';
import { toJson } from './data-text.ts';
import { repr, str } from '../template/print.ts';
import { makeMoment } from '../template/dates.ts';
import { Float, float } from '../template/numbers.ts';
import { TABLE_METHODS } from './table-methods.ts';
import { Callable, dictOf, HostObject, int, toValue, Tuple, type Value } from '../template/values.ts';

/** A cell as a value: decimals become floats that print their own digits, dates and times of a column of that type Python's, lists and structs JSON. */
export function cellValue(cell: Cell, type = ''): Value {
  if (typeof cell === 'string' && /^(date|timestamp|datetime)/i.test(type)) return momentOf(cell);
  if (cell instanceof Decimal) return /^-?\d+$/.test(cell.text) ? int(BigInt(cell.text)) : new Float(Number(cell.text), cell.text);
  if (typeof cell === 'bigint') return int(cell);
  if (typeof cell === 'number' && (!Number.isInteger(cell) || /^(float|double|real)/i.test(type))) return float(cell);
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString('hex');
  return typeof cell === 'object' && cell !== null ? toJson(nested(cell), false) : toValue(cell);
}

/** Lists and structs come as JSON, as dbt hands them out. */
function nested(cell: Cell): Value {
  if (Array.isArray(cell)) return (cell as readonly Cell[]).map(nested);
  if (typeof cell !== 'object' || cell === null || cell instanceof Decimal || cell instanceof Uint8Array) return cellValue(cell);
  return dictOf(Object.entries(cell).map(([k, v]) => [k, nested(v)] as const));
}

/** `2024-01-31`, or with a time and perhaps an offset; any other text stays one. */
function momentOf(text: string): Value {
  const m = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d(?::?\d\d)?)?)?$/.exec(text);
  if (m === null) return text;
  const [, y, mo, d, h, mi, s, us, zone] = m;
  return makeMoment([y, mo, d, h ?? 0, mi ?? 0, s ?? 0, (us ?? '0').padEnd(6, '0')].map(Number), h !== undefined, zone === undefined ? undefined : 0);
}

/** As agate prints a sequence: its first five values. */
function printed(kind: string, values: readonly Value[]): string {
  return `<agate.${kind}: (${values.slice(0, 5).map(repr).join(', ')}${values.length > 5 ? ', ...' : ''})>`;
}

export class RowValue extends HostObject {
  private readonly names: readonly string[];
  readonly cells: readonly Value[];

  constructor(names: readonly string[], cells: readonly Value[]) {
    super();
    this.names = names;
    this.cells = cells;
  }

  override display(): string {
    return printed('Row', this.cells);
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'values':
        return new Callable(name, () => new Tuple(this.cells));
      case 'keys':
        return new Callable(name, () => new Tuple(this.names));
      case 'items':
        return new Callable(name, () => this.names.map((n, i) => new Tuple([n, this.cells[i] ?? null])));
      case 'dict':
        return new Callable(name, () => dictOf(this.names.map((n, i) => [n, this.cells[i] ?? null] as const)));
      case 'get':
        return new Callable(name, (args) => this.item(args[0] ?? null) ?? args[1] ?? null);
      default:
        return this.item(name);
    }
  }

  override item(key: Value): Value | undefined {
    if (typeof key === 'number') return this.cells.at(key);
    const i = typeof key === 'string' ? this.position(key) : -1;
    return i < 0 ? undefined : this.cells[i];
  }

  override attributeNames(): Iterable<string> {
    return this.names;
  }

  override iterate(): Iterable<Value> {
    return this.cells;
  }

  override length(): number {
    return this.cells.length;
  }

  private position(name: string): number {
    const exact = this.names.indexOf(name);
    return exact >= 0 ? exact : this.names.findIndex((n) => n.toLowerCase() === name.toLowerCase());
  }
}

class ColumnOfTable extends HostObject {
  private readonly name: string;
  private readonly cells: readonly Value[];

  constructor(name: string, cells: readonly Value[]) {
    super();
    this.name = name;
    this.cells = cells;
  }

  override display(): string {
    return printed('Column', this.cells);
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'name':
        return this.name;
      case 'values':
        return new Callable(name, () => new Tuple(this.cells));
      case 'values_without_nulls':
        return new Callable(name, () => new Tuple(this.cells.filter((c) => c !== null)));
      case 'values_distinct':
        return new Callable(name, () => new Tuple([...new Set(this.cells)]));
      default:
        return undefined;
    }
  }

  override item(key: Value): Value | undefined {
    return typeof key === 'number' ? this.cells.at(key) : undefined;
  }

  override iterate(): Iterable<Value> {
    return this.cells;
  }

  override length(): number {
    return this.cells.length;
  }
}

/** A list reached by position or by name. */
class NamedList extends HostObject {
  private readonly names: readonly string[];
  private readonly items: readonly Value[];

  constructor(names: readonly string[], items: readonly Value[]) {
    super();
    this.names = names;
    this.items = items;
  }

  override display(): string {
    return printed('MappedSequence', this.items);
  }

  override attribute(name: string): Value | undefined {
    if (name === 'keys') return new Callable(name, () => new Tuple(this.names));
    if (name === 'values') return new Callable(name, () => new Tuple(this.items));
    if (name === 'items') return new Callable(name, () => this.names.map((n, i) => new Tuple([n, this.items[i] ?? null])));
    return this.item(name);
  }

  override item(key: Value): Value | undefined {
    return typeof key === 'number' ? this.items.at(key) : typeof key === 'string' ? this.items[this.names.indexOf(key)] : undefined;
  }

  override iterate(): Iterable<Value> {
    return this.items;
  }

  override length(): number {
    return this.items.length;
  }
}

export class TableValue extends HostObject {
  readonly names: readonly string[];
  readonly rows: readonly RowValue[];

  private readonly print: (text: string) => void;

  /** `print` takes what the table is asked to print. */
  constructor(names: readonly string[], rows: readonly (readonly Value[])[], print: (text: string) => void) {
    super();
    this.names = names;
    this.rows = rows.map((cells) => new RowValue(names, cells));
    this.print = print;
  }

  static of(table: Table, print: (text: string) => void): TableValue {
    return new TableValue(
      table.columns.map((c) => c.name),
      table.rows.map((cells) => cells.map((c, i) => cellValue(c, table.columns[i]?.type))),
      print,
    );
  }

  /** Columns under each other, as agate prints them. */
  override display(): string {
    const lines = [this.names, ...this.rows.slice(0, 20).map((r) => r.cells.map((c) => (c === null ? '' : str(c))))];
    const widths = this.names.map((_, i) => Math.max(...lines.map((l) => l[i]!.length)));
    const line = (cells: readonly string[]): string => `| ${cells.map((c, i) => c.padEnd(widths[i]!)).join(' | ')} |`;
    return [line(lines[0]!), `| ${widths.map((w) => '-'.repeat(w)).join(' | ')} |`, ...lines.slice(1).map(line)].join('\n');
  }

  private csv(): string {
    const field = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    return [this.names, ...this.rows.map((r) => r.cells.map((c) => (c === null ? '' : str(c))))].map((l) => l.map(field).join(',')).join('\n');
  }

  private json(): string {
    const cell = (v: Value): string => (v === null ? 'null' : typeof v === 'boolean' ? String(v) : isNumber(v) ? str(v) : JSON.stringify(str(v)));
    const row = (r: RowValue): string => `{${this.names.map((n, i) => `${JSON.stringify(n)}: ${cell(r.cells[i] ?? null)}`).join(', ')}}`;
    return `[${this.rows.map(row).join(', ')}]`;
  }

  /** Another table, which prints to the same place. */
  with(names: readonly string[], rows: readonly (readonly Value[])[]): TableValue {
    return new TableValue(names, rows, this.print);
  }

  override typeName(): string {
    return 'Table';
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'column_names':
        return new Tuple(this.names);
      case 'columns':
        return new NamedList(
          this.names,
          this.names.map(
            (n, i) =>
              new ColumnOfTable(
                n,
                this.rows.map((r) => r.cells[i] ?? null),
              ),
          ),
        );
      case 'rows':
        return [...this.rows];
      case 'print_table':
        return this.printing(name, () => this.display());
      case 'print_csv':
        return this.printing(name, () => this.csv());
      case 'print_json':
        return this.printing(name, () => this.json());
      default:
        return Object.hasOwn(TABLE_METHODS, name) ? TABLE_METHODS[name]!(name, this) : undefined;
    }
  }

  /** Prints, and gives nothing. */
  private printing(name: string, text: () => string): Callable {
    return new Callable(name, () => {
      this.print(text());
      return '';
    });
  }

  override attributeNames(): Iterable<string> {
    return ['column_names', 'columns', 'rows', 'print_table', 'print_csv', 'print_json', ...Object.keys(TABLE_METHODS)];
  }

  override item(key: Value): Value | undefined {
    return typeof key === 'number' ? this.rows.at(key) : undefined;
  }

  override iterate(): Iterable<Value> {
    return this.rows;
  }

  override length(): number {
    return this.rows.length;
  }

  override truth(): boolean {
    return true;
  }
}

/** The answer to a query, or none; what it is asked to print is a message of the template. */
export function tableOf(context: Pick<Context, 'log'>, table: Table = { columns: [], rows: [] }): TableValue {
  return TableValue.of(table, (text) => context.log(text, 'info'));
}

const isNumber = (v: Value): boolean => typeof v === 'number' || typeof v === 'bigint' || v instanceof Float;
