// packages.yml and dependencies.yml of dbt: packages are not installed yet, which is better told than found out from what is missing.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, Failure, type Span, warning } from '../diagnostics/diagnostic.ts';
import { readBytes } from '../files/read.ts';
import { asList } from '../project/config.ts';
import { isMapping, type Path } from '../project/shape.ts';
import { decodeUtf8 } from './encoding.ts';
import { readYaml } from './yaml.ts';

const FILES = ['packages.yml', 'dependencies.yml'];

/** What to do about a macro or a test of a package. */
export const COPY_IT =
  'Packages are not installed yet: copy the macros that are used into a folder of macro-paths, and call them without the name of the package.';

/** Warns of the packages that a project asks for. */
export function checkPackages(root: string, at: (file: string, path: Path) => Span, report: (d: Diagnostic) => void): void {
  for (const file of FILES.filter((f) => existsSync(join(root, f)))) {
    const wanted = asList(contentOf(root, file));
    if (wanted.length === 0) continue;
    const names = wanted.map((p) => (isMapping(p) ? String(p['package'] ?? p['git'] ?? p['local'] ?? p['tarball'] ?? '?') : String(p)));
    report(warning('parse/unsupported', `${file} asks for ${names.join(', ')}.`, { span: at(file, ['packages']), help: COPY_IT }));
  }
}

function contentOf(root: string, file: string): unknown {
  try {
    const { data } = readYaml(decodeUtf8(readBytes(root, file)) ?? '', file);
    return isMapping(data) ? data['packages'] : undefined;
  } catch (e) {
    if (e instanceof Failure) return undefined;
    throw e;
  }
}
