import { describe, expect, test } from 'vitest';
import { compileExpression, type ExpressionProblem, type Frame, type Scope } from './expression.ts';
import { parseDecimal } from './decimal.ts';
import { parseDay } from './calendar.ts';
import { dateValue, textOf, type Value } from './value.ts';

const NAMES: Readonly<Record<string, Value>> = {
  price: parseDecimal('19.99')!,
  n: parseDecimal('3')!,
  name: "Anna O'Hara",
  day: dateValue(parseDay('2024-02-29')!),
  none: null,
  yes: true,
};
const names = Object.keys(NAMES);
const scope: Scope = (qualifier, name) =>
  qualifier === undefined && names.includes(name)
    ? { kind: 'own', column: names.indexOf(name) }
    : { kind: 'unknown', message: `no ${name}`, wrong: name, candidates: names };
const frame: Frame = {
  values: Object.values(NAMES),
  found: [],
  parent: undefined,
  row: 0,
  line: 0,
  arrived: 0,
  grown: false,
};

function problems(source: string): ExpressionProblem[] {
  const found: ExpressionProblem[] = [];
  expect(compileExpression(source, scope, (p) => found.push(p))).toBeUndefined();
  return found;
}

function value(source: string): string {
  const expression = compileExpression(source, scope, (p) => expect.fail(p.message));
  const result = expression!.evaluate(frame);
  return result === null ? 'null' : textOf(result);
}

describe('expressions', () => {
  test.each([
    ['1 + 2 * 3', '7'],
    ['(1 + 2) * 3', '9'],
    ['-2 - -3', '1'],
    ['10 - 2 - 3', '5'],
    ['0.1 + 0.2', '0.3'],
    ['round(price * n * 12.5 / 100, 2)', '7.50'],
    ['round(1 / 3, 4)', '0.3333'],
    ['round(2.675, 2)', '2.68'],
    ['mod(-1, 5)', '4'],
    ['ceil(1.2) + floor(-1.2)', '0'],
    ['least(3, 1, 2) + greatest(1, 5)', '6'],
    ['day + 1', '2024-03-01'],
    ['day - 2024-01-01', '59'],
    ['add_years(day, 1)', '2025-02-28'],
    ['year(day) * 10000 + month(day) * 100 + day(day)', '20240229'],
    ['weekday(day)', '4'],
    ["concat(slug(name), '@', n, none)", 'annaohara@3'],
    ['upper(left(name, 4))', 'ANNA'],
    ["title('well-made thing')", 'Well-Made Thing'],
    ["replace(name, '''', '')", 'Anna OHara'],
    ['pad(n, 5)', '00003'],
    ['length(name)', '11'],
    ["if(n > 2 and not (name = 'x'), 'many', 1 / 0)", 'many'],
    ['not yes or n >= 3', 'true'],
    ['day < 2024-03-01', 'true'],
    ['none + 1', 'null'],
    ['coalesce(none, n)', '3'],
    ['n != 3 == false', 'chained'],
  ])('%s is %s', (source, result) => {
    if (result === 'chained') expect(problems(source)[0]?.message).toContain("can't be chained");
    else expect(value(source)).toBe(result);
  });

  test.each([
    ['1 +', 'A value is expected here, not the end.', 3],
    ['(1', "')' is expected here, not the end.", 2],
    ['1 2', "The expression should end here, before '2'.", 2],
    ["'abc", 'This text has no closing quote.', 0],
    ['1 ; 2', "';' has no meaning here.", 2],
    ['2024-02-30', "There is no day '2024-02-30'.", 0],
    ['lower()', "'lower' takes 1 argument, not 0.", 0],
  ])('%s: %s', (source, message, offset) => expect(problems(source)).toMatchObject([{ reason: 'expression', message, offset }]));

  test('all unknown names are found at once, with what is near', () => {
    expect(problems('rond(prise) + constructor + __proto__(1)')).toMatchObject([
      { reason: 'unknown-name', help: "Did you mean 'price'?", offset: 5 },
      { reason: 'unknown-function', help: "Did you mean 'round'?", offset: 0 },
      { reason: 'unknown-name', offset: 14 },
      { reason: 'unknown-function', offset: 28 },
    ]);
  });

  test.each([
    ['name + 1', "A number is wanted, not the text 'Anna O'Hara'."],
    ['day + day', "A number is wanted, not the date '2024-02-29'."],
    ["day = 'x'", "A date can't be compared with a text."],
    ['1 / 0', 'Division by zero.'],
    ['day + 0.5', 'A whole number is wanted, not 0.5.'],
    ['if(n, 1, 2)', "A condition (true or false) is wanted, not the number '3'."],
  ])('%s stops: %s', (source, message) => expect(() => value(source)).toThrow(message));

  test('nesting is limited', () => {
    expect(problems(`${'('.repeat(5000)}1`)[0]?.message).toBe('The expression is nested too deeply.');
  });
});
