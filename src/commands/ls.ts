// ls: the resources of the project, chosen by the selection language, as names, paths or JSON lines.
import type { Resource, ResourceType } from '../api/api.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { chooseNodes, openProject } from './project.ts';

export interface LsOptions extends CommonOptions {
  readonly output: 'name' | 'path' | 'json' | 'selector';
  readonly outputKeys?: readonly string[];
}

const ALL: readonly ResourceType[] = ['model', 'seed', 'snapshot', 'test', 'source', 'analysis', 'exposure'];

export function lsCommand(io: Io, o: LsOptions): ExitCode {
  const project = openProject(io, o, 'ls');
  const chosen = chooseNodes(io, project, o, ALL);
  const lines = project.order.flatMap((id) => {
    const r = project.resources.get(id);
    return r === undefined || !chosen.has(id) ? [] : [line(r, o, project.parents(id))];
  });
  if (lines.length > 0) io.output.out(`${lines.join('\n')}\n`);
  return 0;
}

function line(r: Resource, o: LsOptions, parents: readonly string[]): string {
  switch (o.output) {
    case 'name':
      return r.type === 'source' ? `${r.sourceName}.${r.name}` : r.name;
    case 'path':
      return r.file;
    case 'selector':
      return r.type === 'source' ? `source:${r.fqn.join('.')}` : r.type === 'exposure' ? `exposure:${r.fqn.join('.')}` : r.fqn.join('.');
    case 'json': {
      const all: Record<string, unknown> = {
        unique_id: r.id,
        name: r.name,
        resource_type: r.type,
        package_name: r.package,
        original_file_path: r.file,
        fqn: r.fqn,
        description: r.description,
        tags: r.config.tags,
        meta: r.config.meta,
        config: r.config,
        depends_on: { nodes: parents },
        ...('relation' in r && r.type !== 'analysis' && r.type !== 'operation'
          ? { database: r.relation.database, schema: r.relation.schema, alias: r.relation.identifier }
          : {}),
      };
      return JSON.stringify(
        o.outputKeys === undefined
          ? all
          : Object.fromEntries(
              o.outputKeys.map((k) => [k, k.split('.').reduce<unknown>((v, part) => (v as Record<string, unknown> | undefined)?.[part], all) ?? null]),
            ),
      );
    }
  }
}
