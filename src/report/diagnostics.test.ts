import { expect, it } from 'vitest';
import { type Diagnostic, error, warning } from '../diagnostics/diagnostic.ts';
import { printDiagnostics } from './diagnostics.ts';
import { palette } from './palette.ts';

const at = (line: number, file = 'models/a.yml'): Pick<Diagnostic, 'span'> => ({ span: { file, line, column: 3 } });
const text = (all: readonly Diagnostic[], columns: number | null = null): string[] => printDiagnostics(all, () => undefined, palette(false), columns);

it('of those that say the same at many places, the first is shown and the others are counted', () => {
  const many = Array.from({ length: 9 }, (_, i) => warning('parse/unknown-config', "'owner' is not known.", { ...at(i + 1), help: 'Put it under `meta`.' }));
  const between = error('parse/yaml', 'Something else.', at(4));
  expect(text([...many.slice(0, 4), between, ...many.slice(4)])).toEqual([
    `warning[parse/unknown-config] 'owner' is not known.
  --> models/a.yml:1:3
  help: Put it under \`meta\`.
  and at 8 more places: models/a.yml:2:3 models/a.yml:3:3 models/a.yml:4:3 models/a.yml:5:3 models/a.yml:6:3 …`,
    'error[parse/yaml] Something else.\n  --> models/a.yml:4:3',
  ]);
  expect(
    text(many, 60)
      .join('\n')
      .split('\n')
      .every((l) => l.length <= 60),
  ).toBe(true);
});

it('a few, those of other words, and those that tell more than their place are shown whole', () => {
  const few = [1, 2, 3].map((i) => error('parse/yaml', 'The same.', at(i)));
  const others = [1, 2, 3, 4].map((i) => error('parse/yaml', `The variable ${i}.`, at(i)));
  const related = [1, 2, 3, 4].map((i) => error('parse/yaml', 'Twice.', { ...at(i), related: [{ message: 'first here', span: at(9).span! }] }));
  const placeless = [1, 2, 3, 4].map(() => error('parse/yaml', 'No place.'));
  expect(text([...few, ...others, ...related, ...placeless])).toHaveLength(15);
});
