// Materializations are checked where they are named: in a folder of project.yml once, not for each model below it.
import { error, type Span } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { MATERIALIZATIONS } from '../project/config.ts';
import { isMappingConfig, type Tree } from '../project/config-shape.ts';
import type { ResourceType } from '../project/resources.ts';
import { isMapping, isTemplate, type Path } from '../project/shape.ts';
import type { ProjectFile } from './project-file.ts';
import type { Workshop } from './workshop.ts';

/** Seeds, snapshots and data tests have one of their own. */
const FIXED: Readonly<Partial<Record<ResourceType, string>>> = { seed: 'seed', snapshot: 'snapshot', test: 'test' };

/** Reports a materialization that does not exist, or is not for this kind of resource. */
export function checkMaterialization(w: Workshop, type: ResourceType, value: unknown, spanOf: () => Span): void {
  const templated: boolean = isTemplate(value);
  if (typeof value !== 'string' || templated) return;
  const fixed = FIXED[type];
  if (fixed !== undefined) {
    if (value !== fixed)
      w.report(
        error('parse/bad-config', `A ${type === 'test' ? 'data test' : type} cannot be materialized as '${value}'.`, {
          span: spanOf(),
          help: 'Take the key out.',
        }),
      );
    return;
  }
  if (type !== 'model' || MATERIALIZATIONS.includes(value)) return;
  const own = [...w.facts.macros.entries()].flatMap((e) => /^materialization_(.+)_[^_]+$/.exec(e.name)?.[1] ?? []);
  if (own.includes(value) || w.unread.mayHold(value)) return;
  const all = [...MATERIALIZATIONS, ...own];
  w.report(
    error('parse/unknown-materialization', `There is no materialization '${value}'.`, {
      span: spanOf(),
      help: didYouMean(value, all) ?? `Materializations: ${all.join(', ')}.`,
    }),
  );
}

/** The same for all trees of project.yml. */
export function checkTreeMaterializations(w: Workshop, project: ProjectFile, at: (path: Path, on?: 'key' | 'value') => Span): void {
  const visit = (tree: Tree, type: ResourceType, path: Path): void => {
    for (const [k, v] of Object.entries(tree)) {
      if (k === '+materialized' || (k === 'materialized' && !isMapping(v))) checkMaterialization(w, type, v, () => at([...path, k]));
      else if (!k.startsWith('+') && isMapping(v) && !isMappingConfig(k, v)) visit(v, type, [...path, k]);
    }
  };
  for (const [key, type] of [
    ['models', 'model'],
    ['seeds', 'seed'],
    ['snapshots', 'snapshot'],
    ['tests', 'test'],
    ['data_tests', 'test'],
  ] as const)
    if (project[key] !== undefined && project[key] !== null) visit(project[key], type, [key]);
}
