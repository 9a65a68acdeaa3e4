// Macros that take the place of dbt's own where dbt builds, and that nothing here calls: they would change nothing, in silence.
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { warning } from '../diagnostics/diagnostic.ts';
import type { MacroEntry } from '../project/project.ts';
import { isTemplated, type Resource } from '../project/resources.ts';
import type { MacroReading } from './sql-reading.ts';

/** What dbt's materializations, snapshots, seeds and hooks are made of. A strategy, a name or a data test of a project is called here, too. */
const PARTS_OF_DBT = new Set(
  `alter_column_comment alter_column_type alter_relation_add_remove_columns alter_relation_comment apply_grants build_snapshot_staging_table build_snapshot_table
  call_dcl_statements check_for_schema_changes check_schema_exists collect_freshness collect_freshness_custom_sql copy_grants create_columns create_csv_table
  create_indexes create_or_replace_view create_schema create_table_as create_view_as drop_materialized_view drop_relation drop_schema drop_table drop_view
  get_alter_materialized_view_as_sql get_catalog get_catalog_relations get_create_backup_sql get_create_index_sql get_create_intermediate_sql
  get_create_materialized_view_as_sql get_create_sql get_create_table_as_sql get_create_view_as_sql get_csv_sql get_dbt_valid_to_current get_delete_insert_merge_sql
  get_drop_backup_sql get_drop_sql get_grant_sql get_insert_into_sql get_limit_sql get_limit_subquery_sql get_materialized_view_configuration_changes get_merge_sql
  get_merge_update_columns get_rename_intermediate_sql get_rename_sql get_replace_sql get_revoke_sql get_show_grant_sql get_show_indexes_sql get_show_sql get_test_sql
  handle_existing_table list_relations_without_caching list_schemas load_csv_rows make_backup_relation make_intermediate_relation make_temp_relation persist_docs
  post_snapshot process_schema_changes refresh_materialized_view rename_relation reset_csv_table run_hooks should_full_refresh should_store_failures
  snapshot_check_strategy snapshot_get_time snapshot_hash_arguments snapshot_merge_sql snapshot_staging_table snapshot_timestamp_strategy sync_column_schemas
  truncate_relation validate_doc_columns validate_sql`.split(/\s+/),
);

/** Macros that come with dwt and call these. */
const THROUGH: Readonly<Record<string, string>> = {
  create_table_as: 'get_create_table_as_sql',
  create_view_as: 'get_create_view_as_sql',
  drop_relation: 'drop_relation_if_exists',
};

const HELP = 'Write a materialization of your own that calls it (docs/models.md), or delete it.';

/** `entries` are all macros and `readings` what they say, by `package.macro`; those of `pkg` on this engine are looked at. A project with a materialization of its own may reach any of them. */
export function unusedOverrides(
  entries: readonly MacroEntry[],
  readings: ReadonlyMap<string, MacroReading>,
  resources: Iterable<Resource>,
  pkg: string,
  engine: string,
): Diagnostic[] {
  const ours = entries.filter((m) => m.package === pkg);
  const found = ours.flatMap((m) => {
    const [, prefix, base] = /^(?:([a-z]+)__)?(\w+)$/.exec(m.name) ?? [];
    return base !== undefined && PARTS_OF_DBT.has(base) && (prefix === undefined || prefix === 'default' || prefix === engine) ? [{ m, base }] : [];
  });
  if (found.length === 0 || entries.some((m) => m.name.startsWith('materialization_'))) return [];
  // What is written before a bracket: its own name among them.
  const called = new Set(ours.flatMap((m) => [...m.calls.filter((name) => name !== m.name), ...(readings.get(`${pkg}.${m.name}`)?.dispatches ?? [])]));
  for (const r of resources) if (isTemplated(r)) for (const name of r.macros) called.add(name);
  return found
    .filter(({ m, base }) => ![m.name, base, `${pkg}.${m.name}`, `dbt.${base}`, `adapter.${base}`, THROUGH[base] ?? base].some((name) => called.has(name)))
    .map(({ m, base }) =>
      warning('parse/unsupported', `The macro '${m.name}' changes nothing: dbt calls '${base}' while it builds, and dwt does not.`, {
        span: m.span,
        help: HELP,
      }),
    );
}
