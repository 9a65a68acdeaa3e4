// What `generate.yml` says, read and checked: the nouns of this room. Tables, columns and names are resolved to
// positions, so that whoever makes rows has nothing left to look up or to doubt.
import type { Span } from '../diagnostics/diagnostic.ts';
import type { Expression } from './expression.ts';
import type { Value } from './value.ts';

/** A whole declaration. Days are numbers since 1970-01-01. */
export interface Declaration {
  readonly file: string;
  readonly seed: number;
  /** The day the data shows where no `until` is given. */
  readonly asOf: number;
  readonly locale: string;
  readonly localeSpan: Span | undefined;
  readonly tables: readonly Table[];
}

/** A table: how many rows it has, when they come, what is in them and how they change. */
export interface Table {
  readonly name: string;
  /** No file of its own: it exists for others to refer to. */
  readonly hidden: boolean;
  /** Rows given literally; they come first, always, and are not scaled. A cell for each column. */
  readonly fixed: readonly (readonly Value[])[];
  /** Made rows on the as-of date, before scaling; 0 for a table of child rows. */
  readonly rows: number;
  readonly arrive: { readonly from: number; readonly to: number } | undefined;
  readonly grow: { readonly rows: number; readonly per: Period } | undefined;
  readonly rhythm: Rhythm | undefined;
  readonly each: Each | undefined;
  readonly columns: readonly Column[];
  readonly changes: readonly Change[];
}

/** What growth is counted by. */
export type Period = 'day' | 'week' | 'month' | 'year';

/** How busy a day is, relative to others: by weekday (Monday first), by month, and by chance (±noise). */
export interface Rhythm {
  readonly weekdays: readonly number[] | undefined;
  readonly months: readonly number[] | undefined;
  readonly noise: number;
}

/** Rows for each row of a parent: between `low` and `high` of them. */
export interface Each {
  readonly table: number;
  readonly low: Placed;
  readonly high: Placed;
}

/** A column and how its cells are made. */
export interface Column {
  readonly name: string;
  /** Used by other columns, not written. */
  readonly hidden: boolean;
  /** The share of rows in which it is empty, 0 to 1. */
  readonly nulls: number;
  readonly generator: Generator;
}

/** From `from` on, each row changes on average every `every` days: `set` is made anew, in order, from the row as it was. */
export interface Change {
  readonly name: string;
  readonly every: number;
  readonly from: number;
  readonly set: readonly { readonly column: number; readonly generator: Generator }[];
}

/** An expression, and where it stands in the file. */
export interface Placed extends Expression {
  readonly span: Span;
}

/** How a cell is made. */
export type Generator =
  | { readonly kind: 'constant'; readonly value: Value }
  | {
      readonly kind: 'sequence';
      readonly before: string;
      readonly width: number;
      readonly after: string;
      readonly start: number;
    }
  | {
      readonly kind: 'faker';
      readonly module: string;
      readonly method: string;
      readonly args: readonly FakerArgument[];
      readonly span: Span;
    }
  | { readonly kind: 'choice'; readonly options: readonly Option[] }
  | {
      readonly kind: 'choice-by';
      readonly by: number;
      readonly cases: ReadonlyMap<string, readonly Option[]>;
      readonly span: Span;
    }
  | {
      readonly kind: 'range';
      readonly of: 'int' | 'decimal' | 'date';
      readonly scale: number;
      readonly low: Placed;
      readonly high: Placed;
    }
  | Reference
  | { readonly kind: 'expression'; readonly expression: Placed };

/** A row of another table: any, or one that satisfies `where`; with probability 1 − chance, or where there is none, `otherwise`. */
export interface Reference {
  readonly kind: 'reference';
  readonly table: number;
  readonly column: number;
  readonly where: Placed | undefined;
  readonly chance: number;
  readonly otherwise: Placed | undefined;
  /** The day the row is looked at; absent: the day this row arrives. */
  readonly at: Placed | undefined;
}

/** One of several values; `upTo` is the sum of the weights up to and with this one. */
export interface Option {
  readonly value: Value;
  readonly upTo: number;
}

/** An argument of a faker method: plain data, in which an expression stands for its value. */
export type FakerArgument =
  | { readonly kind: 'plain'; readonly value: string | number | boolean | null }
  | { readonly kind: 'expression'; readonly expression: Placed }
  | { readonly kind: 'list'; readonly items: readonly FakerArgument[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, FakerArgument])[] };

/** All expressions a generator evaluates. */
export function expressionsOf(generator: Generator): readonly Placed[] {
  switch (generator.kind) {
    case 'constant':
    case 'sequence':
    case 'choice':
    case 'choice-by':
      return [];
    case 'faker':
      return generator.args.flatMap(expressionsOfArgument);
    case 'range':
      return [generator.low, generator.high];
    case 'reference':
      return [generator.where, generator.otherwise, generator.at].filter((e) => e !== undefined);
    case 'expression':
      return [generator.expression];
  }
}

function expressionsOfArgument(argument: FakerArgument): readonly Placed[] {
  switch (argument.kind) {
    case 'plain':
      return [];
    case 'expression':
      return [argument.expression];
    case 'list':
      return argument.items.flatMap(expressionsOfArgument);
    case 'map':
      return argument.entries.flatMap(([, value]) => expressionsOfArgument(value));
  }
}
