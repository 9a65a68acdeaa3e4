// Names in a configuration that have to be columns of the node's query. In: keys of the configuration with the names in
// them, the columns there are. Throws with every name that is none of them, and the near one.
import { type Diagnostic, error, Failure } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { asTexts } from '../project/config.ts';
import type { Model, Snapshot } from '../project/resources.ts';

/** What looks like a name, and not like an expression over columns. */
export const isColumnName = (text: string): boolean => /^[\p{L}_][\p{L}\p{N}_$ ]*$/u.test(text);

/** A configured name without the quotes that a dialect may want around it: `"group"` is `group`. */
export function bareName(text: string): string {
  const quoted = /^(?:"((?:[^"]|"")+)"|`((?:[^`]|``)+)`)$/.exec(text);
  return quoted === null ? text : (quoted[1]?.replaceAll('""', '"') ?? quoted[2]!.replaceAll('``', '`'));
}

/** An incremental model. Whatever is left out of an update is left out too where no column is called so, unless it is nearly. */
export function checkIncrementalColumns(node: Model, columns: readonly string[]): void {
  const found = misnamed(node, 'unique_key', asTexts(node.config['unique_key']), columns);
  if (node.config['incremental_strategy'] === 'merge') {
    found.push(...misnamed(node, 'merge_update_columns', asTexts(node.config['merge_update_columns']), columns));
    found.push(
      ...misnamed(node, 'merge_exclude_columns', asTexts(node.config['merge_exclude_columns']), columns).filter((d) => d.help?.startsWith('Did') === true),
    );
  }
  if (found.length > 0) throw new Failure(found);
}

/** A snapshot. */
export function checkSnapshotColumns(node: Snapshot, columns: readonly string[]): void {
  const { strategy, unique_key: key, updated_at: updatedAt, check_cols: checked } = node.config;
  const found = [
    ...misnamed(node, 'unique_key', asTexts(key), columns),
    ...misnamed(node, 'updated_at', typeof updatedAt === 'string' ? [updatedAt] : [], columns),
    ...(strategy === 'check' && checked !== 'all' ? misnamed(node, 'check_cols', asTexts(checked), columns, true) : []),
  ];
  if (found.length > 0) throw new Failure(found);
}

/** `always`: it can be nothing but a name. */
function misnamed(node: Model | Snapshot, key: string, names: readonly string[], columns: readonly string[], always = false): Diagnostic[] {
  const have = new Set(columns.map((c) => c.toLowerCase()));
  return names
    .filter((name) => (always || isColumnName(name)) && !have.has(bareName(name).toLowerCase()))
    .map((name) =>
      error('plan/bad-result', `${key} of ${node.type} '${node.name}' names '${name}', which its query does not have.`, {
        config: { key, text: name },
        help: didYouMean(bareName(name), columns) ?? `Columns: ${columns.join(', ')}.`,
      }),
    );
}
