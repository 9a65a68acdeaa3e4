// Foreign keys of tables, as plans handle them: what an engine tells of those that stand, and names for those that dwt makes.
import { createHash } from 'node:crypto';
import type { Relation } from '../project/relation.ts';
import type { Table } from './adapter.ts';

/** A foreign key that stands. */
export interface ForeignKey {
  readonly name: string;
  readonly table: Relation;
  readonly columns: readonly string[];
  readonly to: Relation;
  readonly toColumns: readonly string[];
  /** What follows its name where it is made: `foreign key (…) references …`. */
  readonly definition: string;
}

/** SQL of foreign keys that are added to tables, and taken from them. */
export interface ForeignKeySql {
  /** A query of the foreign keys of a table, in the columns that `readForeignKeys` reads. */
  of(r: Relation): string;
  /** The same of the foreign keys of other tables that point to `r`. */
  pointingTo(r: Relation): string;
  add(table: Relation, name: string, definition: string): string;
  drop(table: Relation, name: string): string;
  /**
   * Statements around `add` where it would copy the table to check it; then a plan has to look for rows that violate the key. Null where the
   * engine checks what stands without copying.
   */
  readonly unchecked: { readonly before: string; readonly after: string } | null;
  /**
   * Statements around what adds, drops or moves keys, so that sessions of dwt do so one after the other; without `after`, to the end of the
   * transaction. `rows`, before rows are put into a table with keys, keeps others from changing keys meanwhile; null where the engine takes the tables
   * that keys point to in one order.
   */
  readonly alone: { readonly before: string; readonly after: string | null; readonly rows: string | null };
  /** `add` as far as possible: what is in the way is no error but the answer to `problem`, a query of one text or null. Null where a failure leaves the transaction as it is. */
  readonly attempt: { readonly add: (table: Relation, name: string, definition: string) => string; readonly problem: string } | null;
}

/** Rows of name, schema and table, columns, schema and table that it points to, columns there, definition; columns as JSON lists. */
export function readForeignKeys(rows: Table['rows'], database: string | null): readonly ForeignKey[] {
  const list = (cell: unknown): readonly string[] => JSON.parse(String(cell)) as string[];
  return rows.map(([name, schema, table, columns, toSchema, toTable, toColumns, definition]) => ({
    name: String(name),
    table: { database, schema: String(schema), identifier: String(table) },
    columns: list(columns),
    to: { database, schema: String(toSchema), identifier: String(toTable) },
    toColumns: list(toColumns),
    definition: String(definition),
  }));
}

/** A name that tells by its beginning that dwt made the key. `build` tells tables apart that stand side by side, where a schema has each name once. */
export function foreignKeyName(definition: string, table: Relation, build: string): string {
  const digest = createHash('md5')
    .update(JSON.stringify([table.schema, table.identifier, definition, build]))
    .digest('hex');
  return `dwt_fk_${digest.slice(0, 16)}`;
}

export function isOwnForeignKeyName(name: string): boolean {
  return /^dwt_fk_[0-9a-f]{16}$/.test(name);
}
