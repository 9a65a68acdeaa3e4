// What a role lacks where PostgreSQL refuses a statement for want of a privilege. In: the error, the statement, a way to ask the server.
// Out: who may not do what, and the `grant` to ask for. https://www.postgresql.org/docs/current/ddl-priv.html
import { asPattern, type Denial, privilegesFor, verbFor } from '../server/denied.ts';
import type { DriverError } from './errors.ts';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
export const INSUFFICIENT_PRIVILEGE = '42501';

type Ask = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/** Whether the server refused for want of a privilege. */
export function isDenied(e: DriverError): boolean {
  return e.code === INSUFFICIENT_PRIVILEGE;
}

/** What is lacking; null where the server's words are not understood. */
export async function explainDenial({ message }: DriverError, sql: string, ask: Ask): Promise<Denial | null> {
  const [facts] = await ask('select current_user, current_database()');
  const [role, database] = [quoted(String(facts![0])), String(facts![1])];
  const denied = (what: string, hint: string): Denial => ({ message: `Role ${role} ${what} (${message}).`, hint });
  const temporary = /^permission denied to create temporary tables in database "(.*)"$/s.exec(message);
  if (temporary !== null)
    return denied(`may not create temporary tables in the database`, `Ask for: grant temporary on database ${quoted(temporary[1]!)} to ${role};`);
  const [, kind = '', name = ''] =
    /^permission denied for (.+?) ("?.+"?)$/s.exec(message.replace(/^permission denied for (materialized|foreign) /, 'permission denied for $1_')) ?? [];
  switch (kind) {
    case 'database':
      return denied(`may not create schemas in database ${quoted(database)}`, `Ask for: ${grantInDatabase(sql, database, role)}`);
    case 'schema': {
      const [has] = await ask(`select pg_catalog.has_schema_privilege(${literal(name)}, 'usage')`);
      // Where it may be used already, what is lacking is to create: tables, indexes, other names of theirs.
      const creates = has?.[0] === true || new RegExp(`\\bcreate\\s[^("']*${QUALIFIERS}${inQuotes(name)}\\s*\\.`, 'i').test(sql);
      const what = creates ? `may not create anything in schema ${quoted(name)}` : `may not use schema ${quoted(name)}`;
      return denied(what, `Ask for: grant ${creates ? 'usage, create' : 'usage'} on schema ${quoted(name)} to ${role};`);
    }
    case 'table':
    case 'view':
    case 'relation':
    case 'materialized_view':
    case 'foreign_table': {
      const relation = await findRelation(name, sql, ask);
      const privileges = privilegesFor(sql, relation.pattern);
      if (relation.isNamed)
        return {
          ...denied(`may not ${verbFor(privileges)} ${relation.text}`, `Ask for: grant ${privileges} on ${relation.text} to ${role};`),
          mentions: relation.mentions,
        };
      // Read by way of a view, with the rights of the view's owner.
      const owners = relation.row === undefined ? [] : await ask(ownersOfViews(Number(relation.row[4])));
      const grants = owners.map(([owner]) => `grant select on ${relation.text} to ${quoted(String(owner))};`);
      const hint = grants.length === 0 ? `grant select on ${relation.text} to the owner of the view that reads it;` : grants.join('\nand for: ');
      return denied(`may not read ${relation.text}, nor may the owner of a view on it`, `Ask for: ${hint}`);
    }
    case 'sequence':
      return denied(`may not use sequence ${quoted(name)}`, `Ask for: grant usage, select on sequence ${quoted(name)} to ${role};`);
    case 'function':
    case 'procedure':
      return denied(`may not call ${kind} ${name}`, `Ask for: grant execute on ${kind} ${quoted(name)} to ${role};`);
    case 'type':
      return denied(`may not use type ${name}`, `Ask for: grant usage on type ${quoted(name)} to ${role};`);
    default:
  }
  const [, owned = '', what = ''] = /^must be owner of (table|view|materialized view|relation|index|schema|sequence|function) (.+)$/s.exec(message) ?? [];
  if (owned === '') return null;
  if (owned === 'schema') return denied(`does not own schema ${quoted(what)}`, `Ask for: alter schema ${quoted(what)} owner to ${role};`);
  const relation = await findRelation(what, sql, ask);
  const from = relation.owner === undefined ? `a membership in the role that owns it` : `grant ${quoted(relation.owner)} to ${role};`;
  const owner = relation.owner === undefined ? '' : `, which belongs to ${quoted(relation.owner)}`;
  return denied(
    `may not replace, alter or drop ${relation.text}${owner}`,
    `Ask for: ${from}\nor for: alter ${relation.kind} ${relation.text} owner to ${role};`,
  );
}

/** The right to create schemas, or the schema itself. */
function grantInDatabase(sql: string, database: string, role: string): string {
  const schema = /\bcreate\s+schema\s+(?:if\s+not\s+exists\s+)?("(?:[^"]|"")+"|\w+)/i.exec(sql)?.[1];
  return `grant create on database ${quoted(database)} to ${role};${schema === undefined ? '' : `\nor for: create schema ${schema} authorization ${role};`}`;
}

interface Found {
  /** As a statement names it. */
  readonly text: string;
  /** Its name in the statement, as a pattern. */
  readonly pattern: string;
  readonly isNamed: boolean;
  readonly mentions: string;
  readonly kind: string;
  readonly owner: string | undefined;
  readonly row: readonly unknown[] | undefined;
}

/** The relation of that name that the statement means: the server tells the name alone. */
async function findRelation(name: string, sql: string, ask: Ask): Promise<Found> {
  const rows = await ask(
    `select n.nspname, pg_catalog.pg_get_userbyid(c.relowner), c.relkind, pg_catalog.pg_table_is_visible(c.oid), c.oid
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relname = ${literal(name)} order by 4 desc, 1`,
  );
  const patternIn = (schema: string): string => `${inQuotes(schema)}\\s*\\.\\s*${inQuotes(name)}`;
  const qualified = rows.find(([schema]) => new RegExp(patternIn(String(schema)), 'i').test(sql));
  const row = qualified ?? rows[0];
  const kinds: Readonly<Record<string, string>> = { v: 'view', m: 'materialized view', i: 'index', I: 'index', S: 'sequence', f: 'foreign table' };
  return {
    text: row === undefined ? quoted(name) : `${quoted(String(row[0]))}.${quoted(name)}`,
    pattern: `${QUALIFIERS}${inQuotes(name)}`,
    isNamed: qualified !== undefined || new RegExp(inQuotes(name), 'i').test(sql),
    mentions: qualified === undefined ? name : `${String(qualified[0])}.${name}`,
    kind: kinds[String(row?.[2])] ?? 'table',
    owner: row === undefined ? undefined : String(row[1]),
    row,
  };
}

/** Owners of views that read a table which they may not read. */
function ownersOfViews(oid: number): string {
  return `select distinct pg_catalog.pg_get_userbyid(v.relowner)
from pg_catalog.pg_depend d
join pg_catalog.pg_rewrite r on r.oid = d.objid and d.classid = 'pg_catalog.pg_rewrite'::regclass
join pg_catalog.pg_class v on v.oid = r.ev_class
where d.refobjid = ${oid} and v.oid <> ${oid} and not pg_catalog.has_table_privilege(v.relowner, ${oid}::oid, 'select')`;
}

/** A pattern of what stands before a name, with the dots. */
const QUALIFIERS = '(?:(?:"(?:[^"]|"")+"|\\w+)\\s*\\.\\s*)*';

/** A pattern of a name in quotes or without. */
function inQuotes(name: string): string {
  return `(?:"${asPattern(name.replaceAll('"', '""'))}"|\\b${asPattern(name)}\\b)`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
