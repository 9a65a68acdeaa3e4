// Looks at the SQL that a template hands to a portable macro, for what every engine treats alike: texts written out, numbers
// written out, terms that need no parentheses. In: an expression as text. Out: facts about it, or SQL.

/** A date part that an engine has no word for; the macro's caller is told. */
export class UnknownDatePart extends Error {
  constructor(macro: string, datepart: string) {
    super(`${macro} has no date part '${datepart}' on this engine.`);
  }
}

/** `'a text'`, written out. */
export function isTextLiteral(expression: string): boolean {
  return /^\s*'(?:[^']|'')*'\s*$/.test(expression);
}

/** `7`, `-13`, written out. */
export function isWholeNumber(expression: string): boolean {
  return /^\s*[-+]?\d+\s*$/.test(expression);
}

/** A moment for functions of dates: a text that is written out, and a bare null, get the type they lack. */
export function moment(expression: string): string {
  return isTextLiteral(expression) || /^\s*null\s*$/i.test(expression) ? `cast(${expression.trim()} as timestamp)` : expression;
}

/** An expression that may stand beside an operator: in parentheses unless it is a name, a literal or a call. */
export function operand(expression: string): string {
  const e = expression.trim();
  const plain = isTextLiteral(e) || /^(?:[\w.]+|"[^"]+"|`[^`]+`)(?:\.(?:\w+|"[^"]+"|`[^`]+`))*$/.test(e) || isCall(e);
  return plain ? expression : `(${e})`;
}

/** `name(…)` or `(…)` whose last parenthesis closes the first one. */
export function isCall(expression: string): boolean {
  const e = expression.trim();
  if (!/^\w*\(.*\)$/s.test(e)) return false;
  let depth = 0;
  for (const m of e.matchAll(/'(?:[^']|'')*'|[()]/g)) {
    if (m[0] === '(') depth++;
    else if (m[0] === ')' && --depth === 0) return m.index === e.length - 1;
  }
  return false;
}

/**
 * What `split_part` gives where engines differ: nothing is part 0, and without a delimiter the whole text is the one part. Null
 * where the engine's own function is to be asked.
 */
export function splitPartEdge(text: string, delimiter: string, n: number | string): string | null {
  const written = isWholeNumber(String(n)) ? Number(n) : undefined;
  if (written === 0) return `left(${text}, 0)`;
  if (delimiter.trim() !== "''") return null;
  if (written === undefined) return `case when abs(${n}) = 1 then ${text} else left(${text}, 0) end`;
  return Math.abs(written) === 1 ? text : `left(${text}, 0)`;
}

/** The length in `varchar(20)`, or null. */
export function textLength(type: string): number | null {
  const length = /\(\s*(\d+)\s*\)/.exec(type)?.[1];
  return length === undefined ? null : Number(length);
}
