// The target of a run, or one that stands in for it, so that the rest of the project can be looked at all the same.
import type { Adapter } from '../adapters/adapter.ts';
import { anyAdapter, findAdapter } from '../adapters/index.ts';
import type { Facts } from '../context/context.ts';
import { type Diagnostic, Failure, type Span } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/nearest.ts';
import type { Target } from '../project/project.ts';
import { isMapping, type Path } from '../project/shape.ts';
import type { ProjectFile } from './project-file.ts';
import type { ReadProject } from './read-project.ts';
import { renderYaml } from './render-yaml.ts';
import { type ChosenTarget, chooseTarget } from './target.ts';

interface Wanted {
  readonly target?: string;
  readonly threads?: number;
}

/** Chooses the target; its mistakes are reported. `certain` is false where not even its engine is known. */
export function chooseOrStandIn(
  project: ProjectFile,
  mistakes: ReadProject['targets'],
  { broken, lost }: Pick<ReadProject, 'broken' | 'lost'>,
  wanted: Wanted,
  facts: Facts,
  at: (path: Path, on?: 'key' | 'value') => Span,
  report: (d: Diagnostic) => void,
): ChosenTarget & { readonly certain: boolean } {
  if (broken.has('targets') && project.targets === undefined) return { ...standIn(anyAdapter), certain: false };
  const targets = project.targets ?? {};
  const names = Object.keys(targets);
  const byDefault = renderYaml(facts, project.target, () => at(['target']), report);
  const fallback = byDefault === undefined || byDefault === null ? undefined : String(byDefault);
  const name = wanted.target ?? fallback ?? (names.length === 1 ? names[0]! : 'dev');
  for (const [other, found] of mistakes) {
    // A target that is not used may be another tool's: only what looks like a slip is told.
    if (other !== name)
      for (const d of found) if (d.code !== 'parse/wrong-type' || d.help?.startsWith('Did you mean') === true) report({ ...d, severity: 'warning' });
  }
  try {
    return { ...chooseTarget(targets, wanted.target, fallback, wanted.threads, facts, at), certain: true };
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    const unreadable = lost.has('targets') || lost.has('target');
    // What could not be read may have had it.
    if (!unreadable) for (const d of e.diagnostics) report(d);
    const missing = e.diagnostics.some((d) => d.code === 'parse/unknown-target');
    const meant = missing ? meantBy(name, fallback, names) : name;
    const adapter = adapterOf(targets[meant]);
    const alike = names.every((n) => adapterOf(targets[n]) === adapter);
    const certain = adapter !== undefined && !unreadable && (!missing || alike || nearest(name, names) !== undefined);
    const instead = missing && !unreadable ? withoutMistakes(() => chooseTarget(targets, meant, undefined, wanted.threads, facts, at)) : undefined;
    return { ...(instead ?? standIn(adapter ?? anyAdapter)), certain };
  }
}

/** The target that was probably meant where there is none of that name: a near one, that of the file, any. */
function meantBy(name: string, fallback: string | undefined, names: readonly string[]): string {
  return nearest(name, names) ?? (fallback !== undefined && names.includes(fallback) ? fallback : (names[0] ?? ''));
}

function adapterOf(target: unknown): Adapter | undefined {
  const type = isMapping(target) ? target['type'] : undefined;
  return typeof type === 'string' ? findAdapter(type) : undefined;
}

function withoutMistakes<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    return undefined;
  }
}

function standIn(adapter: Adapter): ChosenTarget {
  const target: Target = { name: '', type: adapter.type, database: null, schema: 'main', threads: 1, settings: {} };
  return { target, adapter };
}
