// What text converts to which type, as regular expressions that PostgreSQL, RE2, PCRE and ICU read alike (no backslashes):
// the ground of `safe_cast`, which gives the same values on every engine. Spaces around a text
// do not count.
import { table } from '../../project/table.ts';

const YEAR = '([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)';
const LEAP_YEAR = '([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)';

/** Days that exist, of the years 0001 to 9999; `zero` is how the first of two digits is written where it is a zero. */
const days = (zero: '0' | '0?'): string =>
  `(${YEAR}-((${zero}[13578]|1[02])-(${zero}[1-9]|[12][0-9]|3[01])` +
  `|(${zero}[469]|11)-(${zero}[1-9]|[12][0-9]|30)` +
  `|${zero}2-(${zero}[1-9]|1[0-9]|2[0-8]))` +
  `|${LEAP_YEAR}-${zero}2-29)`;

/** `2024-02-29` but not `2023-02-29`, and not `2024-2-29`. */
export const DATE_PATTERN: string = days('0');

/** `12:30`, `12:30:59`, `1:02:03.123456789`. */
const TIME = '([01]?[0-9]|2[0-3]):[0-5]?[0-9](:[0-5]?[0-9]([.][0-9]+)?)?';
export const TIME_PATTERN: string = ` *${TIME} *`;

const ZONE = '(Z|[-+](0[0-9]|1[0-4])(:[0-5][0-9])?)';

/** A day, or a day and a time, whose zone counts for nothing: `2024-2-29`, `2024-02-29 23:59`, `2024-02-29T23:59:59.5Z`. */
export const MOMENT_PATTERN: string = ` *${days('0?')}([ T]${TIME}${ZONE}?)? *`;

/** What is read of such texts: no zone, and six digits of a second at most. */
export const MOMENT_HEAD = '^ *[-0-9]+(?:[ T][0-9:]+(?:[.][0-9]{1,6})?)?';
export const TIME_HEAD = '^ *[0-9:]+(?:[.][0-9]{1,6})?';

// No `{1,60}`: PostgreSQL takes ten times as long over a counted repetition.
const DIGITS = '([0-9]+([.][0-9]*)?|[.][0-9]+)';

/** `12`, `-1.50`, `.5`, `1e3`. */
export const NUMBER_PATTERN: string = ` *[-+]?${DIGITS}([eE][-+]?[0-9]{1,2})? *`;

/** Such a number, or one of any size that a double holds, as programs write it: `1.7e+300`. Both within `FLOAT_LENGTH`. */
export const FLOAT_PATTERN: string = ` *[-+]?(${DIGITS}([eE][-+]?[0-9]{1,2})?|[1-9]([.][0-9]*)?[eE][-+]?([12][0-9]{2}|30[0-7])) *`;

/** Characters of a text that is a double, at the most; a longer one may be out of range, which is an error on servers. */
export const FLOAT_LENGTH = 100;

/** A whole number: a boolean, for `safe_cast`. */
export const WHOLE_PATTERN = '[-+]?[0-9]+';
export const TRUE_TEXTS: readonly string[] = ['t', 'true', 'y', 'yes', 'on', '1'];
export const FALSE_TEXTS: readonly string[] = ['f', 'false', 'n', 'no', 'off', '0'];

/** The whole text, from start to end. */
export function whole(pattern: string): string {
  return `^(${pattern})$`;
}

/** What a type's name means, whatever the engine calls it. */
export type TypeMeaning =
  | { readonly kind: 'integer'; readonly min: string; readonly max: string }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'boolean' | 'text' | 'float' | 'date' | 'timestamp' | 'timestamptz' | 'time' | 'json' | 'binary' | 'other' };

/** The meaning of a type as people write it on any engine: `int8`, `character varying(20)`, `DECIMAL(10, 2)`. Bare `numeric` has precision 0: the engine's own. */
export function typeMeaning(type: string): TypeMeaning {
  const t = type.trim().toLowerCase().replace(/\s+/g, ' ');
  const [name, args] = [t.replace(/\s*\(.*?\)/, ''), /\(([^)]*)\)/.exec(t)?.[1] ?? ''];
  const integer = INTEGERS[name];
  if (integer) return { kind: 'integer', min: integer[0], max: integer[1] };
  if (['decimal', 'numeric', 'dec', 'number', 'fixed'].includes(name)) {
    const [p = '0', s = '0'] = args.split(',').map((a) => a.trim() || '0');
    return { kind: 'decimal', precision: Number(p), scale: Number(s) };
  }
  return { kind: KINDS[name] ?? 'other' };
}

const INTEGERS: Readonly<Record<string, readonly [string, string]>> = table({
  tinyint: ['-128', '127'],
  smallint: ['-32768', '32767'],
  int2: ['-32768', '32767'],
  int: ['-2147483648', '2147483647'],
  integer: ['-2147483648', '2147483647'],
  int4: ['-2147483648', '2147483647'],
  mediumint: ['-8388608', '8388607'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
  int8: ['-9223372036854775808', '9223372036854775807'],
  signed: ['-9223372036854775808', '9223372036854775807'],
  'signed integer': ['-2147483648', '2147483647'],
  'bigint unsigned': ['0', '18446744073709551615'],
  'int unsigned': ['0', '4294967295'],
  unsigned: ['0', '18446744073709551615'],
});

const KINDS: Readonly<Record<string, Exclude<TypeMeaning['kind'], 'integer' | 'decimal'>>> = table({
  boolean: 'boolean',
  bool: 'boolean',
  text: 'text',
  varchar: 'text',
  'character varying': 'text',
  char: 'text',
  character: 'text',
  string: 'text',
  bpchar: 'text',
  longtext: 'text',
  mediumtext: 'text',
  tinytext: 'text',
  float: 'float',
  double: 'float',
  'double precision': 'float',
  real: 'float',
  float4: 'float',
  float8: 'float',
  date: 'date',
  timestamp: 'timestamp',
  datetime: 'timestamp',
  'timestamp without time zone': 'timestamp',
  timestamptz: 'timestamptz',
  'timestamp with time zone': 'timestamptz',
  time: 'time',
  'time without time zone': 'time',
  json: 'json',
  jsonb: 'json',
  bytea: 'binary',
  blob: 'binary',
  binary: 'binary',
  varbinary: 'binary',
  longblob: 'binary',
});
