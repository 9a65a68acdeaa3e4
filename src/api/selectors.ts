// selectors.yml: named selections of a project, read and checked whenever the project is.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from '../context/context.ts';
import { type Diagnostic, Failure, type Span, warning } from '../diagnostics/diagnostic.ts';
import { readBytes } from '../files/read.ts';
import { selectorListShape } from '../graph/select-shape.ts';
import { readSelectors, type YamlSelector } from '../graph/select-yaml.ts';
import { decodeUtf8, notUtf8 } from '../parse/encoding.ts';
import { indexIn, prune } from '../parse/prune.ts';
import { renderYaml } from '../parse/render-yaml.ts';
import { placed, placeResolver, readYaml } from '../parse/yaml.ts';
import type { Path } from '../project/shape.ts';

const FILE = 'selectors.yml';

export interface Selectors {
  readonly selectors: readonly YamlSelector[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The selectors of a project, none where it has no file of them, and every mistake in that file. Without facts its templates stay as they are. */
export function readYamlSelectors(root: string, facts: Facts | null): Selectors {
  if (!existsSync(join(root, FILE))) return { selectors: [], diagnostics: misnamed(root) };
  let bytes: Buffer;
  try {
    bytes = readBytes(root, FILE);
  } catch (e) {
    if (e instanceof Failure) return { selectors: [], diagnostics: e.diagnostics };
    throw e;
  }
  const text = decodeUtf8(bytes);
  if (text === undefined) return { selectors: [], diagnostics: [notUtf8(bytes, FILE)] };
  const { data, mistakes } = readYaml(text, FILE);
  if (data === undefined || data === null) return { selectors: [], diagnostics: mistakes };
  const diagnostics = [...mistakes];
  const resolve = placeResolver(root);
  const at = (path: Path, on: 'key' | 'value'): Span => resolve({ yaml: FILE, path, on });
  const rendered =
    facts === null
      ? data
      : renderYaml(
          facts,
          data,
          (path) => at(path, 'value'),
          (d) => diagnostics.push(d),
        );
  selectorListShape.check(rendered, [], (m) => diagnostics.push(placed(m, at(m.path, m.on))));
  const sound = prune(selectorListShape, rendered) as { readonly selectors: readonly Written[] } | null;
  const selectors = (sound?.selectors ?? []).map((own, i): YamlSelector => {
    const here: Path = ['selectors', indexIn(sound!.selectors, i)];
    return {
      name: own.name,
      definition: own.definition,
      span: at([...here, 'name'], 'value'),
      place: (path, on) => at([...here, ...path], on),
      ...(own.default === true ? { default: true } : {}),
      ...(own.description === undefined || own.description === null ? {} : { description: own.description }),
    };
  });
  return { selectors, diagnostics: [...diagnostics, ...readSelectors(selectors).diagnostics] };
}

interface Written {
  readonly name: string;
  readonly definition: unknown;
  readonly default?: unknown;
  readonly description?: string | null;
}

/** A file of nearly that name is not read. */
function misnamed(root: string): Diagnostic[] {
  return ['selectors.yaml', 'selector.yml'].flatMap((name) =>
    existsSync(join(root, name)) ? [warning('parse/unknown-resource', `${name} is not read: selectors stand in ${FILE}.`, { help: 'Rename it.' })] : [],
  );
}
