// Errors of the driver and the server as the kinds a run knows. In: what mysql2 threw. Out: `StatementFailure` with its place in
// the SQL where the server tells it, or `ConnectionFailure` with what to do.
// https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html, https://mariadb.com/kb/en/mariadb-error-codes/
import { ConnectionFailure, type Missing, StatementFailure } from '../failures.ts';
import type { Denial } from '../server/denied.ts';
import { certificateRefused, foreignServer, hungUp, isForeign, type Listener, noAnswer } from '../server/listener.ts';
import type { Place } from '../server/place.ts';
import { isDenied } from './privileges.ts';
import { RIVAL_HINT } from '../server/rivals.ts';
import { socketFailure } from '../server/socket.ts';

/** The fields of mysql2's errors and of node's system errors that are read here. */
export interface DriverError {
  readonly message: string;
  readonly code?: string;
  readonly errno?: number;
  readonly fatal?: boolean;
  readonly sqlState?: string;
  readonly sqlMessage?: string;
}

/** Deadlock, lock wait time-out, no wait, changed since last read. */
const RETRYABLE: readonly number[] = [1213, 1205, 3572, 1020];
const LOCK_WAIT_TIMEOUT = 1205;
/** Of a database, a table, a column. */
const INCORRECT_NAMES: readonly number[] = [1102, 1103, 1166];
const TABLE_EXISTS = 1050;
const NO_SUCH_TABLE = 1146;
const INTERRUPTED = 1317;
const GONE: readonly (string | number)[] = ['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'ETIMEDOUT', 1053, 1927, 1077, 4031];

/** A refused statement. `sql` is the text that was sent, `denial` what is lacking where it was refused for want of a privilege. */
export function statementFailure(thrown: unknown, sql: string, denial: Denial | null = null): StatementFailure {
  if (thrown instanceof StatementFailure) return thrown;
  const e = asDriverError(thrown);
  const message = e.sqlMessage ?? e.message;
  const hint = denial?.hint ?? hintOf(message, e.errno);
  const missing = hint === undefined ? missingName(e.errno, message) : undefined;
  const mentions =
    denial?.mentions ?? mentioned(e.errno, message) ?? (missing?.qualifier === undefined ? missing?.name : `${missing.qualifier}.${missing.name}`);
  return new StatementFailure(denial?.message ?? plainer(message), {
    denied: isDenied(e),
    ...placeOf(message, sql),
    ...(missing === undefined ? {} : { missing }),
    ...(mentions === undefined ? {} : { mentions }),
    aboutValue: e.sqlState?.startsWith('22') === true || VALUE_ERRORS.includes(e.errno ?? 0),
    hint,
    engineCode: e.code,
    cancelled: e.errno === INTERRUPTED,
    retryable: RETRYABLE.includes(e.errno ?? 0),
    disconnected: isDisconnect(e),
  });
}

/** A syntax error without the reference to the manual; the line that it tells is one of the statement. */
function plainer(message: string): string {
  const near = /^You have an error in your SQL syntax;.* near '([\s\S]*)' at line \d+$/.exec(message)?.[1];
  if (near === undefined) return message;
  const [first = ''] = near.trim().split('\n');
  return first === '' ? 'syntax error at the end of the query' : `syntax error near '${first.slice(0, 40)}'`;
}

/** Out of range, incorrect value, too long, truncated, division by zero. */
const VALUE_ERRORS: readonly number[] = [1264, 1265, 1292, 1365, 1366, 1406];

/** What the server does not know, from its number and message. */
function missingName(errno: number | undefined, message: string): Missing | undefined {
  const name = /'([^']*)'/.exec(message)?.[1]?.replaceAll('`', '') ?? '';
  const dot = name.lastIndexOf('.');
  const last = name.slice(dot + 1);
  switch (errno) {
    case 1054:
      return { kind: 'column', name: last, ...(dot < 0 ? {} : { qualifier: name.slice(0, dot).replace(/^.*\./, '') }) };
    case 1146:
      return { kind: 'relation', name: last };
    case 1109:
      return { kind: 'alias', name };
    case 1305:
    case 1630: {
      const [, called = ''] = /^FUNCTION (\S+) does not exist/i.exec(message) ?? [];
      return called === '' ? undefined : { kind: 'function', name: called.replaceAll('`', '').replace(/^.*\./, '') };
    }
    case 4161:
      return { kind: 'type', name };
    default:
      return undefined;
  }
}

/** The column that an ambiguous, ungrouped, duplicate or impossible one is. */
function mentioned(errno: number | undefined, message: string): string | undefined {
  if (errno !== 1052 && errno !== 1055 && errno !== 1060 && errno !== 1166) return undefined;
  return /'([^']*)'/.exec(message)?.[1]?.replaceAll('`', '').replace(/^.*\./, '');
}

/** True where the connection cannot be used again. */
export function isDisconnect(e: DriverError): boolean {
  return (
    GONE.includes(e.code ?? '') ||
    GONE.includes(e.errno ?? -1) ||
    e.fatal === true ||
    /closed state|connection (lost|is closed)|server has gone away/i.test(e.message)
  );
}

/** https://dev.mysql.com/doc/refman/9.6/en/component-classic-hashing.html */
function hintOf(message: string, errno: number | undefined): string | undefined {
  if (errno === LOCK_WAIT_TIMEOUT)
    return 'Another session holds a lock on what this statement changes: end it, or give it more time by `lock_wait_timeout` in `session` of the target.';
  if (errno === TABLE_EXISTS || (errno === NO_SUCH_TABLE && message.includes('__dwt_'))) return RIVAL_HINT;
  if (INCORRECT_NAMES.includes(errno ?? 0) && /\s'$/.test(message)) return 'MySQL and MariaDB take no name that ends in a blank: take it out.';
  if (!/^FUNCTION \S*\bmd5 does not exist|for routine '\S*\bmd5'$/i.test(message)) return undefined;
  return "MySQL has md5() from version 9.6 on only with a component: install component 'file://component_classic_hashing'";
}

/** `… near 'frm t' at line 3`: where that text stands gives line and column; else the line alone, which counts within its own statement. */
function placeOf(message: string, sql: string): { line?: number; column?: number } {
  const match = /near '([\s\S]*)' at line (\d+)/.exec(message);
  if (!match) return {};
  const [, shown = '', line = '1'] = match;
  // The server shows the beginning of what follows.
  const near = shown.replace(/\.{3}$/, '');
  const several = /;\s*\S/.test(sql);
  for (let at = near === '' ? -1 : sql.indexOf(near); at >= 0; at = sql.indexOf(near, at + 1)) {
    const before = sql.slice(0, at);
    const found = before.split('\n').length;
    if (several || found === Number(line)) return { line: found, column: before.length - before.lastIndexOf('\n') };
  }
  return several ? {} : { line: Number(line) };
}

/** Whether a failure says little of its cause, so that it helps to see what listens there. */
export function isPuzzling(thrown: unknown): boolean {
  const { code, errno, message } = asDriverError(thrown);
  if (/alert/.test(message)) return false;
  if (code === undefined && errno === undefined) return !/certificate|self.signed|altnames/i.test(message);
  return code !== undefined && (code === 'ECONNRESET' || code === 'EPIPE' || code === 'EPROTO' || code === 'ETIMEDOUT' || /^(PROTOCOL_|ERR_)/.test(code));
}

/** Where a server is, for messages. */
export function placeName({ host, port }: Place): string {
  return host.startsWith('/') ? `the socket ${host}` : `${host}:${port}`;
}

/** Why there is no connection, in plain words; `listener` is what was found to listen there, where somebody looked. */
export function connectionFailure(thrown: unknown, at: Place, listener?: Listener): ConnectionFailure {
  if (thrown instanceof ConnectionFailure) return thrown;
  const e = asDriverError(thrown);
  const isSocket = at.host.startsWith('/');
  const where = isSocket ? `the socket ${at.host}` : `${at.host}:${at.port}`;
  const socket = isSocket
    ? socketFailure({ path: at.host, setting: 'file', server: 'MySQL or MariaDB', toldBy: "`show variables like 'socket'`" }, e.code)
    : null;
  if (socket !== null) return socket;
  if (listener !== undefined && isForeign(listener, 'mysql')) {
    const { message, help } = foreignServer(listener, where, 'MySQL or MariaDB');
    return new ConnectionFailure(message, help);
  }
  switch (e.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConnectionFailure(`There is no host \`${at.host}\`.`, "Check the target's `host`.", e.code === 'EAI_AGAIN');
    case 'ECONNREFUSED':
    case 'ENOENT':
      return new ConnectionFailure(`No MySQL or MariaDB server answers at ${where}.`, "Check the target's `host` and `port`, and that the server runs.", true);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new ConnectionFailure(`${where} cannot be reached.`, "Check the target's `host` and `port`, the network, and firewalls between.");
    case 'ETIMEDOUT':
      return noAnswer(where, listener, 'mysql');
    case 'HANDSHAKE_NO_SSL_SUPPORT':
      return new ConnectionFailure(
        `The server at ${where} does not offer TLS, which \`sslmode\` demands.`,
        'Write `sslmode: prefer` or `disable`, or turn TLS on in the server.',
      );
    default:
  }
  switch (e.errno) {
    case 1045:
    case 1698:
      return new ConnectionFailure(
        `The server at ${where} refuses the password of \`${at.user}\`.`,
        "Check the target's `user` and `password`; of a user who is to come with TLS or a certificate, `sslmode`, `sslcert` and `sslkey`.",
      );
    case 1044:
      return new ConnectionFailure(
        `\`${at.user}\` has no privilege on the database \`${at.database}\`.`,
        `Grant it: grant all on \`${at.database}\`.* to '${at.user}'@'%'.`,
      );
    case 1049:
      return new ConnectionFailure(
        `There is no database \`${at.database}\` at ${where}.`,
        `Check the target's \`url\`, or create it: create database \`${at.database}\`.`,
      );
    case 1040:
    case 1203:
    case 1226:
      return new ConnectionFailure(`The server at ${where} has no free connection: ${e.message}.`, 'Lower `threads`, or raise its max_connections.', true);
    case 1129:
    case 1130:
      return new ConnectionFailure(
        `The server at ${where} takes no connections from this machine: ${e.message}.`,
        `Create the user for this host, e.g. '${at.user}'@'%'.`,
      );
    case 1053:
      return new ConnectionFailure(`The server at ${where} is stopping.`, 'Try again in a moment.', true);
    default:
  }
  const refused = certificateRefused(where, e.message);
  if (refused !== null) return refused;
  if (/certificate|self.signed|altnames/i.test(e.message))
    return new ConnectionFailure(
      `The certificate of ${where} is not trusted: ${e.message}.`,
      'Check `sslrootcert`, and that `host` is the name in the certificate.',
    );
  return (
    hungUp(where, listener) ??
    new ConnectionFailure(`No connection to MySQL or MariaDB at ${where}: ${e.message}.`, "Check the target's settings.", isDisconnect(e))
  );
}

/** Whatever was thrown, as an object with a message; the first of several addresses tried counts. */
export function asDriverError(thrown: unknown): DriverError {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return asDriverError(thrown.errors[0]);
  return thrown instanceof Error ? thrown : { message: String(thrown) };
}
