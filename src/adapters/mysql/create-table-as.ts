// `create table … as` with columns as on other engines: null allowed, text not cut to the length of the first query's literals
// (`select 'a' as v` makes a `varchar(1) not null`). In: the dialect's statement. Out: the statements that do it: the shape
// without rows, its columns loosened while that costs nothing, then the rows.
// https://dev.mysql.com/doc/refman/8.0/en/create-table-select.html, https://mariadb.com/kb/en/create-table/#create-table-select
import { mysqlDialect } from './dialect.ts';

/** The parts of a statement in the form of `Dialect.createTableAs`; null for any other. */
export interface CreateTableAs {
  readonly table: string;
  readonly temporary: boolean;
  readonly select: string;
}

const FORM = /^create (temporary )?table ((?:`(?:[^`]|``)+`\.)?`(?:[^`]|``)+`) as\n([\s\S]+)$/;

/** Takes the dialect's statement apart. */
export function parseCreateTableAs(sql: string): CreateTableAs | null {
  const match = FORM.exec(sql);
  return match ? { temporary: match[1] !== undefined, table: match[2]!, select: match[3]! } : null;
}

/** The table without rows. The query begins on the second line, as in the original, so that errors keep their line. */
export function shapeStatement({ temporary, table, select }: CreateTableAs): string {
  return `create ${temporary ? 'temporary ' : ''}table ${table} as select * from (\n${select}\n) as dwt_shape limit 0`;
}

/** The rows. */
export function fillStatement({ table, select }: CreateTableAs): string {
  return `insert into ${table}\n${select}`;
}

/** A row of `show full columns`. */
export interface ShownColumn {
  readonly name: string;
  readonly type: string;
  readonly collation: string | null;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
}

const ROOMY = 255;
/** More than so many columns of 255 characters would not fit into a row of 65,535 bytes. */
const MAX_ROOMY = 50;

/**
 * The collation that MySQL gives to `cast(… as char)` of a view whatever the session's is: it writes the character set into the view's text
 * without its collation. https://dev.mysql.com/doc/refman/8.0/en/charset-collate.html
 */
const LOST = 'utf8mb4_0900_ai_ci';

/** The change that loosens columns, or null where none needs it. `collation` is for columns of nothing but null, and of a cast in a view. */
export function loosenStatement(table: string, columns: readonly ShownColumn[], collation: string): string | null {
  const textual = columns.filter((c) => /^(var)?(char|binary)\(\d+\)/.test(c.type)).length;
  const changes = columns.flatMap((c) => {
    const type = textual > MAX_ROOMY ? c.type : roomy(c.type);
    const lost = c.collation === LOST;
    if (c.nullable && !c.hasDefault && type === c.type && !lost) return [];
    const own = lost ? collation : (c.collation ?? (type === c.type ? null : collation));
    const characters = own === null ? '' : ` character set ${own.split('_')[0]!} collate ${own}`;
    return [`modify column ${mysqlDialect.quote(c.name)} ${type}${characters} null`];
  });
  return changes.length === 0 ? null : `alter table ${table} ${changes.join(', ')}`;
}

function roomy(type: string): string {
  // The type of `select null`.
  if (/^(var)?binary\(0\)$/.test(type)) return `varchar(${ROOMY})`;
  const length = /^(?:var)?char\((\d+)\)$/.exec(type)?.[1];
  return length !== undefined && Number(length) < ROOMY ? `varchar(${ROOMY})` : type;
}
