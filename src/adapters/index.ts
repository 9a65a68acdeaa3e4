// The engines there are. In: the `type` of a target. Out: its adapter. Importing all of them loads no driver.
import type { Adapter } from './adapter.ts';
import { duckdb } from './duckdb/index.ts';
import { mysql } from './mysql/index.ts';
import { postgres } from './postgres/index.ts';

const ADAPTERS: readonly Adapter[] = [duckdb, postgres, mysql];

/** Stands in where a project's own engine is not known yet. */
export const anyAdapter: Adapter = duckdb;

/** The adapter whose type, or another spelling of it, is `type`; undefined where there is none. */
export function findAdapter(type: string): Adapter | undefined {
  const wanted = type.trim().toLowerCase();
  return ADAPTERS.find((adapter) => adapter.type === wanted || adapter.aliases.includes(wanted));
}

/** Every type a target may name, aliases included. */
export function adapterTypes(): string[] {
  return ADAPTERS.flatMap((adapter) => [adapter.type, ...adapter.aliases]);
}
