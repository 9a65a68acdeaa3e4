// Counting without recursion: servers stop recursive queries at a depth that differs (MariaDB even silently), and a view would
// depend on its reader's setting. Digits 0–9 joined with themselves count as far as digits go; each join is cut at the bound.

/** A query with one column: `value(n)` for n from 0 to `last` (an expression), for up to `digits` digits, where `keep(n)` holds. */
export function numbersQuery(
  column: string,
  value: (n: string) => string,
  last: string,
  digits: number,
  never: string | null,
  keep?: (n: string) => string,
): string {
  const ones = Array.from({ length: 10 }, (_, n) => `select ${n}${n === 0 ? ' as n' : ''}`).join(' union all ');
  const names = Array.from({ length: Math.max(1, digits) }, (_, i) => `d${digits - 1 - i}`);
  const term = (name: string): string => (name === 'd0' ? 'd0.n' : `${10 ** Number(name.slice(1))} * ${name}.n`);
  const number = `(${names.map(term).join(' + ')})`;
  // From the highest digit down: what already exceeds the bound is not joined further.
  const cuts = names.map(
    (_, i) =>
      `${names
        .slice(0, i + 1)
        .map(term)
        .join(' + ')} <= ${last}`,
  );
  const conditions = [...(never === null ? cuts : [never]), ...(keep ? [keep(number)] : [])];
  const from = names.map((name, i) => `${i === 0 ? '' : 'cross join '}(${ones}) as ${name}`).join('\n');
  return `select ${value(number)} as ${column}\nfrom ${from}\nwhere ${conditions.join('\n  and ')}`;
}
