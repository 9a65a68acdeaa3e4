// Names of types: what people write for another engine in PostgreSQL's own spelling, and which type holds two others.
// https://www.postgresql.org/docs/current/datatype.html
import { table } from '../../project/table.ts';
import { typeMeaning } from '../server/patterns.ts';

const SPELLINGS: Readonly<Record<string, string>> = table({
  double: 'double precision',
  datetime: 'timestamp',
  string: 'text',
  longtext: 'text',
  mediumtext: 'text',
  tinyint: 'smallint',
  mediumint: 'integer',
  hugeint: 'numeric(38,0)',
  signed: 'bigint',
  blob: 'bytea',
  binary: 'bytea',
  varbinary: 'bytea',
});

/** `type` as PostgreSQL spells it; a type it knows stays as it is. */
export function postgresType(type: string): string {
  const written = type.trim();
  const [, name = '', rest = ''] = /^([a-z_ ]+?)\s*(\(.*)?$/i.exec(written) ?? [];
  const own = SPELLINGS[name.toLowerCase()];
  if (own === undefined) return written;
  return own === 'timestamp' ? `${own}${rest}` : own;
}

const INTEGERS: readonly string[] = ['smallint', 'integer', 'bigint'];

/** A type that holds every value of both without loss, or null where there is none. */
export function widerPostgresType(a: string, b: string): string | null {
  const [x, y] = [shape(a), shape(b)];
  if (x.kind === 'text' && y.kind === 'text') {
    if (x.length === null || y.length === null) return x.length === null && y.length === null ? (x.name === y.name ? a : 'text') : x.length === null ? a : b;
    return `character varying(${Math.max(x.length, y.length)})`;
  }
  if (x.kind === 'integer' && y.kind === 'integer') return INTEGERS[Math.max(INTEGERS.indexOf(x.name), INTEGERS.indexOf(y.name))]!;
  if (x.kind === 'float' && y.kind === 'float') return x.name === 'real' && y.name === 'real' ? 'real' : 'double precision';
  // It holds integers exactly up to 53 bits.
  const small = (s: Shape): boolean => s.kind === 'integer' && s.name !== 'bigint';
  if ((small(x) && y.name === 'double precision') || (small(y) && x.name === 'double precision')) return 'double precision';
  const [p, q] = [digits(x), digits(y)];
  if (p && q) {
    if (p === 'any' || q === 'any') return 'numeric';
    const scale = Math.max(p.scale, q.scale);
    return `numeric(${Math.max(p.whole, q.whole) + scale},${scale})`;
  }
  return x.kind === 'other' && a.trim().toLowerCase() === b.trim().toLowerCase() ? a : null;
}

interface Shape {
  readonly kind: 'text' | 'integer' | 'decimal' | 'float' | 'other';
  readonly name: string;
  readonly length: number | null;
  readonly precision: number;
  readonly scale: number;
}

function shape(type: string): Shape {
  const meaning = typeMeaning(type);
  const argument = /\(\s*(\d+)/.exec(type)?.[1];
  const none = { length: null, precision: 0, scale: 0 };
  if (meaning.kind === 'integer') {
    const name = Number(meaning.max) < 2 ** 15 ? 'smallint' : Number(meaning.max) < 2 ** 31 ? 'integer' : 'bigint';
    return { kind: 'integer', name, ...none };
  }
  if (meaning.kind === 'decimal') return { kind: 'decimal', name: 'numeric', length: null, precision: meaning.precision, scale: meaning.scale };
  if (meaning.kind === 'float') return { kind: 'float', name: /^\s*(real|float4)/i.test(type) ? 'real' : 'double precision', ...none };
  if (meaning.kind === 'text' && !/^\s*(char|character|bpchar)\s*(\(|$)/i.test(type)) {
    return {
      kind: 'text',
      name: /text/i.test(type) ? 'text' : 'character varying',
      length: argument === undefined ? null : Number(argument),
      precision: 0,
      scale: 0,
    };
  }
  return { kind: 'other', name: type.trim().toLowerCase(), ...none };
}

function digits(s: Shape): { whole: number; scale: number } | 'any' | null {
  if (s.kind === 'decimal') return s.precision === 0 ? 'any' : { whole: s.precision - s.scale, scale: s.scale };
  if (s.kind === 'integer') return { whole: [5, 10, 19][INTEGERS.indexOf(s.name)]!, scale: 0 };
  return null;
}
