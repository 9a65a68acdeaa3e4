// The command that runs what failed again, and only that.
import { jsonText } from '../project/float.ts';
import type { NodeResult } from '../execute/events.ts';
import { nameOf, type Resource } from '../project/resources.ts';
import { isBad } from './words.ts';

/** More names than this are no command to read. */
const MOST_NAMES = 8;

export interface RerunOptions {
  readonly command: string;
  /** Flags without which the same command would run something else, with a space before. */
  readonly flags: string;
  /** The command that takes up the last run. */
  readonly retry: string;
}

/** A line for the shell. */
export function rerunCommand(results: readonly NodeResult[], o: RerunOptions): string {
  const failed = results.filter((r) => (isBad(r) || r.status === 'skipped') && r.resource.type !== 'operation');
  const named = o.command === 'build' ? failed.filter((r) => !comesAlong(r.resource, failed)) : failed;
  const names = [...new Set(named.map((r) => selectorOf(r.resource)))];
  if (names.length > MOST_NAMES) return o.retry;
  const select = names.map(shellWord).join(' ');
  return `dwt ${o.command}${o.flags}${select === '' ? '' : ` --select ${select}`}`;
}

/** A data test of something that is named itself is built with it. */
function comesAlong(r: Resource, failed: readonly NodeResult[]): boolean {
  if (r.type !== 'test') return false;
  return failed.some(({ resource }) => resource.type !== 'test' && (r.generic?.attachedTo === resource.id || r.refs.some((ref) => ref.name === resource.name)));
}

/** A word as a shell takes it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** What the selection language would take for its own (blanks and commas join terms) is any character. */
function selectorOf(r: Resource): string {
  return (r.type === 'source' ? `source:${nameOf(r)}` : nameOf(r)).replace(/[\s,]/g, '?');
}

/** What --vars takes, as a word of the command line. */
export function varsWord(vars: Readonly<Record<string, unknown>>): string {
  return shellWord(jsonText(vars));
}
