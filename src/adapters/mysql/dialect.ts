// SQL text of MySQL and MariaDB, pure, for both alike. In: names and expressions. Out: statements. A schema is a database there.
// Manuals: https://dev.mysql.com/doc/refman/8.0/en/sql-statements.html, https://mariadb.com/kb/en/sql-statements/
import { createHash } from 'node:crypto';
import { indexName } from '../index-name.ts';
import { matching } from '../matching.ts';
import type { Relation } from '../../project/relation.ts';
import type { Dialect } from '../adapter.ts';
import { valuesOf } from '../server/sql-parts.ts';
import { mysqlForeignKeys } from './foreign-keys.ts';
import { mysqlPartitions } from './partitions.ts';
import { mysqlPortable } from './portable.ts';
import { columnDefinition, widerMysqlType } from './types.ts';

const quote = (identifier: string): string => `\`${identifier.replaceAll('`', '``')}\``;
const relation = (r: Relation): string => (r.schema === '' ? quote(r.identifier) : `${quote(r.schema)}.${quote(r.identifier)}`);
// Sessions have NO_BACKSLASH_ESCAPES, so a backslash is itself, as on other engines.
const stringLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const list = (names: readonly string[]): string => names.map(quote).join(', ');
const word = (kind: string): string => (kind === 'view' ? 'view' : 'table');

/** Seconds: without a limit of its own a lock is waited for as long as another run takes. */
const WAITS = 86_400;

/** https://dev.mysql.com/doc/refman/8.0/en/create-index.html#create-index-index-types */
const METHODS = /^(btree|hash)$/i;

const updateFrom: Dialect['updateFrom'] = ({ target, source, set, on }) =>
  `update ${relation(target)} as DBT_INTERNAL_DEST\njoin ${relation(source)} as DBT_INTERNAL_SOURCE on (${on})\nset ${set.map(([c, e]) => `DBT_INTERNAL_DEST.${quote(c)} = ${e}`).join(',\n  ')}`;

/** The dialect of MySQL 8 and MariaDB. */
export const mysqlDialect: Dialect = {
  ...mysqlPortable,
  quote,
  relation,
  stringLiteral,

  // Without a character set it takes the session's, which `connection.ts` sets to utf8mb4 compared byte by byte.
  createSchema: (s) => `create schema if not exists ${quote(s.schema)}`,
  dropSchema: (s) => `drop schema if exists ${quote(s.schema)}`,
  createTable: (r, columns) => `create table ${relation(r)} (${columns.map((c) => `${quote(c.name)} ${columnDefinition(c.type)}`).join(', ')})`,
  createTableAs: (r, select, o = {}) => `create ${o.temporary ? 'temporary ' : ''}table ${relation(r)} as\n${select}`,
  temporaryView: null,
  createView: (r, select, o = {}) => `create ${o.orReplace ? 'or replace ' : ''}view ${relation(r)} as\n${select}`,
  drop: (r, kind) => `drop ${word(kind)} if exists ${relation(r)}`,
  dependents: () => null,
  truncate: (r) => `truncate table ${relation(r)}`,
  // One statement, atomic, also for views: https://dev.mysql.com/doc/refman/8.0/en/rename-table.html
  rename: (pairs) => (pairs.length === 0 ? [] : [`rename table ${pairs.map((p) => `${relation(p.from)} to ${relation(p.to)}`).join(', ')}`]),
  temporary: (identifier, near) => ({ database: null, schema: near.schema, identifier }),
  // Without the word it would drop a lasting table of that name, and commit: https://dev.mysql.com/doc/refman/8.0/en/drop-table.html
  dropTemporary: (r) => `drop temporary table if exists ${relation(r)}`,

  insert: (target, columns, select) => `insert into ${relation(target)} (${list(columns)})\n${select}`,
  insertRows: (target, columns, rows) => `insert into ${relation(target)} (${list(columns.map((c) => c.name))})\n${valuesOf(rows, stringLiteral)}`,
  updateFrom,
  // The multi-table form, because MariaDB before 11.6 has no alias in the other: https://mariadb.com/kb/en/delete/
  deleteMatching: ({ target, source, keys, predicates }) =>
    `delete DBT_INTERNAL_DEST from ${relation(target)} as DBT_INTERNAL_DEST\nwhere ${matching(keys, predicates, `${relation(source)} as DBT_INTERNAL_SOURCE`)}`,
  merge({ target, source, on, updateColumns, insertColumns }) {
    const values = insertColumns.map((c) => `DBT_INTERNAL_SOURCE.${quote(c)}`).join(', ');
    // A join rather than `not exists`, which reads the target once for each row.
    const insert = `insert into ${relation(target)} (${list(insertColumns)})\nselect ${values} from ${relation(source)} as DBT_INTERNAL_SOURCE\nleft join (select t.*, 1 as dwt_found from ${relation(target)} as t) as DBT_INTERNAL_DEST on (${on})\nwhere DBT_INTERNAL_DEST.dwt_found is null`;
    if (updateColumns.length === 0) return [insert];
    return [updateFrom({ target, source, on, set: updateColumns.map((c) => [c, `DBT_INTERNAL_SOURCE.${quote(c)}`] as const) }), insert];
  },

  addColumns: (r, columns) =>
    columns.length === 0 ? [] : [`alter table ${relation(r)} ${columns.map((c) => `add column ${quote(c.name)} ${columnDefinition(c.type)}`).join(', ')}`],
  dropColumns: (r, columns) => (columns.length === 0 ? [] : [`alter table ${relation(r)} ${columns.map((c) => `drop column ${quote(c)}`).join(', ')}`]),
  alterColumnType: (r, column, type) => [`alter table ${relation(r)} modify column ${quote(column)} ${columnDefinition(type)}`],
  bareType: (type) => type.replace(/\s*\([^()]*\)/, ''),
  widerType: widerMysqlType,

  createIndex: (r, index) =>
    `alter table ${relation(r)} add ${index.unique ? 'unique ' : ''}index ${quote(indexName(r, index))}${METHODS.test(index.type ?? '') ? ` using ${index.type}` : ''} (${list(index.columns)})`,
  dropIndex: (r, name) => `alter table ${relation(r)} drop index ${quote(name)}`,
  // The storage engine chooses the method by itself, so the one it tells says nothing of the one that was asked for.
  indexes: (r) =>
    `select index_name, concat('[', convert(group_concat(json_quote(column_name) order by seq_in_index separator ',') using utf8mb4), ']'), max(non_unique) = 0, null\n` +
    `from information_schema.statistics\nwhere table_schema = ${stringLiteral(r.schema)} and table_name = ${stringLiteral(r.identifier)} and index_name <> 'PRIMARY'\n` +
    `group by index_name having count(sub_part) = 0 and count(column_name) = count(*) order by index_name`,
  takenIndexNames: () => null,
  materializedViews: null,
  partitions: mysqlPartitions({ quote, relation }),
  foreignKeys: mysqlForeignKeys({ quote, relation }),
  // https://dev.mysql.com/doc/refman/8.0/en/locking-functions.html: names have 64 characters at most.
  exclusive: (r) => {
    const name = `dwt_${createHash('md5').update(`${r.schema}.${r.identifier}`).digest('hex')}`;
    return { before: `do get_lock('${name}', ${WAITS})`, after: `do release_lock('${name}')` };
  },
  indexesInTheWay: () => null,
  // The first hundred characters of a text tell enough: https://dev.mysql.com/doc/refman/8.0/en/column-indexes.html
  pointedTo: null,
  indexForJoin: (r, columns) =>
    columns.length === 0
      ? null
      : `alter table ${relation(r)} add index (${columns
          .slice(0, 6)
          .map((c) => `${quote(c.name)}${needsPrefix(c.type) ? '(100)' : ''}`)
          .join(', ')})`,
  analyze: (r) => `analyze table ${relation(r)}`,
  comment: (r, kind, text) => (kind === 'table' ? `alter table ${relation(r)} comment = ${stringLiteral(text.slice(0, 2048))}` : null),
  commentColumns,
  grants: {
    give: (r, privilege, grantees) => `grant ${privilege} on ${relation(r)} to ${grantees.map(account).join(', ')}`,
    take: (r, privilege, grantee) => `revoke ${privilege} on ${relation(r)} from ${account(grantee)}`,
    // 'ann'@'%' there, ann@% here; the own account is nobody's to take from.
    standing: (r) => `select lower(privilege_type), replace(grantee, '''', '') from information_schema.table_privileges
where table_schema = ${stringLiteral(r.schema)} and table_name = ${stringLiteral(r.identifier)} and replace(grantee, '''', '') <> current_user() and privilege_type <> 'USAGE'`,
    grantee: (name) => (name.includes('@') ? name : `${name}@%`),
  },

  isDistinctFrom: (a, b) => `(not (${a} <=> ${b}))`,
  isNotDistinctFrom: (a, b) => `(${a} <=> ${b})`,
  currentTimestampUtc: () => 'utc_timestamp(6)',
  momentText: (e) => `if(locate('.', cast(${e} as char)) > 0, trim(trailing '.' from trim(trailing '0' from cast(${e} as char))), cast(${e} as char))`,
  timestampLiteral: (iso) => `cast('${iso.replace('T', ' ').replace(/(Z|[+-]00:?00)$/, '')}' as datetime(6))`,
  limitQuery: (query, n) => `select * from (\n${query}\n) as dbt_limited limit ${n}`,
};

function needsPrefix(type: string): boolean {
  const length = /^(?:var)?(?:char|binary)\((\d+)\)/i.exec(type)?.[1];
  return length === undefined ? /text|blob/i.test(type) : Number(length) > 100;
}

/** A column's comment is part of its definition, so the server puts the statement together from its own catalog. */
function commentColumns(r: Relation, kind: string, comments: Readonly<Record<string, string>>): readonly string[] {
  const entries = Object.entries(comments);
  if (kind !== 'table' || entries.length === 0) return [];
  const texts = entries.map(([c, text]) => `when ${stringLiteral(c)} then ${stringLiteral(stringLiteral(text.slice(0, 1024)))}`).join(' ');
  const definition =
    "concat('modify column `', replace(column_name, '`', '``'), '` ', column_type, " +
    "if(collation_name is null, '', concat(' character set ', character_set_name, ' collate ', collation_name)), if(is_nullable = 'NO', ' not null', ' null'), ' ', " +
    `if(extra like '%auto_increment%', 'auto_increment', ''), ' comment ', (case column_name ${texts} end))`;
  return [
    `set @dwt_comment = (select concat(${stringLiteral(`alter table ${relation(r)} `)}, group_concat(${definition} separator ', '))` +
      ` from information_schema.columns where table_schema = ${stringLiteral(r.schema)} and table_name = ${stringLiteral(r.identifier)} and column_name in (${entries.map(([c]) => stringLiteral(c)).join(', ')}))`,
    'prepare dwt_comment from @dwt_comment',
    'execute dwt_comment',
    'deallocate prepare dwt_comment',
  ];
}

/** `name` or `name@host`, each quoted. */
function account(grantee: string): string {
  const at = grantee.lastIndexOf('@');
  return at < 0 ? stringLiteral(grantee) : `${stringLiteral(grantee.slice(0, at))}@${stringLiteral(grantee.slice(at + 1))}`;
}
