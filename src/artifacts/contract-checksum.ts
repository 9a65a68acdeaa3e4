// The checksum of a model's contract: names, types and constraints of its columns in Python's spelling, as dbt hashes them.
import { repr } from '../template/print.ts';
import { toValue } from '../template/values.ts';
import type { Model } from '../project/resources.ts';
import { sha256 } from './checksum.ts';
import { constraintDict } from './manifest-config.ts';

/** Of a model whose contract is enforced. `constraints` are those of the whole model, with all their keys. */
export function contractChecksum(m: Model, constraints: readonly Readonly<Record<string, unknown>>[]): string {
  const columns = Object.values(m.columns).toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const state = columns.map(
    (c) =>
      `|${c.name}${c.data_type ?? 'None'}${shown(
        'ColumnLevelConstraint',
        c.constraints.map((x) => constraintDict(x)),
      )}`,
  );
  if (m.config.materialized === 'table' || m.config.materialized === 'incremental')
    state.push(m.config.materialized, shown('ModelLevelConstraint', constraints));
  return sha256(state.join(''));
}

function shown(name: string, constraints: readonly Readonly<Record<string, unknown>>[]): string {
  return `[${constraints
    .map(
      (c) =>
        `${name}(${Object.entries(c)
          .map(([k, v]) => `${k}=${k === 'type' ? `<ConstraintType.${String(v)}: '${String(v)}'>` : repr(toValue(v))}`)
          .join(', ')})`,
    )
    .join(', ')}]`;
}
