// The SQL text of DuckDB. Pure: relations and fragments in, statements out. Names are always quoted; DuckDB keeps their case and
// compares them without it. https://duckdb.org/docs/stable/sql/introduction
import { indexName } from '../index-name.ts';
import { matching } from '../matching.ts';
import type { Dialect, SchemaName } from '../adapter.ts';
import type { Relation, RelationKind } from '../../project/relation.ts';
import { portable } from './portable.ts';
import { widerType } from './types.ts';

const DEST = 'DBT_INTERNAL_DEST';
const SOURCE = 'DBT_INTERNAL_SOURCE';

const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
const list = (columns: readonly string[]): string => columns.map(quote).join(', ');
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const relation = (r: Relation): string =>
  [r.database, r.schema, r.identifier]
    .filter((part) => part !== null)
    .map(quote)
    .join('.');
const schema = (s: SchemaName): string => (s.database === null ? quote(s.schema) : `${quote(s.database)}.${quote(s.schema)}`);
const word = (kind: RelationKind): string => (kind === 'view' ? 'view' : 'table');

const inDatabase = (r: Relation): string => ` and database_name = ${r.database === null ? 'current_database()' : literal(r.database)}`;

/** DuckDB's dialect. */
export const dialect: Dialect = {
  ...portable,
  quote,
  relation,
  stringLiteral: literal,

  // https://duckdb.org/docs/stable/sql/statements/create_schema
  createSchema: (s) => `create schema if not exists ${schema(s)}`,
  dropSchema: (s) => `drop schema if exists ${schema(s)} cascade`,
  // https://duckdb.org/docs/stable/sql/statements/create_table
  createTable: (r, columns) => `create table ${relation(r)} (${columns.map((c) => `${quote(c.name)} ${c.type}`).join(', ')})`,
  createTableAs: (r, select, o = {}) => `create ${o.orReplace ? 'or replace ' : ''}${o.temporary ? 'temporary ' : ''}table ${relation(r)} as (\n${select}\n)`,
  // https://duckdb.org/docs/stable/sql/statements/create_view
  createView: (r, select, o = {}) => `create ${o.orReplace ? 'or replace ' : ''}view ${relation(r)} as (\n${select}\n)`,
  temporaryView: (r, select) => `create temporary view ${relation(r)} as (\n${select}\n)`,
  // https://duckdb.org/docs/stable/sql/statements/drop
  drop: (r, kind) => `drop ${word(kind)} if exists ${relation(r)} cascade`,
  dependents: () => null,
  truncate: (r) => `truncate ${relation(r)}`,
  // https://duckdb.org/docs/stable/sql/statements/alter_table#rename-table (not for a table that has indexes)
  rename: (pairs) => pairs.map(({ from, to, kind }) => `alter ${word(kind)} ${relation(from)} rename to ${quote(to.identifier)}`),
  temporary: (identifier) => ({ database: 'temp', schema: 'main', identifier }),
  dropTemporary: (r) => `drop table if exists ${relation(r)}`,

  insert: (target, columns, select) => `insert into ${relation(target)} (${list(columns)})\n${select}`,
  // Each cell of `values` is an expression to bind, which takes four times as long as to read them all from one JSON text.
  // https://duckdb.org/docs/stable/data/json/json_functions#transforming-json-to-nested-types
  insertRows: (target, columns, rows) => {
    const key = (i: number): string => `c${i}`;
    const shape = JSON.stringify(Object.fromEntries(columns.map((c, i) => [key(i), [c.type.replace(/\(.*/, '')]])));
    const data = JSON.stringify(Object.fromEntries(columns.map((_, i) => [key(i), rows.map((row) => row[i] ?? null)])));
    const lists = columns.map((_, i) => `unnest(j.${key(i)})`).join(', ');
    return `insert into ${relation(target)} (${list(columns.map((c) => c.name))})\nselect ${lists} from (select from_json(${literal(data)}, ${literal(shape)}) as j)`;
  },
  // https://duckdb.org/docs/stable/sql/statements/update#update-from-other-table
  updateFrom: ({ target, source, set, on }) =>
    `update ${relation(target)} as ${DEST}\nset ${set.map(([column, expression]) => `${quote(column)} = ${expression}`).join(', ')}\n` +
    `from ${relation(source)} as ${SOURCE}\nwhere ${on}`,
  // https://duckdb.org/docs/stable/sql/statements/delete
  // A table's indexes are read from the file at its first use. When that is a delete, a unique index does not see it, and refuses the
  // rows that come back in the same transaction (1.5): so an insert of nothing goes first.
  deleteMatching: ({ target, source, keys, predicates }) =>
    `insert into ${relation(target)} select * from ${relation(target)} where false;\ndelete from ${relation(target)} as ${DEST}\nwhere ${matching(keys, predicates, `${relation(source)} as ${SOURCE}`)}`,
  // https://duckdb.org/docs/stable/sql/statements/merge_into
  merge: ({ target, source, on, updateColumns, insertColumns }) => {
    const set = updateColumns.map((c) => `${quote(c)} = ${SOURCE}.${quote(c)}`).join(', ');
    const values = insertColumns.map((c) => `${SOURCE}.${quote(c)}`).join(', ');
    return [
      `merge into ${relation(target)} as ${DEST}\nusing ${relation(source)} as ${SOURCE}\non (${on})\n` +
        (set === '' ? '' : `when matched then update set ${set}\n`) +
        `when not matched then insert (${list(insertColumns)}) values (${values})`,
    ];
  },

  // https://duckdb.org/docs/stable/sql/statements/alter_table
  addColumns: (r, columns) => columns.map((c) => `alter table ${relation(r)} add column ${quote(c.name)} ${c.type}`),
  dropColumns: (r, columns) => columns.map((c) => `alter table ${relation(r)} drop column ${quote(c)}`),
  alterColumnType: (r, column, type) => [`alter table ${relation(r)} alter column ${quote(column)} set data type ${type}`],
  bareType: (type) => type,
  widerType,

  // https://duckdb.org/docs/stable/sql/indexes: ART is the only method; an index lives in its table's schema.
  createIndex: (r, index) => `create ${index.unique ? 'unique ' : ''}index ${quote(indexName(r, index))} on ${relation(r)} (${list(index.columns)})`,
  dropIndex: (r, name) => `drop index if exists ${relation({ ...r, identifier: name })}`,
  indexes: (r) =>
    `select index_name, null, is_unique, null from duckdb_indexes()\nwhere lower(schema_name) = lower(${literal(r.schema)}) and lower(table_name) = lower(${literal(r.identifier)})` +
    `${inDatabase(r)}\norder by index_name`,
  takenIndexNames: () => null,
  materializedViews: null,
  partitions: null,
  foreignKeys: null,
  exclusive: () => null,
  pointedTo: (r) =>
    `select 1 as found from duckdb_constraints()\nwhere constraint_type = 'FOREIGN KEY' and referenced_table = ${literal(r.identifier)} limit 1`,
  // An index that was dropped holds its columns until the commit, so a change of columns makes the table anew.
  indexesInTheWay: (r) =>
    `select index_name, array_to_string(cast(expressions as varchar[]), ', ') as columns,\n` +
    `    'create ' || case when is_unique then 'unique ' else '' end || 'index "' || replace(index_name, '"', '""') || '" on ' || ${literal(relation(r))} || ' (' || columns || ')'\n` +
    `from duckdb_indexes()\nwhere lower(schema_name) = lower(${literal(r.schema)}) and lower(table_name) = lower(${literal(r.identifier)})` +
    `${inDatabase(r)}\norder by index_name`,
  indexForJoin: () => null,
  /** Statistics are kept up to date by DuckDB itself. */
  analyze: () => null,
  // https://duckdb.org/docs/stable/sql/statements/comment_on
  comment: (r, kind, text) => `comment on ${word(kind)} ${relation(r)} is ${literal(text)}`,
  commentColumns: (r, _kind, comments) =>
    Object.entries(comments).map(([column, text]) => `comment on column ${relation(r)}.${quote(column)} is ${literal(text)}`),
  /** DuckDB has no users; a hook's `grant` it refuses, and `errors.ts` says what to do. */
  grants: null,

  isDistinctFrom: (a, b) => `(${a}) is distinct from (${b})`,
  isNotDistinctFrom: (a, b) => `(${a}) is not distinct from (${b})`,
  currentTimestampUtc: () => `(current_timestamp at time zone 'UTC')`,
  momentText: (e) => `cast(${e} as varchar)`,
  timestampLiteral: (iso) => `timestamp ${literal(iso.replace('T', ' ').replace(/ ?(Z|[+-]00(:?00)?)$/i, ''))}`,
  limitQuery: (query, n) => `select * from (\n${query}\n) as limited limit ${n}`,
};
