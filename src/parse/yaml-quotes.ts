// Texts in quotes whose further lines stand no deeper than their key. YAML forbids it, dbt's reader takes it, and projects have it: the
// lines are put deeper before the text is read, which changes nothing of what it says, nor the line that anything stands in.
import { yamlLibrary } from '../project/yaml-library.ts';

/** The text with such lines put deeper; undefined where there are none. */
export function indentQuoted(text: string): string | undefined {
  let mended = text;
  for (let found = firstCutOff(mended); found !== undefined; found = firstCutOff(mended)) {
    const lineStart = mended.lastIndexOf('\n', found.from) + 1;
    const indent = ' '.repeat(found.from - lineStart + 1);
    const whole = mended.slice(found.from, found.to).replace(/\n[ \t]*(?=\S)/g, `\n${indent}`);
    // A line that cannot be put deeper would be found again and again.
    if (mended.slice(found.from, found.to) === whole) return undefined;
    mended = mended.slice(0, found.from) + whole + mended.slice(found.to);
  }
  return mended === text ? undefined : mended;
}

const CLOSED = { '"': /"(?:[^"\\]|\\[^])*"/y, "'": /'(?:[^']|'')*'/y } as const;

/** The first text in quotes of which the reader sees only the first lines: from its opening quote to behind its closing one. */
function firstCutOff(text: string): { readonly from: number; readonly to: number } | undefined {
  const { Lexer } = yamlLibrary();
  let at = 0;
  // Marks take no room; behind that of a scalar stands one without quotes of its own.
  let isPlain = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (/^[\u0002\u0018\u001f]$/.test(lexeme)) {
      isPlain = lexeme === '\u001f';
      continue;
    }
    const mark = lexeme[0];
    if (!isPlain && (mark === '"' || mark === "'")) {
      const closed = CLOSED[mark];
      closed.lastIndex = at;
      const match = closed.exec(text);
      if (match === null) return undefined;
      if (match[0].length > lexeme.length) return { from: at, to: at + match[0].length };
    }
    isPlain = false;
    at += lexeme.length;
  }
  return undefined;
}
