// Foreign keys of the databases of a MySQL or MariaDB server. https://dev.mysql.com/doc/refman/8.0/en/create-table-foreign-keys.html
import type { Relation } from '../../project/relation.ts';
import type { ForeignKeySql } from '../foreign-key.ts';

const literal = (text: string): string => `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;

/** The tables of those schemas that foreign keys of other tables, of any schema, point to. */
export function referencedQuery(schemas: readonly string[]): string {
  return `select distinct referenced_table_schema, referenced_table_name from information_schema.key_column_usage
where referenced_table_schema in (${schemas.map(literal).join(', ')}) and referenced_table_name is not null
  and not (referenced_table_schema = table_schema and referenced_table_name = table_name)`;
}

export function mysqlForeignKeys(d: { readonly quote: (name: string) => string; readonly relation: (r: Relation) => string }): ForeignKeySql {
  return {
    of: (r) => keys(`k.table_schema = ${literal(r.schema)} and k.table_name = ${literal(r.identifier)}`),
    pointingTo: (r) =>
      keys(
        `k.referenced_table_schema = ${literal(r.schema)} and k.referenced_table_name = ${literal(r.identifier)}` +
          ` and not (k.table_schema = k.referenced_table_schema and k.table_name = k.referenced_table_name)`,
      ),
    add: (table, name, definition) => `alter table ${d.relation(table)} add constraint ${d.quote(name)} ${definition}`,
    drop: (table, name) => `alter table ${d.relation(table)} drop foreign key ${d.quote(name)}`,
    // https://dev.mysql.com/doc/refman/8.0/en/innodb-online-ddl-operations.html#online-ddl-foreign-key-operations
    unchecked: { before: 'set foreign_key_checks = 0', after: 'set foreign_key_checks = 1' },
    // Changes of foreign keys side by side can stop MariaDB 10.11 as a whole, each waiting for what the other has.
    alone: { before: `do get_lock('dwt_foreign_keys', 3600)`, after: `do release_lock('dwt_foreign_keys')`, rows: null },
    attempt: null,
  };
}

function keys(condition: string): string {
  const name = (column: string): string => "concat('`', replace(" + column + ", '`', '``'), '`')";
  const list = (expression: string, separator: string): string =>
    `convert(group_concat(${expression} order by k.ordinal_position separator ${separator}) using utf8mb4)`;
  const json = (column: string): string => `concat('[', ${list(`json_quote(${column})`, "','")}, ']')`;
  return `select k.constraint_name, k.table_schema, k.table_name, ${json('k.column_name')},
  k.referenced_table_schema, k.referenced_table_name, ${json('k.referenced_column_name')},
  concat('foreign key (', ${list(name('k.column_name'), "', '")}, ') references ', ${name('k.referenced_table_schema')}, '.', ${name('k.referenced_table_name')},
    ' (', ${list(name('k.referenced_column_name'), "', '")}, ') on delete ', max(c.delete_rule), ' on update ', max(c.update_rule))
from information_schema.key_column_usage k
join information_schema.referential_constraints c
  on c.constraint_schema = k.constraint_schema and c.constraint_name = k.constraint_name and c.table_name = k.table_name
where k.referenced_table_name is not null and ${condition}
group by k.constraint_name, k.table_schema, k.table_name, k.referenced_table_schema, k.referenced_table_name
order by 2, 3, 1`;
}
