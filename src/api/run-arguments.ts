// `args` of run_results.json: what a command was told, under dbt's names. `retry` goes by them.
import { resolve } from 'node:path';
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
    ...(o.state === undefined ? {} : { state: resolve(opened.host.cwd, o.state) }),
    ...(o.deferState === undefined ? {} : { defer_state: resolve(opened.host.cwd, o.deferState) }),
    defer: o.defer === true,
    favor_state: o.favorState === true,
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
    list('state', o.state === undefined ? undefined : [o.state]),
    flag('defer', o.defer),
    flag('favor-state', o.favorState),
    list('defer-state', o.deferState === undefined ? undefined : [o.deferState]),
    list('indirect-selection', o.indirectSelection === undefined ? undefined : [o.indirectSelection]),
    flag('full-refresh', o.fullRefresh),
    flag('fail-fast', o.failFast),
    flag('warn-error', warnError),
    flag('empty', o.empty),
    flag('store-failures', o.storeFailures),
  ].join('');
}
