import { describe, expect, it } from 'vitest';
import { macrosOf, parseTemplate } from './template.ts';
import { openCalls, writtenCalls } from './written.ts';

describe('config() as it is written', () => {
  // What dbt 1.12 notes for the same templates.
  it.each<[string, Record<string, string>]>([
    [
      "{{ config(a='x', b=1, c=1.50, d=none, e=true, f=-3, g=[1, 'two', [3]], h=('a',), i=('a', 'b'), j={'k': 'v', 'n': {'m': False}}) }}",
      { a: 'x', b: '1', c: '1.5', d: 'None', e: 'True', f: '-3', g: "[1, 'two', [3]]", h: "('a',)", i: "('a', 'b')", j: "{'k': 'v', 'n': {'m': False}}" },
    ],
    [
      "{{ config(materialized='table' if target.name == 'prod' else 'view') }}",
      {
        materialized:
          "CondExpr(test=Compare(expr=Getattr(node=Name(name='target', ctx='load'), attr='name', ctx='load'), ops=[Operand(op='eq', expr=Const(value='prod'))]), expr1=Const(value='table'), expr2=Const(value='view'))",
      },
    ],
    [
      "{{ config(materialized=var('mat', 'view'), schema=env_var('S') ~ '_x', tags=['a'] + ['b'], enabled=target.name in ['dev', 'ci'] and not var('off')) }}",
      {
        materialized: "var('mat', 'view')",
        schema: "env_var('S') ~ '_x'",
        tags: "Add(left=List(items=[Const(value='a')]), right=List(items=[Const(value='b')]))",
        enabled: "target.name in ['dev', 'ci'] and not var('off')",
      },
    ],
    ["{{ config(alias=this.name, x=a['b'], y=a[0], z=f(*g, k=1, **h)) }}", { alias: 'this.name', x: "a['b']", y: 'a[0]', z: 'f(k=1, *g, **h)' }],
    ["{{ config(a='it\\'s', b=\"say \\\"x\\\"\", c='line\\nbreak', d='ü') }}", { a: "it's", b: 'say "x"', c: 'line\nbreak', d: 'ü' }],
    [
      '{% if x %}{{ config(a=1 + 2 * 3) }}{% else %}{{ config(b=2) }}{% endif %}',
      { a: 'Add(left=Const(value=1), right=Mul(left=Const(value=2), right=Const(value=3)))' },
    ],
    [
      '{{ config(a=x | upper, b=x is defined, c=a[1:2], d=-x, e=x > 1 or y <= 2) }}',
      {
        a: "Filter(node=Name(name='x', ctx='load'), name='upper', args=[], kwargs=[], dyn_args=None, dyn_kwargs=None)",
        b: "Test(node=Name(name='x', ctx='load'), name='defined', args=[], kwargs=[], dyn_args=None, dyn_kwargs=None)",
        c: 'a[Slice(start=Const(value=1), stop=Const(value=2), step=None)]',
        d: '-x',
        e: 'x > 1 or y <= 2',
      },
    ],
    [
      "{{ config(pre_hook=[\"select 1\", {'sql': 'select 2', 'transaction': false}]) }}",
      { pre_hook: "['select 1', {'sql': 'select 2', 'transaction': False}]" },
    ],
    ["{% do config(a='x') %}", { a: 'x' }],
    ["{{ log('x') }}{{ config(\n  a = 'x',\n  b = ref('y').schema\n) }}", { a: 'x', b: "ref('y').schema" }],
    [
      "{{ config(a=x ~ 'b' ~ y, b=not x, c=none if x) }}",
      { a: "x ~ 'b' ~ y", b: 'not x', c: "CondExpr(test=Name(name='x', ctx='load'), expr1=Const(value=None), expr2=None)" },
    ],
    [
      "{{ config(a=x|join(', ')|lower, b=x|default(none, true)) }}",
      {
        a: "Filter(node=Filter(node=Name(name='x', ctx='load'), name='join', args=[Const(value=', ')], kwargs=[], dyn_args=None, dyn_kwargs=None), name='lower', args=[], kwargs=[], dyn_args=None, dyn_kwargs=None)",
        b: "Filter(node=Name(name='x', ctx='load'), name='default', args=[Const(value=None), Const(value=True)], kwargs=[], dyn_args=None, dyn_kwargs=None)",
      },
    ],
  ])('%s', (template, config) => expect(writtenCalls(parseTemplate(template, 'm.sql')).config).toEqual(config));

  it('is that of the first call, and nothing where there is none', () => {
    expect(writtenCalls(parseTemplate("{{ config(a='x') }}{{ config(b='y') }}", 'm.sql')).config).toEqual({ a: 'x' });
    expect(writtenCalls(parseTemplate('select {{ 1 }}', 'm.sql')).config).toEqual({});
  });
});

describe('names that a template calls', () => {
  it.each([
    ["{{ cents('a') }} {% if x %}{{ utils.star(ref('b')) }}{% endif %} {{ cents('c') }}", ['cents', 'utils.star']],
    ['{% for c in columns(this) %}{{ one(two(c)) }}{% endfor %}', ['columns', 'one', 'two']],
    ["{% set x = var('y') %}{{ config(a=three()) }}{% call(z) four() %}{{ five(z) }}{% endcall %}", ['three', 'four', 'five']],
    ['select 1', []],
  ])('%s', (template, names) => expect(writtenCalls(parseTemplate(template, 'm.sql')).names).toEqual(names));
});

describe('names that a macro calls and does not define', () => {
  it.each([
    ['{% macro m(a) %}{{ nope(a) }}{{ a() }}{% endmacro %}', ['nope']],
    ['{% macro m() %}{% set f, g = x %}{% for h in hs %}{{ f() }}{{ h(g()) }}{% endfor %}{{ i.j() }}{{ k() }}{% endmacro %}', ['k']],
    ['{% macro m() %}{% call(row) each(rows()) %}{{ row() }}{{ caller() }}{% endcall %}{% with w = 1 %}{{ w() }}{% endwith %}{% endmacro %}', ['each', 'rows']],
    ['{% macro m() %}{% macro inner(z) %}{{ z() }}{% endmacro %}{{ inner(deep(1)) }}{{ m() }}{% endmacro %}', ['deep', 'm']],
  ])('%s', (text, names) => expect(openCalls(macrosOf(parseTemplate(text, 'm.sql'))[0]!.node)).toEqual(names));
});
