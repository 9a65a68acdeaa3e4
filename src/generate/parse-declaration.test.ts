import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { Failure } from '../diagnostics/diagnostic.ts';
import { parseDeclaration } from './parse-declaration.ts';

vi.setConfig({ testTimeout: 60_000 }); // a loaded machine is no failure

/** The mistakes of a text, each as `line:column code message | help`. */
function mistakes(text: string): string[] {
  try {
    parseDeclaration(text, 'seeds/generate.yml');
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    return e.diagnostics.map((d) => `${d.span?.line}:${d.span?.column} ${d.code} ${d.message}${d.help === undefined ? '' : ` | ${d.help}`}`);
  }
  return [];
}

const table = (columns: string): string => `as_of: 2024-12-31\ntables:\n  t:\n    rows: 3\n    columns:\n${columns.replace(/^/gm, '      ')}`;

describe('a declaration that is wrong', () => {
  test('tells all of its mistakes at once, in the order of the file', () => {
    const text = `seed: x
as_off: 2024-12-31
tables:
  a:
    rows: -1
    colums: 3
    columns:
      id: {sequence: 'A{06}'}
      name: {faker: person.firstNam}
      low: {int: [1, zz]}
      bb: {ref: bb, column: id}
      sum: {expr: 'rond(name, 2) + idd'}
    grow: {rows: 3, per: mnth}
    changes: {x: {every: 0, set: {nam: 3}}}
  b:
    rows: 3
    columns: {id: {ref: c, column: nam}}
  c:
    rows: 3
    columns: {name: {ref: b, column: id}}
`;
    expect(mistakes(text)).toEqual([
      "1:1 generate/missing-key The file has no 'as_of': the day the data shows. | Add a line such as: as_of: 2024-12-31",
      "1:7 generate/type 'seed' must be a whole number from 0 to 9007199254740991.",
      "2:1 generate/unknown-key The file has no key 'as_off'. | Did you mean 'as_of'?",
      "5:11 generate/value 'rows' must be a whole number from 0 to 1000000000000.",
      "6:5 generate/unknown-key Table 'a' has no key 'colums'. | Did you mean 'columns'?",
      "8:22 generate/value 'A{06}' has no place for the number. | Write {} or, with leading zeros to six digits, {:06}: CUST{:06}.",
      "9:21 generate/unknown-faker faker has no method 'person.firstNam'. | Did you mean 'person.firstName'?",
      "10:22 generate/unknown-name There is no column 'zz' in a. | Names here: id, name, row, line, arrived, grown, as_of.",
      "11:17 generate/unknown-table There is no table 'bb'.",
      "12:20 generate/unknown-function There is no function 'rond'. | Did you mean 'round'?",
      "12:36 generate/unknown-name There is no column 'idd' in a. | Did you mean 'id'?",
      "13:26 generate/value 'mnth' is no period. | Did you mean 'month'?",
      "14:26 generate/value 'every' must be a whole number from 1 to 1000000.",
      "14:35 generate/unknown-column There is no column 'nam' in a. | Did you mean 'name'?",
      "17:36 generate/unknown-column There is no column 'nam' in c. | Did you mean 'name'?",
      '20:27 generate/cycle Tables refer to each other in a circle: b → c → b.',
    ]);
  });

  test.each([
    ['a: [1', /^1:4 parse\/yaml A \[ is opened/],
    ['a: 1\na: 2', /^2:1 parse\/yaml The key 'a' is there twice/],
    ['', /generate\/type The file must be a map/],
    ['- 1', /generate\/type The file must be a map/],
    [table('a: {expr: b}\nb: 1'), /6:17 generate\/unknown-name Column 'b' comes later; a column sees only those above it\.$/],
    [table('a: {int: [1, 2], expr: 3}'), /says twice what is in it: int and expr\./],
    [table('a: {hidden: true}'), /missing-key The column 'a' doesn't say what is in it\. \| Give it one of: value, sequence/],
    [table('a: {choice: {x: 0}}'), /There is nothing to choose from\./],
    [table('a: {choice: {x: [1]}, by: b}'), /unknown-column There is no column 'b' in t\./],
    [table('a: {int: [1, 2, 3]}'), /must have two bounds/],
    [table('a: {ref: t, column: a}'), /generate\/cycle .*: t → t\./],
    [table('a: {date: [2024-02-30, 2024-03-01]}'), /There is no day '2024-02-30'\./],
    [
      'as_of: 2024-12-31\ntables: {p: {rows: 1, columns: {id: 1}}, c: {each: {table: p, rows: 2}, rows: 3, columns: {x: {expr: p.idd}}}}',
      /Table 'c' has no key 'rows'.*\n.*There is no column 'idd' in p\. \| Did you mean 'id'\?/,
    ],
    [
      'as_of: 2024-12-31\ntables: {p: {rows: 1, columns: {id: 1}}, c: {each: {table: p, rows: 2}, columns: {x: 1}}, d: {rows: 1, columns: {y: {ref: c, column: x}}}}',
      /child-reference .* \| Refer to 'p' instead\./,
    ],
    ['as_of: 2024-12-31\ntables: {t: {rows: 1, arrive: {from: 2024-01-01, to: 2025-01-01}, columns: {x: 1}}}', /'to' must not be after 'as_of'/],
  ])('%j', (text, expected) => expect(mistakes(text).join('\n')).toMatch(expected));
});

test('a declaration that is right is data: positions instead of names', () => {
  const d = parseDeclaration(table("id: {sequence: 'T{:03}'}\nprice: {decimal: [1, 9.5]}\ntwice: {expr: price * 2, nulls: 0.5}"), 'g.yml');
  expect(d).toMatchObject({ seed: 0, locale: 'en', tables: [{ name: 't', rows: 3, hidden: false }] });
  expect(d.tables[0]!.columns).toMatchObject([
    { name: 'id', generator: { kind: 'sequence', before: 'T', width: 3, start: 1 } },
    { name: 'price', generator: { kind: 'range', of: 'decimal', scale: 2 } },
    {
      name: 'twice',
      nulls: 0.5,
      generator: { kind: 'expression', expression: { uses: [{ kind: 'own', column: 1 }] } },
    },
  ]);
});

test('anchors and aliases are followed', () => {
  const text = `as_of: 2024-12-31
tables:
  p: {rows: 2, columns: {id: &id {sequence: 'P{}'}}}
  c: {each: &each {table: p, rows: 2}, columns: {id: *id}}
  d: {each: *each, columns: {of: {expr: p.id}}}
`;
  expect(parseDeclaration(text, 'g.yml').tables.map((t) => t.each?.table)).toEqual([undefined, 0, 0]);
});

test('whatever is broken in a file, it is told as a Failure', () => {
  const good = readFileSync(new URL('../../seeds/generate.yml', import.meta.url), 'utf8');
  const place = fc.nat(good.length);
  fc.assert(
    fc.property(place, fc.nat(40), fc.constantFrom('', '\n', '{', ']', ': ', '- ', "'", '*x', 'null', '1e400', '!!binary x'), (at, length, put) => {
      mistakes(good.slice(0, at) + put + good.slice(at + length));
    }),
    { numRuns: 200 },
  );
});
