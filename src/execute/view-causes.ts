// A view's query runs where it is read, so a value that does not fit shows there, far from the cast that is wrong. In: the
// refused statement's message and what the node reads. Out: the place in the view that the message can be about.
import type { Related } from '../diagnostics/diagnostic.ts';
import { label, type Resource } from '../project/resources.ts';
import { wordsOf } from './sql-text.ts';

/** Places in views and ephemeral models above the node where a column of the message is converted. */
export function causesInViews(message: string, views: readonly Resource[], readText: (file: string) => string): readonly Related[] {
  const column = /source column (\S+)/.exec(message)?.[1];
  const type = /for type (\w+)/.exec(message)?.[1];
  if (column === undefined && type === undefined) return [];
  const places = views.flatMap((view) => {
    const text = read(view.file, readText);
    if (text === undefined) return [];
    return conversions(text, column, type).map((offset): Related => ({
      message: `it may come from here, in ${label(view)}, a view`,
      span: spanAt(view.file, text, offset),
    }));
  });
  return places.length === 1 ? places : [];
}

/** Where `cast(column …` and `column::` stand; without a name, where something is converted to the type. */
function conversions(text: string, column: string | undefined, type: string | undefined): number[] {
  const words = wordsOf(text);
  const wanted = column?.toLowerCase();
  return words.flatMap((w, i) => {
    if (/^(try_)?cast$/i.test(w.text)) {
      const inside = words.slice(i + 1, i + 8).map((one) => one.text.toLowerCase());
      const meant = wanted === undefined ? isType(inside[inside.indexOf('as') + 1], type) : inside[0] === wanted || inside[1] === wanted;
      return meant ? [w.start] : [];
    }
    if (!/^\s*::/.test(text.slice(w.end))) return [];
    return (wanted === undefined ? isType(words[i + 1]?.text, type) : w.text.toLowerCase() === wanted) ? [w.start] : [];
  });
}

function isType(written: string | undefined, type: string | undefined): boolean {
  return type !== undefined && written !== undefined && (written.toLowerCase() === type.toLowerCase() || (/^int/i.test(written) && /^int/i.test(type)));
}

function spanAt(file: string, text: string, offset: number): Related['span'] {
  const before = text.slice(0, offset);
  const column = offset - before.lastIndexOf('\n');
  const length = /^\w+(\(\s*[\w."]+)?/.exec(text.slice(offset))?.[0].length ?? 1;
  return { file, line: before.split('\n').length, column, endColumn: column + length };
}

function read(file: string, readText: (file: string) => string): string | undefined {
  try {
    return readText(file);
  } catch {
    return undefined;
  }
}
