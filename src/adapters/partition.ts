// Partitions of tables by day, month or year of a field, as far as they are the same on all engines. In: a period as digits. Out:
// its name and its bounds; and back, how a table stands that was partitioned so, from the names of its partitions.
import { DATE_PATTERN, whole } from './server/patterns.ts';

export type Granularity = 'day' | 'month' | 'year';

/** What a field holds: dates and times, or whole numbers that are days as yyyymmdd. */
export type FieldKind = 'moment' | 'int';

/** A day, month or year: `202402`, from 2024-02-01 to before 2024-03-01. */
export interface Period {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** A table that `PartitionSql.create` made, as it stands. */
export interface StandingPartitions {
  readonly field: string;
  readonly periods: readonly Period[];
  /** Null while there is no period. */
  readonly granularity: Granularity | null;
  /** Names of its partitions in the order of the engine. */
  readonly names: readonly string[];
}

/** Digits of a period's name. */
export const DIGITS: Readonly<Record<Granularity, number>> = { year: 4, month: 6, day: 8 };

/** Years with periods. Rows of others, such as an open end at 9999-12-31, have none. */
const FIRST_YEAR = 1000;
const LAST_YEAR = 9998;

const DAY = new RegExp(whole(DATE_PATTERN));

/** The period that `2024`, `202402` or `20240229` names, or null where there is no such year, month or day, or it has no partition of its own. */
export function periodOf(name: string): Period | null {
  if (!/^(\d{4}|\d{6}|\d{8})$/.test(name)) return null;
  const [year, month, day] = [name.slice(0, 4), name.slice(4, 6) || '01', name.slice(6) || '01'];
  const from = `${year}-${month}-${day}`;
  if (!DAY.test(from) || Number(year) < FIRST_YEAR || Number(year) > LAST_YEAR) return null;
  const next = new Date(`${from}T00:00:00Z`);
  if (name.length === DIGITS.year) next.setUTCFullYear(next.getUTCFullYear() + 1);
  else if (name.length === DIGITS.month) next.setUTCMonth(next.getUTCMonth() + 1);
  else next.setUTCDate(next.getUTCDate() + 1);
  return { name, from, to: next.toISOString().slice(0, 10) };
}

/** A bound as a literal: a quoted day, or the day as a number. */
export function boundLiteral(day: string, kind: FieldKind): string {
  return kind === 'int' ? day.replaceAll('-', '') : `'${day}'`;
}

/** How a table stands whose partitions have these periods. */
export function standing(field: string, periods: readonly Period[], names: readonly string[]): StandingPartitions {
  const granularity = (Object.keys(DIGITS) as Granularity[]).find((g) => periods[0]?.name.length === DIGITS[g]) ?? null;
  return { field, periods, granularity, names };
}
