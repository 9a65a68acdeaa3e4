// Help with SQL that an engine cannot parse: the few slips behind most of such errors, recognised by what stands at the
// place it stopped at.
import { nearest } from '../diagnostics/nearest.ts';
import { KEYWORDS, tablesOf, wordsOf, type Word } from './sql-text.ts';

/** What is likely wrong at an offset of a query that does not parse, or nothing. */
export function helpWithSyntax(sql: string, offset: number): string | undefined {
  return severalStatements(sql) ?? typographicQuote(sql, offset) ?? misspeltKeyword(sql, offset) ?? missingComma(sql, offset);
}

/** A model is one query. */
function severalStatements(sql: string): string | undefined {
  const words = wordsOf(sql);
  const first = words.findIndex((w) => w.text === ';' && !w.quoted);
  return first >= 0 && words.slice(first + 1).some((w) => w.text !== ';')
    ? 'These are several statements: a query is one. What has to run before or after it goes into a pre_hook or post_hook.'
    : undefined;
}

function typographicQuote(sql: string, offset: number): string | undefined {
  return /[\u2018-\u201f]/.test(sql[offset] ?? '') ? "It is a typographic quote: write '." : undefined;
}

/** The word at the place, or the one before it, which then was taken for an alias. */
function misspeltKeyword(sql: string, offset: number): string | undefined {
  const words = wordsOf(sql);
  const at = words.findIndex((w) => w.end > offset);
  const here = at < 0 ? undefined : words[at];
  const near = here === undefined || here.start > offset ? undefined : keywordNear(here);
  if (near !== undefined) return near;
  const before = at < 0 ? words.at(-1) : words[at - 1];
  if (before === undefined) return undefined;
  const known = new Set([...tablesOf(sql).values()].map((t) => t.toLowerCase()));
  const twice = words.filter((w) => w.text === before.text).length > 1;
  return twice || known.has(before.text.toLowerCase()) ? undefined : keywordNear(before, true);
}

function keywordNear(word: Word, sameLetters = false): string | undefined {
  const text = word.text.toLowerCase();
  if (word.quoted || KEYWORDS.has(text)) return undefined;
  const near = nearest(text, KEYWORDS);
  // A name may be near to a keyword by chance (orders, order), less so with its very letters (form, from).
  const isMeant = near !== undefined && (!sameLetters || [...near].toSorted().join('') === [...text].toSorted().join(''));
  return isMeant ? `Did you mean '${near}'?` : undefined;
}

/** `a.x⏎ a.y`: the first letter of the next line was taken for an alias. */
function missingComma(sql: string, offset: number): string | undefined {
  const lineStart = sql.lastIndexOf('\n', offset - 1) + 1;
  if (lineStart === 0 || !/^\s*(?:[\p{L}_"`][\p{L}\p{N}_"`$]*\s*)?$/u.test(sql.slice(lineStart, offset))) return undefined;
  const above = sql.slice(0, lineStart).trimEnd();
  const last = /([\p{L}\p{N}_"'`$)]+)$/u.exec(above)?.[1];
  if (last === undefined || KEYWORDS.has(last.toLowerCase())) return undefined;
  const clause = [...above.matchAll(/\b(select|from|where|group by|order by|having|on)\b/gi)].at(-1)?.[1]?.toLowerCase();
  return clause === 'select' || clause === 'group by' || clause === 'order by' ? 'Is a comma missing at the end of the line above?' : undefined;
}
