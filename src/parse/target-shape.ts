// What a target may hold, as a shape: the settings that the adapters declare, by the target's type.
import { findAdapter, adapterTypes } from '../adapters/index.ts';
import type { Adapter, SettingShape } from '../adapters/adapter.ts';
import {
  anything,
  bool,
  either,
  explained,
  integer,
  isMapping,
  isTemplate,
  list,
  map,
  object,
  optional,
  type Report,
  scalar,
  type Shape,
  templated,
  text,
  textLike,
  wrongType,
} from '../project/shape.ts';
import { anyCase, TEMPLATE, when } from '../project/json-schema.ts';
import { didYouMean } from '../diagnostics/nearest.ts';

const wholeNumber = either(integer, textLike(/^\s*[-+]?\d+\s*$/, 'a whole number'));

const SETTING: Readonly<Record<SettingShape['type'], Shape<unknown>>> = {
  string: scalar,
  integer: { ...wholeNumber, expected: 'a whole number' },
  boolean: bool,
  list: templated(list(anything)),
  map: templated(map(anything)),
};

/** Nodes built at once. */
const threads: Shape<unknown> = {
  expected: 'a whole number of 1 or more',
  check: (value, path, report) => {
    const count = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
    if (!isTemplate(value) && !(Number.isInteger(count) && (count as number) >= 1)) report(wrongType(path, value, 'a whole number of 1 or more'));
  },
  json: () => ({
    anyOf: [
      { type: 'integer', minimum: 1 },
      { type: 'string', pattern: String.raw`^\s*0*[1-9]\d*\s*$|` + TEMPLATE },
    ],
  }),
};

function settingShape(key: string, setting: SettingShape): Shape<unknown> {
  return key === 'threads' ? threads : SETTING[setting.type];
}

/** All that a target of an engine may hold, its settings in each of their spellings. */
function targetOf(adapter: Adapter): Shape<unknown> {
  const fields: Record<string, Shape<unknown>> = {
    type: explained(text, 'The engine.'),
    schema: optional(text, 'Schema that models are built in.'),
    threads: optional(threads, 'Nodes built at once; 4 if absent.'),
  };
  for (const [key, setting] of Object.entries(adapter.settings)) {
    const spellings = [key, ...(setting.aliases ?? [])];
    for (const s of spellings) {
      const shape = explained(settingShape(key, setting), setting.description);
      fields[s] = setting.required === true && spellings.length === 1 ? shape : optional(shape);
    }
  }
  return object(fields, { what: `a ${adapter.type} target` });
}

/** All that a target of this engine may hold, after its templates are rendered. */
export function checkTarget(adapter: Adapter, values: unknown, report: Report): void {
  shapes.get(adapter.type)!.check(values, [], report);
}

/** A target: its type decides what else it may hold. */
export const target: Shape<Readonly<Record<string, unknown>>> = {
  expected: 'a target',
  check: (value, path, report) => {
    const type = isMapping(value) ? value['type'] : undefined;
    if (!isMapping(value)) report(wrongType(path, value, 'a target'));
    else if (type === undefined || type === null) object({ type: text }, { what: 'a target', open: true }).check(value, path, report);
    else if (!isTemplate(type)) {
      const adapter = typeof type === 'string' ? findAdapter(type) : undefined;
      if (adapter !== undefined) shapes.get(adapter.type)!.check(value, path, report);
      else {
        const help = typeof type === 'string' ? didYouMean(type, adapterTypes()) : undefined;
        report({
          ...wrongType(
            [...path, 'type'],
            type,
            `one of ${adapterTypes()
              .map((t) => `'${t}'`)
              .join(', ')}`,
          ),
          ...(help === undefined ? {} : { help }),
        });
      }
    }
  },
  json: (d) => ({
    type: 'object',
    required: ['type'],
    properties: {
      type: { anyOf: [{ enum: adapterTypes() }, { type: 'string', pattern: `${spelled(adapterTypes())}|${TEMPLATE}` }], description: 'The engine.' },
    },
    allOf: ADAPTERS.map((adapter) =>
      when(
        { properties: { type: { type: 'string', pattern: spelled([adapter.type, ...adapter.aliases]) } }, required: ['type'] },
        shapes.get(adapter.type)!.json(d),
      ),
    ),
  }),
};

const ADAPTERS = [...new Set(adapterTypes().map((type) => findAdapter(type)!))];
const shapes = new Map(ADAPTERS.map((adapter) => [adapter.type, targetOf(adapter)]));

/** The types as `findAdapter` takes them: blanks and letters' size do not matter. */
function spelled(types: readonly string[]): string {
  return anyCase(types)
    .replace('^', String.raw`^\s*`)
    .replace(/\$$/, String.raw`\s*$`);
}
