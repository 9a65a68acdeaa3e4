// project.yml: its shape, and its values with the defaults of dbt. A dash or an underscore in a key are the same.
import { anything, bool, either, type Infer, integer, list, map, nullable, object, optional, scalar, text } from '../project/shape.ts';

const paths = optional(list(text), 'Folders, relative to the project.');
const tree = optional(map(anything), 'Configuration by folder and name, `+` before a key of configuration.');
const hooks = optional(either(text, list(text)), 'SQL run once.');

export const projectShape = object(
  {
    name: text,
    version: optional(scalar),
    'config-version': optional(integer),
    profile: optional(text),
    target: optional(text, 'The target used where --target does not say otherwise.'),
    targets: optional(
      map(object({ type: text, threads: optional(integer), schema: optional(text) }, { open: true, what: 'a target' })),
      'Connections by name.',
    ),
    'model-paths': paths,
    'seed-paths': paths,
    'snapshot-paths': paths,
    'test-paths': paths,
    'macro-paths': paths,
    'analysis-paths': paths,
    'docs-paths': paths,
    'asset-paths': paths,
    'function-paths': paths,
    'clean-targets': paths,
    'target-path': optional(text, 'Where compiled SQL and artifacts are written.'),
    'log-path': optional(text),
    'packages-install-path': optional(text),
    history: optional(
      either(
        bool,
        object(
          {
            enabled: optional(bool, 'Whether runs are recorded in the warehouse.'),
            schema: optional(text, 'Schema of the tables, as it stands here.'),
            keep: optional(nullable(either(integer, text)), 'Days, or a text such as `90 days`, after which a run is forgotten; null: never.'),
          },
          { what: "'history'" },
        ),
      ),
      'The record of runs in the warehouse: true, false, or its settings.',
    ),
    vars: optional(map(anything), "Variables, for all packages or under a package's name."),
    models: tree,
    seeds: tree,
    snapshots: tree,
    tests: tree,
    data_tests: tree,
    sources: tree,
    analyses: tree,
    exposures: tree,
    unit_tests: tree,
    metrics: tree,
    'semantic-models': tree,
    'saved-queries': tree,
    functions: tree,
    'on-run-start': hooks,
    'on-run-end': hooks,
    dispatch: optional(list(object({ macro_namespace: text, search_order: list(text) }))),
    quoting: optional(map(anything)),
    'query-comment': optional(anything),
    flags: optional(map(anything)),
    'require-dbt-version': optional(either(text, list(text))),
    'require-dwt-version': optional(either(text, list(text))),
    'restrict-access': optional(bool),
    'dbt-cloud': optional(anything),
  },
  { what: 'project.yml' },
);

export type ProjectFile = Infer<typeof projectShape>;

/** Keys with underscores become the dashed ones that dbt documents; the shape knows those. */
export function normalizeKeys(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const underscored = new Set(['data_tests', 'unit_tests']);
  const moved: Record<string, string> = { 'source-paths': 'model-paths', 'data-paths': 'seed-paths', 'data-tests': 'data_tests' };
  return Object.fromEntries(
    Object.entries(data).map(([k, v]) => {
      const dashed = underscored.has(k) ? k : k.replaceAll('_', '-');
      return [moved[dashed] ?? dashed, v];
    }),
  );
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
