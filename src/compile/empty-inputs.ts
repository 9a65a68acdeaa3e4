// --empty: every input is read as a subquery without rows. Some engines want a name for a subquery, and a template may
// give it one of its own (`{{ ref('orders') }} o`); so names are added afterwards, where none follows.

const END = 'where false limit 0)';

/** A relation, quoted, as an input without rows. */
export function emptyInput(relation: string): string {
  return `(select * from ${relation} ${END}`;
}

const CLAUSES = new Set(
  'where join on left right inner full outer cross group order limit union having window using natural lateral except intersect qualify for fetch offset tablesample pivot unpivot straight_join set when'.split(
    ' ',
  ),
);

/** Names the subqueries of `emptyInput` that the text does not name. `quote` is the engine's. */
export function nameEmptyInputs(sql: string, quote: (identifier: string) => string): string {
  let count = 0;
  return sql
    .split(END)
    .map((piece, i, all) => {
      if (i === all.length - 1) return piece;
      const next = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:as\b|(["`])|([A-Za-z_]\w*))?/i.exec(all[i + 1]!)!;
      const named = /\bas$/i.test(next[0]) || next[1] !== undefined || (next[2] !== undefined && !CLAUSES.has(next[2].toLowerCase()));
      return `${piece}${END}${named ? '' : ` as ${quote(`_empty_${++count}`)}`}`;
    })
    .join('');
}
