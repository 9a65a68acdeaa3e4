import { expect, test } from 'vitest';
import { docsOf, macroCallable, macrosOf, snapshotsOf } from './definitions.ts';
import { scopeOf } from './scope.test.support.ts';
import { callMacro, evaluateExpression, parseTemplate, render, renderNative } from './template.ts';
import { Float } from './values.ts';

const FILE = `{% set hidden = 5 %}
{% macro cents(col, scale=2, kind: optional[list[str]] = none) %}x{% endmacro %}`;
const options = { scope: scopeOf(), span: { file: 'cli', line: 1, column: 1 } };

test('the macros of a file: names, kinds, parameters, places and text', () => {
  const source = `${FILE}
{% test positive(model, column_name) %}t{% endtest %}
{% data_test even(model) %}t{% enddata_test %}
{% materialization tbl, adapter='duckdb', supported_languages=['sql'] %}m{% endmaterialization %}
{%- materialization tbl, default -%}m{%- endmaterialization %}`;
  const macros = macrosOf(parseTemplate(source, 'macros/a.sql'));
  expect(macros.map(({ name, kind }) => [name, kind])).toEqual([
    ['cents', 'macro'],
    ['test_positive', 'test'],
    ['test_even', 'test'],
    ['materialization_tbl_duckdb', 'materialization'],
    ['materialization_tbl_default', 'materialization'],
  ]);
  expect(macros[0]!.parameters).toEqual([{ name: 'col' }, { name: 'scale', default: '2' }, { name: 'kind', default: 'none' }]);
  expect(macros[0]!.span).toEqual({ file: 'macros/a.sql', line: 2, column: 10, endColumn: 15 });
  expect(macros[1]!.span).toEqual({ file: 'macros/a.sql', line: 3, column: 9, endColumn: 17 });
  expect(macros[1]!.text).toBe('{% test positive(model, column_name) %}t{% endtest %}');
  expect(macros[4]!.text).toBe('{%- materialization tbl, default -%}m{%- endmaterialization %}');
});

test('a macro does not see what its file sets, only its scope', () => {
  const template = parseTemplate('{% set hidden = 5 %}{% macro m(a, b=a) %}{{ hidden }}{{ a }}{{ b }}{{ n }}{% endmacro %}', 'a.sql');
  const macro = macroCallable(macrosOf(template)[0]!, scopeOf());
  expect(callMacro(macro, [1], new Map([['b', 2]]), options)).toBe('127');
});

test('snapshots and docs keep their body as text, with its first line', () => {
  const template = parseTemplate('x\n{% docs orders %}\nRaw {{ text }} {% if %}\n{% enddocs %}\n{% snapshot s %}\n\nselect {{ 1 }}\n{% endsnapshot %}', 'a.md');
  expect(docsOf(template)).toEqual([
    { name: 'orders', body: '\nRaw {{ text }} {% if %}\n', firstLine: 2, span: { file: 'a.md', line: 2, column: 9, endColumn: 15 } },
  ]);
  const [snapshot] = snapshotsOf(template);
  expect(snapshot).toMatchObject({ name: 's', body: '\n\nselect {{ 1 }}\n', firstLine: 5 });
  expect(render(parseTemplate(snapshot!.body, 'a.md', snapshot!.firstLine), options)).toBe('\n\nselect 1');
});

test('a lone expression keeps the kind of its value', () => {
  const value = (source: string) => evaluateExpression(source, { scope: scopeOf(), file: 'a.yml' });
  expect(value('{{ [1, 4 / 2, none] }}')).toEqual([1, new Float(2), null]);
  expect(value("'5' | as_number")).toBe(5);
  expect(value("'True' | as_bool")).toBe(true);
  expect(value('d.b + 1')).toBe(2);
  expect(value('\'[1, {"a": None}]\' | as_native')).toEqual([1, new Map([['a', null]])]);
  expect(value("'1.50' | as_text")).toBe('1.50');
  expect(value("'2.0' | as_number")).toEqual(new Float(2));
  expect(() => value("'yes' | as_bool")).toThrow("as_bool needs True or False, not a str: 'yes'.");
});

test('a template that is one expression has its value, any other its text', () => {
  const value = (source: string) => renderNative(parseTemplate(source, 'a.yml'), { scope: scopeOf() });
  expect(value('{{ xs }}')).toEqual([3, 1, 2]);
  expect(value(' {{ xs }}')).toBe(' [3, 1, 2]');
  expect(value('plain')).toBe('plain');
  expect(() => evaluateExpression(' {{ 1 +\n x y }}', { scope: scopeOf(), file: 'a.yml' })).toThrow("Expected the end of the expression, found 'y'.");
});

test('rendering again gives the same', () => {
  const template = parseTemplate('{% set l = [] %}{% for x in xs %}{% do l.append(x) %}{% endfor %}{{ l }}', 'a.sql');
  expect([1, 2].map(() => render(template, { scope: scopeOf() }))).toEqual(['[3, 1, 2]', '[3, 1, 2]']);
});
