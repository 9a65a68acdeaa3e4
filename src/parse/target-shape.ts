// What a target may hold, as a shape: the settings that the adapters declare, by the target's type.
import { findAdapter, adapterTypes } from '../adapters/index.ts';
import type { Adapter, SettingShape } from '../adapters/adapter.ts';
import { expectedInteger, isInteger } from '../adapters/setting.ts';
import {
  anything,
  bool,
  explained,
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
  wrongType,
} from '../project/shape.ts';
import { anyCase, TEMPLATE, when } from '../project/json-schema.ts';
import { didYouMean } from '../diagnostics/nearest.ts';

const SETTING: Readonly<Record<Exclude<SettingShape['type'], 'integer'>, Shape<unknown>>> = {
  string: scalar,
  boolean: bool,
  list: templated(list(anything)),
  map: templated(map(anything)),
};

function settingShape(key: string, setting: SettingShape): Shape<unknown> {
  if (setting.oneOf !== undefined) return word(setting.oneOf);
  return setting.type === 'integer' ? count(key === 'threads' ? { ...setting, least: 1 } : setting) : SETTING[setting.type];
}

/** A whole number within bounds, or the text of one as the environment gives it. */
function count(setting: SettingShape): Shape<unknown> {
  const expected = expectedInteger(setting);
  const { least = 0, most } = setting;
  return {
    expected,
    check: (value, path, report) => {
      if (!isTemplate(value) && !isInteger(setting, value))
        report(wrongType(path, value, expected, typeof value === 'number' ? undefined : 'Write it in digits, without quotes.'));
    },
    json: () => ({
      anyOf: [
        { type: 'integer', minimum: least, maximum: most ?? Number.MAX_SAFE_INTEGER },
        { type: 'string', pattern: String.raw`^\s*\+?0*(${least === 0 ? '0|' : ''}${upTo(most ?? Number.MAX_SAFE_INTEGER)})\s*$|${TEMPLATE}` },
      ],
    }),
  };
}

/** A pattern of the whole numbers from 1 to another, without leading zeros. */
function upTo(most: number): string {
  const digits = String(most);
  const shorter = digits.length === 1 ? [] : [String.raw`[1-9]\d{0,${digits.length - 2}}`];
  const lower = [...digits].flatMap((d, i) => {
    const first = i === 0 ? 1 : 0;
    return Number(d) <= first ? [] : [`${digits.slice(0, i)}[${first}-${Number(d) - 1}]${String.raw`\d{${digits.length - i - 1}}`}`];
  });
  return [...shorter, ...lower, digits].join('|');
}

/** A text out of a few. */
function word(allowed: readonly string[]): Shape<unknown> {
  return {
    expected: `one of ${allowed.map((a) => `'${a}'`).join(', ')}`,
    check: (value, path, report) => {
      if (isTemplate(value) || (typeof value === 'string' && allowed.includes(value))) return;
      const help = typeof value === 'string' ? didYouMean(value, allowed) : undefined;
      report(wrongType(path, value, `one of ${allowed.map((a) => `'${a}'`).join(', ')}`, help));
    },
    json: () => ({ anyOf: [{ enum: allowed }, { type: 'string', pattern: TEMPLATE }] }),
  };
}

/** All that a target of an engine may hold, its settings in each of their spellings. */
function targetOf(adapter: Adapter): Shape<unknown> {
  const fields: Record<string, Shape<unknown>> = {
    type: explained(text, 'The engine.'),
    schema: optional(text, 'Schema that models are built in.'),
    threads: optional(count({ type: 'integer', least: 1, description: '' }), 'Nodes built at once; 4 if absent.'),
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
    if (!isMapping(value)) report(wrongType(path, value, 'keys with values', 'Write it as {type: duckdb, path: target/warehouse.duckdb}.'));
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
