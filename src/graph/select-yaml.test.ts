import { describe, expect, it } from 'vitest';
import type { Resource } from '../project/resources.ts';
import type { Graph } from './graph.ts';
import { select } from './select.ts';
import { readSelectors, type YamlSelector } from './select-yaml.ts';

/** a → b → c, with tags; `t` tests a and b. */
const graph = ((): Graph => {
  const given: readonly [string, string, readonly string[], readonly string[]][] = [
    ['model.a', 'model', [], ['nightly']],
    ['model.b', 'model', ['model.a'], ['nightly', 'big']],
    ['model.c', 'model', ['model.b'], ['big']],
    ['test.t', 'test', ['model.a', 'model.b'], []],
  ];
  const children = new Map<string, string[]>(given.map(([id]) => [id, []]));
  for (const [id, , ps] of given) for (const p of ps) children.get(p)!.push(id);
  return {
    nodes: new Map(
      given.map(([id, type, , tags]) => [
        id,
        {
          id,
          type,
          name: id.split('.')[1],
          package: 'shop',
          file: `${id}.sql`,
          fqn: ['shop', id.split('.')[1]],
          patch: null,
          config: { tags },
          version: null,
          generic: null,
        } as unknown as Resource,
      ]),
    ),
    parents: new Map(given.map(([id, , ps]) => [id, ps])),
    children,
    order: given.map(([id]) => id),
    resolver: {} as Graph['resolver'],
  };
})();

function chosen(definition: unknown, others: readonly YamlSelector[] = []): string[] {
  const { ids, diagnostics } = select(graph, { selector: 's', selectors: [{ name: 's', definition }, ...others], indirect: 'empty' });
  expect(diagnostics).toEqual([]);
  return [...ids].map((id) => id.split('.')[1]!);
}

function mistakes(definition: unknown): string[] {
  return readSelectors([{ name: 's', definition, span: { file: 'selectors.yml', line: 3, column: 5 } }]).diagnostics.map((d) => `${d.message} ${d.help ?? ''}`);
}

describe('YAML selectors', () => {
  it.each<[string, unknown, string[]]>([
    ['a text', 'a+', ['a', 'b', 'c', 't']],
    ['one key', { tag: 'big' }, ['b', 'c']],
    ['method and value', { method: 'tag', value: 'nightly' }, ['a', 'b']],
    ['a number as value', { method: 'fqn', value: 1 }, []],
    ['children', { method: 'fqn', value: 'a', children: true, children_depth: 1 }, ['a', 'b', 't']],
    ['parents', { method: 'fqn', value: 'c', parents: true, parents_depth: '1' }, ['b', 'c']],
    ['childrens_parents', { method: 'fqn', value: 'c', childrens_parents: true }, ['a', 'b', 'c']],
    ['union', { union: [{ tag: 'nightly' }, 'c'] }, ['a', 'b', 'c']],
    ['intersection', { intersection: ['tag:nightly', { method: 'tag', value: 'big' }] }, ['b']],
    ['exclude in a union', { union: ['a', 'tag:big', { exclude: ['b'] }] }, ['a', 'c']],
    ['exclude beside a method', { method: 'tag', value: 'big', exclude: [{ tag: 'nightly' }, 'a'] }, ['c']],
    ['nesting', { union: [{ intersection: ['tag:big', { union: ['a', 'b'] }] }, 'c'] }, ['b', 'c']],
    ['its own indirect selection', { method: 'fqn', value: 'a', indirect_selection: 'eager' }, ['a', 't']],
    ['its own cautious selection', { method: 'fqn', value: 'a', indirect_selection: 'cautious' }, ['a']],
  ])('%s', (what, definition, expected) => {
    if (what === 'a number as value')
      expect(select(graph, { selector: 's', selectors: [{ name: 's', definition }] }).diagnostics[0]?.message).toBe("The selector 's' matches nothing.");
    else expect(chosen(definition)).toEqual(expected);
  });

  it('builds on other selectors, wherever they stand', () => {
    expect(chosen({ union: [{ method: 'selector', value: 'big' }, 'a'] }, [{ name: 'big', definition: 'tag:big' }])).toEqual(['a', 'b', 'c']);
    const selectors = [{ name: 'big', definition: { method: 'tag', value: 'nightly', exclude: ['test_type:data'] } }];
    expect([...select(graph, { select: ['selector:b*'], selectors }).ids]).toEqual(['model.a', 'model.b']);
  });

  it('takes the default where nothing is asked for', () => {
    const selectors = [{ name: 'n', definition: 'c', default: true }];
    expect([...select(graph, { selectors }).ids]).toEqual(['model.c']);
    expect([...select(graph, { selectors, exclude: ['a+'] }).ids]).toEqual([]);
    expect([...select(graph, { selectors, select: ['a'], indirect: 'empty' }).ids]).toEqual(['model.a']);
  });

  it('names a circle', () => {
    const selectors = [
      { name: 'x', definition: 'selector:y' },
      { name: 'y', definition: { union: ['a', 'selector:x'] } },
    ];
    expect(select(graph, { selector: 'x', selectors }).diagnostics.map((d) => d.message)).toEqual(['Selectors contain each other in a circle: x -> y -> x.']);
  });

  it('says which term of an empty selector is at fault', () => {
    const { diagnostics } = select(graph, { selector: 's', selectors: [{ name: 's', definition: { union: ['tag:nigthly'] } }] });
    expect(diagnostics).toEqual([
      expect.objectContaining({ code: 'graph/empty-selection', help: "Its term 'tag:nigthly' matches nothing. Did you mean 'tag:nightly'?" }),
    ]);
  });

  it.each<[unknown, RegExp]>([
    [{ method: 'tag', value: 'a', childern: true }, /'childern' is not a key of a definition. Did you mean 'children'/],
    [{ method: 'tags', value: 'a' }, /there is no method 'tags'. Did you mean 'tag'/],
    [{ tags: 'a' }, /Did you mean 'tag'/],
    [{ method: 'tag' }, /a definition lacks 'value'/],
    [{ union: 'a' }, /'union' must be a list/],
    [{ union: ['a'], intersection: ['b'] }, /'intersection' is not a key of a union. A definition has one of 'union' and 'intersection'/],
    [{ union: ['a', { exclude: ['b'] }, { exclude: ['c'] }] }, /several 'exclude' entries/],
    [{ method: 'tag', value: 'a', exclude: 'b' }, /'exclude' must be a list/],
    [{ method: 'tag', value: ['a', 'b'] }, /'value' must be a text, not a list. To unite several/],
    [{ method: 'tag', value: 'a', indirect_selection: 'eagre' }, /Did you mean 'eager'/],
    [{ method: 'tag', value: 'a', children: 'yes' }, /'children' must be true or false/],
    [{ method: 'tag', value: 'a', parents: true, parents_depth: 'two' }, /'parents_depth' must be a whole number/],
    [{ method: 'fqn', value: 'a', childrens_parents: true, children: true }, /both 'childrens_parents' and 'children'/],
    [['a'], /must be a text or a mapping, not a list/],
    [null, /must be a text or a mapping, not empty/],
  ])('%j is a mistake', (definition, expected) => expect(mistakes(definition)).toEqual([expect.stringMatching(expected)]));

  it('reports all mistakes of all selectors at once, with their place', () => {
    const span = { file: 'selectors.yml', line: 3, column: 5 };
    const { diagnostics } = readSelectors([
      { name: 'a', definition: { union: ['tagg:x', { method: 'tag', valeu: 1 }] }, default: true, span },
      { name: 'a', definition: 'b', default: true, span },
    ]);
    expect(diagnostics.map((d) => d.message)).toEqual([
      expect.stringMatching(/^Selector 'a': 'valeu' is not a key/),
      expect.stringMatching(/^Selector 'a': the selection 'tagg:x'/),
      expect.stringMatching(/there are two of that name/),
      expect.stringMatching(/'default: true', and so has 'a'/),
    ]);
    expect(diagnostics.every((d) => d.span === span)).toBe(true);
  });
});
