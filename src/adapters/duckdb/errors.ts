// What DuckDB throws, as `StatementFailure`. In: the driver's error (JSON, because sessions run with `errors_as_json`) and the
// SQL that was sent. Out: the message without its `LINE n:` block, exact line and column, DuckDB's suggestions as a hint.
// https://duckdb.org/docs/stable/configuration/overview (errors_as_json)
import { type Missing, StatementFailure } from '../failures.ts';
import { csvRefusal } from './csv-refusal.ts';

/** The fields of an error under `errors_as_json`; `position` is a byte offset into the SQL that was sent. */
interface DuckDBError {
  readonly exception_type: string;
  readonly exception_message: string;
  readonly position?: string;
  readonly name?: string;
}

/** The driver's error as a `StatementFailure`. `prefixLength`: characters of `sql` that we put before the caller's own text. */
export function toStatementFailure(thrown: unknown, sql: string, prefixLength = 0): StatementFailure {
  if (thrown instanceof StatementFailure) return thrown;
  const e = parseError(thrown instanceof Error ? thrown.message : String(thrown));
  const kind = e.exception_type;
  const ofFile = csvRefusal(e.exception_message);
  if (ofFile !== undefined) return new StatementFailure(ofFile.message, { hint: ofFile.hint, file: ofFile.file, engineCode: `${kind} Error` });
  const { message: raw, hint, candidates } = splitHint(e.exception_message);
  const place = position(e, sql, prefixLength);
  const missing = missingName(e, raw, candidates);
  const offered = missing === undefined && candidates.length > 0 ? `Did you mean ${candidates.map((c) => `'${c}'`).join(' or ')}?` : undefined;
  const advice = BROKEN_INDEX.test(raw) ? BROKEN_INDEX_HELP : (hint ?? offered ?? knownHint(kind, raw));
  return new StatementFailure(plainer(raw), {
    ...(place && { line: place.line, column: place.column }),
    ...(advice !== undefined && { hint: advice }),
    ...(kind !== '' && { engineCode: `${kind} Error` }),
    cancelled: kind === 'INTERRUPT',
    retryable: kind.startsWith('Transaction') && /conflict/i.test(raw),
    disconnected: kind === 'FATAL' || kind === 'Connection',
    ended: kind !== 'FATAL' ? undefined : INVALIDATED.test(raw) ? 'before' : 'here',
    aboutValue: VALUE_KINDS.has(kind) && !raw.startsWith('Unimplemented type for cast'),
    ...(/^(Set operations|Unimplemented type)/.test(raw) && { mentions: 'union' }),
    ...(missing !== undefined && { missing }),
  });
}

const INVALIDATED = /database has been invalidated/;
const VALUE_KINDS: ReadonlySet<string> = new Set(['Conversion', 'Out of Range', 'Invalid Input', 'Divide by Zero']);

/** What DuckDB does not know, from its message. */
function missingName(e: DuckDBError, message: string, candidates: readonly string[]): Missing | undefined {
  const column = /^Referenced column "(.*)" not found/s.exec(message);
  if (column !== null) return { kind: 'column', name: column[1]!, candidates };
  const ofTable = /^(?:Table|Values list) "(.*)" does not have a column named "(.*)"/s.exec(message);
  if (ofTable !== null) return { kind: 'column', name: ofTable[2]!, qualifier: ofTable[1]!, candidates };
  const alias = /^Referenced table "(.*)" not found/s.exec(message);
  if (alias !== null) return { kind: 'alias', name: alias[1]!, candidates };
  const updated = /^Referenced update column (.*) not found in table!/s.exec(message);
  if (updated !== null) return { kind: 'column', name: updated[1]!, candidates };
  const inSchema = /^(?:Table|View) with name "(.*)" does not exist because schema "(.*)" does not exist/s.exec(message);
  if (inSchema !== null) return { kind: 'relation', name: inSchema[1]!.slice(inSchema[2]!.length + 1), candidates };
  const entry = /^(.*?) with name (.*?) does not exist!/s.exec(message);
  if (entry === null) return undefined;
  const name = e.name ?? entry[2]!;
  if (/function|macro/i.test(entry[1]!)) return { kind: 'function', name, candidates };
  if (entry[1] === 'Type') return { kind: 'type', name, candidates };
  return entry[1] === 'Table' || entry[1] === 'View' ? { kind: 'relation', name, candidates } : undefined;
}

/** Whether the error ends the whole database for this process, and whether that is because an index and its table differ; null where it does not. */
export function fatality(thrown: unknown): { readonly ofIndex: boolean } | null {
  if (!(thrown instanceof Error) || !thrown.message.includes('FATAL')) return null;
  const e = parseError(thrown.message);
  return e.exception_type === 'FATAL' ? { ofIndex: BROKEN_INDEX.test(e.exception_message) } : null;
}

/** Whether a key is in the way that may not be there: an index that another program left broken knows rows that are gone. */
export function isDoubtful(thrown: unknown): boolean {
  return thrown instanceof Error && DUPLICATE.test(thrown.message);
}

const DUPLICATE = /Duplicate key .* violates (?:unique|primary key) constraint/;
const DUPLICATE_HELP = 'If no key is double, the index is broken: it is made anew when this run ends, so run it again.';
const BROKEN_INDEX = /Failed to (?:delete|append)[^\n]* (?:from|to) index/;
export const BROKEN_INDEX_HELP = 'The indexes are made anew when this run ends: run it again.';

/** The few messages that speak of DuckDB's inside, in the words of the SQL. */
function plainer(message: string): string {
  if (INVALIDATED.test(message)) return 'DuckDB stopped after an earlier error.';
  if (BROKEN_INDEX.test(message)) return 'DuckDB stopped: an index does not hold the rows of its table.';
  return message
    .replace(/^Values list "/, 'Table "')
    .replace(/^Unimplemented type for cast \((.*?) -> (.*?)\)/, '$1 cannot be converted to $2')
    .replace(/(unterminated quoted (?:string|identifier) at or near "[^\n]*)\n[\s\S]*$/, '$1"');
}

/** True where DuckDB could not parse the SQL, so nothing of it ran. */
export function isParserError(thrown: unknown): boolean {
  return thrown instanceof Error && parseError(thrown.message).exception_type === 'Parser';
}

/** The object that the error says is missing, and where in the sent SQL (bytes) it was named. */
export function missingEntry(thrown: unknown): { readonly name: string; readonly position: number } | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const e = parseError(thrown.message);
  if (e.exception_type !== 'Catalog' || e.name === undefined || e.position === undefined) return undefined;
  return { name: e.name, position: Number(e.position) };
}

/** DuckDB's own words, without class, position block or suggestions: for messages about opening and loading. */
export function plainMessage(thrown: unknown): string {
  return splitHint(parseError(thrown instanceof Error ? thrown.message : String(thrown)).exception_message).message;
}

/** Class and text of an error in either form: JSON, or `Binder Error: … LINE 1: …`. */
function parseError(text: string): DuckDBError {
  const json = /^(?:Failed to extract statements: )?(?:[A-Za-z ]+ Error: )?(\{"exception_type".*\})\s*$/s.exec(text);
  if (json) {
    try {
      return JSON.parse(json[1]!) as DuckDBError;
    } catch {
      // Not JSON after all: the plain form below keeps the text as it is.
    }
  }
  const plain = /^([A-Z][\w-]*(?: [A-Z][\w-]*)*) Error: (.*)$/s.exec(text);
  const message = (plain?.[2] ?? text).replace(/\n+LINE \d+: [^\n]*\n\s*\^\s*/g, '');
  return { exception_type: plain?.[1] ?? '', exception_message: message };
}

/** Takes DuckDB's suggestions off the message; those that name its own system tables help nobody and are dropped. */
function splitHint(text: string): { message: string; hint: string | undefined; candidates: readonly string[] } {
  const hints: string[] = [];
  const candidates: string[] = [];
  const take = (line: string): void => void candidates.push(...[...line.matchAll(/"((?:[^"]|"")+)"/g)].map((m) => m[1]!));
  const message = text
    // `"Schema\0dev\0main\0Table\0main\0orders"`: the parts of the name that a person knows.
    .replace(/"(?:[^"\\]*\\0)+([^"\\]*)\\0([^"\\]*)"/g, '"$1.$2"')
    .replace(/\n+(Did you mean:? [^\n]*)/g, (_, line: string) => {
      if (!/Did you mean:? "?(pg_|sqlite_|duckdb_|pragma_)/.test(line)) take(line);
      return '';
    })
    .replace(/\n+(Candidate (?:bindings|tables|Entries):[^\n]*)/g, (_, line: string) => {
      take(line);
      return '';
    })
    .replace(/\n+\s*(Candidate (?:functions|macros):.*)$/s, (_, block: string) => {
      const [head, ...forms] = block.trim().split(/\n\s*/);
      // Operators have dozens of forms.
      if (forms.length <= FORMS_SHOWN) hints.push([head, ...forms].join('\n  '));
      return '';
    })
    .trim();
  return { message, hint: hints.length > 0 ? hints.join('\n') : undefined, candidates };
}

const FORMS_SHOWN = 8;

function knownHint(kind: string, message: string): string | undefined {
  if (INVALIDATED.test(message)) return 'See the error that came before it.';
  if (kind === 'FATAL') return 'What it had begun is undone. The database can be opened again: run `dwt retry`.';
  if (kind === 'Connection') return 'Run it again.';
  if (DUPLICATE.test(message)) return DUPLICATE_HELP;
  if (kind === 'Parser' && /near "grant"/i.test(message)) return 'DuckDB has no users or privileges: leave it out for this target.';
  if (/Cannot alter entry .* because there are entries that depend on it/.test(message))
    return 'DuckDB cannot rename or alter a table that has indexes: drop them first.';
  if (kind.startsWith('Transaction') && /conflict/i.test(message)) return 'Another session changed the same rows or the same object at the same time.';
  return undefined;
}

/** Whether the conversion of the message can stand here: its column is named at once. Else the offset is one of a view's text. */
function isConversion(sql: string, message: string): boolean {
  const column = /source column (\S+)/.exec(message)?.[1]?.toLowerCase();
  return column === undefined || sql.slice(0, 80).includes(column);
}

/** Line and column from 1, or nothing where the offset cannot belong to this SQL (DuckDB also reports offsets into a view's text). */
function position(e: DuckDBError, sql: string, prefixLength: number): { line: number; column: number } | undefined {
  if (e.position === undefined || !/^\d+$/.test(e.position)) return undefined;
  const bytes = Buffer.from(sql, 'utf8');
  const offset = Number(e.position);
  if (offset > bytes.length) return undefined;
  const rest = bytes.toString('utf8', offset, offset + 400).toLowerCase();
  if (e.name !== undefined && !rest.includes(e.name.toLowerCase())) return undefined;
  if (VALUE_KINDS.has(e.exception_type) && !isConversion(rest, e.exception_message)) return undefined;
  const before = bytes.toString('utf8', 0, offset).slice(prefixLength);
  const lines = before.split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}
