// YAML selectors as dbt writes them into the manifest: every term as a mapping.
import { parseTerm } from '../graph/select-parse.ts';
import type { YamlSelector } from '../graph/select-yaml.ts';
import { isMapping } from '../project/shape.ts';

/** By name. What cannot be understood stays as it is written: whoever selects by it is told. */
export function selectorsDict(selectors: readonly YamlSelector[]): Record<string, unknown> {
  return Object.fromEntries(
    selectors.map((s) => [
      s.name,
      {
        name: s.name,
        ...(s.description === undefined ? {} : { description: s.description }),
        ...(s.default === undefined ? {} : { default: s.default }),
        definition: definition(s.definition),
      },
    ]),
  );
}

const GROUPS = ['union', 'intersection', 'exclude'];

function definition(d: unknown): unknown {
  if (typeof d === 'string') return termDict(d);
  if (!isMapping(d)) return d;
  const [key, ...more] = Object.keys(d);
  if (key !== undefined && more.length === 0 && !GROUPS.includes(key) && key !== 'method') return { method: key, value: d[key] };
  return Object.fromEntries(Object.entries(d).map(([k, v]) => [k, GROUPS.includes(k) && Array.isArray(v) ? v.map(definition) : v]));
}

function termDict(text: string): unknown {
  const term = parseTerm(text, () => {});
  if (term === undefined) return text;
  const relatives = (key: 'parents' | 'children', steps: number): Record<string, unknown> =>
    steps === 0 ? {} : { [key]: true, ...(steps === Infinity ? {} : { [`${key}_depth`]: steps }) };
  return {
    method: [term.method, ...term.arguments].join('.'),
    value: term.value,
    ...(term.childrensParents ? { childrens_parents: true } : {}),
    ...relatives('parents', term.parents),
    ...relatives('children', term.children),
  };
}
