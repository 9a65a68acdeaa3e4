import { describe, expect, test } from 'vitest';
import { parseTemplate, renderMapped } from '../template/template.ts';
import { type Cte, prependCtes } from './ctes.ts';
import { type Origin, placeOf } from './origin.ts';

const SCOPE = { lookup: () => undefined, names: () => [] };

function part(sql: string, file: string): { sql: string; origin: Origin } {
  const { map } = renderMapped(parseTemplate(sql, file), { scope: SCOPE });
  return { sql, origin: { start: 0, end: sql.length, skip: 0, map } };
}
const cte = (name: string, sql: string): Cte => ({ id: `model.shop.${name}`, name: `"${name}"`, ...part(sql, `${name}.sql`) });

describe('CTEs put before a query', () => {
  const CASES: readonly (readonly [sql: string, whole: string])[] = [
    ['select 1', 'with "e" as (\nselect 2\n)\nselect 1'],
    ['with a as (select 1) select * from a', 'with "e" as (\nselect 2\n), a as (select 1) select * from a'],
    ['WITH RECURSIVE a as (select 1) select * from a', 'WITH RECURSIVE "e" as (\nselect 2\n), a as (select 1) select * from a'],
    ['-- with x\n/* with */ with a as (select 1) select 1', '-- with x\n/* with */ with "e" as (\nselect 2\n), a as (select 1) select 1'],
    ['-- about\nselect 1', 'with "e" as (\nselect 2\n)\n-- about\nselect 1'],
    ['select 1 as with_x', 'with "e" as (\nselect 2\n)\nselect 1 as with_x'],
  ];
  test.for(CASES)('%s', ([sql, whole]) => {
    const main = part(sql, 'm.sql');
    expect(prependCtes(sql, main.origin, [cte('e', 'select 2')]).sql).toBe(whole);
  });

  test('nothing to put leaves the query as it is', () => {
    expect(prependCtes('select 1', null, [])).toEqual({ sql: 'select 1', origins: [] });
  });
});

describe('places in the whole query', () => {
  const place = (sql: string, word: string): string => {
    const { sql: whole, origins } = prependCtes(sql, part(sql, 'm.sql').origin, [cte('e', 'select\n  inner_oops'), cte('f', 'select 3')]);
    const span = placeOf(origins, whole.indexOf(word))?.span;
    return span === undefined ? 'nowhere' : `${span.file}:${span.line}:${span.column}`;
  };
  test('before, inside and after the CTEs', () => {
    expect(place('select\n outer_oops', 'outer_oops')).toBe('m.sql:2:2');
    expect(place('select 1', 'inner_oops')).toBe('e.sql:2:3');
    expect(place('select 1', '3')).toBe('f.sql:1:8');
    expect(place('-- c\nwith a as (\n select outer_oops) select 1', 'outer_oops')).toBe('m.sql:3:9');
    expect(place('select 1', '"e"')).toBe('nowhere');
  });
});
