// Counting without recursion: servers stop recursive queries at a depth that differs (MariaDB even silently), and a view would
// depend on its reader's setting. Digits 0–9 joined with themselves count as far as digits go; each join is cut at the count.

/** A query with one column: `value(n)` for n from 0 to below `count` (an expression), as far as `digits` digits reach. */
export function numbersQuery(column: string, value: (n: string) => string, count: string, digits: number): string {
  const ones = Array.from({ length: 10 }, (_, n) => `select ${n}${n === 0 ? ' as n' : ''}`).join(' union all ');
  const names = Array.from({ length: Math.max(1, digits) }, (_, i) => `d${digits - 1 - i}`);
  const term = (name: string): string => (name === 'd0' ? 'd0.n' : `${10 ** Number(name.slice(1))} * ${name}.n`);
  // From the highest digit down, in this order: what already reaches the count is not joined further.
  const conditions = names.map(
    (_, i) =>
      `${names
        .slice(0, i + 1)
        .map(term)
        .join(' + ')} < ${count}`,
  );
  const from = names.map((name, i) => `${i === 0 ? '' : 'straight_join '}(${ones}) as ${name}`).join('\n');
  return `select ${value(`(${names.map(term).join(' + ')})`)} as ${column}\nfrom ${from}\nwhere ${conditions.join('\n  and ')}`;
}
