// What selectors.yml may hold. The keys are dbt's: https://docs.getdbt.com/reference/node-selection/yaml-selectors
import { didYouMean } from '../diagnostics/nearest.ts';
import { when } from '../project/json-schema.ts';
import {
  bool,
  explained,
  isMapping,
  list,
  named,
  object,
  oneOfTexts,
  optional,
  type Path,
  type Report,
  scalar,
  type Shape,
  text,
  wrongType,
} from '../project/shape.ts';
import { checkMethod, INDIRECT_SELECTIONS, METHODS } from './select-parse.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** `tag`, `config.materialized`. */
const method: Shape<string> = {
  expected: 'a method',
  check: (value, path, report) => {
    if (typeof value === 'string') sayOfMethod(value, path, 'value', report);
    else report(wrongType(path, value, 'a method'));
  },
  json: () => ({ anyOf: [{ enum: Object.keys(METHODS).filter((m) => m !== 'config') }, { type: 'string', pattern: METHOD }] }),
};

const METHOD = `^(?:(?:${Object.keys(METHODS)
  .filter((m) => m !== 'config')
  .join('|')})(?:\\.[^]*)?|config\\.[^]*)$`;

function sayOfMethod(value: string, path: Path, on: 'key' | 'value', report: Report): void {
  const [name, ...args] = value.split('.');
  if (!Object.hasOwn(METHODS, name!)) {
    const help = didYouMean(name!, Object.keys(METHODS)) ?? `Methods: ${Object.keys(METHODS).join(', ')}.`;
    report({ path, on, kind: 'wrong-type', message: `There is no method '${name}'.`, help });
    return;
  }
  checkMethod(name!, args, value, (d) => report({ path, on, kind: 'wrong-type', message: d.message, ...(d.help === undefined ? {} : { help: d.help }) }));
}

const depth: Shape<number | string> = {
  expected: 'a whole number',
  check: (value, path, report) => {
    const steps = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    if (!Number.isInteger(steps) || (steps as number) < 0) report(wrongType(path, value, 'a whole number'));
  },
  json: () => ({
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'string', pattern: '^\\d+$' },
    ],
  }),
};

const flag: Shape<boolean> = {
  ...bool,
  check: (value, path, report) => typeof value !== 'boolean' && report(wrongType(path, value, 'true or false')),
  json: () => ({ type: 'boolean' }),
};

/** A text with something in it, or what YAML made of one. */
const term: Shape<string | number | boolean> = {
  expected: 'a text',
  check: (value, path, report) => {
    if (value === '') report({ path, on: 'value', kind: 'wrong-type', message: `'${String(path.at(-1))}' is empty.` });
    else if (typeof value === 'object') report({ ...wrongType(path, value, 'a text'), help: "To unite several, list them below 'union:'." });
  },
  json: () => ({ type: ['string', 'number', 'boolean'], minLength: 1 }),
};

/** `method` and `value`, and what may stand beside them. */
const long = object(
  {
    method: explained(method, 'How it finds.'),
    value: explained(term, 'What it finds.'),
    children: optional(flag, 'And all that depends on it.'),
    parents: optional(flag, 'And all that it depends on.'),
    children_depth: optional(depth, 'How many steps of children.'),
    parents_depth: optional(depth, 'How many steps of parents.'),
    childrens_parents: optional(flag, 'And its children, with all that these depend on.'),
    indirect_selection: optional(oneOfTexts(...INDIRECT_SELECTIONS), 'Which data tests come along.'),
    exclude: optional(list(named('definition', () => definitionShape)), 'What is taken away.'),
  },
  { what: 'a definition', hint: (k) => didYouMean(k, ['union', 'intersection']), passing: true },
);

/** A list of definitions, with at most one entry `exclude` of its own. */
const group: Shape<readonly unknown[]> = {
  expected: 'a list of definitions',
  check: (value, path, report) => {
    list(groupEntry).check(value, path, report);
    const excludes = Array.isArray(value) ? value.flatMap((v, i) => (isExclude(v) ? [i] : [])) : [];
    for (const i of excludes.slice(1))
      report({
        path: [...path, i],
        on: 'value',
        kind: 'wrong-type',
        message: `'${String(path.at(-1))}' has several 'exclude' entries.`,
        help: 'Put what they exclude into one list.',
      });
  },
  json: (d) => ({
    ...list(groupEntry).json(d),
    contains: { type: 'object', required: ['exclude'], not: { required: ['method'] } },
    minContains: 0,
    maxContains: 1,
  }),
};

const exclude = object({ exclude: list(named('definition', () => definitionShape)) }, { what: "an 'exclude' entry" });

const groupEntry: Shape<unknown> = {
  expected: 'a definition',
  check: (value, path, report) => (isExclude(value) ? exclude : definitionShape).check(value, path, report),
  json: (d) =>
    when({ type: 'object', required: ['exclude'], not: { required: ['method'] } }, exclude.json(d), named('definition', () => definitionShape).json(d)),
};

function isExclude(value: unknown): boolean {
  return isMapping(value) && Object.hasOwn(value, 'exclude') && !Object.hasOwn(value, 'method');
}

const union = object({ union: explained(group, 'What any of these finds.') }, { what: 'a union', hint: besideGroup });
const intersection = object({ intersection: explained(group, 'What all of these find.') }, { what: 'an intersection', hint: besideGroup });

function besideGroup(): string {
  return "A definition has one of 'union' and 'intersection' and nothing beside it; an 'exclude' is an entry of its list.";
}

/** One definition: a term as on the command line, one method, a method with more, or a group. */
export const definitionShape: Shape<string | Mapping> = {
  expected: 'a definition',
  check: (value, path, report) => {
    if (typeof value === 'string') return;
    if (!isMapping(value)) {
      report({ ...wrongType(path, value, 'a text or a mapping'), help: "Write a term ('+tag:nightly'), 'method' and 'value', 'union' or 'intersection'." });
      return;
    }
    const keys = Object.keys(value);
    if (Object.hasOwn(value, 'union')) union.check(value, path, report);
    else if (Object.hasOwn(value, 'intersection')) intersection.check(value, path, report);
    else if (keys.length !== 1 || keys[0] === 'method' || keys[0] === 'value') checkLong(value, path, report);
    else {
      sayOfMethod(keys[0]!, [...path, keys[0]!], 'key', report);
      term.check(value[keys[0]!], [...path, keys[0]!], report);
    }
  },
  json: (d) => {
    const short = { type: 'object', patternProperties: { [METHOD]: term.json(d) }, additionalProperties: false, minProperties: 1, maxProperties: 1 };
    const both = { properties: { children: { const: true }, childrens_parents: { const: true } }, required: ['children', 'childrens_parents'] };
    return { anyOf: [{ type: 'string' }, union.json(d), intersection.json(d), { ...long.json(d), not: both }, short] };
  },
};

function checkLong(value: Mapping, path: Path, report: Report): void {
  long.check(value, path, report);
  if (value['children'] === true && value['childrens_parents'] === true)
    report({
      path: [...path, 'children'],
      on: 'key',
      kind: 'wrong-type',
      message: "There are both 'childrens_parents' and 'children'.",
      help: "'childrens_parents' already takes the children. Leave out one of them.",
    });
}

/** The whole file. */
export const selectorsShape = fileOf(named('definition', () => definitionShape));
/** The same, without a look at the definitions. */
export const selectorListShape = fileOf({ expected: 'a definition', check: () => {}, json: () => ({}) });

function fileOf(definition: Shape<unknown>): Shape<Mapping> {
  return object(
    {
      version: optional(scalar, 'Accepted and not needed.'),
      selectors: explained(
        list(
          object(
            {
              name: text,
              description: optional(text, 'What it is for.'),
              default: optional(bool, 'Whether it is used where nothing is selected.'),
              definition: explained(definition, 'What it selects.'),
            },
            { what: 'a selector' },
          ),
        ),
        'Named selections.',
      ),
    },
    { what: 'selectors.yml' },
  );
}
