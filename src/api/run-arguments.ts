// `args` of run_results.json: what a command was told, under dbt's names. `retry` goes by them.
import type { Opened } from './opened.ts';
import type { RunOptions } from './options.ts';

/** @internal */
export function runArguments(command: string, o: RunOptions, opened: Opened): Readonly<Record<string, unknown>> {
  const { options, place, artifacts } = opened;
  return {
    which: command,
    invocation_command: invocationCommand(command, o, options.warnError),
    select: o.select ?? [],
    exclude: o.exclude ?? [],
    ...(o.selector === undefined ? {} : { selector: o.selector }),
    ...(o.state === undefined ? {} : { state: o.state }),
    indirect_selection: o.indirectSelection ?? 'eager',
    resource_types: o.resourceType ?? [],
    exclude_resource_types: o.excludeResourceType ?? [],
    vars: options.vars ?? {},
    full_refresh: o.fullRefresh === true,
    fail_fast: o.failFast === true,
    warn_error: options.warnError === true,
    empty: o.empty === true,
    store_failures: o.storeFailures === true,
    target: place.target.name,
    threads: place.target.threads,
    project_dir: place.root,
    target_path: artifacts.targetPath,
  };
}

/** The command line that would do the same. */
function invocationCommand(command: string, o: RunOptions, warnError: boolean | undefined): string {
  const list = (flag: string, words: readonly string[] | undefined): string =>
    words === undefined || words.length === 0 ? '' : ` --${flag} ${words.join(' ')}`;
  const flag = (name: string, on: boolean | undefined): string => (on === true ? ` --${name}` : '');
  return [
    `dwt ${command}`,
    list('select', o.select),
    list('exclude', o.exclude),
    list('selector', o.selector === undefined ? undefined : [o.selector]),
    flag('full-refresh', o.fullRefresh),
    flag('fail-fast', o.failFast),
    flag('warn-error', warnError),
    flag('empty', o.empty),
    flag('store-failures', o.storeFailures),
  ].join('');
}
