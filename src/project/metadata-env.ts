// Facts about where a run was made (a job, a commit) that the environment gives and artifacts carry.
// https://docs.getdbt.com/reference/dbt-jinja-functions/env_var#custom-metadata

const PREFIX = 'DBT_ENV_CUSTOM_ENV_';

/** Values of the variables of that prefix, by the rest of their names. */
export function metadataEnv(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (name.startsWith(PREFIX) && value !== undefined ? [[name.slice(PREFIX.length), value]] : [])),
  );
}
