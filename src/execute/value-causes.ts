// A value that does not fit shows while a query runs, and engines seldom say where: at a division, a cast, or in a view, whose
// query runs where it is read. In: the message and SQL, or the files of views. Out: the places that the message can be about.
import type { Related } from '../diagnostics/diagnostic.ts';
import { label, type Resource } from '../project/resources.ts';
import { operatorsIn, wordsOf } from './sql-text.ts';

/** Offsets in SQL of what the message can be about. */
export function causesIn(sql: string, message: string): readonly number[] {
  if (/division by (zero|0)|divide by zero/i.test(message)) return operatorsIn(sql, /[/%]/);
  const column = /source column (\S+)|for column (?:`[^`]*`\.)*[`']?([^`'\s]+)/
    .exec(message)
    ?.slice(1)
    .find((name) => name !== undefined);
  const type = /for type (\w+)|incorrect (\w+) value/i.exec(message);
  const name = type?.[1] ?? type?.[2];
  return column === undefined && name === undefined ? [] : conversions(sql, column, name);
}

/** The place in a view or ephemeral model above the node that the message can be about, where there is just one. */
export function causesInViews(message: string, views: readonly Resource[], readText: (file: string) => string): readonly Related[] {
  const places = views.flatMap((view) => {
    const text = read(view.file, readText);
    if (text === undefined) return [];
    return causesIn(text, message).map((offset): Related => ({
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

/** Engines name types their own way. */
function isType(written: string | undefined, named: string | undefined): boolean {
  if (written === undefined || named === undefined) return false;
  const [a, b] = [written.toLowerCase(), named.toLowerCase()];
  return a === b || FAMILIES.some((family) => family.test(a) && family.test(b));
}

const FAMILIES = [/^(int|bigint|smallint|signed|unsigned)/, /^(numeric|decimal|double|float|real)/, /^(timestamp|datetime)/];

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
