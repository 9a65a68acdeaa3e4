// One definition of what a YAML file may hold: it checks a value (all mistakes at once, with paths and near
// names), types the code (`Infer`), and is published as a JSON Schema. Values are plain JavaScript as YAML gives them.
import { nearest } from '../diagnostics/nearest.ts';
import { Float } from './float.ts';
import { anyCase, type Definitions, type JsonSchema, orNull, orTemplate, TEMPLATE } from './json-schema.ts';

export type Path = readonly (string | number)[];

/** What is wrong at a path; `on` says whether the key or the value is the culprit. */
export interface Mistake {
  readonly path: Path;
  readonly on: 'key' | 'value';
  readonly kind: 'unknown-key' | 'wrong-type' | 'missing-key' | 'unknown-config' | 'bad-argument';
  readonly message: string;
  readonly help?: string;
  /** What may mean something to another tool or to a part of the project is a warning. */
  readonly severity?: 'warning';
  /** The built-in data test whose arguments these are: a project's own test of that name may have others. */
  readonly test?: string;
  /** What cannot be used because of it, where that is more than the value; null where all the rest can. */
  readonly spoils?: Path | null;
}

const TEXT = 'a text';
const LIST = 'a list';
const KEYS = 'keys with values';

export type Report = (m: Mistake) => void;

export interface Shape<T> {
  /** In words, for messages: "a list of texts". */
  readonly expected: string;
  /** One that is right, as YAML has it within a line, for messages: "{enforced: true}". */
  readonly example?: string;
  readonly check: (value: unknown, path: Path, report: Report) => void;
  /** As JSON Schema: what `check` finds nothing wrong with, and nothing else, is valid. */
  readonly json: (definitions: Definitions) => JsonSchema;
  readonly description?: string;
  readonly optional?: boolean;
  /** Carries the type; never set. */
  readonly type?: T;
}

export type Infer<S> = S extends Shape<infer T> ? T : never;

export type Fields = Readonly<Record<string, Shape<unknown>>>;
type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends { readonly optional: true } ? K : never }[keyof F];
type ObjectOf<F extends Fields> = { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: Infer<F[K]> } & { readonly [K in OptionalKeys<F>]?: Infer<F[K]> };

/** Whether a text is (or holds) a template: it is checked after rendering, so any single value may be one. */
export function isTemplate(value: unknown): value is string {
  return typeof value === 'string' && (value.includes('{{') || value.includes('{%'));
}

interface Kind {
  readonly expected: string;
  readonly example?: string;
  readonly accepts: (v: unknown) => boolean;
  readonly json: JsonSchema;
  /** What to do about a value of another kind. */
  readonly help: (v: unknown) => string;
}

function simple<T>({ expected, example, accepts, json, help }: Kind): Shape<T> {
  return {
    expected,
    ...(example === undefined ? {} : { example }),
    check: (value, path, report) => {
      if (!accepts(value) && !isTemplate(value)) report(wrongType(path, value, expected, help(value)));
    },
    json: () => json,
  };
}

/** What YAML took for a number, a boolean or a date may be meant as a text. */
function quoted(v: unknown): string {
  if (typeof v === 'object' && v !== null && !(v instanceof Float)) return 'Write one text.';
  return v === null ? 'Write a text.' : `Put it in quotes: '${String(v)}'.`;
}

/** A number may have been put in quotes. */
function unquoted(example: string): (v: unknown) => string {
  return (v) =>
    typeof v === 'string' && v.trim() !== '' && Number.isFinite(Number(v)) ? 'Write it without quotes.' : `Write it in digits, such as ${example}.`;
}

export const text: Shape<string> = simple({ expected: TEXT, accepts: (v) => typeof v === 'string', json: { type: 'string' }, help: quoted });
/** A text, or a number, boolean or date that YAML took for one. */
export const scalar: Shape<string | number | boolean> = simple({
  expected: 'a text or number',
  accepts: (v) => typeof v === 'string' || typeof v === 'boolean' || isNumber(v),
  json: { type: ['string', 'number', 'boolean'] },
  help: () => 'Write one text or number.',
});
export const bool: Shape<boolean> = simple({
  expected: 'true or false',
  example: 'true',
  accepts: (v) => typeof v === 'boolean',
  json: { type: ['boolean', 'string'], pattern: TEMPLATE },
  help: () => 'Write true or false, without quotes.',
});
export const integer: Shape<number> = simple({
  expected: 'a whole number',
  example: '1',
  accepts: (v) => Number.isInteger(v instanceof Float ? v.value : v),
  json: { type: ['integer', 'string'], pattern: TEMPLATE },
  help: unquoted('1'),
});
export const natural: Shape<number> = simple({
  expected: 'a whole number of 0 or more',
  example: '1',
  accepts: (v) => Number(v) >= 0 && Number.isInteger(Number(v)) && isNumber(v),
  json: {
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'string', pattern: TEMPLATE },
    ],
  },
  help: unquoted('100'),
});
export const number: Shape<number> = simple({
  expected: 'a number',
  example: '1',
  accepts: isNumber,
  json: { type: ['number', 'string'], pattern: TEMPLATE },
  help: unquoted('0.5'),
});
export const anything: Shape<unknown> = { expected: 'anything', check: () => {}, json: () => ({}) };

/** A text out of a few, large or small letters. */
export function oneOfTexts<const T extends string>(...allowed: readonly T[]): Shape<T> {
  const listed = allowed.map((a) => `'${a}'`).join(', ');
  return {
    expected: listed,
    example: allowed[0]!,
    check: (value, path, report) => {
      if (isTemplate(value) || (typeof value === 'string' && allowed.some((a) => a.toLowerCase() === value.toLowerCase()))) return;
      const near = typeof value === 'string' ? nearest(value, allowed) : undefined;
      const help = near === undefined ? {} : { help: `Did you mean '${near}'?` };
      report({ path, on: 'value', kind: 'wrong-type', message: `${where(path)} must be one of ${listed}, not ${described(value)}.`, ...help });
    },
    json: () => ({ anyOf: [{ enum: allowed }, { type: 'string', pattern: `${anyCase(allowed)}|${TEMPLATE}` }] }),
  };
}

/** Any text, of which some are known. */
export function textSuch(...known: readonly string[]): Shape<string> {
  return { ...text, json: () => ({ anyOf: [{ enum: known }, { type: 'string' }] }) };
}

/** A text of a form, named in words. */
export function textLike(pattern: RegExp, expected: string): Shape<string> {
  return {
    ...simple<string>({
      expected,
      accepts: (v) => typeof v === 'string' && pattern.test(v),
      json: { type: 'string', pattern: `${pattern.source}|${TEMPLATE}` },
      help: () => `Write ${expected}.`,
    }),
  };
}

export function list<T>(of: Shape<T>): Shape<readonly T[]> {
  return {
    expected: of.expected === TEXT ? 'a list of texts' : LIST,
    example: `[${exampleOf(of)}]`,
    check: (value, path, report) => {
      if (Array.isArray(value)) value.forEach((item, i) => of.check(item, [...path, i], report));
      else
        report({
          ...wrongType(path, value, LIST),
          help: `Write it as [${typeof value === 'object' ? '…' : String(value)}], or with a line "- …" for each entry.`,
        });
    },
    json: (d) => ({ type: 'array', items: of.json(d) }),
  };
}

export function map<T>(of: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return {
    expected: KEYS,
    example: `{…: ${exampleOf(of)}}`,
    check: (value, path, report) => {
      if (!isMapping(value)) {
        report(wrongType(path, value, KEYS, `Write it as {key: ${exampleOf(of)}}, or with a line "key: ${exampleOf(of)}" for each.`));
        return;
      }
      for (const [k, v] of Object.entries(value)) {
        of.check(v, [...path, k], (m) =>
          report(v === null && k.endsWith(')') ? { ...m, help: 'A comma splits the entries of { }: put a type such as "decimal(10,2)" in quotes.' } : m),
        );
      }
    },
    json: (d) => ({ type: 'object', additionalProperties: of.json(d) }),
  };
}

export interface ObjectOptions {
  /** In messages: "a model". */
  readonly what?: string;
  /** One that is right; by default its needed keys, or the first of all. */
  readonly example?: string;
  /** The shape of further keys; without it there are none. */
  readonly rest?: Shape<unknown>;
  /** Any further keys, with anything. */
  readonly open?: boolean;
  /** What to say of a key that is not known and has no near name. */
  readonly hint?: (key: string) => string | undefined;
  /**
   * Keys that only describe. Where they are given, a key that is one of them but for a slip is a warning, and so is one that is called
   * like none: nothing but words is lost. Without them every unknown key is an error.
   */
  readonly words?: ReadonlySet<string>;
  /** A key that is not known is a warning, whatever it is called: dbt passes over it. */
  readonly passing?: true;
  /** Two keys of which there may be one. */
  readonly apart?: readonly [string, string];
  /** Keys of which there must be at least one. */
  readonly some?: readonly string[];
  /** Keys that there must be, without which the rest is of use all the same: its own mistakes are told too. */
  readonly spare?: readonly string[];
}

/** Keys with a shape each. */
export function object<const F extends Fields>(fields: F, o: ObjectOptions = {}): Shape<ObjectOf<F>> {
  const required = Object.keys(fields).filter((k) => !fields[k]!.optional);
  const spare = new Set(o.spare);
  const rest = o.rest ?? (o.open === true ? anything : undefined);
  /** A single value is likely that of the only key that must be there. */
  const howToWrite = (value: unknown): string => {
    const names = Object.keys(fields);
    const [, stuck, to] = (typeof value === 'string' ? /^(\w+):(\S.*)$/.exec(value) : null) ?? [];
    if (stuck !== undefined && names.includes(stuck)) return `A space is missing behind the colon: write '${stuck}: ${to}'.`;
    const known = names.length > shown.length && names.length <= 8 ? ` Known keys: ${names.join(', ')}.` : '';
    const single = required.length === 1 && (typeof value === 'string' || typeof value === 'number');
    return `Write it as ${single ? `{${required[0]}: ${value}}` : example}.${known}`;
  };
  const called = (path: Path): string => o.what ?? (typeof path.at(-1) === 'number' ? `an entry of '${nameIn(path)}'` : where(path));
  const shown = required.length > 0 ? required : Object.keys(fields).slice(0, 1);
  const example = o.example ?? `{${shown.map((k) => `${k}: ${exampleOf(fields[k]!)}`).join(', ')}}`;
  return {
    expected: KEYS,
    example,
    check: (value, path, report) => {
      if (!isMapping(value)) {
        if (path.length > 0) report(wrongType(path, value, KEYS, howToWrite(value)));
        else
          report({
            ...wrongType(path, value, ''),
            message: `The file must hold keys with values, not ${described(value)}.`,
            help: `Known keys: ${Object.keys(fields).join(', ')}.`,
          });
        return;
      }
      const misspelt = new Set<string>();
      for (const [k, v] of Object.entries(value)) {
        const field = Object.hasOwn(fields, k) ? fields[k] : undefined;
        if (field !== undefined) {
          if (v !== null) field.check(v, [...path, k], report);
        } else if (rest !== undefined) rest.check(v, [...path, k], report);
        else {
          const near = nearest(k, Object.keys(fields));
          const hint = near === undefined ? o.hint?.(k) : `Did you mean '${near}'?`;
          const help = hint ?? `Known keys: ${Object.keys(fields).join(', ')}.`;
          // A key that is needed is there, only misspelt.
          const spoils = near !== undefined && required.includes(near) && !Object.hasOwn(value, near) ? { spoils: spare.has(near) ? [...path, k] : path } : {};
          if ('spoils' in spoils) misspelt.add(near!);
          const harmless =
            (o.passing === true && !('spoils' in spoils)) ||
            (o.words !== undefined && !('spoils' in spoils) && (near === undefined ? hint === undefined : o.words.has(near)));
          const severity = harmless ? { severity: 'warning' as const } : {};
          report({ path: [...path, k], on: 'key', kind: 'unknown-key', message: `'${k}' is not a key of ${called(path)}.`, help, ...severity, ...spoils });
        }
      }
      for (const k of required) {
        if ((!Object.hasOwn(value, k) || value[k] === null) && !misspelt.has(k))
          report({
            path,
            on: 'key',
            kind: 'missing-key',
            message: `${called(path)} lacks '${k}'.`,
            help: `Add a line "${k}: …".`,
            ...(spare.has(k) ? { spoils: null } : {}),
          });
      }
      const [one, other] = o.apart ?? ['', ''];
      if (o.apart !== undefined && Object.hasOwn(value, one) && Object.hasOwn(value, other))
        report({
          path: [...path, one],
          on: 'key',
          kind: 'unknown-key',
          message: `${called(path)} has '${one}' beside '${other}'.`,
          help: `Put all of them under '${other}'.`,
        });
      if (o.some?.every((k) => !Object.hasOwn(value, k) || value[k] === null) === true)
        report({
          path,
          on: 'key',
          kind: 'missing-key',
          message: `${called(path)} needs at least one of ${o.some.map((k) => `'${k}'`).join(', ')}.`,
          help: `Add a line "${o.some[0]}: …".`,
        });
    },
    json: (d) => ({
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(fields).map(([k, f]) => {
          const schema = f.optional ? orNull(f.json(d)) : f.json(d);
          return [k, f.description === undefined ? schema : { ...schema, description: f.description }];
        }),
      ),
      ...(required.length > 0 ? { required } : {}),
      additionalProperties: rest?.json(d) ?? false,
      ...(o.apart === undefined ? {} : { not: { required: o.apart } }),
      ...(o.some === undefined ? {} : { anyOf: o.some.map((k) => ({ properties: { [k]: { not: { type: 'null' } } }, required: [k] })) }),
    }),
  };
}

/** The first shape whose kind of value fits decides; mistakes inside it are its own. */
export function either<A, B>(a: Shape<A>, b: Shape<B>): Shape<A | B> {
  const [one, other] = [exampleOf(a), exampleOf(b)];
  const several = other === `[${one}]`;
  const expected = `${a.expected} or ${b.expected}${several && b.expected === LIST ? ' of such' : ''}`;
  const shown = (s: Shape<unknown>): string => s.example ?? s.expected;
  const help = several ? `Write one alone, or several as ${a.expected === TEXT ? '[a, b]' : `[${one}, ${one}]`}.` : `Write ${shown(a)}, or ${shown(b)}.`;
  return {
    expected,
    example: one,
    check: (value, path, report) => {
      const inA: Mistake[] = [];
      a.check(value, path, (m) => inA.push(m));
      if (inA.length === 0) return;
      const inB: Mistake[] = [];
      b.check(value, path, (m) => inB.push(m));
      if (inB.length === 0) return;
      const atTop = (ms: readonly Mistake[]) => ms.some((m) => m.path.length === path.length && m.kind === 'wrong-type');
      if (atTop(inA) && atTop(inB)) report(wrongType(path, value, expected, help));
      else for (const m of atTop(inA) ? inB : inA) report(m);
    },
    json: (d) => ({ anyOf: [a.json(d), b.json(d)] }),
  };
}

export function optional<T>(shape: Shape<T>, description?: string): Shape<T> & { readonly optional: true } {
  return { ...shape, optional: true, ...(description === undefined ? {} : { description }) };
}

/** The same, with a sentence for the published schema. */
export function explained<T>(shape: Shape<T>, description: string): Shape<T> {
  return { ...shape, description };
}

/** The same, or null. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    ...shape,
    check: (value, path, report) => {
      if (value !== null) shape.check(value, path, report);
    },
    json: (d) => ({ anyOf: [{ type: 'null' }, shape.json(d)] }),
  };
}

/** The same, or a template that gives it. */
export function templated<T>(shape: Shape<T>): Shape<T> {
  return {
    ...shape,
    check: (value, path, report) => {
      if (!isTemplate(value)) shape.check(value, path, report);
    },
    json: (d) => orTemplate(shape.json(d)),
  };
}

/** The same, under a name of its own in the published schema: it may then refer to itself. */
export function named<T>(name: string, shape: Shape<T> | (() => Shape<T>)): Shape<T> {
  let made: Shape<T> | undefined;
  const get = (): Shape<T> => (made ??= typeof shape === 'function' ? shape() : shape);
  return {
    expected: typeof shape === 'function' ? name : shape.expected,
    ...(typeof shape === 'function' || shape.example === undefined ? {} : { example: shape.example }),
    check: (value, path, report) => get().check(value, path, report),
    json: (definitions) => {
      if (!Object.hasOwn(definitions, name)) {
        definitions[name] = {};
        definitions[name] = get().json(definitions);
      }
      return { $ref: `#/$defs/${name}` };
    },
  };
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date) && !(value instanceof Float);
}

/** A value of another kind than is expected there. */
export function wrongType(path: Path, value: unknown, expected: string, help?: string): Mistake {
  return {
    path,
    on: 'value',
    kind: 'wrong-type',
    message: `${where(path)} must ${expected === KEYS ? 'hold' : 'be'} ${expected}, not ${described(value)}.`,
    ...(help === undefined ? {} : { help }),
  };
}

function exampleOf(shape: Shape<unknown>): string {
  return shape.example ?? '…';
}

function isNumber(v: unknown): v is number {
  return (typeof v === 'number' && Number.isFinite(v)) || v instanceof Float;
}

function nameIn(path: Path): string | undefined {
  return path.findLast((p) => typeof p === 'string');
}

function where(path: Path): string {
  const name = nameIn(path);
  return name === undefined ? 'This' : typeof path.at(-1) === 'number' ? `Each entry of '${name}'` : `'${name}'`;
}

function described(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Float) return `the number ${String(value)}`;
  if (typeof value === 'object') return 'keys with values';
  if (typeof value === 'string') return `the text '${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  return `${typeof value === 'number' ? 'the number ' : ''}${String(value)}`;
}
