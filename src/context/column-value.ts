// A column as a template sees it: `column.name`, `column.data_type`, `column.is_string()`.
// https://docs.getdbt.com/reference/dbt-classes#column
import type { Dialect } from '../adapters/adapter.ts';
import type { Column } from '../project/relation.ts';
import { Callable, HostObject, type Value } from '../template/values.ts';

const STRING = /^(character varying|varchar|char|character|text|string|nchar|nvarchar|longtext|mediumtext|tinytext)\b/i;
const INTEGER = /^(tinyint|smallint|integer|int|bigint|hugeint|int2|int4|int8|mediumint|serial|bigserial|utinyint|usmallint|uinteger|ubigint)\b/i;
const FLOAT = /^(float|float4|float8|double|double precision|real)\b/i;
const NUMERIC = /^(numeric|decimal|number)\b/i;

export class ColumnValue extends HostObject {
  readonly column: Column;
  private readonly dialect: Dialect;

  constructor(column: Column, dialect: Dialect) {
    super();
    this.column = column;
    this.dialect = dialect;
  }

  override display(): string {
    return `<Column ${this.column.name} (${this.column.type})>`;
  }

  override typeName(): string {
    return 'Column';
  }

  override attribute(name: string): Value | undefined {
    const { type } = this.column;
    const size = /\((\d+)(?:\s*,\s*(\d+))?\)/.exec(type);
    const answer = (value: Value): Callable => new Callable(name, () => value);
    switch (name) {
      case 'name':
      case 'column':
        return this.column.name;
      case 'quoted':
        return this.dialect.quote(this.column.name);
      case 'dtype':
        return this.dialect.bareType(type);
      case 'data_type':
        return type;
      case 'char_size':
        return STRING.test(type) && size !== null ? Number(size[1]) : null;
      case 'numeric_precision':
        return NUMERIC.test(type) && size !== null ? Number(size[1]) : null;
      case 'numeric_scale':
        return NUMERIC.test(type) && size !== null ? Number(size[2] ?? 0) : null;
      case 'is_string':
        return answer(STRING.test(type));
      case 'is_numeric':
        return answer(NUMERIC.test(type));
      case 'is_integer':
        return answer(INTEGER.test(type));
      case 'is_float':
        return answer(FLOAT.test(type));
      case 'is_number':
        return answer(NUMERIC.test(type) || INTEGER.test(type) || FLOAT.test(type));
      case 'string_size':
        return answer(size === null ? 256 : Number(size[1]));
      case 'can_expand_to':
        return new Callable(name, (args) => {
          const other = args[0];
          return other instanceof ColumnValue && this.dialect.widerType(type, other.column.type) === other.column.type;
        });
      default:
        return undefined;
    }
  }

  override attributeNames(): Iterable<string> {
    return [
      'name',
      'column',
      'quoted',
      'dtype',
      'data_type',
      'char_size',
      'numeric_precision',
      'numeric_scale',
      'is_string',
      'is_numeric',
      'is_integer',
      'is_float',
      'is_number',
      'string_size',
      'can_expand_to',
    ];
  }

  override equals(other: Value): boolean {
    return other instanceof ColumnValue && other.column.name === this.column.name && other.column.type === this.column.type;
  }
}
