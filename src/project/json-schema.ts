// A shape as JSON Schema (draft 2020-12), for editors: what the shapes' own parts have in common.
import type { Shape } from './shape.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Schemas that have a name: each stands once, and is referred to. */
export type Definitions = Record<string, JsonSchema>;

/** Part of a pattern: a text that holds a template, which any value may be. */
export const TEMPLATE = String.raw`\{\{|\{%`;

/** The same schema, for a value that may be empty too. */
export function orNull(schema: JsonSchema): JsonSchema {
  const { type, ...rest } = schema;
  if (Object.keys(schema).length === 0 || (Array.isArray(type) && type.includes('null'))) return schema;
  if (type !== undefined && !('enum' in rest)) return { ...rest, type: [...[type].flat(), 'null'] };
  const { description, ...other } = schema;
  return { anyOf: [other, { type: 'null' }], ...(description === undefined ? {} : { description }) };
}

/** The same schema, for a value that may be a template too. */
export function orTemplate(schema: JsonSchema): JsonSchema {
  const { type, ...rest } = schema;
  const types = [type].flat();
  if (Object.keys(schema).length === 0) return schema;
  if (type !== undefined && !types.includes('string') && !('enum' in rest)) return { ...rest, type: [...types, 'string'], pattern: TEMPLATE };
  return { anyOf: [schema, { type: 'string', pattern: TEMPLATE }] };
}

/** One schema where a condition holds, another where it does not. */
export function when(condition: JsonSchema, holds: JsonSchema, otherwise?: JsonSchema | false): JsonSchema {
  // A word of JSON Schema, and nobody waits for it.
  // oxlint-disable-next-line unicorn/no-thenable
  return { if: condition, then: holds, ...(otherwise === undefined ? {} : { else: otherwise }) };
}

/** Any spelling of these texts, large or small, as a pattern. */
export function anyCase(texts: readonly string[]): string {
  const of = (c: string): string => (c.toLowerCase() === c.toUpperCase() ? c.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : `[${c.toLowerCase()}${c.toUpperCase()}]`);
  return `^(?:${texts.map((t) => [...t].map(of).join('')).join('|')})$`;
}

/** A whole schema, its definitions with it. */
export function publish(shape: Shape<unknown>, about: { readonly title: string; readonly description: string }): JsonSchema {
  const definitions: Definitions = {};
  const schema = shape.json(definitions);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...about,
    ...schema,
    ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions }),
  };
}
