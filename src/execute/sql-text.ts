// SQL as text, read just far enough for messages: where its words stand, outside of strings and comments. In: SQL as it was
// sent or compiled. Out: words with their offsets, and what they stand for.

export interface Word {
  /** Without quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Not a word of the language: written in the quotes of an identifier. */
  readonly quoted: boolean;
}

const PIECE =
  /'(?:[^']|'')*'|--[^\n]*|\{\{[\s\S]*?\}\}|\{[%#][\s\S]*?[%#]\}|\/\*[\s\S]*?\*\/|"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|([\p{L}_][\p{L}\p{N}_$]*)|(;)/gu;

/** Words and identifiers in order; a semicolon counts as one. What a template does is left out. */
export function wordsOf(sql: string): Word[] {
  return [...sql.matchAll(PIECE)].flatMap((m) => {
    const text = m[1] ?? m[2] ?? m[3] ?? m[4];
    return text === undefined ? [] : [{ text, start: m.index, end: m.index + m[0].length, quoted: m[1] !== undefined || m[2] !== undefined }];
  });
}

/** Where an operator stands. */
export function operatorsIn(sql: string, operator: RegExp): number[] {
  const blank = sql.replace(PIECE, (text) => ' '.repeat(text.length));
  return [...blank.matchAll(new RegExp(operator, 'g'))].map((m) => m.index);
}

/** Where `name` or `qualifier.name` first stands, its first character. */
export function findName(sql: string, name: string): number | undefined {
  const wanted = name.toLowerCase().split('.');
  const words = wordsOf(sql);
  const at = words.findIndex((_, i) =>
    wanted.every((part, n) => words[i + n]?.text.toLowerCase() === part && (n === 0 || joined(sql, words[i + n - 1]!, words[i + n]!))),
  );
  return words[at]?.start;
}

function joined(sql: string, a: Word, b: Word): boolean {
  return sql.slice(a.end, b.start).trim() === '.';
}

/** Names that the query gives by `as`. */
export function givenNames(sql: string): string[] {
  const words = wordsOf(sql);
  return words.flatMap((w, i) =>
    i > 0 && !words[i - 1]!.quoted && words[i - 1]!.text.toLowerCase() === 'as' && !KEYWORDS.has(w.text.toLowerCase()) ? [w.text] : [],
  );
}

/** Tables of the query by the names that columns may have before their dot. The value is the last part of the table's own name. */
export function tablesOf(sql: string): ReadonlyMap<string, string> {
  const words = wordsOf(sql);
  const tables = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word.quoted || !/^(from|join|update|into|using)$/i.test(word.text)) continue;
    let last = i + 1;
    while (words[last + 1] !== undefined && joined(sql, words[last]!, words[last + 1]!)) last++;
    const table = words[last];
    if (table === undefined || (!table.quoted && KEYWORDS.has(table.text.toLowerCase()))) continue;
    const as = words[last + 1];
    const alias = as !== undefined && !as.quoted && as.text.toLowerCase() === 'as' ? words[last + 2] : as;
    const named = alias !== undefined && (alias.quoted || !KEYWORDS.has(alias.text.toLowerCase())) && /^\s*(as\s+)?$/i.test(sql.slice(table.end, alias.start));
    tables.set(named ? alias.text : table.text, table.text);
  }
  return tables;
}

/** Words of the language, as far as people misspell them or they may follow a table. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'select from where group order by having limit offset join left right inner outer full cross on using union all distinct as and or not in is null ' +
    'case when then else end with recursive between like exists cast over partition window qualify intersect except asc desc values set insert into ' +
    'update delete natural lateral fetch for interval extract filter rows range true false returning tablesample pivot unpivot sample'
  ).split(' '),
);
