// Data tests as property files write them: their shape, with the arguments of the built-in ones, and an entry taken apart.
import { nearest } from '../diagnostics/nearest.ts';
import { CONFIG_KEYS } from '../project/config.ts';
import { configShape } from '../project/config-shape.ts';
import { type JsonSchema, orNull } from '../project/json-schema.ts';
import {
  bool,
  type Fields,
  isMapping,
  list,
  type Mistake,
  named,
  nullable,
  optional,
  type Path,
  type Report,
  scalar,
  type Shape,
  templated,
  text,
  wrongType,
} from '../project/shape.ts';

/** A data test as written, taken apart. */
export interface TestEntry {
  /** `not_null`, or `package.test`. */
  readonly test: string;
  readonly name: string | null;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
  readonly description: string;
}

const column_name = optional(text, 'The column, where the data test is not written under one.');

/** What the built-in data tests take. */
const BUILTIN: Readonly<Record<string, Fields>> = {
  unique: { column_name },
  not_null: { column_name },
  accepted_values: {
    column_name,
    values: templated(list(nullable(scalar))),
    quote: optional(bool, 'Whether the values are texts; true if absent.'),
  },
  relationships: { column_name, to: text, field: text },
};

/** Keys beside the arguments that are configuration, as dbt accepts them. */
const TEST_CONFIG: Fields = Object.fromEntries(Object.entries(CONFIG_KEYS).flatMap(([k, key]) => (key.on.includes('test') ? [[k, templated(key.shape)]] : [])));

const OWN: Fields = {
  name: optional(text, 'A name of its own.'),
  description: optional(scalar, 'What it checks, and why.'),
  config: optional(configShape('test'), 'Configuration: severity, where, limit …'),
};

/** What stands below the name of a data test. A built-in one has its arguments, any other takes what its macro does. */
function bodyShape(test: string | null): Shape<unknown> {
  const fields = test === null ? undefined : BUILTIN[test]!;
  const needed = Object.keys(fields ?? {}).filter((k) => fields![k]!.optional !== true);
  const known: Fields = { ...TEST_CONFIG, ...OWN };
  return named(test === null ? 'data_test' : `data_test_${test}`, {
    expected: 'keys with values',
    check: (value, path, report) => {
      if (value !== null && !isMapping(value)) {
        report({ ...wrongType(path, value, 'keys with values', "Its keys are 'arguments', 'config', 'name' and 'description'."), spoils: path.slice(0, -1) });
        return;
      }
      const given = new Set<string>();
      const spoiling: Report = (m) => report(m.kind === 'unknown-key' || m.kind === 'unknown-config' ? m : { ...m, spoils: path.slice(0, -1) });
      const argument = (k: string, v: unknown, at: Path): void => {
        given.add(k);
        if (fields === undefined) return;
        const spoils = path.slice(0, -1);
        const shape = Object.hasOwn(fields, k) ? fields[k]! : undefined;
        if (shape === undefined) {
          const help = argumentHelp(k, Object.keys(fields));
          for (const n of needed) if (help === `Did you mean '${n}'?`) given.add(n);
          report({ path: at, on: 'key', kind: 'bad-argument', test: test!, spoils, message: `The data test '${test}' has no argument '${k}'.`, help });
        } else if (v !== null || shape.optional !== true) shape.check(v, at, (m) => report({ ...m, test: test!, spoils }));
      };
      for (const [k, v] of Object.entries(value ?? {})) {
        const at = [...path, k];
        if (Object.hasOwn(known, k)) {
          if (v !== null) known[k]!.check(v, at, spoiling);
        } else if (k !== 'arguments') argument(k, v, at);
        else if (isMapping(v)) for (const [inner, of] of Object.entries(v)) argument(inner, of, [...at, inner]);
        else if (v !== null) {
          for (const n of needed) given.add(n);
          report({ ...wrongType(at, v, 'keys with values', 'Write one for each argument, such as {values: [a, b]}.'), spoils: path.slice(0, -1) });
        }
      }
      for (const k of needed) if (!given.has(k)) report(missingArgument(test!, k, path));
    },
    json: (d) => {
      const own = Object.fromEntries(Object.entries(known).map(([k, f]) => [k, described(orNull(f.json(d)), f.description ?? CONFIG_KEYS[k]?.description)]));
      const args = Object.fromEntries(Object.entries(fields ?? {}).map(([k, f]) => [k, described(f.optional ? orNull(f.json(d)) : f.json(d), f.description)]));
      const closed = fields === undefined ? {} : { additionalProperties: false };
      return {
        type: needed.length === 0 ? ['object', 'null'] : 'object',
        properties: { ...args, ...own, arguments: { type: ['object', 'null'], properties: args, ...closed, description: 'What the data test is given.' } },
        ...closed,
        ...(needed.length === 0
          ? {}
          : {
              allOf: needed.map((k) => ({
                anyOf: [{ required: [k] }, { properties: { arguments: { type: 'object', required: [k] } }, required: ['arguments'] }],
              })),
            }),
      };
    },
  });
}

function described(schema: JsonSchema, description: string | undefined): JsonSchema {
  return description === undefined ? schema : { ...schema, description };
}

/** What to do about an argument that a data test does not take. */
export function argumentHelp(name: string, taken: readonly string[]): string {
  const near = nearest(name, [...taken, ...Object.keys(OWN), ...Object.keys(TEST_CONFIG)]);
  if (near !== undefined) return `Did you mean '${near}'?`;
  return taken.length === 0 ? 'It takes none.' : `Its arguments: ${taken.join(', ')}.`;
}

function missingArgument(test: string, k: string, path: Path): Mistake {
  return {
    path,
    on: 'key',
    kind: 'bad-argument',
    test,
    spoils: path.slice(0, -1),
    message: `The data test '${test}' needs the argument '${k}'.`,
    help: `Write "- ${test}: {arguments: {${k}: …}}".`,
  };
}

const anyTest = bodyShape(null);
const builtinTests = Object.fromEntries(Object.keys(BUILTIN).map((test) => [test, bodyShape(test)]));
const needing = Object.keys(BUILTIN).filter((test) => Object.values(BUILTIN[test]!).some((f) => f.optional !== true));

/** An entry of `data_tests:`: `unique`, `{accepted_values: {…}}`, or dbt's other form `{test_name: …, arguments: …}`. */
const testEntry: Shape<string | Readonly<Record<string, unknown>>> = {
  expected: 'a data test',
  check: (value, path, report) => {
    if (typeof value === 'string') {
      if (needing.includes(value)) builtinTests[value]!.check(null, [...path, value], report);
    } else if (!isMapping(value))
      report({ ...wrongType(path, value, 'a data test'), help: 'Write "- unique", or "- accepted_values: {arguments: {values: [a, b]}}".' });
    else if (Object.hasOwn(value, 'test_name')) {
      text.check(value['test_name'], [...path, 'test_name'], (m) => report({ ...m, spoils: path }));
      anyTest.check(Object.fromEntries(Object.entries(value).filter(([k]) => k !== 'test_name')), path, report);
    } else checkNamed(value, path, report);
  },
  json: (d) => {
    const builtin = Object.fromEntries(Object.entries(builtinTests).map(([test, shape]) => [test, shape.json(d)]));
    const any = anyTest.json(d);
    return {
      anyOf: [
        { enum: Object.keys(BUILTIN).filter((test) => !needing.includes(test)) },
        { type: 'string', not: { enum: needing } },
        { type: 'object', properties: builtin, additionalProperties: any, minProperties: 1, maxProperties: 1, not: { required: ['test_name'] } },
        { allOf: [any, { type: 'object', properties: { test_name: { type: 'string' } }, required: ['test_name'] }] },
      ],
    };
  },
};

/** `{unique: {…}}`: one name, and below it the rest. */
function checkNamed(value: Readonly<Record<string, unknown>>, path: Path, report: Report): void {
  const keys = Object.keys(value);
  const name = keys.find((k) => !Object.hasOwn(OWN, k) && !Object.hasOwn(TEST_CONFIG, k) && k !== 'arguments') ?? keys[0];
  if (name === undefined) {
    report({ ...wrongType(path, value, 'a data test'), help: 'Write "- unique".' });
    return;
  }
  for (const k of keys)
    if (k !== name)
      report({
        path: [...path, k],
        on: 'key',
        kind: 'unknown-key',
        spoils: path,
        message: `'${k}' stands beside the data test '${name}'.`,
        help: Object.hasOwn(builtinTests, k) ? `Give it an entry of its own: "- ${k}".` : `Indent it further, below '${name}:'.`,
      });
  (Object.hasOwn(builtinTests, name) ? builtinTests[name]! : anyTest).check(value[name], [...path, name], report);
}

export const tests = optional(list(testEntry), 'Data tests.');

/** Takes one entry of `data_tests:` apart. Undefined where it is none. */
export function readTestEntry(entry: unknown): TestEntry | undefined {
  if (typeof entry === 'string') return { test: entry, name: null, arguments: {}, config: {}, description: '' };
  if (!isMapping(entry)) return undefined;
  const { test, body } = testAndBody(entry);
  if (test === undefined || (body !== null && !isMapping(body))) return undefined;
  const arguments_: Record<string, unknown> = {};
  const config: Record<string, unknown> = {};
  let name: string | null = null;
  let description = '';
  for (const [k, v] of Object.entries(body ?? {})) {
    if (k === 'config' && isMapping(v)) Object.assign(config, v);
    else if (k === 'arguments' && isMapping(v)) Object.assign(arguments_, v);
    else if (k === 'name' && typeof v === 'string') name = v;
    else if (k === 'description') description = String(v ?? '');
    else if (k === 'config' || k === 'arguments' || k === 'name') continue;
    else if (Object.hasOwn(TEST_CONFIG, k)) config[k] = v;
    else arguments_[k] = v;
  }
  return { test, name, arguments: arguments_, config, description };
}

function testAndBody(entry: Record<string, unknown>): { test: string | undefined; body: unknown } {
  if (typeof entry['test_name'] === 'string') {
    const { test_name: test, ...body } = entry;
    return { test, body };
  }
  const [test] = Object.keys(entry);
  return { test, body: test === undefined ? null : entry[test] };
}
