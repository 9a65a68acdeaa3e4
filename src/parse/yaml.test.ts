import { expect, it } from 'vitest';
import { Float } from '../project/float.ts';
import { readYaml } from './yaml.ts';

// What PyYAML 6 gives for the same texts, the white space at their ends taken off before, as dbt does.
it.each([
  ['a:\n  - b: |\n      x\n  - b: |\n      y\n', { a: [{ b: 'x\n' }, { b: 'y' }] }],
  ['a: >\n  x\n  y\n\n', { a: 'x y' }],
  ['a: |+\n  x\n\nb: 1\n', { a: 'x\n\n', b: 1 }],
  ['a: |\n  x\n# end\n', { a: 'x\n' }],
  ['a: [1.0, 2, 2.5, 1.0e+3, 1e3, -3., 1_0.0]\n', { a: [new Float(1), 2, 2.5, new Float(1000), '1e3', new Float(-3), new Float(10)] }],
])('reads %j as dbt does', (text, data) => expect(readYaml(text, 'f.yml')).toEqual({ data, mistakes: [] }));
