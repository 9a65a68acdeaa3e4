// Slips at random: something at a random place of a good value is renamed, replaced, left out, or added.
import fc from 'fast-check';
import { CONFIG_KEYS } from '../../src/project/config.ts';

export interface Slip {
  readonly where: number;
  readonly how: 'rename' | 'replace' | 'remove' | 'add' | 'template' | 'plus';
  readonly key: string;
  readonly value: unknown;
}

const names = [
  'name',
  'nmae',
  'tests',
  'data_tests',
  '+enabled',
  'enabled',
  'meta',
  '+meta',
  'tags',
  'config',
  'exclude',
  'union',
  'method',
  'type',
  'unique',
  'materialized',
  '+materialized',
  'pre_hook',
  'bind',
  'model_paths',
  'x',
  'constructor',
  'valueOf',
];
const value = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    1,
    5,
    -1,
    1.5,
    '',
    'a',
    'view',
    'Table',
    'true',
    '5',
    "{{ var('x') }}",
    '{% if x %}a{% endif %}',
    'dashboard',
    'PRIVATE',
    'duckdb',
    'postgres',
    'tag',
    'eager',
  ),
  fc.constantFrom<unknown>(
    [],
    [null],
    ['a'],
    [1],
    [['a']],
    [{}],
    {},
    { a: 1 },
    { '+a': 1 },
    { name: 'a' },
    { a: { b: 1 } },
    { unique: null },
    { accepted_values: { values: ['a'] } },
    { sql: 'x' },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
export const slip: fc.Arbitrary<Slip> = fc.record({
  where: fc.nat(),
  how: fc.constantFrom('rename', 'replace', 'remove', 'add', 'template', 'plus'),
  key: fc.oneof(fc.constantFrom(...names, ...Object.keys(CONFIG_KEYS)), fc.string({ maxLength: 4 })),
  value,
});

/** Every place of a value, as a path. */
function places(v: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof v !== 'object' || v === null) return [path];
  return [path, ...Object.entries(v).flatMap(([k, inner]) => places(inner, [...path, Array.isArray(v) ? Number(k) : k]))];
}

/** The value with the slip in it; the value given stays as it is. */
export function change(v: unknown, s: Slip): unknown {
  const all = places(v);
  const path = all[s.where % all.length]!;
  const copy = structuredClone({ root: v }) as Record<string, unknown>;
  let owner: Record<string | number, unknown> = copy;
  const full = ['root', ...path];
  for (const step of full.slice(0, -1)) owner = owner[step] as Record<string | number, unknown>;
  const last = full.at(-1)!;
  const here = owner[last];
  const isRecord = typeof here === 'object' && here !== null && !Array.isArray(here);
  if (s.how === 'template') owner[last] = "{{ env_var('X') }}";
  else if (s.how === 'add' && isRecord) owner[last] = { ...here, [s.key]: s.value };
  else if (s.how === 'add' && Array.isArray(here)) owner[last] = [...(here as unknown[]), s.value];
  else if ((s.how === 'rename' || s.how === 'plus') && typeof last === 'string' && path.length > 0) {
    const { [last]: moved, ...rest } = owner;
    const key = s.how === 'rename' ? s.key : last.startsWith('+') ? last.slice(1) : `+${last}`;
    for (const k of Object.keys(owner)) delete owner[k];
    Object.assign(owner, rest, { [key]: moved });
  } else if (s.how === 'remove' && path.length > 0) {
    if (Array.isArray(owner)) owner.splice(Number(last), 1);
    else delete owner[last];
  } else owner[last] = s.value;
  return copy['root'];
}
