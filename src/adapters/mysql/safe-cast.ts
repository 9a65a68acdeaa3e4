// `safe_cast` of MySQL and MariaDB, whose own CAST warns, adjusts, or raises an error where a table is made. Text to text.
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
  WHOLE_PATTERN,
} from '../server/patterns.ts';
import { castExpression } from './types.ts';

// `$` would let a line break follow.
const whole = (pattern: string): string => `^(${pattern})(?![^ ]| )`;

/** A number of up to so many digits before the point: a larger one is an error where a table is made, even to look at as a decimal. */
const within = (text: string, digits: number, value: string): string => `case when abs(cast(${text} as double)) < 1e${digits} then ${value} end`;

/** Null where the text of an expression is none of the type's. */
export function safeCast(expression: string, type: string): string {
  const meaning = typeMeaning(type);
  const text = `trim(cast(${expression} as char))`;
  const when = (t: string, pattern: string, value: string): string => `case when ${t} regexp '${whole(pattern)}' then ${value} end`;
  const list = (texts: readonly string[]): string => texts.map((t) => `'${t}'`).join(', ');
  switch (meaning.kind) {
    case 'integer': {
      const number = `cast(${text} as decimal(65,0))`;
      return when(
        text,
        NUMBER_PATTERN,
        within(text, 20, `case when ${number} between ${meaning.min} and ${meaning.max} then ${castExpression(number, type)} end`),
      );
    }
    case 'decimal': {
      const [precision, scale] = meaning.precision === 0 ? [28, 6] : [meaning.precision, meaning.scale];
      const limit = '1' + '0'.repeat(precision - scale);
      const value = `case when abs(cast(${text} as decimal(65,${scale}))) < ${limit} then ${castExpression(text, type)} end`;
      return when(text, NUMBER_PATTERN, within(text, precision - scale + 1, value));
    }
    case 'float':
      return `case when length(${text}) <= ${FLOAT_LENGTH} and ${text} regexp '${whole(FLOAT_PATTERN)}' then ${castExpression(text, type)} end`;
    case 'boolean':
      return `case when lower(${text}) in (${list(TRUE_TEXTS)}) then true when lower(${text}) in (${list(FALSE_TEXTS)}) then false when ${text} regexp '${whole(WHOLE_PATTERN)}' then ${text} regexp '[1-9]' end`;
    case 'date':
    case 'timestamp': {
      const day = `replace(${text}, '/', '-')`;
      return when(day, MOMENT_PATTERN, castExpression(`regexp_substr(${day}, '${MOMENT_HEAD}')`, type));
    }
    case 'timestamptz': {
      // There is no such type: a moment in UTC, where the zone is written out.
      const moment = castExpression(`regexp_substr(${text}, '${MOMENT_HEAD}')`, type);
      const zone = `nullif(regexp_substr(${text}, '[-+][0-9]{2}:[0-9]{2}$'), '')`;
      return when(text, MOMENT_PATTERN, `coalesce(convert_tz(${moment}, ${zone}, '+00:00'), ${moment})`);
    }
    case 'time':
      return when(text, TIME_PATTERN, castExpression(`regexp_substr(${text}, '${TIME_HEAD}')`, type));
    case 'json':
      return `case when json_valid(${expression}) then ${castExpression(expression, type)} end`;
    default:
      return castExpression(expression, type);
  }
}
