// project.yml: its shape, and its values with the defaults of dbt. A dash or an underscore in a key are the same.
import { plural, type Tree, treeShape } from '../project/config-shape.ts';
import type { ResourceType } from '../project/resources.ts';
import { type JsonSchema, TEMPLATE } from '../project/json-schema.ts';
import {
  anything,
  bool,
  either,
  explained,
  type Infer,
  integer,
  isMapping,
  isTemplate,
  list,
  map,
  number,
  object,
  optional,
  type Shape,
  templated,
  text,
  textLike,
  wrongType,
} from '../project/shape.ts';
import { target } from './target-shape.ts';
import { table } from '../project/table.ts';

const projectQuoting = object(
  { database: optional(bool), schema: optional(bool), identifier: optional(bool), project: optional(bool), snowflake_ignore_case: optional(bool) },
  { what: 'quoting' },
);
const history = object(
  {
    enabled: optional(bool, 'Whether runs are recorded in the warehouse.'),
    schema: optional(text, 'Schema of the tables, as it stands here.'),
    keep: optional(either(integer, text), 'Days, or a text such as `90 days`, after which a run is forgotten; null: never.'),
  },
  { what: "'history'" },
);
const queryComment = object({ comment: optional(text), append: optional(bool), 'job-label': optional(bool) }, { what: 'the query comment' });
const paths = optional(templated(list(text)), 'Folders, relative to the project.');
const hooks = optional(either(text, list(text)), 'SQL run once.');
const hooksOf = (when: string): typeof hooks => ({ ...hooks, description: `SQL run once, ${when}.` });
const tree = (type: ResourceType): ReturnType<typeof optional<Tree>> =>
  optional(treeShape(type), `Configuration of ${plural([type])} by folder and name, \`+\` before a key of configuration.`);
const readAndLeft = optional(templated(map(anything)), 'Accepted for compatibility.');
const REQUIREMENT = /^\s*(?:[<>]=?|==?)?\s*\d+(?:\.\d+){0,2}(?:[-+.]?[A-Za-z]\w*)*\s*(?:,\s*(?:[<>]=?|==?)?\s*\d+(?:\.\d+){0,2}(?:[-+.]?[A-Za-z]\w*)*\s*)*$/;
const versions = textLike(REQUIREMENT, "a version such as '>=1.0.0'");
const requirement = either(versions, list(versions));
const configVersion: Shape<number> = {
  ...integer,
  check: (value, path, report) => value !== 2 && !isTemplate(value) && report(wrongType(path, value, '2', "Write 'config-version: 2', or leave it out.")),
  json: () => ({ anyOf: [{ const: 2 }, { type: 'string', pattern: TEMPLATE }] }),
};

const FIELDS = {
  name: explained(textLike(/^[A-Za-z_]\w*$/, 'a name of letters, digits and underscores that begins with no digit'), "The project's name."),
  version: optional(
    either(number, textLike(/^\d+\.\d+(?:\.\d+)?(?:[-+][\w.+-]*)?$/, 'a version such as 1.0.0')),
    "The project's version; accepted for compatibility.",
  ),
  'config-version': optional(configVersion, 'Accepted for compatibility: 2.'),
  profile: optional(text, 'Accepted for compatibility.'),
  target: optional(text, 'The target used where --target does not say otherwise.'),
  targets: optional(map(target), 'Connections by name.'),
  'model-paths': paths,
  'seed-paths': paths,
  'snapshot-paths': paths,
  'test-paths': paths,
  'macro-paths': paths,
  'analysis-paths': paths,
  'docs-paths': { ...paths, description: 'Accepted for compatibility.' },
  'asset-paths': { ...paths, description: 'Accepted for compatibility.' },
  'function-paths': { ...paths, description: 'Accepted for compatibility.' },
  'clean-targets': { ...paths, description: 'Folders that `dwt clean` removes.' },
  'target-path': optional(text, 'Where compiled SQL and artifacts are written.'),
  'log-path': optional(text, 'Accepted for compatibility.'),
  'packages-install-path': optional(text, 'Accepted for compatibility.'),
  history: optional(either(bool, history), 'The record of runs in the warehouse: true, false, or its settings.'),
  vars: optional(templated(map(anything)), "Variables, for all packages or under a package's name."),
  models: tree('model'),
  seeds: tree('seed'),
  snapshots: tree('snapshot'),
  tests: tree('test'),
  data_tests: tree('test'),
  sources: tree('source'),
  analyses: tree('analysis'),
  exposures: tree('exposure'),
  unit_tests: readAndLeft,
  metrics: readAndLeft,
  'semantic-models': readAndLeft,
  'saved-queries': readAndLeft,
  functions: readAndLeft,
  'on-run-start': hooksOf('before a run'),
  'on-run-end': hooksOf('after a run'),
  dispatch: optional(
    list(
      object(
        {
          macro_namespace: explained(text, 'The package whose macros are dispatched.'),
          search_order: explained(list(text), 'The packages in which a macro is looked for, in order.'),
        },
        { what: 'a dispatch rule' },
      ),
    ),
    'Where adapter.dispatch looks.',
  ),
  quoting: optional(projectQuoting, 'Accepted for compatibility; names are always quoted.'),
  'query-comment': optional(either(text, queryComment), 'Accepted for compatibility.'),
  flags: optional(templated(map(anything)), 'Accepted for compatibility.'),
  'require-dbt-version': optional(requirement, 'Accepted for compatibility.'),
  'require-dwt-version': optional(requirement, 'The versions of dwt that the project works with.'),
  'restrict-access': optional(bool, 'Accepted for compatibility.'),
  'dbt-cloud': optional(anything, 'Accepted for compatibility.'),
} as const;

export const projectShape = object(FIELDS, { what: 'project.yml' });

export function isProjectKey(k: string): boolean {
  return Object.hasOwn(FIELDS, k);
}

export type ProjectFile = Infer<typeof projectShape>;

const UNDERSCORED = new Set(['data_tests', 'unit_tests']);
const MOVED: Readonly<Record<string, string>> = table({
  'source-paths': 'model-paths',
  'data-paths': 'seed-paths',
  'data-tests': 'data_tests',
  'unit-tests': 'unit_tests',
});

/** A key as dbt documents it, which the shape knows; a dash and an underscore are the same. */
export function normalKey(k: string): string {
  const dashed = UNDERSCORED.has(k) ? k : k.replaceAll('_', '-');
  return MOVED[dashed] ?? dashed;
}

/** The file as it is written: keys in any of their spellings. */
export const projectFileShape: Shape<Readonly<Record<string, unknown>>> = {
  expected: projectShape.expected,
  check: (value, path, report) => {
    if (!isMapping(value)) {
      report(wrongType(path, value, 'keys with values, such as name and targets', 'Write "name: …" and "targets: …", each in a line.'));
      return;
    }
    const written = new Map<string, string>();
    for (const k of Object.keys(value)) {
      const before = written.get(normalKey(k));
      if (before === undefined) written.set(normalKey(k), k);
      else
        report({
          path: [...path, k],
          on: 'key',
          kind: 'unknown-key',
          message: `'${k}' is another spelling of '${before}', which is there too.`,
          help: 'Keep one of the two.',
        });
    }
    const normal = Object.fromEntries([...written].map(([k, as]) => [k, value[as]]));
    projectShape.check(normal, path, (m) =>
      report(m.path.length === path.length ? m : { ...m, path: m.path.map((p, i) => (i === path.length ? (written.get(String(p)) ?? p) : p)) }),
    );
  },
  json: (d) => {
    const schema = projectShape.json(d) as { properties: Record<string, JsonSchema> };
    const spellings = Object.keys(schema.properties).map((k) => [k, [k, ...otherSpellings(k)]] as const);
    return {
      ...schema,
      properties: Object.fromEntries(spellings.flatMap(([k, all]) => all.map((s) => [s, schema.properties[k]!]))),
      allOf: spellings.flatMap(([, all]) => all.flatMap((a, i) => all.slice(i + 1).map((b) => ({ not: { required: [a, b] } })))),
    };
  },
};

function otherSpellings(k: string): string[] {
  const moved = Object.keys(MOVED).filter((m) => MOVED[m] === k);
  return [...new Set([k, ...moved].flatMap((s) => [s, s.replaceAll('-', '_')]))].filter((s) => s !== k && normalKey(s) === k);
}

export interface ProjectPaths {
  readonly models: readonly string[];
  readonly seeds: readonly string[];
  readonly snapshots: readonly string[];
  readonly tests: readonly string[];
  readonly macros: readonly string[];
  readonly analyses: readonly string[];
}

export function pathsOf(p: ProjectFile): ProjectPaths {
  return {
    models: p['model-paths'] ?? ['models'],
    seeds: p['seed-paths'] ?? ['seeds'],
    snapshots: p['snapshot-paths'] ?? ['snapshots'],
    tests: p['test-paths'] ?? ['tests'],
    macros: p['macro-paths'] ?? ['macros'],
    analyses: p['analysis-paths'] ?? ['analyses'],
  };
}
