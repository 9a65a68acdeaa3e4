// The methods and attributes of int, bool and float.
import { builtin, type Builtins } from './arguments.ts';
import { numeric } from './numbers.ts';
import { float, int, Tuple, type Value } from './values.ts';

const big = (value: Value | undefined): bigint => BigInt(numeric(value)!);
const number = (value: Value | undefined): number => Number(numeric(value));

export const INT_METHODS: Builtins = {
  bit_length: builtin('self', ([n]) => (big(n) === 0n ? 0 : (big(n) < 0n ? -big(n) : big(n)).toString(2).length)),
  bit_count: builtin('self', ([n]) => [...(big(n) < 0n ? -big(n) : big(n)).toString(2)].filter((c) => c === '1').length),
  conjugate: builtin('self', ([n]) => int(big(n))),
  as_integer_ratio: builtin('self', ([n]) => new Tuple([int(big(n)), 1])),
};

export const FLOAT_METHODS: Builtins = {
  is_integer: builtin('self', ([x]) => Number.isInteger(number(x))),
  conjugate: builtin('self', ([x]) => float(number(x))),
  as_integer_ratio: builtin('self', ([x]) => {
    let [top, bottom] = [number(x), 1n];
    while (!Number.isInteger(top)) [top, bottom] = [top * 2, bottom * 2n];
    return new Tuple([int(BigInt(top)), int(bottom)]);
  }),
};

/** `real`, `imag` and the like. */
export function numberAttribute(value: Value, name: string): Value | undefined {
  const whole = typeof value === 'bigint' || typeof value === 'boolean' || (typeof value === 'number' && Number.isInteger(value));
  if (name === 'real') return typeof value === 'boolean' ? Number(value) : value;
  if (name === 'imag') return whole ? 0 : float(0);
  if (whole && name === 'numerator') return typeof value === 'boolean' ? Number(value) : value;
  return whole && name === 'denominator' ? 1 : undefined;
}
