// Words of dbt's command line that mean nothing here, with what to do instead. In: a flag or command as it was typed. Out: a
// sentence, or undefined where it is not dbt's.

const NO_PROFILES = 'Targets stand in project.yml; there are no profiles.';
const NO_LOG_FILE = 'There is no log file. --log-format json writes an object a line; compiled and sent SQL is below target/.';
const NOT_NEEDED = 'Nothing here needs it: leave it out.';

/** Flags that dbt has, with what to do instead. */
const FLAGS: Readonly<Record<string, string>> = {
  '--profiles-dir': NO_PROFILES,
  '--profile': NO_PROFILES,
  '--skip-profile-setup': NO_PROFILES,
  '--config-dir': 'dwt debug tells which project.yml is read.',
  '--connection': 'dwt debug looks at the connection, too.',
  '--partial-parse': "Only what was saved is read again, as it is. '--no-cache' reads every file.",
  '--no-partial-parse': "'--no-cache' reads every file again.",
  '--use-colors': 'FORCE_COLOR=1 in the environment turns colours on in a pipe.',
  '--no-use-colors': "It is called '--no-color' here.",
  '--use-colors-file': NO_LOG_FILE,
  '--log-format-file': NO_LOG_FILE,
  '--log-level': "'--quiet' tells less, '--verbose' more; --log-format json tells every event.",
  '--log-level-file': NO_LOG_FILE,
  '--log-path': NO_LOG_FILE,
  '--log-cache-events': NO_LOG_FILE,
  '--debug': "'--verbose' tells more, --log-format json every event; the SQL of each node is below target/.",
  '--output-format': "It is called '--output' here.",
  '--no-print': 'It is shown all the same.',
  '--print': "What a macro prints is shown, with '--quiet' too.",
  '--printer-width': 'Tables fit the terminal.',
  '--record-timing-info': 'run_results.json and dwt history have the time of each node.',
  '--send-anonymous-usage-stats': 'Nothing is sent anywhere: leave it out.',
  '--no-send-anonymous-usage-stats': 'Nothing is sent anywhere: leave it out.',
  '--upload-to-artifacts-ingest-api': 'Nothing is sent anywhere: leave it out.',
  '--write-json': "Artifacts are always written; '--target-path' puts them elsewhere.",
  '--no-write-json': "Artifacts are always written; '--target-path' puts them elsewhere.",
  '--maximum-seed-size-mib': 'Seeds of any size are compared by their content.',
  '--event-time-start': 'There are no microbatch models yet.',
  '--event-time-end': 'There are no microbatch models yet.',
  '--sample': "There are no samples; '--empty' takes every input as empty.",
  '--show': 'To see rows afterwards: dwt show --select …',
  '--clean-project-files-only': 'It never removes anything outside the project: leave it out.',
  '--introspect': 'A connection is opened only where a template asks the warehouse something.',
  '--no-introspect': 'A connection is opened only where a template asks the warehouse something.',
  '--sql': 'For a query: dwt show --inline "…"',
  '--static': 'There is no page of docs; other tools make one of target/manifest.json and target/catalog.json.',
  '--populate-cache': NOT_NEEDED,
  '--cache-selected-only': NOT_NEEDED,
  '--static-parser': NOT_NEEDED,
  '--use-experimental-parser': NOT_NEEDED,
  '--use-v2-parser': NOT_NEEDED,
  '--version-check': NOT_NEEDED,
  '--hints-enabled': NOT_NEEDED,
  '--show-all-deprecations': 'All of them are told: leave it out.',
  '--snowflake-projects-otel': NOT_NEEDED,
  '--warn-error-options': "It is all or none: '--warn-error' takes every warning as an error.",
  '--macro-debugging': 'A message names the line in the macro and that of each call: leave it out.',
  '--single-threaded': "It is called '--threads 1' here.",
  '--include-saved-query': 'There are no saved queries: leave it out.',
};

/** Its short ones that mean nothing here. */
const SHORT: Readonly<Record<string, string>> = { '-d': '--debug', '-r': '--record-timing-info' };

/** Commands that dbt has, with what to do instead. */
const COMMANDS: Readonly<Record<string, string>> = {
  'docs serve': 'There is no page of docs yet; other tools make one of what dwt docs generate writes.',
  deps: 'There are no packages yet: macros of others go into a folder of macro-paths.',
  clone: 'To read what is not here in another environment: dwt build --defer --state …',
};

/** All kinds that dbt's --resource-type takes: scripts name them whether a project has any or not. */
export const KINDS_OF_DBT: readonly string[] = 'model seed snapshot test source analysis exposure unit_test metric semantic_model saved_query function'.split(
  ' ',
);

/** `known`: the long flags that the command has. */
export function flagOfDbt(flag: string, known: readonly string[]): string | undefined {
  const long = SHORT[flag] ?? flag;
  if (Object.hasOwn(FLAGS, long)) return FLAGS[long];
  const positive = long.replace(/^--no-/, '--');
  if (positive !== long && (Object.hasOwn(FLAGS, positive) || known.includes(positive))) return 'It is off: leave it out.';
  return undefined;
}

export function commandOfDbt(name: string): string | undefined {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
}
