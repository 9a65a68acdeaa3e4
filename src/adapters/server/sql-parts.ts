// Small pieces of SQL text that the server engines write the same way.

/** A date part as engines spell it: lower case, singular, without quotes. */
export function part(datepart: string): string {
  const p = datepart.trim().toLowerCase().replace(/^'|'$/g, '');
  const singular = p.endsWith('s') ? p.slice(0, -1) : p;
  return { weekday: 'dayofweek', dow: 'dayofweek', doy: 'dayofyear', isoweek: 'week' }[singular] ?? singular;
}

/** `order by x` whether the caller wrote the words or not. */
export function orderClause(orderBy: string): string {
  return /^\s*order\s+by\b/i.test(orderBy) ? orderBy.trim() : `order by ${orderBy.trim()}`;
}

/** `2024-01-05` from numbers. */
export function isoDate(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Rows as `values`; the server converts texts to the types of the columns. */
export function valuesOf(rows: readonly (readonly (string | number | null)[])[], stringLiteral: (text: string) => string): string {
  const cell = (v: string | number | null): string => (v === null ? 'null' : typeof v === 'number' ? String(v) : stringLiteral(v));
  return `values\n${rows.map((row) => `(${row.map(cell).join(', ')})`).join(',\n')}`;
}
