// Names in artifacts: relations as SQL has them, names that a text calls, paths within a folder of the project.
import type { Dialect } from '../adapters/adapter.ts';
import type { Resource } from '../project/resources.ts';

/** The full name of what stands, or may stand, in the warehouse for a resource; null where nothing does. */
export function relationName(r: Resource, dialect: Dialect): string | null {
  switch (r.type) {
    case 'source':
    case 'seed':
    case 'snapshot':
      return dialect.relation(r.relation);
    case 'model':
      return r.config.materialized === 'ephemeral' ? null : dialect.relation(r.relation);
    case 'test':
      return storesFailures(r.config) ? dialect.relation(r.relation) : null;
    default:
      return null;
  }
}

function storesFailures(config: Resource['config']): boolean {
  const as = config['store_failures_as'];
  return as === 'table' || as === 'view' || (as === undefined && config['store_failures'] === true);
}

/** Names that a text calls, whatever it is: those followed by a parenthesis. */
export function namesCalled(text: string): string[] {
  return text.includes('(') ? Array.from(text.matchAll(/\b([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*\(/g), (m) => m[1]!) : [];
}

/** A file's path within the folder of its kind, as dbt's `path` is. */
export function pathInFolder(r: Resource): string {
  if (r.type === 'operation') return `hooks/${r.name}.sql`;
  if (r.type === 'test' && r.generic !== null) return `${r.alias}.sql`;
  if (r.type === 'source') return r.file;
  if (r.type === 'snapshot' && !r.file.endsWith('.sql')) return `${r.name}.sql`;
  if (r.type === 'exposure') return withoutFirst(r.file);
  // The name, of a version its version too, of a snapshot its file: the rest are folders.
  const named = (r.type === 'model' && r.version !== null) || r.type === 'snapshot' ? 2 : 1;
  const folders = r.fqn.slice(1, r.fqn.length - named);
  return [...folders, r.file.slice(r.file.lastIndexOf('/') + 1)].join('/');
}

/** A path without its first folder. */
export function withoutFirst(file: string): string {
  return file.slice(file.indexOf('/') + 1);
}
