// Common table expressions put before a query: into its own WITH where it has one, else in a new one. The query's text
// after that point is untouched. Comments, strings and quoted names before the first keyword are skipped, not searched.

export interface Cte {
  /** As it stands in SQL, quoted. */
  readonly name: string;
  readonly sql: string;
}

/** The query with the CTEs first. */
export function prependCtes(sql: string, ctes: readonly Cte[]): string {
  if (ctes.length === 0) return sql;
  const list = ctes.map((c) => `${c.name} as (\n${c.sql}\n)`).join(', ');
  const start = skipComments(sql);
  const own = /^with(\s+recursive)?\b/i.exec(sql.slice(start));
  if (own === null) return `with ${list}\n${sql}`;
  const end = start + own[0].length;
  return `${sql.slice(0, end)} ${list},${sql.slice(end)}`;
}

/** Where the first token that is no comment begins. */
function skipComments(sql: string): number {
  let i = 0;
  for (;;) {
    const rest = sql.slice(i);
    const gap = /^(\s+|--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/)/.exec(rest);
    if (gap === null || gap[0] === '') return i;
    i += gap[0].length;
  }
}
