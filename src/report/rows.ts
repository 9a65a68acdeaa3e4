// Rows for people and for programs: a table that fits the terminal, JSON with exact values, CSV.
import { type Cell, Decimal, type Table } from '../adapters/adapter.ts';
import type { Palette } from './palette.ts';
import { displayWidth, fit, harmless, pad } from './width.ts';

/** A cell as text. Null is empty here; `printTable` shows it as its own. */
export function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  if (cell instanceof Uint8Array) return `0x${Buffer.from(cell).toString('hex')}`;
  if (typeof cell === 'object' && !(cell instanceof Decimal)) return JSON.stringify(jsonCell(cell));
  return String(cell);
}

/** A cell as JSON: decimals and 64-bit integers as numbers where a double holds them exactly, else as text. */
export function jsonCell(cell: Cell): unknown {
  if (cell instanceof Decimal) return cell.toJSON();
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
  if (typeof cell === 'number' && !Number.isFinite(cell)) return String(cell);
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString('hex');
  if (Array.isArray(cell)) return cell.map((c) => jsonCell(c as Cell));
  if (typeof cell === 'object' && cell !== null) return Object.fromEntries(Object.entries(cell).map(([k, v]) => [k, jsonCell(v)]));
  return cell;
}

/** Names of columns, each once: a second `a` is `a_2`. */
function distinct(names: readonly string[]): readonly string[] {
  const used = new Set(names);
  return names.map((name, i) => {
    if (names.indexOf(name) === i) return name;
    let n = 2;
    while (used.has(`${name}_${n}`)) n++;
    used.add(`${name}_${n}`);
    return `${name}_${n}`;
  });
}

const MOMENT = /^(\d{4,})(-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d(?:\.\d+)?)(?:([+-]\d\d)(?::?(\d\d))?)?)?(?: \(?BC\)?)?$/;

/** A date or a moment as engines write it, in ISO 8601: a `T` before the time, an offset with minutes, 44 BC as the year -0043. */
export function isoText(text: string): string {
  const m = MOMENT.exec(text);
  if (m === null) return text;
  const [, year, day, time, hours, minutes] = m;
  const before = text.includes('BC');
  const astronomical = before ? 1 - Number(year) : Number(year);
  const shownYear = astronomical < 0 ? `-${String(-astronomical).padStart(4, '0')}` : before ? '0000' : year!;
  return `${shownYear}${day!}${time === undefined ? '' : `T${time}`}${hours === undefined ? '' : `${hours}:${minutes ?? '00'}`}`;
}

/** A JSON array of objects, one row a line. Columns of one name are told apart. */
export function rowsAsJson(t: Table): string {
  const names = distinct(t.columns.map((c) => c.name));
  const moments = t.columns.map((c) => /^(date|timestamp)/i.test(c.type));
  const cell = (value: Cell, i: number): unknown => (moments[i] === true && typeof value === 'string' ? isoText(value) : jsonCell(value));
  const rows = t.rows.map((r) => JSON.stringify(Object.fromEntries(names.map((name, i) => [name, cell(r[i] ?? null, i)]))));
  return rows.length === 0 ? '[]' : `[\n${rows.map((r) => `  ${r}`).join(',\n')}\n]`;
}

export function rowsAsCsv(t: Table): string {
  const field = (s: string): string => (/[",\n\r]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s);
  return [t.columns.map((c) => field(c.name)).join(','), ...t.rows.map((r) => r.map((c) => field(cellText(c))).join(','))].join('\n');
}

/** A cell on one line, with nothing in it that a terminal would obey. */
function oneLine(text: string): string {
  return harmless(text.replace(/\r?\n/g, '⏎').replaceAll('\t', ' '));
}

/** A table no wider than `width`: wide columns give way first, then columns at the right are left out and counted. `readable`: the least width of a column by its name. */
export function printTable(t: Table, width: number, p: Palette, indent = '', readable: Readonly<Record<string, number>> = {}): string {
  const room = Math.max(20, width - indent.length);
  const numeric = t.columns.map((c) => /int|decimal|numeric|double|float|real|hugeint/i.test(c.type) && !/interval|point/i.test(c.type));
  const cells = t.rows.map((r) => r.map((c) => (c === null ? 'null' : oneLine(cellText(c)))));
  const widths = t.columns.map((c, i) => Math.max(displayWidth(c.name), ...cells.map((r) => displayWidth(r[i] ?? '')), 1));
  // A number or a date that is cut is another one: only texts give way.
  const whole = t.columns.map((c, i) => numeric[i]! || /^(date|time)/i.test(c.type));
  const least = widths.map((w, i) =>
    whole[i]! ? w : Math.min(w, Math.max(readable[t.columns[i]!.name] ?? 8, Math.min(displayWidth(t.columns[i]!.name), 24))),
  );
  const sum = (of: readonly number[]): number => of.slice(0, count).reduce((a, b) => a + b + 3, -1);
  let count = widths.length;
  while (count > 1 && sum(least) > room) count--;
  while (sum(widths) > room) {
    const widest = widths.slice(0, count).reduce((best, w, i) => (w > least[i]! && (best < 0 || w > widths[best]!) ? i : best), -1);
    if (widest < 0) break;
    widths[widest]!--;
  }
  const line = (parts: readonly string[]): string => `${indent} ${parts.join(p.dim(' │ '))}`.trimEnd();
  const head = line(t.columns.slice(0, count).map((c, i) => p.bold(pad(fit(c.name, widths[i]!), widths[i]!, numeric[i] ? 'right' : 'left'))));
  const rule = `${indent}${p.dim(
    widths
      .slice(0, count)
      .map((w) => '─'.repeat(w + 2))
      .join('┼'),
  )}`;
  const body = cells.map((r, n) =>
    line(
      r.slice(0, count).map((s, i) => {
        const text = pad(fit(s, widths[i]!), widths[i]!, numeric[i] ? 'right' : 'left');
        return t.rows[n]![i] === null ? p.dim(text) : text;
      }),
    ),
  );
  const left = t.columns.length - count;
  return [
    head,
    rule,
    ...body,
    ...(left > 0
      ? [
          `${indent} ${p.dim(
            `… ${left} more column${left > 1 ? 's' : ''}: ${fit(
              t.columns
                .slice(count)
                .map((c) => c.name)
                .join(', '),
              Math.max(10, room - 22),
            )}`,
          )}`,
        ]
      : []),
  ].join('\n');
}
