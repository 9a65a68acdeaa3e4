// PostgreSQL's SQL text, pure. In: names and expressions. Out: statements for version 15 and later (MERGE), and for older
// ones by `createPostgresDialect(version)`. Manual: https://www.postgresql.org/docs/current/sql-commands.html
import { matching } from '../matching.ts';
import type { Relation, RelationKind } from '../../project/relation.ts';
import type { Dialect } from '../adapter.ts';
import { valuesOf } from '../server/sql-parts.ts';
import { dependentsOf } from './dependents.ts';
import { indexesOf, sameDefinition, takenNames } from './indexes.ts';
import { postgresForeignKeys } from './foreign-keys.ts';
import { postgresPartitions } from './partitions.ts';
import { postgresPortable, splitPartEitherWay } from './portable.ts';
import { postgresType, widerPostgresType } from './types.ts';

const KINDS: Readonly<Record<RelationKind, string>> = { table: 'table', view: 'view', materialized_view: 'materialized view', external: 'foreign table' };

const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
const relation = (r: Relation): string =>
  [r.database, r.schema, r.identifier]
    .filter((n): n is string => n !== null && n !== '')
    .map(quote)
    .join('.');
const stringLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const list = (names: readonly string[]): string => names.map(quote).join(', ');

/** Any number: with the name of a relation it is a lock. */
const EXCLUSIVE = 4_283_903;

/** https://www.postgresql.org/docs/release/15.0/, https://www.postgresql.org/docs/release/14.0/ */
const MERGE_SINCE = 15;
const SPLIT_FROM_END_SINCE = 14;

/** The dialect for servers of a version (the number before the point). */
export function createPostgresDialect(version: number): Dialect {
  const updateFrom: Dialect['updateFrom'] = ({ target, source, set, on }) =>
    `update ${relation(target)} as DBT_INTERNAL_DEST set\n  ${set.map(([c, e]) => `${quote(c)} = ${e}`).join(',\n  ')}\nfrom ${relation(source)} as DBT_INTERNAL_SOURCE\nwhere (${on})`;

  return {
    ...postgresPortable,
    ...(version >= SPLIT_FROM_END_SINCE ? {} : { split_part: splitPartEitherWay }),
    quote,
    relation,
    stringLiteral,

    createSchema: (s) => `create schema if not exists ${quote(s.schema)}`,
    dropSchema: (s) => `drop schema if exists ${quote(s.schema)} cascade`,
    createTable: (r, columns) => `create table ${relation(r)} (${columns.map((c) => `${quote(c.name)} ${postgresType(c.type)}`).join(', ')})`,
    createTableAs: (r, select, o = {}) => `create ${o.temporary ? 'temporary ' : o.unlogged ? 'unlogged ' : ''}table ${relation(r)} as\n${select}`,
    temporaryView: null,
    createView: (r, select, o = {}) => `create ${o.orReplace ? 'or replace ' : ''}view ${relation(r)} as\n${select}`,
    drop: (r, kind) => `drop ${KINDS[kind]} if exists ${relation(r)} cascade`,
    dependents: dependentsOf,
    truncate: (r) => `truncate table ${relation(r)}`,
    rename: (pairs) =>
      pairs.flatMap(({ from, to, kind }) => {
        const moved = from.schema === to.schema ? [] : [`alter ${KINDS[kind]} ${relation(from)} set schema ${quote(to.schema)}`];
        const renamed =
          from.identifier === to.identifier ? [] : [`alter ${KINDS[kind]} ${relation({ ...from, schema: to.schema })} rename to ${quote(to.identifier)}`];
        return [...moved, ...renamed];
      }),
    // https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-SEARCH-PATH: pg_temp is the session's own schema
    temporary: (identifier) => ({ database: null, schema: 'pg_temp', identifier }),
    dropTemporary: (r) => `drop table if exists ${relation(r)}`,

    insert: (target, columns, select) => `insert into ${relation(target)} (${list(columns)})\n${select}`,
    insertRows: (target, columns, rows) => `insert into ${relation(target)} (${list(columns.map((c) => c.name))})\n${valuesOf(rows, stringLiteral)}`,
    updateFrom,
    deleteMatching: ({ target, source, keys, predicates }) =>
      `delete from ${relation(target)} as DBT_INTERNAL_DEST\nwhere ${matching(keys, predicates, `${relation(source)} as DBT_INTERNAL_SOURCE`)}`,
    merge({ target, source, on, updateColumns, insertColumns }) {
      const values = insertColumns.map((c) => `DBT_INTERNAL_SOURCE.${quote(c)}`).join(', ');
      const set = updateColumns.map((c) => [c, `DBT_INTERNAL_SOURCE.${quote(c)}`] as const);
      if (version < MERGE_SINCE) {
        const insert = `insert into ${relation(target)} (${list(insertColumns)})\nselect ${values} from ${relation(source)} as DBT_INTERNAL_SOURCE\nwhere not exists (\n  select 1 from ${relation(target)} as DBT_INTERNAL_DEST\n  where (${on})\n)`;
        return set.length === 0 ? [insert] : [updateFrom({ target, source, set, on }), insert];
      }
      // https://www.postgresql.org/docs/current/sql-merge.html
      const update = set.length === 0 ? '' : `\nwhen matched then update set\n  ${set.map(([c, e]) => `${quote(c)} = ${e}`).join(',\n  ')}`;
      return [
        `merge into ${relation(target)} as DBT_INTERNAL_DEST\nusing ${relation(source)} as DBT_INTERNAL_SOURCE\non (${on})${update}\nwhen not matched then insert (${list(insertColumns)})\n  values (${values})`,
      ];
    },

    addColumns: (r, columns) =>
      columns.length === 0 ? [] : [`alter table ${relation(r)} ${columns.map((c) => `add column ${quote(c.name)} ${postgresType(c.type)}`).join(', ')}`],
    dropColumns: (r, columns) =>
      columns.length === 0 ? [] : [`alter table ${relation(r)} ${columns.map((c) => `drop column ${quote(c)} cascade`).join(', ')}`],
    alterColumnType: (r, column, type) => [
      `alter table ${relation(r)} alter column ${quote(column)} type ${postgresType(type)} using cast(${quote(column)} as ${postgresType(type)})`,
    ],
    bareType: (type) => type.replace(/\s*\([^()]*\)/, ''),
    widerType: widerPostgresType,

    // Without a name the server picks a free one: the table may be one that is going to be renamed.
    createIndex: (r, index) =>
      `create ${index.unique ? 'unique ' : ''}index ${index.name === undefined ? '' : `${quote(index.name)} `}on ${relation(r)}${index.type ? ` using ${index.type}` : ''} (${list(index.columns)})`,
    dropIndex: (r, name) => `drop index if exists ${relation({ ...r, database: null, identifier: name })}`,
    indexes: indexesOf,
    takenIndexNames: takenNames,
    materializedViews: {
      create: (r, select) => `create materialized view ${relation(r)} as\n${select}`,
      refresh: (r) => `refresh materialized view ${relation(r)}`,
      sameDefinition,
    },
    partitions: postgresPartitions({ quote, relation }),
    foreignKeys: postgresForeignKeys({ quote, relation }),
    // https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADVISORY-LOCKS
    exclusive: (r) => {
      const key = `hashtext(${stringLiteral(`dwt ${r.schema}.${r.identifier}`)})`;
      return { before: `select pg_advisory_lock(${EXCLUSIVE}, ${key})`, after: `select pg_advisory_unlock(${EXCLUSIVE}, ${key})` };
    },
    indexesInTheWay: () => null,
    pointedTo: null,
    indexForJoin: () => null,
    analyze: (r) => `analyze ${relation(r)}`,
    comment: (r, kind, text) => `comment on ${KINDS[kind]} ${relation(r)} is ${stringLiteral(text)}`,
    commentColumns: (r, _kind, comments) =>
      Object.entries(comments).map(([c, text]) => `comment on column ${relation(r)}.${quote(c)} is ${stringLiteral(text)}`),
    grants: {
      give: (r, privilege, grantees) => `grant ${privilege} on ${relation(r)} to ${grantees.map(role).join(', ')}`,
      take: (r, privilege, grantee) => `revoke ${privilege} on ${relation(r)} from ${role(grantee)}`,
      standing: (r) => `select lower(a.privilege_type), case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
cross join lateral aclexplode(c.relacl) a
where n.nspname = ${stringLiteral(r.schema)} and c.relname = ${stringLiteral(r.identifier)}
  and a.grantee <> a.grantor and pg_has_role(a.grantor, 'usage')`,
      grantee: (name) => (name.toLowerCase() === 'public' ? 'public' : name),
    },

    isDistinctFrom: (a, b) => `(${a} is distinct from ${b})`,
    isNotDistinctFrom: (a, b) => `(${a} is not distinct from ${b})`,
    currentTimestampUtc: () => `(current_timestamp at time zone 'UTC')`,
    momentText: (e) => `cast(${e} as text)`,
    timestampLiteral: (iso) => `cast('${iso.replace('T', ' ').replace(/(Z|[+-]00:?00)$/, '')}' as timestamp)`,
    limitQuery: (query, n) => `select * from (\n${query}\n) as dbt_limited limit ${n}`,
  };
}

/** The dialect of PostgreSQL 15 and later. */
export const postgresDialect: Dialect = createPostgresDialect(MERGE_SINCE);

/** A role as a grant names it. */
function role(name: string): string {
  return name.toLowerCase() === 'public' ? 'public' : quote(name);
}
