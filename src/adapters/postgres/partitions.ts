// Declarative range partitions of PostgreSQL: a partition for each period, and a default one for rows of none. Each is a table of its own
// in the schema, `<table>_<period>_<build>`; the build's digest lets an old and a new table stand side by side while one takes the
// other's place. https://www.postgresql.org/docs/current/ddl-partitioning.html
import type { Relation } from '../../project/relation.ts';
import type { PartitionSql } from '../adapter.ts';
import { boundLiteral, DIGITS, type FieldKind, type Period, periodOf, standing } from '../partition.ts';
import { typeMeaning } from '../server/patterns.ts';

const LONGEST = 63;

/**
 * Each partition, with its indexes and the table of its long texts, is locked until the commit: by default a server has room for 64 such
 * locks for each connection it takes, and is out of memory at about 1500 partitions with an index.
 * https://www.postgresql.org/docs/current/runtime-config-locks.html
 */
const MOST_AT_ONCE = 1000;
const NAME = /_(\d{4}|\d{6}|\d{8}|default)_([0-9a-f]{8})$/;

interface Names {
  readonly quote: (identifier: string) => string;
  readonly relation: (r: Relation) => string;
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The statements, over the dialect's way to write names. */
export function postgresPartitions({ quote, relation }: Names): PartitionSql {
  const partition = (parent: Relation, name: string, bounds: string, unlogged: boolean): string =>
    `create ${unlogged ? 'unlogged ' : ''}table ${relation({ ...parent, identifier: name })} partition of ${relation(parent)} ${bounds}`;
  /**
   * A table of its own that is attached: readers of the parent go on, but for those of the default partition, which has to be looked
   * through. `create … partition of` would lock them all out. https://www.postgresql.org/docs/current/sql-altertable.html
   */
  const attached = (parent: Relation, name: string, bounds: string, unlogged: boolean): string => {
    const own = relation({ ...parent, identifier: name });
    const like = `like ${relation(parent)} including defaults including constraints including generated including storage`;
    return `create ${unlogged ? 'unlogged ' : ''}table ${own} (${like});\nalter table ${relation(parent)} attach partition ${own} ${bounds}`;
  };
  const forPeriod = (p: Period, kind: FieldKind): string => `for values from (${boundLiteral(p.from, kind)}) to (${boundLiteral(p.to, kind)})`;

  return {
    most: Infinity,
    mostAtOnce: MOST_AT_ONCE,
    fieldKind(type) {
      const { kind } = typeMeaning(type);
      return kind === 'integer' ? 'int' : kind === 'date' || kind === 'timestamp' || kind === 'timestamptz' ? 'moment' : null;
    },
    periods(source, field, kind, granularity) {
      const column = quote(field);
      const digits = DIGITS[granularity];
      const period = kind === 'int' ? `(${column} / ${10 ** (8 - digits)})::text` : `to_char(${column}, '${'YYYYMMDD'.slice(0, digits)}')`;
      return `select distinct ${period} from ${relation(source)} where ${column} is not null`;
    },
    create: (r, o) => [
      `create table ${relation(r)} (like ${relation(o.like)}) partition by range (${quote(o.field)})`,
      [
        ...o.periods.map((p) => partition(r, partitionName(o.named, p.name, o.build), forPeriod(p, o.kind), o.unlogged)),
        partition(r, partitionName(o.named, 'default', o.build), 'default', o.unlogged),
      ].join(';\n'),
    ],
    standing: (r) => `select a.attname, x.relname
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_partitioned_table p on p.partrelid = c.oid and p.partstrat = 'r' and p.partnatts = 1
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = p.partattrs[0]
join pg_catalog.pg_inherits i on i.inhparent = c.oid
join pg_catalog.pg_class x on x.oid = i.inhrelid
where n.nspname = ${literal(r.schema)} and c.relname = ${literal(r.identifier)}
order by x.relname`,
    readStanding(rows) {
      // Partitions that somebody else made are theirs.
      const own = rows.map(([, name]) => String(name)).filter((name) => NAME.test(name));
      if (own.length === 0) return null;
      const periods = own.map((name) => periodOf(NAME.exec(name)![1]!)).filter((p) => p !== null);
      return standing(String(rows[0]![0]), periods, own);
    },
    add: (r, stands, periods, kind, unlogged) => {
      const build = NAME.exec(stands.names[0]!)![2]!;
      return periods.length === 0 ? [] : [periods.map((p) => attached(r, partitionName(r, p.name, build), forPeriod(p, kind), unlogged)).join(';\n')];
    },
  };
}

/** `sales_202402_1f2e3d4c`, the table's name cut where it would be too long. */
function partitionName(table: Relation, period: string, build: string): string {
  const end = `_${period}_${build}`;
  const characters = Array.from(table.identifier);
  while (Buffer.byteLength(characters.join('')) > LONGEST - end.length) characters.pop();
  return `${characters.join('')}${end}`;
}
