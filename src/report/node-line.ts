// The line of a node, in columns: count, status, kind, name, what came of it, time. A terminal's lines are cut to fit and
// leave out what there is no room for; those of a pipe are whole.
//   12/40  OK     table       stg_orders                 1,000 rows    0.02s
import type { NodeResult } from '../execute/events.ts';
import type { Resource } from '../project/resources.ts';
import type { Palette } from './palette.ts';
import { displayWidth, fit, harmless, pad } from './width.ts';
import { duration, isError, nameOf, plural, STATUS_WORDS } from './words.ts';

/** What a line says, before it is laid out. */
export interface Line {
  /** `12/40`, or nothing. */
  readonly count: string;
  readonly status: string;
  readonly kind: string;
  /** The kind goes in front of the name where there is no room for its column. */
  readonly kindMatters?: boolean;
  readonly name: string;
  /** At the right: a number of rows. */
  readonly detail: string;
  /** After the name: why. */
  readonly reason: string;
  readonly time: string;
}

const STATUS = 5;
export const KIND = 11;
/** `unchanged`, `1,000,000 rows`. */
const DETAIL = 14;
const TIME = 7;
/** Narrower terminals do without the column. */
const ROOM_FOR_KIND = 64;
const ROOM_FOR_COUNT = 44;
const ROOM_FOR_DETAIL = 52;

/** Columns of the lines of one run. */
export class Layout {
  private readonly countWidth: number;
  private readonly longestName: number;

  /** `total` nodes with these names; the longest of them sets the width, within reason. */
  constructor(total: number, names: Iterable<string>) {
    this.countWidth = String(total).length * 2 + 1;
    let longest = 20;
    for (const name of names) longest = Math.max(longest, name.length);
    this.longestName = Math.min(longest, 60);
  }

  /** The line as text, `columns` wide at most. `tint` colours the status. */
  line(l: Line, columns: number | null, p: Palette, tint: (s: string) => string): string {
    const width = columns === null ? Infinity : columns - 1;
    const count = width >= ROOM_FOR_COUNT ? `${' '.repeat(2)}${p.dim(pad(l.count, this.countWidth, 'right'))}` : '';
    const kind = width >= ROOM_FOR_KIND ? `${p.dim(pad(l.kind, KIND))} ` : '';
    const left = `${count}  ${tint(l.status.padEnd(STATUS))}  ${kind}`;
    const leftWidth = (count === '' ? 0 : 2 + this.countWidth) + 2 + STATUS + 2 + (kind === '' ? 0 : Math.max(KIND, displayWidth(l.kind)) + 1);
    const withDetail = width >= ROOM_FOR_DETAIL;
    const right = 2 + (withDetail ? DETAIL + 2 : 0) + TIME;
    const least = Math.max(1, Math.min(this.longestName, width - leftWidth - right));
    const room = least + (withDetail ? DETAIL + 2 : 0);
    const time = l.time.padStart(TIME);
    const whole = kind === '' && l.kindMatters === true ? `${l.kind} of ${l.name}` : l.name;
    if (l.reason !== '') {
      const name = fit(whole, width === Infinity ? Infinity : room);
      const rest = Math.max(0, width === Infinity ? Infinity : room - displayWidth(name) - 2 + (l.time === '' ? TIME + 2 : 0));
      const reason = rest < 8 ? '' : fit(l.reason, rest);
      const text = `${name}${reason === '' ? '' : `  ${reason}`}`;
      return `${left}${name}${p.dim(`${reason === '' ? '' : `  ${reason}`}${l.time === '' ? '' : `${' '.repeat(Math.max(0, room - displayWidth(text)))}  ${time}`}`)}`.trimEnd();
    }
    // `first versions, 1,000 rows` beside a long name: the number says enough.
    const short = l.detail.slice(l.detail.lastIndexOf(', ') + 1).trim();
    const detail = !withDetail ? '' : displayWidth(l.detail) + 2 + displayWidth(whole) <= room || short === '' ? l.detail : short;
    const name = fit(whole, width === Infinity ? Infinity : room - (detail === '' ? 0 : displayWidth(detail) + 2));
    const gap = Math.max(0, room - displayWidth(name) - displayWidth(detail));
    return `${left}${name}${p.dim(`${' '.repeat(gap + (gap === 0 && detail !== '' ? 2 : 0))}${detail}  ${time}`)}`;
  }
}

/** What is to be said of a result. */
export function lineOf(r: NodeResult, index: number, total: number): Line {
  const because = (isError(r) && r.freshness === null) || r.status === 'skipped';
  return {
    count: index === 0 ? '' : `${index}/${total}`,
    status: STATUS_WORDS[r.status],
    kind: kindOf(r.resource, r),
    name: nameOf(r.resource),
    detail: because ? '' : detailOf(r),
    reason: because ? harmless(r.message.split('\n')[0]!) : '',
    time: r.status === 'skipped' ? '' : duration(r.ms),
  };
}

/** `table`, `seed`, `test`, `hook`. A model that was built says what it has become. */
export function kindOf(r: Resource, result?: NodeResult): string {
  if (r.type === 'operation') return 'hook';
  if (r.type !== 'model') return r.type;
  return result?.status === 'success' ? result.message.split(',')[0]! : r.config.materialized;
}

function detailOf(r: NodeResult): string {
  if (r.failures !== null && r.status !== 'pass') return plural(r.failures, 'row');
  const extra = r.message.includes(', ') ? r.message.slice(r.message.indexOf(', ') + 2) : '';
  if (extra === 'unchanged') return extra;
  const rows = r.rows === null ? '' : plural(r.rows, 'row');
  return [extra, rows].filter((s) => s !== '').join(', ');
}

/** The colour of a status. */
export function tintOf(status: NodeResult['status'], p: Palette): (s: string) => string {
  return status === 'success' || status === 'pass' ? p.green : status === 'warn' || status === 'skipped' ? p.yellow : p.red;
}
