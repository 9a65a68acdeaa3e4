// What DuckDB throws, as `StatementFailure`. In: the driver's error (JSON, because sessions run with `errors_as_json`) and the
// SQL that was sent. Out: the message without its `LINE n:` block, exact line and column, DuckDB's suggestions as a hint.
// https://duckdb.org/docs/stable/configuration/overview (errors_as_json)
import { StatementFailure } from '../adapter.ts';

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
  const { message, hint } = splitHint(e.exception_message);
  const kind = e.exception_type;
  const place = position(e, sql, prefixLength);
  const advice = hint ?? knownHint(kind, message);
  return new StatementFailure(message, {
    ...(place && { line: place.line, column: place.column }),
    ...(advice !== undefined && { hint: advice }),
    ...(kind !== '' && { engineCode: `${kind} Error` }),
    cancelled: kind === 'INTERRUPT',
    retryable: kind.startsWith('Transaction') && /conflict/i.test(message),
    disconnected: kind === 'FATAL' || kind === 'Connection',
  });
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
function splitHint(text: string): { message: string; hint: string | undefined } {
  const hints: string[] = [];
  const message = text
    // `"Schema\0dev\0main\0Table\0main\0orders"`: the parts of the name that a person knows.
    .replace(/"(?:[^"\\]*\\0)+([^"\\]*)\\0([^"\\]*)"/g, '"$1.$2"')
    .replace(/\n+(Did you mean:? [^\n]*)/g, (_, line: string) => {
      if (!/Did you mean:? "?(pg_|sqlite_|duckdb_|pragma_)/.test(line)) hints.push(line);
      return '';
    })
    .replace(/\n+(Candidate bindings:[^\n]*)/g, (_, line: string) => {
      hints.push(line);
      return '';
    })
    .replace(/\n+\s*(Candidate (?:functions|macros):.*)$/s, (_, block: string) => {
      hints.push(block.trim().replace(/\n\s*/g, '\n  '));
      return '';
    })
    .trim();
  return { message, hint: hints.length > 0 ? hints.join('\n') : undefined };
}

function knownHint(kind: string, message: string): string | undefined {
  if (kind === 'Parser' && /near "grant"/i.test(message)) return 'DuckDB has no users or privileges: remove `grants` for this target.';
  if (/Cannot alter entry .* because there are entries that depend on it/.test(message))
    return 'DuckDB cannot rename or alter a table that has indexes: drop them first.';
  if (kind.startsWith('Transaction') && /conflict/i.test(message)) return 'Another session changed the same rows or the same object at the same time.';
  return undefined;
}

/** Line and column from 1, or nothing where the offset cannot belong to this SQL (DuckDB also reports offsets into a view's text). */
function position(e: DuckDBError, sql: string, prefixLength: number): { line: number; column: number } | undefined {
  if (e.position === undefined || !/^\d+$/.test(e.position)) return undefined;
  const bytes = Buffer.from(sql, 'utf8');
  const offset = Number(e.position);
  if (offset > bytes.length) return undefined;
  const rest = bytes.toString('utf8', offset, offset + 400).toLowerCase();
  if (e.name !== undefined && !rest.includes(e.name.toLowerCase())) return undefined;
  const before = bytes.toString('utf8', 0, offset).slice(prefixLength);
  const lines = before.split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}
