// selectors.yml: named selections of a project.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { error, Failure } from '../diagnostics/diagnostic.ts';
import type { YamlSelector } from '../graph/select-yaml.ts';
import { locate, readYaml } from '../parse/yaml.ts';
import { isMapping } from '../project/shape.ts';

const FILE = 'selectors.yml';

/** The selectors of a project, none where it has no file of them. Throws `Failure` where that is no YAML. */
export function readYamlSelectors(root: string): readonly YamlSelector[] {
  if (!existsSync(join(root, FILE))) return [];
  const text = readFileSync(join(root, FILE), 'utf8');
  const read = readYaml(text, FILE);
  if ('mistakes' in read) throw new Failure(read.mistakes);
  const list = isMapping(read.data) ? read.data['selectors'] : undefined;
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown, i): YamlSelector => {
    const own = isMapping(entry) ? entry : {};
    const span = locate(text, FILE, ['selectors', i, 'name'], 'value');
    if (typeof own['name'] !== 'string') throw new Failure(error('parse/missing-key', "A selector lacks 'name'.", { span, help: 'Add a line "name: …".' }));
    return {
      name: own['name'],
      definition: own['definition'],
      span,
      ...(own['default'] === true ? { default: true } : {}),
      ...(typeof own['description'] === 'string' ? { description: own['description'] } : {}),
    };
  });
}
