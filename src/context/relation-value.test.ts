import { expect, test } from 'vitest';
import { dialect } from '../adapters/duckdb/dialect.ts';
import { parseTemplate, render } from '../template/template.ts';
import { apiObject } from './api-value.ts';
import { RelationValue } from './relation-value.ts';

const r = new RelationValue({ database: 'w', schema: 'main', identifier: 'orders' }, { dialect });
const names = new Map([
  ['r', r],
  ['api', apiObject(dialect)],
] as const);
const shown = (expression: string): string =>
  render(parseTemplate(`{{ ${expression} }}`, 'm.sql'), { scope: { lookup: (n) => names.get(n as 'r'), names: () => names.keys() } });

test.each([
  ['r', '"w"."main"."orders"'],
  ['r.include(database=false)', '"main"."orders"'],
  ['r.include(false, false)', '"orders"'],
  ['r.include(database=false).include(database=true)', '"w"."main"."orders"'],
  ['r.quote(identifier=false)', '"w"."main".orders'],
  ['r.without_identifier()', '"w"."main"'],
  ["r.incorporate(path={'identifier': 'x'}, type='view').is_view", 'True'],
  ["r.replace_path(schema='s')", '"w"."s"."orders"'],
  ['r.type', 'None'],
  // What packages look for to tell a relation from a text.
  ['r is mapping', 'True'],
  ["r.get('metadata', {}).get('type', '').endswith('Relation')", 'True'],
  ["r['schema']", 'main'],
  ["r.get('nothing', 'd')", 'd'],
  ["api.Relation.create(schema='s', identifier='i')", '"s"."i"'],
  ["api.Relation.create(identifier='i')", '"i"'],
  ["api.Column('c', 'varchar', 5).data_type", 'varchar(5)'],
  ["api.Column.create('c', 'int').quoted", '"c"'],
])('%s', (expression, text) => {
  expect(shown(expression)).toBe(text);
});
