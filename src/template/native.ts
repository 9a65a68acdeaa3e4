// dbt's filters `as_text`, `as_bool`, `as_number` and `as_native`: what a lone expression's value is read as.
import { article } from './compare.ts';
import { isFloat, isInt, float } from './numbers.ts';
import type { Expression } from './nodes.ts';
import { parseFloat, parseInt } from './operators.ts';
import { str } from './print.ts';
import { literal } from './static.ts';
import { raise, type Value } from './values.ts';

const WORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

/**
 * The value of an expression whose last filter is one of the four, read as it says; any other value as it is. `parse`
 * reads an expression, and throws where it is none.
 */
export function toNative(node: Expression, value: Value, parse: (source: string) => Expression): Value {
  if (node.typename !== 'Filter') return value;
  const name = node.name.value;
  if (name === 'as_text') return str(value);
  if (name !== 'as_bool' && name !== 'as_number' && name !== 'as_native') return value;
  const read = typeof value === 'string' ? fromText(value, parse) : value;
  if (name === 'as_bool' && typeof read !== 'boolean') return raise(`as_bool needs True or False, not ${article(value)}: '${str(value)}'.`);
  if (name === 'as_number' && !isInt(read) && !isFloat(read)) return raise(`as_number needs a number, not ${article(value)}: '${str(value)}'.`);
  return read;
}

/** The literal that a text is, in Python's spelling; any other text as it is. */
function fromText(text: string, parse: (source: string) => Expression): Value {
  const plain = text.trim();
  const word = WORDS.get(plain);
  if (word !== undefined) return word;
  const number = /^[\d.+-]/.test(plain) ? (parseInt(plain, 0) ?? parseFloat(plain)) : undefined;
  if (number !== undefined) return isInt(number) && !/[.eE]/.test(plain) ? number : float(Number(number));
  if (!/^["'[({]/.test(plain)) return text;
  try {
    return literal(parse(plain)) ?? text;
  } catch {
    return text;
  }
}
