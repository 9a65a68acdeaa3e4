// Errors of the driver and the server as the kinds a run knows. In: what `pg` threw. Out: `StatementFailure` with its place in
// the SQL, or `ConnectionFailure` with what to do. Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
import type { Denial } from '../server/denied.ts';
import { certificateRefused, foreignServer, hungUp, isForeign, type Listener, noAnswer } from '../server/listener.ts';
import type { Place } from '../server/place.ts';
import { isDenied } from './privileges.ts';
import { RIVAL_HINT } from '../server/rivals.ts';
import { socketFailure } from '../server/socket.ts';
import { ConnectionFailure, type Missing, StatementFailure } from '../failures.ts';

/** The fields of pg's DatabaseError and of node's system errors that are read here. */
export interface DriverError {
  readonly message: string;
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly position?: string;
  readonly where?: string;
  readonly severity?: string;
}

const RETRYABLE: readonly string[] = ['40001', '40P01', '55P03'];
const LOCK_NOT_AVAILABLE = '55P03';
const DUPLICATE_TABLE = '42P07';
/** Of a table of the catalog: two sessions made the same name at once. */
const UNIQUE_VIOLATION = '23505';
const LOCK_HINT = 'Another session holds a lock on what this statement changes: end it, or give it more time by `lock_timeout` in `session` of the target.';
const PARTITION_KEY_HINT = 'Its table is partitioned by it: cast it to the type that it has there, or run with --full-refresh.';
const DEFAULT_PARTITION_HINT =
  'Somebody put rows of that period into the table before it had a partition for them: delete them and put them in again, or run with --full-refresh.';
const GONE: readonly string[] = ['57P01', '57P02', '57P03', '57P05', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNREFUSED'];

/** A refused statement. `sql` is the text that was sent, `denial` what is lacking where it was refused for want of a privilege. */
export function statementFailure(thrown: unknown, sql: string, denial: Denial | null = null): StatementFailure {
  if (thrown instanceof StatementFailure) return thrown;
  const e = asDriverError(thrown);
  const message = e.detail ? `${e.message}\n${e.detail}` : e.message;
  const missing = missingName(e);
  return new StatementFailure(denial?.message ?? message, {
    ...(e.position === undefined ? {} : placeAt(sql, Number(e.position))),
    ...(missing === undefined ? { hint: denial?.hint ?? e.hint ?? ownHint(e) } : { missing }),
    denied: isDenied(e),
    ...(denial?.mentions === undefined ? {} : { mentions: denial.mentions }),
    aboutValue: e.code?.startsWith('22') === true,
    engineCode: e.code,
    cancelled: e.code === '57014' && !/timeout/i.test(e.message),
    retryable: RETRYABLE.includes(e.code ?? ''),
    disconnected: isDisconnect(e),
  });
}

/** What to do, where the server does not say. */
function ownHint(e: DriverError): string | undefined {
  if (e.code === LOCK_NOT_AVAILABLE) return LOCK_HINT;
  if (e.code === DUPLICATE_TABLE || (e.code === UNIQUE_VIOLATION && /"pg_\w+_index"/.test(e.message))) return RIVAL_HINT;
  if (e.message.startsWith('updated partition constraint for default partition')) return DEFAULT_PARTITION_HINT;
  return /^cannot alter column .* because it is part of the partition key/s.test(e.message) ? PARTITION_KEY_HINT : undefined;
}

/** What PostgreSQL does not know, from its code and message; its hint then says no more than the candidates. */
function missingName(e: DriverError): Missing | undefined {
  const quoted = (text: string | undefined): string => (text ?? '').replace(/^"(.*)"$/s, '$1');
  switch (e.code) {
    case '42703': {
      const [, name = ''] = /^column (.*?) (?:of relation .* )?does not exist/s.exec(e.message) ?? [];
      const parts = /^(?:"([^"]*)"|([^".]+))\.(?:"([^"]*)"|([^".]+))$/.exec(name);
      const candidates = [...(e.hint ?? '').matchAll(/"([^"]*)"/g)].map((m) => m[1]!.replace(/^.*\./, ''));
      if (parts === null) return { kind: 'column', name: quoted(name), candidates };
      return { kind: 'column', qualifier: parts[1] ?? parts[2]!, name: parts[3] ?? parts[4]!, candidates };
    }
    case '42P01': {
      const alias = /FROM-clause entry for table "(.*?)"/s.exec(e.message);
      if (alias !== null) return { kind: 'alias', name: alias[1]! };
      const relation = /^relation "(.*)" does not exist/s.exec(e.message);
      return relation === null ? undefined : { kind: 'relation', name: relation[1]!.replace(/^.*\./, '') };
    }
    case '42883': {
      const call = /^function ([^(]*)\(/.exec(e.message);
      return call === null ? undefined : { kind: 'function', name: quoted(call[1]!.replace(/^.*\./, '')) };
    }
    case '42704': {
      const type = /^type "(.*)" does not exist/s.exec(e.message);
      return type === null ? undefined : { kind: 'type', name: type[1]! };
    }
    default:
      return undefined;
  }
}

/** True where the connection cannot be used again. */
export function isDisconnect(e: DriverError): boolean {
  const code = e.code ?? '';
  return (
    GONE.includes(code) ||
    code.startsWith('08') ||
    (code === '' && /connection (terminated|ended|closed)|not queryable|client was closed|client has encountered a connection error/i.test(e.message))
  );
}

/** Line and column, from 1, of a position that counts characters from 1; a column is one of JavaScript's, as in all places. */
export function placeAt(sql: string, position: number): { line: number; column: number } {
  const before = [...sql].slice(0, position - 1).join('');
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

/** Whether a failure says little of its cause, so that it helps to see what listens there. */
export function isPuzzling(thrown: unknown): boolean {
  const { code, message } = asDriverError(thrown);
  if (/alert/.test(message)) return false;
  if (code !== undefined) return code === 'ECONNRESET' || code === 'EPIPE' || code === 'EPROTO' || code.startsWith('ERR_');
  return !/does not support SSL|certificate|self.signed|altnames|password/i.test(message);
}

/** Where a server is, for messages. */
export function placeName({ host, port }: Place): string {
  return host.startsWith('/') ? `the socket ${host}/.s.PGSQL.${port}` : `${host}:${port}`;
}

/** Why there is no connection, in plain words; `listener` is what was found to listen there, where somebody looked. */
export function connectionFailure(thrown: unknown, at: Place, listener?: Listener): ConnectionFailure {
  if (thrown instanceof ConnectionFailure) return thrown;
  const e = asDriverError(thrown);
  const where = placeName(at);
  const path = `${at.host}/.s.PGSQL.${at.port}`;
  const socket = at.host.startsWith('/')
    ? socketFailure({ path, setting: 'folder', server: 'PostgreSQL', toldBy: '`show unix_socket_directories`' }, e.code)
    : null;
  if (socket !== null) return socket;
  if (listener !== undefined && isForeign(listener, 'postgres')) {
    const { message, help } = foreignServer(listener, where, 'PostgreSQL');
    return new ConnectionFailure(message, help);
  }
  switch (e.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConnectionFailure(`There is no host \`${at.host}\`.`, "Check the target's `host`.", e.code === 'EAI_AGAIN');
    case 'ECONNREFUSED':
    case 'ENOENT':
      return new ConnectionFailure(`No PostgreSQL server answers at ${where}.`, "Check the target's `host` and `port`, and that the server runs.", true);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return new ConnectionFailure(`${where} cannot be reached.`, "Check the target's `host` and `port`, the network, and firewalls between.", false);
    case '28000':
      if (/requires a valid client certificate/i.test(e.message))
        return new ConnectionFailure(`The server at ${where} asks \`${at.user}\` for a client certificate.`, 'Write `sslcert` and `sslkey`.');
      if (/^certificate authentication failed/i.test(e.message))
        return new ConnectionFailure(
          `The client certificate is not that of \`${at.user}\`: ${e.message}.`,
          "Check the target's `user` and `sslcert`: the certificate's common name must be the user's, or be mapped to it in pg_ident.conf.",
        );
      if (/is not permitted to log in/i.test(e.message))
        return new ConnectionFailure(`\`${at.user}\` may not log in at ${where}: ${e.message}.`, `Ask for: alter role "${at.user}" login;`);
      if (/pg_hba.conf/i.test(e.message)) {
        return new ConnectionFailure(
          `The server at ${where} does not let \`${at.user}\` connect to \`${at.database}\` from here: ${e.message}.`,
          'Its pg_hba.conf has no entry for this address, user, database and encryption; `sslmode: require` may be what it wants.',
        );
      }
      return new ConnectionFailure(
        `The server at ${where} refuses \`${at.user}\`: ${e.message}.`,
        "Check the target's `user`, and how the server's pg_hba.conf lets it in.",
      );
    case '28P01':
      return new ConnectionFailure(`The server at ${where} refuses the password of \`${at.user}\`.`, "Check the target's `user` and `password`.");
    case '3D000':
      return new ConnectionFailure(
        `There is no database \`${at.database}\` at ${where}.`,
        `Check the target's \`database\`, or create it: create database "${at.database}".`,
      );
    case '42501':
      return new ConnectionFailure(
        `\`${at.user}\` lacks a privilege: ${e.message}.`,
        `Grant it, e.g. grant connect, create on database "${at.database}" to "${at.user}".`,
      );
    case '53300':
      return new ConnectionFailure(`The server at ${where} has no free connection: ${e.message}.`, 'Lower `threads`, or raise its max_connections.', true);
    case '57P03':
      return new ConnectionFailure(`The server at ${where} is starting or stopping: ${e.message}.`, 'Try again in a moment.', true);
    default:
  }
  if (/timeout expired|timed? ?out/i.test(e.message)) return noAnswer(where, listener, 'postgres');
  if (/does not support SSL/i.test(e.message))
    return new ConnectionFailure(
      `The server at ${where} does not offer TLS, which \`sslmode\` demands.`,
      'Write `sslmode: prefer` or `disable`, or turn TLS on in the server.',
    );
  const refused = certificateRefused(where, e.message);
  if (refused !== null) return refused;
  if (/certificate|self.signed|altnames/i.test(e.message))
    return new ConnectionFailure(
      `The certificate of ${where} is not trusted: ${e.message}.`,
      'Check `sslrootcert`, and that `host` is the name in the certificate.',
    );
  if (/client password must be a string|no password/i.test(e.message))
    return new ConnectionFailure(`The server at ${where} asks for a password and the target has none.`, "Set the target's `password`.");
  return (
    hungUp(where, listener) ?? new ConnectionFailure(`No connection to PostgreSQL at ${where}: ${e.message}.`, "Check the target's settings.", isDisconnect(e))
  );
}

/** Whatever was thrown, as an object with a message; the first of several addresses tried counts. */
export function asDriverError(thrown: unknown): DriverError {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return asDriverError(thrown.errors[0]);
  return thrown instanceof Error ? thrown : { message: String(thrown) };
}
