// @faker-js/faker, with our own randomness and a fixed "now". In: a locale, a stream of random numbers, the as-of date.
// Out: a caller of its methods that gives values. Loaded only when a declaration needs it, one locale alone.
import type { Faker, Randomizer } from '@faker-js/faker';
import { fail, type Span } from '../diagnostics/diagnostic.ts';
import { formatDay } from './calendar.ts';
import { parseDecimal } from './decimal.ts';
import type { Declaration } from './declaration.ts';
import type { Random } from './random.ts';
import { dateValue, EvaluationError, type Value } from './value.ts';

/** Calls a method of faker with plain arguments; throws an EvaluationError where faker refuses them. */
export type FakerCall = (module: string, method: string, args: readonly unknown[]) => Value;

/** Loads faker for a declaration; fails where it has no such locale. */
export async function loadFaker(d: Declaration, random: Random): Promise<FakerCall> {
  let loaded: Faker;
  try {
    ({ faker: loaded } = (await import(`@faker-js/faker/locale/${d.locale}`)) as { faker: Faker });
  } catch {
    const span: Span = d.localeSpan ?? { file: d.file, line: 1, column: 1 };
    fail('generate/value', `'${d.locale}' is no locale of faker.`, {
      span,
      help: 'See https://fakerjs.dev/guide/localization for those there are: en, de, pt_BR, …',
    });
  }
  // The package's main entry would load every locale; its class is within reach of the instance we have.
  const Class = loaded.constructor as typeof Faker;
  const randomizer: Randomizer = { next: random.next, seed: () => undefined };
  const faker = new Class({ locale: loaded.rawDefinitions, randomizer });
  faker.setDefaultRefDate(`${formatDay(d.asOf)}T00:00:00.000Z`);
  return (module, method, args) => {
    const owner = (faker as unknown as Record<string, Record<string, (...args: readonly unknown[]) => unknown>>)[module]!;
    let result: unknown;
    try {
      result = owner[method]!(...args);
    } catch (e) {
      throw new EvaluationError(`faker's ${module}.${method} failed: ${e instanceof Error ? e.message : String(e)}`);
    }
    return toValue(result, `${module}.${method}`);
  };
}

function toValue(result: unknown, name: string): Value {
  switch (typeof result) {
    case 'string':
    case 'boolean':
      return result;
    case 'undefined':
      return null;
    case 'number':
    case 'bigint': {
      const number = parseDecimal(String(result));
      if (number !== undefined) return number;
      break;
    }
    default:
      if (result === null) return null;
      if (result instanceof Date) return dateValue(Math.floor(result.getTime() / 86_400_000));
  }
  throw new EvaluationError(`faker's ${name} gave no single value.`);
}
