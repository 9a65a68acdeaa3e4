// RANGE COLUMNS partitions of MySQL and MariaDB: `pmin` for null and what is before the year 1000, one for each period, named `p202402`,
// and `pmax` for what comes after them all. A period that is new is split off the partition that its rows would lie in.
// https://dev.mysql.com/doc/refman/8.0/en/partitioning-columns-range.html, https://mariadb.com/kb/en/range-columns-and-list-columns-partitioning-types/
import type { Relation } from '../../project/relation.ts';
import type { PartitionSql } from '../adapter.ts';
import { boundLiteral, DIGITS, type FieldKind, periodOf, standing } from '../partition.ts';
import { typeMeaning } from '../server/patterns.ts';

const FIRST_DAY = '1000-01-01';
const LOWEST = 'pmin';
const HIGHEST = 'pmax';

/** https://dev.mysql.com/doc/refman/8.0/en/partitioning-limitations.html: 8192 with both ends. */
const MOST = 8190;

interface Names {
  readonly quote: (identifier: string) => string;
  readonly relation: (r: Relation) => string;
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The statements, over the dialect's way to write names. */
export function mysqlPartitions({ quote, relation }: Names): PartitionSql {
  return {
    most: MOST,
    mostAtOnce: MOST,
    fieldKind(type) {
      const { kind } = typeMeaning(type);
      // RANGE COLUMNS does not take the type TIMESTAMP, only DATETIME.
      return kind === 'integer' ? 'int' : kind === 'date' || (kind === 'timestamp' && /^datetime/i.test(type)) ? 'moment' : null;
    },
    periods(source, field, kind, granularity) {
      const column = quote(field);
      const digits = DIGITS[granularity];
      const period = kind === 'int' ? `cast(${column} div ${10 ** (8 - digits)} as char)` : `date_format(${column}, '${'%Y%m%d'.slice(0, digits - 2)}')`;
      return `select distinct ${period} from ${relation(source)} where ${column} is not null`;
    },
    create: (r, o) => [
      `create table ${relation(r)} like ${relation(o.like)}`,
      `alter table ${relation(r)} partition by range columns (${quote(o.field)}) (\n  ` +
        [below(LOWEST, FIRST_DAY, o.kind), ...o.periods.map((p) => below(`p${p.name}`, p.to, o.kind)), below(HIGHEST, null, o.kind)].join(',\n  ') +
        '\n)',
    ],
    standing: (r) => `select partition_expression, partition_name from information_schema.partitions
where table_schema = ${literal(r.schema)} and table_name = ${literal(r.identifier)} and partition_method = 'RANGE COLUMNS'
order by partition_ordinal_position`,
    readStanding(rows) {
      const names = rows.map(([, name]) => String(name));
      const periods = names.slice(1, -1).map((name) => (name.startsWith('p') ? periodOf(name.slice(1)) : null));
      if (names[0] !== LOWEST || names.at(-1) !== HIGHEST || periods.includes(null)) return null;
      const field = String(rows[0]![0]).replace(/^`|`$/g, '').replaceAll('``', '`');
      return standing(
        field,
        periods.filter((p) => p !== null),
        names,
      );
    },
    add(r, stands, periods, kind) {
      return [...stands.periods, null].flatMap((within, i) => {
        const after = stands.periods[i - 1]?.to ?? '';
        const split = periods.filter((p) => p.from >= after && (within === null || p.from < within.from));
        if (split.length === 0) return [];
        const name = within === null ? HIGHEST : `p${within.name}`;
        const parts = [...split.map((p) => below(`p${p.name}`, p.to, kind)), below(name, within?.to ?? null, kind)];
        return [`alter table ${relation(r)} reorganize partition ${quote(name)} into (\n  ${parts.join(',\n  ')}\n)`];
      });
    },
  };

  function below(name: string, day: string | null, kind: FieldKind): string {
    return `partition ${quote(name)} values less than (${day === null ? 'maxvalue' : boundLiteral(day, kind)})`;
  }
}
