// One cell after another. In: a generator of a declaration. Out: a function of the row so far. The stream of random
// numbers stands at the cell's own place when it is called, and is read before any other row is looked at.
import { fail } from '../diagnostics/diagnostic.ts';
import { decimal, round } from './decimal.ts';
import type { FakerArgument, Generator, Option, Placed, Reference } from './declaration.ts';
import type { Frame } from './expression.ts';
import type { FakerCall } from './faker.ts';
import { date, number, truth } from './functions.ts';
import type { Random } from './random.ts';
import { dateValue, EvaluationError, textOf, type Value } from './value.ts';

/** What a cell is, given the row so far. */
export type Cell = (frame: Frame) => Value;

/** What cells are made with. */
export interface CellTools {
  readonly random: Random;
  readonly faker: FakerCall | undefined;
  /** Finds a row for a reference: sets `frame.found` and gives the column asked for. */
  readonly reference: (reference: Reference, column: number) => Cell;
  /** Whether the table has a parent: a sequence then counts its children. */
  readonly child: boolean;
}

/** Evaluates an expression; a mistake of kinds stops everything, with its place. */
export function evaluate(expression: Placed, frame: Frame): Value {
  try {
    return expression.evaluate(frame);
  } catch (e) {
    return stop(expression, frame, e);
  }
}

/** The day an expression gives. */
export function dayOf(expression: Placed, frame: Frame): number {
  return placed(expression, frame, () => date(expression.evaluate(frame)));
}

/** Whether a condition holds; it doesn't where it gives nothing. */
export function isTrue(condition: Placed, frame: Frame): boolean {
  return placed(condition, frame, () => truth(condition.evaluate(frame)));
}

/** The cell of `generator` in column `column`. */
export function createCell(generator: Generator, column: number, tools: CellTools): Cell {
  const { random } = tools;
  switch (generator.kind) {
    case 'constant': {
      const { value } = generator;
      return () => value;
    }
    case 'sequence': {
      const { before, width, after, start } = generator;
      if (before === '' && after === '' && width === 0) return (frame) => decimal((tools.child ? frame.line : frame.row) + start);
      return (frame) => before + String((tools.child ? frame.line : frame.row) + start).padStart(width, '0') + after;
    }
    case 'faker': {
      const { module, method, args, span } = generator;
      const plain = args.every((a) => a.kind === 'plain') ? args.map((a) => argument(a, undefined)) : undefined;
      return (frame) => placed({ span }, frame, () => tools.faker!(module, method, plain ?? args.map((a) => argument(a, frame))));
    }
    case 'choice': {
      const { options } = generator;
      return () => choose(options, random);
    }
    case 'choice-by': {
      const { by, cases, span } = generator;
      return (frame) => {
        const options = cases.get(textOf(frame.values[by] ?? null));
        if (options !== undefined) return choose(options, random);
        return stop({ span }, frame, new EvaluationError(`There is no choice for '${textOf(frame.values[by] ?? null)}'.`));
      };
    }
    case 'range':
      return range(generator, random);
    case 'reference':
      return tools.reference(generator, column);
    case 'expression': {
      const { expression } = generator;
      return (frame) => evaluate(expression, frame);
    }
  }
}

/** A whole number from the range of two expressions, for counts of child rows. */
export function wholeBetween(low: Placed, high: Placed, frame: Frame, random: Random): number {
  const [from, to] = bounds('int', 0, low, high, frame);
  return from + random.below(to - from + 1);
}

function range(generator: Extract<Generator, { kind: 'range' }>, random: Random): Cell {
  const { of, scale, low, high } = generator;
  const fixed = [...low.uses, ...high.uses].every((use) => use.kind === 'constant');
  let known: readonly [number, number] | undefined;
  return (frame) => {
    const [from, to] = known ?? bounds(of, scale, low, high, frame);
    if (fixed) known = [from, to];
    const units = from + random.below(to - from + 1);
    return of === 'date' ? dateValue(units) : decimal(units, scale);
  };
}

function bounds(of: 'int' | 'decimal' | 'date', scale: number, low: Placed, high: Placed, frame: Frame): readonly [number, number] {
  const one = (bound: Placed): number =>
    placed(bound, frame, () => {
      const value = bound.evaluate(frame);
      if (of === 'date') return date(value);
      const { units } = round(number(value), scale);
      if (typeof units !== 'number') throw new EvaluationError(`${textOf(value)} is out of reach for a range.`);
      return units;
    });
  const [from, to] = [one(low), one(high)];
  if (from > to) stop(low, frame, new EvaluationError(`The range is empty: ${low.source} is above ${high.source}.`));
  return [from, to];
}

function choose(options: readonly Option[], random: Random): Value {
  const at = random.next() * options[options.length - 1]!.upTo;
  for (const option of options) if (at < option.upTo) return option.value;
  return options[options.length - 1]!.value;
}

function argument(a: FakerArgument, frame: Frame | undefined): unknown {
  switch (a.kind) {
    case 'plain':
      return a.value;
    case 'list':
      return a.items.map((item) => argument(item, frame));
    case 'map':
      return Object.fromEntries(a.entries.map(([key, value]) => [key, argument(value, frame)]));
    case 'expression': {
      const value = evaluate(a.expression, frame!);
      if (value === null) return undefined;
      if (typeof value !== 'object') return value;
      return value.kind === 'number' ? Number(textOf(value)) : `${textOf(value)}T00:00:00.000Z`;
    }
  }
}

function placed<T>(place: Pick<Placed, 'span'>, frame: Frame, of: () => T): T {
  try {
    return of();
  } catch (e) {
    return stop(place, frame, e);
  }
}

function stop(place: Pick<Placed, 'span'>, frame: Frame, e: unknown): never {
  if (!(e instanceof EvaluationError)) throw e;
  return fail('generate/evaluation', `Row ${frame.row + 1}: ${e.message}`, { span: place.span });
}

/** A cell that is empty in a share of the rows. */
export function withNulls(cell: Cell, share: number, random: Random): Cell {
  return share === 0 ? cell : (frame) => (random.next() < share ? null : cell(frame));
}
