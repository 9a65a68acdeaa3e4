// The table of codes: every expected failure, named `step/reason`. `docs/errors.md` has a section for each one.
export const CODES = {
  'template/syntax': 'A template cannot be parsed.',
  'template/undefined': 'A template uses a name that does not exist.',
  'template/type': 'A template applies an operation to a value of the wrong kind.',
  'template/raised': 'A template stopped with exceptions.raise_compiler_error.',
  'template/limit': 'A template exceeded its limit of steps, depth, time or size.',

  'parse/no-project': 'There is no project in the folder.',
  'parse/yaml': 'A YAML file cannot be parsed.',
  'parse/unknown-key': 'A YAML file has a key that means nothing there.',
  'parse/wrong-type': 'A value in a YAML file is of the wrong kind.',
  'parse/missing-key': 'A required key is missing in a YAML file.',
  'parse/duplicate': 'Two resources, macros or properties have the same name.',
  'parse/unknown-resource': 'A property file describes something that does not exist.',
  'parse/unknown-config': 'A configuration key is not known.',
  'parse/unused-config-path': 'A configuration path of project.yml matches no resource.',
  'parse/unknown-target': 'The target does not exist in project.yml.',
  'parse/unknown-engine': 'A target has a type that is not an engine of dwt.',
  'parse/unknown-test': 'A data test is not defined anywhere.',
  'parse/unknown-column': 'A property file describes a column that the seed does not have.',
  'parse/unknown-materialization': 'A materialization is not defined anywhere.',
  'parse/bad-config': 'Configuration values contradict each other or lack one they need.',
  'parse/bad-argument': 'A function of a template was called with the wrong arguments.',
  'parse/env-var': 'An environment variable that is required is not set.',
  'parse/var': 'A variable that is required is not set.',
  'parse/unsupported': 'A feature of dbt that dwt does not have.',
  'parse/encoding': 'A file is not UTF-8 text.',

  'graph/missing-ref': 'A ref() names a resource that does not exist.',
  'graph/ambiguous-ref': 'A ref() could mean several resources.',
  'graph/disabled-ref': 'A ref() names a resource that is disabled.',
  'graph/missing-source': 'A source() names a source that does not exist.',
  'graph/cycle': 'Resources depend on each other in a circle.',
  'graph/selector': 'A selection cannot be understood.',
  'graph/empty-selection': 'A selection matches nothing.',

  'compile/undeclared-ref': 'A template refers at run time to something that parsing could not see.',
  'compile/failed': 'A template could not be rendered.',

  'plan/duplicate-key': 'The source of a snapshot has several rows for one key.',
  'plan/schema-change': 'The columns of an incremental model changed and on_schema_change is fail.',
  'plan/bad-result': 'A query gave another shape of result than its use needs.',

  'execute/connection': 'No connection to the warehouse.',
  'execute/sql-failed': 'The engine refused a statement.',
  'execute/load-failed': 'A seed file has a row that cannot be loaded.',
  'execute/test-failed': 'A data test found failing rows.',
  'execute/cancelled': 'The run was interrupted.',

  'generate/declaration': 'A declaration of sample data is wrong.',

  'cli/usage': 'The command line is wrong.',
  'internal/bug': 'dwt itself failed; please report it.',
} as const;

export type DiagnosticCode = keyof typeof CODES;
