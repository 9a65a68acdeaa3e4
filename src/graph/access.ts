// Private models: only resources of their group may refer to them. The rule is dbt's.
import type { Project } from '../project/project.ts';
import { label, type Resource } from '../project/resources.ts';

/** Why one resource may not refer to another; undefined where it may. */
export function privateRef(project: Project, from: Resource, to: Resource): string | undefined {
  if (to.type !== 'model' || to.config['access'] !== 'private' || from.type === 'operation' || from.file === '--inline') return undefined;
  const group = to.config['group'];
  if (typeof group === 'string' && groupOf(project, from) === group) return undefined;
  return typeof group === 'string'
    ? `${label(to)}, which is private to the group '${group}'.`
    : `${label(to)}, which is private and has no group, so that nothing may refer to it.`;
}

/** A data test belongs to the group of what it is attached to. */
function groupOf(project: Project, r: Resource): unknown {
  const attached = r.type === 'test' && r.generic !== null ? project.resources.get(r.generic.attachedTo) : undefined;
  return r.config['group'] ?? attached?.config['group'];
}
