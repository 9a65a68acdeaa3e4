// Freshness of a source: the newest load against the limits of `freshness:`, as dbt has it. The engine gives its clock
// with the answer; what is not a moment is refused rather than guessed at.
import type { Cell } from '../adapters/adapter.ts';
import { query, type Steps } from '../adapters/step.ts';
import { renderSql } from '../compile/compile.ts';
import { sourceRelation } from '../compile/runtime-names.ts';
import { type Diagnostic, error, fail, warning } from '../diagnostics/diagnostic.ts';
import { type Age, ageInMs, type Freshness } from '../project/freshness.ts';
import { label, type Source } from '../project/resources.ts';
import type { CompileEnv } from './env.ts';
import type { Outcome } from './outcome.ts';

/** Asks for the newest load of a source that has limits. */
export function* freshness(env: CompileEnv, node: Source): Steps<Outcome> {
  const limits = node.freshness;
  if (limits === null) return { status: 'pass', message: 'not checked', rows: null };
  const asked = yield* query(yield* question(env, node, limits));
  const [newest, now] = asked.rows[0] ?? [];
  if (asked.rows.length !== 1 || newest === undefined || now === undefined)
    return fail('plan/bad-result', `The newest load of ${label(node)} is not one moment.`);
  const snapshottedAt = toMoment(now, node);
  // Without rows it has never been loaded.
  const maxLoadedAt = newest === null ? NEVER : toMoment(newest, node);
  const ageMs = microseconds(snapshottedAt) - microseconds(maxLoadedAt);
  const found = { maxLoadedAt, snapshottedAt, age: ageMs / 1_000_000 };
  const exceeded = (limit: Age | null): limit is Age => limit !== null && found.age * 1000 > ageInMs(limit);
  const age = newest === null ? 'no rows' : `${spokenAge(found.age)} old`;
  if (exceeded(limits.errorAfter))
    return {
      status: 'error',
      message: `error, ${age}`,
      rows: null,
      freshness: found,
      diagnostics: [stale(error, node, newest === null, found, limits.errorAfter, 'error_after')],
    };
  if (exceeded(limits.warnAfter))
    return {
      status: 'warn',
      message: `warn, ${age}`,
      rows: null,
      freshness: found,
      diagnostics: [stale(warning, node, newest === null, found, limits.warnAfter, 'warn_after')],
    };
  return { status: 'pass', message: `pass, ${age}`, rows: null, freshness: found };
}

/** What a check found: moments as ISO 8601 in UTC, the age in seconds. */
export interface FoundFreshness {
  readonly maxLoadedAt: string;
  readonly snapshottedAt: string;
  readonly age: number;
}

function* question(env: CompileEnv, node: Source, limits: Freshness): Steps<string> {
  const now = `${env.facts.dialect.currentTimestampUtc()} as snapshotted_at`;
  if (node.loadedAtQuery !== null) {
    const sql = yield* renderSql(env, node, node.loadedAtQuery, `loaded_at_query of ${label(node)}`);
    return `select\n    (\n${sql.trim().replace(/;\s*$/, '')}\n    ) as max_loaded_at,\n    ${now}`;
  }
  if (node.loadedAtField === null)
    return fail('plan/no-loaded-at', `${label(node)} has freshness, and nothing says when its rows were loaded.`, {
      help: 'Add loaded_at_field: the column that says so, or loaded_at_query.',
    });
  const filter = limits.filter === null ? '' : `\nwhere ${limits.filter}`;
  return `select\n    max(${node.loadedAtField}) as max_loaded_at,\n    ${now}\nfrom ${sourceRelation(env, node, node).display()}${filter}`;
}

const NEVER = '0001-01-01T00:00:00+00:00';
const MOMENT = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** A date or timestamp as ISO text in UTC; one without a zone is taken for UTC, as dbt does. */
function toMoment(cell: Cell, node: Source): string {
  const m = typeof cell === 'string' ? MOMENT.exec(cell) : null;
  if (m === null)
    return fail('plan/bad-result', `The newest load of ${label(node)} is '${String(cell)}', which is no date or timestamp.`, {
      help: `Cast it: loaded_at_field: "cast(${node.loadedAtField ?? 'column'} as timestamp)".`,
    });
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = m;
  const offset = zone === 'Z' ? 0 : Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || '0'));
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute) - offset, Number(second)));
  const micro = fraction.padEnd(6, '0').slice(0, 6);
  return `${at.toISOString().slice(0, 19)}${micro === '000000' ? '' : `.${micro}`}+00:00`;
}

function microseconds(moment: string): number {
  const [, whole, fraction = ''] = /^(.{19})(?:\.(\d+))?\+00:00$/.exec(moment)!;
  return Date.parse(`${whole}Z`) * 1000 + Number(fraction.padEnd(6, '0'));
}

function stale(make: typeof error, node: Source, never: boolean, found: FoundFreshness, limit: Age, which: string): Diagnostic {
  const since = never
    ? `has no rows${node.freshness?.filter === null ? '' : ' that its filter lets through'}`
    : `was last loaded ${spokenAge(found.age)} ago, at ${found.maxLoadedAt.slice(0, 19).replace('T', ' ')} UTC`;
  return make('execute/stale-source', `${label(node)} ${since}; its ${which} is ${plural(limit.count, limit.period)}.`, {
    help: 'Find out why nothing has been loaded since; if that is as it should be, raise the limit.',
  });
}

/** In the largest unit that fits. */
function spokenAge(seconds: number): string {
  if (seconds >= 172_800) return plural(Math.floor(seconds / 86_400), 'day');
  if (seconds >= 7200) return plural(Math.floor(seconds / 3600), 'hour');
  return seconds >= 60 ? plural(Math.floor(seconds / 60), 'minute') : plural(Math.max(0, Math.floor(seconds)), 'second');
}

function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
