// A condition that all engines write alike.

/** `(a, b) in (select a, b from source) and (predicate)`. A row with a null key matches nothing. */
export function matching(keys: readonly string[], predicates: readonly string[], source: string): string {
  const list = keys.join(', ');
  return [`${keys.length === 1 ? list : `(${list})`} in (\n  select ${list} from ${source}\n)`, ...predicates.map((p) => `(${p})`)].join('\nand ');
}
