// Common table expressions put before a query: into its own WITH where it has one, else in a new one. The query's text
// after that point is untouched. Comments, strings and quoted names before the first keyword are skipped, not searched.
import type { Origin } from './origin.ts';

export interface Cte {
  /** Id of the ephemeral model. */
  readonly id: string;
  /** As it stands in SQL, quoted. */
  readonly name: string;
  readonly sql: string;
  /** Where its text comes from. */
  readonly origin: Origin | null;
}

/** The query with the CTEs first, and where its parts come from. */
export function prependCtes(sql: string, origin: Origin | null, ctes: readonly Cte[]): { readonly sql: string; readonly origins: readonly Origin[] } {
  const origins: Origin[] = [];
  let whole = '';
  const write = (text: string, from: Origin | null, skip = 0): void => {
    if (from !== null) origins.push({ ...from, start: whole.length, end: whole.length + text.length, skip: from.skip + skip });
    whole += text;
  };
  if (ctes.length === 0) {
    write(sql, origin);
    return { sql: whole, origins };
  }
  const start = skipComments(sql);
  const own = /^with(\s+recursive)?\b/i.exec(sql.slice(start));
  const end = own === null ? 0 : start + own[0].length;
  write(sql.slice(0, end), origin);
  whole += own === null ? 'with ' : ' ';
  ctes.forEach((cte, i) => {
    whole += `${i === 0 ? '' : ', '}${cte.name} as (\n`;
    write(cte.sql, cte.origin);
    whole += '\n)';
  });
  whole += own === null ? '\n' : ',';
  write(sql.slice(end), origin, end);
  return { sql: whole, origins };
}

/** Where the first token that is no comment begins. */
function skipComments(sql: string): number {
  const gap = /\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\//y;
  let i = 0;
  for (;;) {
    gap.lastIndex = i;
    const found = gap.exec(sql);
    if (found === null || found[0] === '') return i;
    i += found[0].length;
  }
}
