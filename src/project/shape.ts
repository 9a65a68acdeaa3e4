// One definition of what a YAML file may hold: it checks a value (all mistakes at once, with paths and near
// names), types the code (`Infer`), and can be published as a JSON Schema. Values are plain JavaScript as YAML gives them.
import { nearest } from '../diagnostics/nearest.ts';

export type Path = readonly (string | number)[];

/** What is wrong at a path; `on` says whether the key or the value is the culprit. */
export interface Mistake {
  readonly path: Path;
  readonly on: 'key' | 'value';
  readonly kind: 'unknown-key' | 'wrong-type' | 'missing-key';
  readonly message: string;
  readonly help?: string;
}

export interface Shape<T> {
  /** In words, for messages: "a list of texts". */
  readonly expected: string;
  readonly check: (value: unknown, path: Path, report: (m: Mistake) => void) => void;
  readonly json: () => Record<string, unknown>;
  readonly description?: string;
  readonly optional?: boolean;
  /** Carries the type; never set. */
  readonly type?: T;
}

export type Infer<S> = S extends Shape<infer T> ? T : never;

type Fields = Readonly<Record<string, Shape<unknown>>>;
type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends { readonly optional: true } ? K : never }[keyof F];
type ObjectOf<F extends Fields> = { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: Infer<F[K]> } & { readonly [K in OptionalKeys<F>]?: Infer<F[K]> };

/** Whether a text is (or holds) a template: checked after rendering, so any shape accepts it. */
export function isTemplate(value: unknown): value is string {
  return typeof value === 'string' && (value.includes('{{') || value.includes('{%'));
}

function simple<T>(expected: string, accepts: (v: unknown) => boolean, json: Record<string, unknown>): Shape<T> {
  return {
    expected,
    check: (value, path, report) => {
      if (!accepts(value) && !isTemplate(value))
        report({ path, on: 'value', kind: 'wrong-type', message: `${where(path)} must be ${expected}, not ${described(value)}.` });
    },
    json: () => json,
  };
}

export const text: Shape<string> = simple('a text', (v) => typeof v === 'string', { type: 'string' });
/** A text, or a number, boolean or date that YAML took for one. */
export const scalar: Shape<string | number | boolean> = simple('a text or number', (v) => ['string', 'number', 'boolean'].includes(typeof v), {
  type: ['string', 'number', 'boolean'],
});
export const bool: Shape<boolean> = simple('true or false', (v) => typeof v === 'boolean', { type: 'boolean' });
export const integer: Shape<number> = simple('a whole number', (v) => Number.isInteger(v), { type: 'integer' });
export const number: Shape<number> = simple('a number', (v) => typeof v === 'number', { type: 'number' });
export const anything: Shape<unknown> = { expected: 'anything', check: () => {}, json: () => ({}) };
const nothing: Shape<null> = simple('nothing', (v) => v === null, { type: 'null' });

export function oneOfTexts<const T extends string>(...allowed: readonly T[]): Shape<T> {
  return {
    expected: allowed.map((a) => `'${a}'`).join(', '),
    check: (value, path, report) => {
      if (isTemplate(value) || (typeof value === 'string' && allowed.some((a) => a.toLowerCase() === value.toLowerCase()))) return;
      const near = typeof value === 'string' ? nearest(value, allowed) : undefined;
      report({
        path,
        on: 'value',
        kind: 'wrong-type',
        message: `${where(path)} must be one of ${allowed.map((a) => `'${a}'`).join(', ')}, not ${described(value)}.`,
        ...(near === undefined ? {} : { help: `Did you mean '${near}'?` }),
      });
    },
    json: () => ({ enum: allowed }),
  };
}

export function list<T>(of: Shape<T>): Shape<readonly T[]> {
  return {
    expected: `a list of ${of.expected.replace(/^an? /, '')}s`,
    check: (value, path, report) => {
      if (Array.isArray(value)) value.forEach((item, i) => of.check(item, [...path, i], report));
      else if (!isTemplate(value))
        report({
          path,
          on: 'value',
          kind: 'wrong-type',
          message: `${where(path)} must be a list, not ${described(value)}.`,
          help: `Write it as [${typeof value === 'object' ? '…' : String(value)}], or with a line "- …" for each entry.`,
        });
    },
    json: () => ({ type: 'array', items: of.json() }),
  };
}

export function map<T>(of: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return {
    expected: 'keys with values',
    check: (value, path, report) => {
      if (!isMapping(value)) {
        if (!isTemplate(value))
          report({ path, on: 'value', kind: 'wrong-type', message: `${where(path)} must hold keys with values, not ${described(value)}.` });
        return;
      }
      for (const [k, v] of Object.entries(value)) {
        of.check(v, [...path, k], (m) =>
          report(v === null && k.endsWith(')') ? { ...m, help: 'A comma splits the entries of { }: put a type such as "decimal(10,2)" in quotes.' } : m),
        );
      }
    },
    json: () => ({ type: 'object', additionalProperties: of.json() }),
  };
}

/** Keys with a shape each. `open` lets further keys pass. */
export function object<const F extends Fields>(
  fields: F,
  o: { readonly open?: boolean; readonly what?: string; readonly ignored?: readonly string[] } = {},
): Shape<ObjectOf<F>> {
  const required = Object.keys(fields).filter((k) => !fields[k]!.optional);
  return {
    expected: o.what ?? 'keys with values',
    check: (value, path, report) => {
      if (!isMapping(value)) {
        if (!isTemplate(value))
          report({ path, on: 'value', kind: 'wrong-type', message: `${where(path)} must be ${o.what ?? 'keys with values'}, not ${described(value)}.` });
        return;
      }
      for (const [k, v] of Object.entries(value)) {
        const field = fields[k];
        if (field !== undefined) {
          if (v !== null || !field.optional) field.check(v, [...path, k], report);
        } else if (o.open !== true && o.ignored?.includes(k) !== true) {
          const near = nearest(k, Object.keys(fields));
          report({
            path: [...path, k],
            on: 'key',
            kind: 'unknown-key',
            message: `'${k}' is not a key of ${o.what ?? where(path)}.`,
            help: near === undefined ? `Known keys: ${Object.keys(fields).join(', ')}.` : `Did you mean '${near}'?`,
          });
        }
      }
      for (const k of required) {
        if (value[k] === undefined || value[k] === null)
          report({ path, on: 'key', kind: 'missing-key', message: `${o.what ?? where(path)} lacks '${k}'.`, help: `Add a line "${k}: …".` });
      }
    },
    json: () => ({
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(fields).map(([k, f]) => [k, f.description === undefined ? f.json() : { ...f.json(), description: f.description }]),
      ),
      ...(required.length > 0 ? { required } : {}),
      additionalProperties: o.open === true,
    }),
  };
}

/** The first shape whose kind of value fits decides; mistakes inside it are its own. */
export function either<A, B>(a: Shape<A>, b: Shape<B>): Shape<A | B> {
  return {
    expected: `${a.expected} or ${b.expected}`,
    check: (value, path, report) => {
      const inA: Mistake[] = [];
      a.check(value, path, (m) => inA.push(m));
      if (inA.length === 0) return;
      const inB: Mistake[] = [];
      b.check(value, path, (m) => inB.push(m));
      if (inB.length === 0) return;
      const atTop = (ms: readonly Mistake[]) => ms.some((m) => m.path.length === path.length && m.kind === 'wrong-type');
      if (atTop(inA) && atTop(inB))
        report({ path, on: 'value', kind: 'wrong-type', message: `${where(path)} must be ${a.expected} or ${b.expected}, not ${described(value)}.` });
      else for (const m of atTop(inA) ? inB : inA) report(m);
    },
    json: () => ({ anyOf: [a.json(), b.json()] }),
  };
}

export function optional<T>(shape: Shape<T>, description?: string): Shape<T> & { readonly optional: true } {
  return { ...shape, optional: true, ...(description === undefined ? {} : { description }) };
}

/** The same, or null. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return either(nothing, shape);
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function where(path: Path): string {
  const entry = typeof path.at(-1) === 'number';
  const name = [...path].reverse().find((p) => typeof p === 'string');
  return name === undefined ? 'This' : entry ? `Each entry of '${name}'` : `'${name}'`;
}

function described(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'keys with values';
  if (typeof value === 'string') return `the text '${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  return `${typeof value === 'number' ? 'the number ' : ''}${String(value)}`;
}
