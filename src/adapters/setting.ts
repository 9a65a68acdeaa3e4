// A single value of a target's settings against its shape: numbers within their bounds, texts out of a few. In: the value as written, in
// the project file or in a URL. Out: what it must be, in words.
import { didYouMean } from '../diagnostics/nearest.ts';
import type { SettingShape } from './adapter.ts';

/** What an integer must be: `a whole number of seconds, 0 or more`. */
export function expectedInteger(shape: SettingShape): string {
  const { least = 0, most, unit } = shape;
  const bounds = most === undefined ? `, ${least} or more` : ` from ${least} to ${most}`;
  return `a whole number${unit === undefined ? '' : ` of ${unit}`}${unit !== undefined && most !== undefined ? ',' : ''}${bounds}`;
}

/** Whether a value, a number or the text of one, is a whole number within the bounds. */
export function isInteger(shape: SettingShape, value: unknown): boolean {
  const count = typeof value === 'string' && /^\s*\+?\d+\s*$/.test(value) ? Number(value) : value;
  const { least = 0, most = Number.MAX_SAFE_INTEGER } = shape;
  return Number.isInteger(count) && (count as number) >= least && (count as number) <= most;
}

/** What is wrong with the value of a setting and what to write, or null. The value is repeated only where it is no secret. */
export function valueMistake(name: string, shape: SettingShape, value: unknown): { readonly message: string; readonly help: string } | null {
  if (shape.type === 'integer' && !isInteger(shape, value))
    return {
      message: `'${name}' must be ${expectedInteger(shape)}, not '${String(value)}'.`,
      help: `Write it as a number, such as ${name}: ${shape.least ?? 10}.`,
    };
  if (shape.oneOf !== undefined && !shape.oneOf.includes(String(value)))
    return {
      message: `'${name}' must be one of ${shape.oneOf.map((v) => `'${v}'`).join(', ')}, not '${String(value)}'.`,
      help: didYouMean(String(value), shape.oneOf) ?? `Write one of these, or leave ${name} out.`,
    };
  return null;
}
