// `require-dwt-version` of project.yml against this program.
import { type Diagnostic, error, type Span } from '../diagnostics/diagnostic.ts';
import { asTexts } from '../project/config.ts';
import type { Path } from '../project/shape.ts';
import type { ProjectFile } from './project-file.ts';

/** Reports versions that are required and are not this one. */
export function checkVersion(version: string, project: ProjectFile, at: (path: Path, on?: 'key' | 'value') => Span, report: (d: Diagnostic) => void): void {
  const required = asTexts(project['require-dwt-version']).flatMap((text) => text.split(','));
  const unmet = required.filter((clause) => !meets(version, clause.trim()));
  if (unmet.length > 0)
    report(
      error('parse/bad-config', `This project needs dwt ${required.map((r) => r.trim()).join(', ')}, and this is ${version}.`, {
        span: at(['require-dwt-version']),
        help: 'Install a version that it works with.',
      }),
    );
}

function meets(version: string, clause: string): boolean {
  const m = /^([<>]=?|==?)?\s*(\d+(?:\.\d+){0,2})/.exec(clause);
  if (m === null) return true;
  const order = compare(numbers(version), numbers(m[2]!));
  switch (m[1] ?? '=') {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    default:
      return order === 0;
  }
}

function numbers(version: string): readonly number[] {
  return (/^\d+(?:\.\d+){0,2}/.exec(version)?.[0] ?? '0').split('.').map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < 3; i++) if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) - (b[i] ?? 0);
  return 0;
}
