// The line of a node, in columns: count, status, kind, name, what came of it, time. A terminal's lines are cut to fit and
// leave out what there is no room for; those of a pipe are whole.
//   12/40  OK     table       stg_orders                 1,000 rows    0.02s
import type { NodeResult } from '../execute/events.ts';
import { nameOf, type Resource } from '../project/resources.ts';
import type { Palette } from './palette.ts';
import { displayWidth, fit, harmless, pad } from './width.ts';
import { duration, isError, plural, STATUS_WORDS } from './words.ts';

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
export const ROOM_FOR_KIND = 64;
const ROOM_FOR_COUNT = 44;
const ROOM_FOR_DETAIL = 52;
/** Less of a reason tells nothing. */
export const SHORTEST_REASON = 8;

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

  /** The line as text, `columns` wide at most; null leaves it whole. `tint` colours the status. */
  line(l: Line, columns: number | null, p: Palette, tint: (s: string) => string): string {
    const width = columns === null ? Infinity : columns - 1;
    const shows = { count: width >= ROOM_FOR_COUNT, kind: width >= ROOM_FOR_KIND, detail: width >= ROOM_FOR_DETAIL };
    const count = shows.count ? `  ${pad(l.count, this.countWidth, 'right')}` : '';
    const kind = shows.kind ? `${pad(l.kind, KIND)} ` : '';
    const left = displayWidth(count) + 2 + STATUS + 2 + displayWidth(kind);
    const detailRoom = shows.detail ? DETAIL + 2 : 0;
    // For the name and what stands between it and the time.
    const longest = this.longestName + (shows.kind ? 0 : KIND + 1);
    const room = Math.max(1, Math.min(longest, width - left - detailRoom - 2 - TIME)) + detailRoom;
    const name = !shows.kind && l.kindMatters === true ? `${l.kind}${l.name.startsWith('(') ? '' : ' of'} ${l.name}` : l.name;
    const space: Space = { room, cuts: columns !== null };
    const rest = l.reason === '' ? withDetail(name, shows.detail ? l.detail : '', l.time, space, p) : withReason(name, l.reason, l.time, space, p);
    return `${p.dim(count)}  ${tint(l.status.padEnd(STATUS))}  ${p.dim(kind)}${rest}`;
  }
}

interface Space {
  readonly room: number;
  /** Whether what is longer is cut; in a pipe it is not. */
  readonly cuts: boolean;
}

/** `stg_orders                 1,000 rows    0.02s` */
function withDetail(name: string, detail: string, time: string, { room, cuts }: Space, p: Palette): string {
  // `first versions, 1,000 rows` beside a long name: the number says enough.
  const fits = displayWidth(detail) + 2 + displayWidth(name) <= room;
  const said = fits || detail === '' ? detail : detail.slice(detail.lastIndexOf(', ') + 1).trim();
  const shown = cuts ? fit(name, said === '' ? room : room - displayWidth(said) - 2) : name;
  const gap = Math.max(said === '' ? 0 : 2, room - displayWidth(shown) - displayWidth(said));
  return `${shown}${p.dim(`${' '.repeat(gap)}${said}  ${time.padStart(TIME)}`)}`;
}

/** `stg_orders  model 'raw' failed`, and the time where there is one. */
function withReason(name: string, reason: string, time: string, { room, cuts }: Space, p: Palette): string {
  // Without a time the reason may go to the end of the line.
  const whole = time === '' ? room + 2 + TIME : room;
  const shown = cuts ? fit(name, room) : name;
  const left = whole - displayWidth(shown) - 2;
  const said = !cuts ? `  ${reason}` : left < SHORTEST_REASON ? '' : `  ${fit(reason, left)}`;
  const gap = Math.max(0, room - displayWidth(shown) - displayWidth(said));
  return `${shown}${p.dim(`${said}${time === '' ? '' : `${' '.repeat(gap)}  ${time.padStart(TIME)}`}`)}`;
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
