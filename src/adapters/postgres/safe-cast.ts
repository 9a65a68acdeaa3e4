// `safe_cast` of PostgreSQL, whose own cast raises an error. Text to text. A condition stands in a `case` of its own where the cast
// needs it: `and` promises no order. https://www.postgresql.org/docs/current/sql-expressions.html#SYNTAX-EXPRESS-EVAL
import {
  FALSE_TEXTS,
  FLOAT_LENGTH,
  FLOAT_PATTERN,
  MOMENT_HEAD,
  MOMENT_PATTERN,
  NUMBER_PATTERN,
  TIME_HEAD,
  TIME_PATTERN,
  TRUE_TEXTS,
  typeMeaning,
  whole,
  WHOLE_PATTERN,
} from '../server/patterns.ts';
import { postgresType } from './types.ts';

/** Null where the text of an expression is none of the type's. */
export function safeCast(expression: string, type: string): string {
  const meaning = typeMeaning(type);
  const text = `cast(${expression} as text)`;
  const target = postgresType(type);
  const when = (t: string, pattern: string, value: string): string => `case when ${t} ~ '${whole(pattern)}' then ${value} end`;
  const list = (texts: readonly string[]): string => texts.map((t) => `'${t}'`).join(', ');
  switch (meaning.kind) {
    case 'text':
      return `cast(${expression} as ${target})`;
    case 'integer':
      return when(
        text,
        NUMBER_PATTERN,
        `case when round(cast(${text} as numeric)) between ${meaning.min} and ${meaning.max} then cast(cast(${text} as numeric) as ${target}) end`,
      );
    case 'decimal': {
      const value = `cast(${text} as ${target})`;
      if (meaning.precision === 0) return when(text, NUMBER_PATTERN, value);
      const limit = '1' + '0'.repeat(meaning.precision - meaning.scale);
      return when(text, NUMBER_PATTERN, `case when abs(round(cast(${text} as numeric), ${meaning.scale})) < ${limit} then ${value} end`);
    }
    case 'float': {
      const [value, double] = [`cast(${text} as ${target})`, `cast(${text} as double precision)`];
      const single = /^(real|float4)$/i.test(target);
      const inRange = single ? `case when ${double} = 0 or abs(${double}) between 1e-37 and 3e38 then ${value} end` : value;
      return `case when length(${text}) <= ${FLOAT_LENGTH} and ${text} ~ '${whole(FLOAT_PATTERN)}' then ${inRange} end`;
    }
    case 'boolean': {
      const word = `lower(trim(${text}))`;
      return `case when ${word} in (${list(TRUE_TEXTS)}) then true when ${word} in (${list(FALSE_TEXTS)}) then false when ${word} ~ '${whole(WHOLE_PATTERN)}' then ${word} ~ '[1-9]' end`;
    }
    case 'date':
    case 'timestamp': {
      const day = `replace(${text}, '/', '-')`;
      return when(day, MOMENT_PATTERN, meaning.kind === 'date' ? `cast(${day} as date)` : `cast(substring(${day} from '${MOMENT_HEAD}') as ${target})`);
    }
    case 'timestamptz':
      return when(text, MOMENT_PATTERN, `cast(${text} as ${target})`);
    case 'time':
      return when(text, TIME_PATTERN, `cast(substring(${text} from '${TIME_HEAD}') as ${target})`);
    default:
      // https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-VALIDITY (PostgreSQL 16)
      return `case when pg_input_is_valid(cast(${expression} as text), '${target.replaceAll("'", "''")}') then cast(cast(${expression} as text) as ${target}) end`;
  }
}
