// The declaration as a JSON Schema, for editors: the keys are those by which the reader checks the file, and each says here what it is
// for. What takes more than the file's form to see (a column that does not exist, an expression) the reader alone can tell.
import type { JsonSchema } from '../project/json-schema.ts';
import { FAKER_METHODS } from './faker-methods.ts';
import { CHANGE, CHILD_TABLE, type ColumnKey, COMMON, EACH, GROW, KINDS, PERIODS, RHYTHM, TABLE, TOP, ARRIVE } from './keys.ts';

const DAY: JsonSchema = { type: 'string', pattern: String.raw`^\d{4}-\d{2}-\d{2}$` };
const VALUE: JsonSchema = { type: ['string', 'number', 'boolean', 'null'] };
const EXPRESSION: JsonSchema = { type: ['string', 'number', 'boolean'] };
const BOUNDS: JsonSchema = { anyOf: [EXPRESSION, { type: 'array', items: EXPRESSION, minItems: 2, maxItems: 2 }] };
const WEIGHTS = (count: number): JsonSchema => ({ type: 'array', items: number(0, 1e6), minItems: count, maxItems: count });

function number(minimum: number, maximum: number): JsonSchema {
  return { type: 'number', minimum, maximum };
}

function whole(minimum: number, maximum: number): JsonSchema {
  return { type: 'integer', minimum, maximum };
}

/** Keys with a schema each; those of `required` there must be. */
function object<K extends string>(keys: readonly K[], schemas: Readonly<Record<K, JsonSchema>>, required: readonly NoInfer<K>[] = []): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(keys.map((k) => [k, schemas[k]])),
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
  };
}

const OPTIONS: JsonSchema = {
  anyOf: [
    { type: 'array', items: VALUE, minItems: 1 },
    { type: 'object', additionalProperties: number(0, 1e9), minProperties: 1 },
  ],
};

const COLUMN_KEYS: Readonly<Record<ColumnKey, JsonSchema>> = {
  value: { ...VALUE, description: 'The same value in every row.' },
  sequence: { type: ['string', 'number'], description: "Numbers one after another; {:06} is where the number goes: 'CUST{:06}'." },
  start: { ...whole(0, 1e15), description: 'The first number of a sequence; 1.' },
  faker: { enum: [...FAKER_METHODS], description: 'A method of @faker-js/faker.' },
  args: { type: 'array', description: 'Arguments of the method; {expr: …} stands for the value of an expression.' },
  choice: {
    anyOf: [OPTIONS, { type: 'object', additionalProperties: OPTIONS }],
    description: "One of several values, by chance: a list, or values with weights; with 'by', one of these for each value of that column.",
  },
  by: { type: ['string', 'number', 'boolean'], description: 'A column above, whose value chooses what is chosen from.' },
  int: { ...BOUNDS, description: 'A whole number between two bounds, both included.' },
  decimal: { ...BOUNDS, description: 'A number between two bounds, both included.' },
  scale: { ...whole(0, 15), description: 'Digits after the point; 2.' },
  date: { ...BOUNDS, description: 'A day between two bounds, both included.' },
  ref: { type: ['string', 'number', 'boolean'], description: 'A table, of which a row is found.' },
  column: { type: ['string', 'number', 'boolean'], description: "The found row's column; one of the same name." },
  as: { description: 'What the found row is called in expressions; the name of the column.' },
  where: { ...EXPRESSION, description: 'Which rows may be found.' },
  chance: { ...number(0, 1), description: 'How often one is looked for, 0 to 1.' },
  else: { ...EXPRESSION, description: 'Which row it is otherwise.' },
  at: { ...EXPRESSION, description: 'The day on which the other row is looked at.' },
  expr: { ...EXPRESSION, description: 'An expression over the row so far.' },
  hidden: { type: 'boolean', description: 'It is there for other columns and not written.' },
  nulls: { ...number(0, 1), description: 'The share of rows in which it is empty, 0 to 1.' },
};

/** A column: a value, or one way to make it. */
function column(common: readonly (typeof COMMON)[number][]): JsonSchema {
  const ways = Object.entries(KINDS).map(([kind, others]) =>
    object([kind as ColumnKey, ...(others as readonly ColumnKey[]), ...common], COLUMN_KEYS, [kind as ColumnKey]),
  );
  return { anyOf: [VALUE, ...ways] };
}

const HIDDEN: JsonSchema = { type: 'boolean', description: 'No file of its own: it is there for others to refer to.' };
const COLUMNS: JsonSchema = {
  type: 'object',
  additionalProperties: { $ref: '#/$defs/column' },
  minProperties: 1,
  description: 'Columns, made from top to bottom; each sees those above it.',
};

/** The whole schema. */
export function declarationSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'dwt: generate.yml',
    description: 'Sample data: tables, how many rows they have, and how the cells are made.',
    ...object(
      TOP,
      {
        seed: { ...whole(0, Number.MAX_SAFE_INTEGER), description: 'Another seed, other data.' },
        as_of: { ...DAY, description: 'The day that the data shows.' },
        locale: { type: 'string', pattern: '^[a-z]{2,4}(_[A-Za-z]+)*$', description: 'A locale of faker; en.' },
        tables: {
          type: 'object',
          propertyNames: { pattern: String.raw`^[A-Za-z_]\w*$` },
          additionalProperties: { $ref: '#/$defs/table' },
          description: 'Tables by name.',
        },
      },
      ['as_of', 'tables'],
    ),
    $defs: {
      table: {
        // A word of JSON Schema, and nobody waits for it.
        // oxlint-disable-next-line unicorn/no-thenable
        if: { type: 'object', required: ['each'] },
        // oxlint-disable-next-line unicorn/no-thenable
        then: object(
          CHILD_TABLE,
          {
            hidden: HIDDEN,
            each: object(
              EACH,
              {
                table: { type: ['string', 'number', 'boolean'], description: 'The parent.' },
                as: { description: 'What its row is called in expressions.' },
                rows: { ...BOUNDS, description: 'Rows for each row of the parent: a number, or [lowest, highest].' },
              },
              ['table', 'rows'],
            ),
            columns: COLUMNS,
          },
          ['columns'],
        ),
        else: {
          ...object(
            TABLE,
            {
              hidden: HIDDEN,
              rows: { ...whole(0, 1e12), description: 'Rows on the as-of date.' },
              fixed: { type: 'array', items: { type: 'object', additionalProperties: VALUE }, description: 'Rows given literally: they come first.' },
              arrive: { ...object(ARRIVE, { from: DAY, to: DAY }, ['from']), description: 'When the rows come, one after another.' },
              grow: {
                ...object(GROW, { rows: number(0, 1e9), per: { enum: PERIODS } }, ['rows', 'per']),
                description: 'How many rows come after the as-of date: {rows: 30, per: month}.',
              },
              rhythm: {
                ...object(RHYTHM, { weekdays: WEIGHTS(7), months: WEIGHTS(12), noise: number(0, 1) }),
                description: 'How busy a day is: weights of weekdays (Monday first) and months, and a share of chance.',
              },
              columns: COLUMNS,
              changes: { type: 'object', additionalProperties: { $ref: '#/$defs/change' }, description: 'How rows change as time goes by.' },
            },
            ['columns'],
          ),
          anyOf: [{ required: ['rows'] }, { required: ['fixed'] }],
        },
      },
      change: object(
        CHANGE,
        {
          every: { ...whole(1, 1e6), description: 'How often, in days on average.' },
          from: { ...DAY, description: 'The first day; the one after the as-of date.' },
          set: { type: 'object', additionalProperties: { $ref: '#/$defs/changed' }, description: 'Columns that are made anew.' },
        },
        ['every', 'set'],
      ),
      column: column(COMMON),
      changed: column([]),
    },
  };
}
