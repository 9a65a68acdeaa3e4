import { expect, test } from 'vitest';
import { Failure, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { callable } from './arguments.ts';
import { macroCallable, macrosOf } from './definitions.ts';
import { rendered, scopeOf } from './scope.test.support.ts';
import { parseTemplate, render } from './template.ts';
import { ReturnSignal, Suspend, type Value } from './values.ts';

function failure(action: () => unknown): Diagnostic {
  try {
    action();
  } catch (error) {
    if (error instanceof Failure) return error.diagnostics[0]!;
    throw error;
  }
  throw new Error('it did not fail');
}
const at = (line: number, column: number, endColumn?: number) => ({
  file: 'models/orders.sql',
  line,
  column,
  ...(endColumn === undefined ? {} : { endColumn }),
});

test.each([
  ['{% if x %}', "'if' is never closed: {% endif %} is missing.", 1, 4],
  ['{% if x %}\n\n {% for y in z %}{% endif %}', "'endif' stands where 'for', opened on line 3, has to be closed first.", 3, 21],
  ['a\n  {{ 1 +', 'This tag is never closed: an expression is expected before the end of the template.', 2, 3],
  ['{{ a b }}', "Expected '}}', found 'b'.", 1, 6],
  ['{{ [1, 2 }}', "Unexpected '}': ']' is expected here.", 1, 10],
  ["{{ 'x }}", 'This string is never closed.', 1, 4],
  ['x {# y', "This comment is never closed: '#}' is missing.", 1, 3],
  ['{% endfor %}', "'endfor' closes a block that was never opened.", 1, 4],
  ['{% raw %} x', "'raw' is never closed: {% endraw %} is missing.", 1, 4],
  ['{{ f(a=1, 2) }}', 'A positional argument comes after a keyword argument.', 1, 11],
  ["{% include 'x' %}", "Templates cannot load other files: 'include' is not supported.", 1, 4],
])('a mistake of syntax has its place: %s', (source, message, line, column) => {
  expect(failure(() => parseTemplate(source, 'models/orders.sql'))).toMatchObject({ code: 'template/syntax', message, span: at(line, column) });
});

test('lines count from the first line that is given', () => {
  expect(failure(() => parseTemplate('\n{{ }}', 'docs.md', 40)).span).toMatchObject({ line: 41, column: 4 });
});

test.each([
  ['{{ zz.foo }}', 'template/undefined', "'zz' is undefined.", at(1, 4, 6)],
  ['{{ nmaes() }}', 'template/undefined', "'nmaes' is undefined.", at(1, 4, 9)],
  ['{{ d.nope.foo }}', 'template/undefined', "'dict object' has no attribute 'nope'.", at(1, 6, 10)],
  ["{{ 1 + 'a' }}", 'template/type', "'+' is not possible between an int and a str.", at(1, 6, 7)],
  ['{{ s.split(1, 2, 3) }}', 'template/type', 'split() takes at most 3 arguments, 4 were given.', at(1, 4, 11)],
  ['{{ s | uper }}', 'template/undefined', "There is no filter 'uper'.", at(1, 8, 12)],
  ['{% macro m(a) %}{% endmacro %}{{ m(b=2) }}', 'template/type', "Macro 'm' takes no argument 'b'.", at(1, 34, 35)],
])('an error of evaluation has its place: %s', (source, code, message, span) => {
  expect(failure(() => rendered(source))).toMatchObject({ code, message, span });
});

test('a name that is near is offered', () => {
  expect(failure(() => rendered('{{ nmaes() }}')).help).toBe("Did you mean 'names'?");
  expect(failure(() => rendered('{{ s.uppr() }}')).help).toBe("Did you mean 'upper'?");
  expect(failure(() => parseTemplate('{% fro x in y %}', 'a.sql')).help).toBe("Did you mean 'for'?");
});

function macros(source: string, more: Record<string, Value> = {}): Record<string, Value> {
  const out: Record<string, Value> = { ...more };
  const scope = { lookup: (name: string) => out[name], names: () => Object.keys(out) };
  for (const macro of macrosOf(parseTemplate(source, 'macros/money.sql'))) out[macro.name] = macroCallable(macro, scope);
  return out;
}

test('an error inside macros has the innermost place and the calls outward', () => {
  const names = macros("{% macro cents(c) %}\n  {{ c + 'x' }}\n{% endmacro %}\n{% macro outer(a) %}{{ cents(a) }}{% endmacro %}");
  expect(failure(() => rendered('select\n  {{ outer(1) }}', names))).toMatchObject({
    code: 'template/type',
    span: { file: 'macros/money.sql', line: 2, column: 8 },
    related: [
      { message: "called here by macro 'outer'", span: { file: 'macros/money.sql', line: 4, column: 24, endColumn: 29 } },
      { message: "called here, in model 'orders'", span: at(2, 6, 11) },
    ],
  });
});

test('a failure of the host gets the place of the call', () => {
  const broken = callable('ref', () => {
    throw new Failure({ code: 'template/raised', severity: 'error', message: 'no such model' });
  });
  expect(failure(() => rendered("{{ ref('x') }}", { ref: broken }))).toEqual({
    code: 'template/raised',
    severity: 'error',
    message: 'no such model',
    span: at(1, 4, 7),
  });
});

test('what suspends a template passes through as it is', () => {
  const question = new Suspend('columns?');
  const ask = callable('ask', () => {
    throw question;
  });
  expect(() => rendered('{{ m() }}', macros('{% macro m() %}{{ ask() }}{% endmacro %}', { ask }))).toThrow(
    expect.toSatisfy((thrown: unknown) => thrown === question) as never,
  );
});

test('a macro returns what return() gives it', () => {
  const give = callable('return', (args) => {
    throw new ReturnSignal(args[0]!);
  });
  const names = macros('{% macro m() %}x{{ return([1, 2.0]) }}y{% endmacro %}', { return: give });
  expect(rendered('{{ m() }}{{ m()[0] + 1 }}', names)).toBe('[1, 2.0]2');
  expect(scopeOf(names).lookup('m')).toBeDefined();
});

test('return() outside of a macro is told with its place', () => {
  const give = callable('return', (args) => {
    throw new ReturnSignal(args[0]!);
  });
  expect(failure(() => rendered('a {{ return(1) }}', { return: give }))).toMatchObject({ code: 'template/type', span: at(1, 6, 12) });
});

test('where it is lenient, what follows an undefined name is undefined too', () => {
  const lenient = (source: string) => render(parseTemplate(source, 'a.sql'), { scope: scopeOf(), lenient: true });
  expect(lenient("[{{ zz.a.b }}{{ zz() }}{{ zz.a(1)['k'][1:].x }}{{ d.q.r }}{% for x in zz.rows %}{% endfor %}{{ 1 if zz.a }}]")).toBe('[]');
});
