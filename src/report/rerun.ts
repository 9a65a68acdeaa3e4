// The command that runs what failed again, and only that.
import type { NodeResult } from '../execute/events.ts';
import type { Resource } from '../project/resources.ts';

export function rerunCommand(command: string, results: readonly NodeResult[], flags: string): string {
  const failed = results.filter(
    (r) => (r.status === 'error' || r.status === 'runtime error' || r.status === 'fail' || r.status === 'skipped') && r.resource.type !== 'operation',
  );
  const names = [...new Set(failed.map((r) => nameOf(r.resource)))];
  const shown = names.slice(0, 8).join(' ');
  const roots = failed.filter((r) => r.status !== 'skipped').map((r) => `${nameOf(r.resource)}+`);
  const select = names.length <= 8 ? shown : [...new Set(roots)].slice(0, 8).join(' ');
  return `dwt ${command}${flags}${select === '' ? '' : ` --select ${select}`}`;
}

function nameOf(r: Resource): string {
  return r.type === 'source' ? `source:${r.sourceName}.${r.name}` : r.name;
}
