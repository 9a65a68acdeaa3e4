// dbt's filters `as_text`, `as_bool`, `as_number` and `as_native`: what a lone expression's value is read as.
import { article } from './compare.ts';
import type { Expression } from './nodes.ts';
import { parseFloat, parseInt } from './operators.ts';
import { float } from './numbers.ts';
import { str } from './print.ts';
import { raise, type Value } from './values.ts';

const WORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['True', true],
  ['False', false],
  ['true', true],
  ['false', false],
  ['None', null],
]);

/** The value of an expression whose last filter is one of the four, read as it says; any other value as it is. */
export function toNative(node: Expression, value: Value): Value {
  if (node.typename !== 'Filter') return value;
  switch (node.name.value) {
    case 'as_text':
      return str(value);
    case 'as_native':
      return typeof value === 'string' ? read(value) : value;
    case 'as_bool': {
      const read1 = typeof value === 'string' ? read(value) : value;
      return typeof read1 === 'boolean' ? read1 : raise(`as_bool needs True or False, not ${article(value)} '${str(value)}'.`);
    }
    case 'as_number': {
      const read1 = typeof value === 'string' ? read(value) : value;
      return typeof read1 === 'number' || typeof read1 === 'bigint' || (typeof read1 === 'object' && typeof value === 'string' && read1 !== null)
        ? read1
        : raise(`as_number needs a number, not ${article(value)} '${str(value)}'.`);
    }
    default:
      return value;
  }
}

/** A literal in text: a number, True, False, None; any other text as it is. */
function read(text: string): Value {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  const whole = parseInt(text);
  if (whole !== undefined) return whole;
  const real = parseFloat(text);
  return real === undefined ? text : float(real);
}
