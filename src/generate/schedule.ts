// When the rows of a table appear. In: its counts, growth and rhythm. Out: how many rows there are on a day, and the day
// a row arrives. Later rows have higher numbers, so the rows of a day are always a prefix of those of any later day.
import { daysInMonth, fromDay, weekday } from './calendar.ts';
import type { Table } from './declaration.ts';
import { createRandom, randomKey } from './random.ts';

/** The arrivals of a table's made rows (fixed rows are not counted). */
export interface Schedule {
  /** How many rows have arrived by the end of `day`. */
  count(day: number): number;
  /** The day row `index` arrives, or −Infinity where it has always been there. */
  arrived(index: number): number;
  /** Rows there on the as-of date. */
  readonly base: number;
}

const FAR = 3_652_059; // 9999 years: where a row that never arrives is looked for no further

/** The schedule of `table`; `scale` multiplies its rows and its growth. */
export function createSchedule(table: Table, seed: number, asOf: number, scale: number): Schedule {
  const base = Math.round(table.rows * scale);
  const weigh = weigher(table, seed);
  const { arrive, grow } = table;

  // Base rows by day: counts[k] rows by the end of day `from + k`.
  const counts: number[] = [];
  if (arrive !== undefined) {
    const sums: number[] = [];
    let sum = 0;
    for (let day = arrive.from; day <= arrive.to; day++) sums.push((sum += weigh(day)));
    for (const s of sums) counts.push(sum === 0 ? 0 : Math.floor((s / sum) * base + 0.5));
    counts[counts.length - 1] = base;
  }

  // Growth by day: grown[k] rows by the end of day `asOf + 1 + k`, made as far as asked for.
  const grown: number[] = [];
  let total = 0;
  const extend = (): void => {
    const day = asOf + 1 + grown.length;
    total += grow === undefined ? 0 : (grow.rows / daysOf(grow.per, day)) * scale * weigh(day);
    grown.push(Math.floor(total));
  };

  return {
    base,
    count(day) {
      if (day <= asOf) {
        if (arrive === undefined) return base;
        return day < arrive.from ? 0 : (counts[day - arrive.from] ?? base);
      }
      if (grow === undefined) return base;
      while (grown.length < day - asOf) extend();
      return base + grown[day - asOf - 1]!;
    },
    arrived(index) {
      if (index < base) return arrive === undefined ? -Infinity : arrive.from + firstAbove(counts, index);
      while (grow !== undefined && total <= index - base + 1 && grown.length < FAR) extend();
      return asOf + 1 + firstAbove(grown, index - base);
    },
  };
}

/** The first position whose count is above `index`. */
function firstAbove(counts: readonly number[], index: number): number {
  let low = 0;
  let high = counts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (counts[middle]! > index) high = middle;
    else low = middle + 1;
  }
  return low;
}

function daysOf(per: 'day' | 'week' | 'month' | 'year', day: number): number {
  if (per === 'day') return 1;
  if (per === 'week') return 7;
  const { year, month } = fromDay(day);
  return per === 'month' ? daysInMonth(year, month) : daysInMonth(year, 2) + 337;
}

/** How busy a day is, 1 on average over weekdays and months. */
function weigher(table: Table, seed: number): (day: number) => number {
  const { rhythm } = table;
  if (rhythm === undefined) return () => 1;
  const random = createRandom();
  const key = randomKey(seed, table.name, 'rhythm');
  const mean = (weights: readonly number[] | undefined): number => (weights === undefined ? 1 : weights.reduce((a, b) => a + b, 0) / weights.length);
  const [byWeekday, byMonth] = [mean(rhythm.weekdays), mean(rhythm.months)];
  return (day) => {
    let weight = (rhythm.weekdays?.[weekday(day) - 1] ?? byWeekday) / byWeekday;
    if (rhythm.months !== undefined) weight *= rhythm.months[fromDay(day).month - 1]! / byMonth;
    random.at(key, day + FAR);
    return weight * (1 + rhythm.noise * (2 * random.next() - 1));
  };
}
