// `safe_cast` of DuckDB. Its own try_cast accepts more than other engines do (`0x10`, `1_000`, `infinity`, `2024-01-05x`), so what
// converts is said by the patterns all engines share. Text to text.
import {
  FALSE_TEXTS,
  FLOAT_LENGTH,
  FLOAT_PATTERN,
  MOMENT_PATTERN,
  NUMBER_PATTERN,
  TIME_PATTERN,
  TRUE_TEXTS,
  typeMeaning,
  WHOLE_PATTERN,
} from '../server/patterns.ts';
import { textLength } from '../sql-terms.ts';

/** Null where the text of an expression is none of the type's. */
export function safeCast(expression: string, type: string): string {
  const text = `cast(${expression} as varchar)`;
  const matches = (t: string, pattern: string): string => `regexp_full_match(${t}, '${pattern}')`;
  const when = (condition: string, t: string): string => `case when ${condition} then try_cast(${t} as ${type}) end`;
  const list = (texts: readonly string[]): string => texts.map((t) => `'${t}'`).join(', ');
  switch (typeMeaning(type).kind) {
    case 'text':
      return castToText(expression, type);
    case 'integer':
    case 'decimal':
      return when(matches(text, NUMBER_PATTERN), text);
    case 'float':
      return when(`length(${text}) <= ${FLOAT_LENGTH} and ${matches(text, FLOAT_PATTERN)}`, text);
    case 'boolean': {
      const word = `lower(trim(${text}))`;
      return `case when ${word} in (${list(TRUE_TEXTS)}) then true when ${word} in (${list(FALSE_TEXTS)}) then false when ${matches(word, WHOLE_PATTERN)} then regexp_matches(${word}, '[1-9]') end`;
    }
    case 'date':
    case 'timestamp': {
      const day = `replace(trim(${text}), '/', '-')`;
      return when(matches(day, MOMENT_PATTERN), day);
    }
    case 'timestamptz':
      return when(matches(text, MOMENT_PATTERN), text);
    case 'time':
      return when(matches(text, TIME_PATTERN), text);
    default:
      return `try_cast(${expression} as ${type})`;
  }
}

/** A length cuts, as on other engines: DuckDB's own `varchar(2)` has none. */
export function castToText(expression: string, type: string): string {
  const length = textLength(type);
  return length === null ? `cast(${expression} as ${type})` : `left(cast(${expression} as varchar), ${length})`;
}
