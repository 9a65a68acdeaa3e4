// Names of indexes that the project does not name. In: the table and the index. Out: one name for one table, columns and kind, that
// tells what it is and by its end that dwt made it, so that an index no longer wanted is found again.
import { createHash } from 'node:crypto';
import type { Relation } from '../project/relation.ts';
import type { IndexSpec } from './adapter.ts';

/** Bytes that every engine takes. */
const LONGEST = 63;

/** `orders_customer_id_dwt_1f2e3d4c`, cut before its end where it would be too long. */
export function indexName(r: Relation, index: IndexSpec): string {
  if (index.name !== undefined) return index.name;
  const digest = createHash('md5')
    .update(JSON.stringify([r.schema, r.identifier, index.columns, index.unique ?? false, index.type?.toLowerCase() ?? null]))
    .digest('hex')
    .slice(0, 8);
  const end = `_dwt_${digest}`;
  const characters = Array.from([r.identifier, ...index.columns].join('_'));
  while (Buffer.byteLength(characters.join('')) > LONGEST - end.length) characters.pop();
  return `${characters.join('')}${end}`;
}

/** Whether `indexName` may have made it. */
export function isOwnIndexName(name: string): boolean {
  return /_dwt_[0-9a-f]{8}$/.test(name);
}
