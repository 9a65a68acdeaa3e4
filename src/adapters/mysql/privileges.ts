// What an account lacks where MySQL or MariaDB refuses a statement for want of a privilege. In: the error, the statement, a way to ask the
// server. Out: who may not do what, and the `grant` to ask for. https://dev.mysql.com/doc/refman/8.0/en/privileges-provided.html
import { asPattern, type Denial, verbFor } from '../server/denied.ts';
import type { DriverError } from './errors.ts';

const DATABASE = 1044;
const ACCOUNT = 1045;
const TABLE = 1142;
const COLUMN = 1143;
const SPECIAL = 1227;
const ROUTINE = 1370;

/** What a build does in the schema it builds in. */
const ALL = 'select, insert, update, delete, create, alter, drop, index, create view, show view, create temporary tables';

/** Whether the server refused for want of a privilege. */
export function isDenied(e: DriverError): boolean {
  // Of a function that does not exist the server says that it may not be called.
  if (e.errno === ROUTINE && /for routine '\S*\bmd5'$/.test(e.sqlMessage ?? e.message)) return false;
  return [DATABASE, ACCOUNT, TABLE, COLUMN, SPECIAL, ROUTINE].includes(e.errno ?? 0);
}

/** What is lacking; `here` is the schema that unqualified names are in, `account` who is logged in, as `name@host`. */
export function explainDenial(e: DriverError, sql: string, here: string, account: string): Denial | null {
  const message = e.sqlMessage ?? e.message;
  const [user, host] = [account.slice(0, account.lastIndexOf('@')), account.slice(account.lastIndexOf('@') + 1)];
  const to = `${literal(user)}@${literal(host)}`;
  const denied = (what: string, hint: string): Denial => ({ message: `User ${to} ${what} (${message}).`, hint });
  const inAll = (schema: string): string => (schema === here ? `\nA build needs in all: grant ${ALL} on ${quoted(schema)}.* to ${to};` : '');
  if (e.errno === DATABASE) {
    const schema = /to database '(.*)'$/s.exec(message)?.[1] ?? here;
    const privilege = /^\s*create\s+temporary\b/i.test(sql) ? 'create temporary tables' : /^\s*create\s+(schema|database)\b/i.test(sql) ? 'create' : ALL;
    const what = privilege === 'create' ? `may not create schema ${quoted(schema)}` : `may not work in schema ${quoted(schema)}`;
    return denied(what, `Ask for: grant ${privilege} on ${quoted(schema)}.* to ${to};${privilege === ALL ? '' : inAll(schema)}`);
  }
  if (e.errno === ACCOUNT)
    return /\b(infile|outfile|dumpfile)\b/i.test(sql) ? denied('may not read or write files of the server', `Ask for: grant file on *.* to ${to};`) : null;
  if (e.errno === SPECIAL) {
    const privilege = /need (?:\(at least one of\) )?the (.+?) privilege/i.exec(message)?.[1]?.toLowerCase();
    return privilege === undefined ? null : denied('may not do that', `Ask for one of these: grant ${privilege} on *.* to ${to};`);
  }
  if (e.errno === ROUTINE) {
    const routine = /for routine '(.*)'$/s.exec(message)?.[1];
    const privilege = /^(\w[\w ]*?) command denied/i.exec(message)?.[1]?.toLowerCase();
    if (routine === undefined || privilege === undefined) return null;
    return denied(`may not ${privilege} ${routine}`, `Ask for: grant ${privilege} on procedure ${routine} to ${to};`);
  }
  const [, given = '', place = ''] = /^(.+?) command denied to user .*? for (?:table|view|column '.*' in table) (.+)$/is.exec(message) ?? [];
  if (given === '') return null;
  const names = [...place.matchAll(/`((?:[^`]|``)*)`|'((?:[^']|'')*)'/g)].map((m) => (m[1] ?? m[2])!.replaceAll('``', '`'));
  const name = (names.at(-1) ?? '').split('.').at(-1)!;
  const schema = names.length > 1 ? names[0]! : (schemaIn(sql, name) ?? here);
  // Of a view's tables the server wants any privilege at all; what a view is for is reading.
  const asked = given.toLowerCase().replace(/^any$/, 'select');
  if (asked === 'grant')
    return denied(`may not grant anything on ${quoted(schema)}.${quoted(name)}`, `Ask for: grant ${ALL}, grant option on ${quoted(schema)}.* to ${to};`);
  const table = `${quoted(schema)}.${quoted(name)}`;
  // Reading is granted of a table; what a build does, of the whole schema: it makes tables of other names beside.
  if (asked === 'select' && schema !== here)
    return { ...denied(`may not read ${table}`, `Ask for: grant select on ${table} to ${to};`), mentions: `${schema}.${name}` };
  return denied(`may not ${verbFor(asked)} ${table}`, `Ask for: grant ${asked} on ${quoted(schema)}.* to ${to};${inAll(schema)}`);
}

/** The schema with which the statement names a table; MySQL tells the table alone. */
function schemaIn(sql: string, name: string): string | undefined {
  const found = new RegExp(`(?:\`((?:[^\`]|\`\`)+)\`|(\\w+))\\s*\\.\\s*${namePattern(name)}`, 'i').exec(sql);
  return found === null ? undefined : (found[1]?.replaceAll('``', '`') ?? found[2]);
}

function namePattern(name: string): string {
  return `(?:\`${asPattern(name.replaceAll('`', '``'))}\`|\\b${asPattern(name)}\\b)`;
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
