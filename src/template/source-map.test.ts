import { expect, test } from 'vitest';
import { scopeOf } from './scope.test.support.ts';
import { parseTemplate, renderMapped } from './template.ts';

/** Where `marked` of the rendered text comes from, as `line:column`. */
function places(template: string, marked: string, firstLine = 1): string[] {
  const { text, map } = renderMapped(parseTemplate(template, 'm.sql', firstLine), { scope: scopeOf() });
  const out: string[] = [];
  for (let at = text.indexOf(marked); at >= 0; at = text.indexOf(marked, at + 1)) {
    const found = map.at(at);
    out.push([found?.span, ...(found?.calls.map((c) => c.span) ?? [])].map((s) => `${s?.line}:${s?.column}`).join(' < '));
  }
  return out;
}

// Template, what is looked for in its text, and the places it came from.
const CASES: readonly (readonly [template: string, marked: string, places: readonly string[]])[] = [
  ['select oops\nfrom t', 'oops', ['1:8']],
  ['select 1,\n  oops', 'oops', ['2:3']],
  ['{{ n }} as a, oops', 'oops', ['1:15']],
  ['{{ n }} as a', '7', ['1:4']],
  ['{{ [\n  1,\n  2\n][0] }} as a,\n   oops', 'oops', ['5:4']],
  ['{%- if yes -%}\n\n  oops\n{%- endif %}', 'oops', ['3:3']],
  ['{% for x in xs %}\n  oops_{{ x }},\n{% endfor %}', 'oops', ['2:3', '2:3', '2:3']],
  ['{% macro m() %}\n\noops{% endmacro %}a, {{ m() }}', 'oops', ['3:1 < 3:25']],
  ['{% macro a() %}oops{% endmacro %}{% macro b() %}({{ a() }}){% endmacro %}{{ b() }}', 'oops', ['1:16 < 1:53 < 1:77']],
  ['{% macro a(x) %}({{ x }}){% endmacro %}{{ a("oops") }}', 'oops', ['1:43']],
  ['{% macro a() %}oops{% endmacro %}{{ a() | trim }} {{ a() | upper }}', 'oops', ['1:16 < 1:43']],
  ['{% macro m() %}x{{ caller() }}{% endmacro %}{% call m() %}oops{% endcall %}', 'oops', ['1:59 < 1:20 < 1:53']],
  ['{% set sql %}\nselect oops\n{% endset %}\n-- it\n{{ sql }}', 'oops', ['5:4']],
  ['{% filter upper %}oops{% endfilter %} z', 'OOPS', ['1:11']],
  ['a {% raw %} {{ oops }}{% endraw %}', 'oops', ['1:16']],
  ['a {%- raw -%}\n   oops{% endraw %}', 'oops', ['2:4']],
  ['{# one\ntwo #}{{ n }}{# three\n#}  oops', 'oops', ['3:5']],
];

test.for(CASES)('%j: %s', ([template, marked, wanted]) => {
  expect(places(template, marked)).toEqual(wanted);
});

test('lines count from the first line of the part of a file', () => {
  expect(places('\nselect oops', 'oops', 10)).toEqual(['11:8']);
});

test('the end of the text has the place of what came last', () => {
  const { text, map } = renderMapped(parseTemplate('select 1', 'm.sql'), { scope: scopeOf() });
  expect(map.at(text.length)).toMatchObject({ span: { file: 'm.sql', line: 1, column: 9 }, calls: [] });
});
