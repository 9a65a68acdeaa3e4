// ls: the resources of the project, chosen by the selection language, as names, paths, JSON lines or pictures.
import { type Diagnostic, didYouMean, type DwtProject, fail, nameOf, type Resource, type ResourceType, warning } from '../api/api.ts';
import { erd, mermaid } from '../report/diagrams.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { chooseNodes, note, openProject, printDiagnostics } from './project.ts';

export interface LsOptions extends CommonOptions {
  readonly output: 'name' | 'path' | 'json' | 'selector' | 'mermaid' | 'erd';
  readonly outputKeys?: readonly string[];
  /** A selection of models alone. */
  readonly models?: readonly string[];
}

const ALL: readonly ResourceType[] = ['model', 'seed', 'snapshot', 'test', 'source', 'analysis', 'exposure'];

/** What a list has where nothing else is asked for. */
const LISTED = ALL.filter((t) => t !== 'analysis');

/** What a picture shows where nothing else is asked for: data tests would hide what they test. */
const PICTURED: Readonly<Partial<Record<LsOptions['output'], readonly ResourceType[]>>> = {
  mermaid: ['model', 'seed', 'snapshot', 'source', 'analysis', 'exposure'],
  erd: ['model', 'seed', 'snapshot', 'source'],
};

export function lsCommand(io: Io, o: LsOptions): ExitCode {
  if (o.models !== undefined && (o.select ?? o.resourceType) !== undefined)
    fail('cli/usage', `ls takes --models or --${o.select === undefined ? 'resource-type' : 'select'}, not both.`, {
      help: '--models means --select with --resource-type model.',
    });
  const project = openProject(io, o, 'ls');
  const selection = o.models === undefined ? o : { ...o, select: o.models, resourceType: ['model'] };
  const chosen = chooseNodes(io, project, selection, ALL, PICTURED[o.output] ?? LISTED);
  const { output } = o;
  if (output === 'mermaid' || output === 'erd') {
    const known = output === 'erd' ? project.knownColumns() : undefined;
    const graph = {
      resources: project.resources,
      order: project.order,
      parents: (id: string) => project.parents(id),
      ...(known === undefined ? {} : { columns: known }),
    };
    if (known?.size === 0 && hasUntyped(project, chosen)) note(io, 'For the types of columns: dwt docs generate, then this again.');
    io.output.out(`${output === 'erd' ? erd(graph, chosen) : mermaid(graph, chosen)}\n`);
    return 0;
  }
  const keys = new Keys(project);
  const asked = o.outputKeys?.flatMap((text) => text.split(/[\s,]+/).filter((key) => key !== ''));
  const lines = project.order.flatMap((id) => {
    const r = project.resources.get(id);
    if (r === undefined || !chosen.has(id)) return [];
    if (output !== 'json') return [line(r, output)];
    return [JSON.stringify(asked === undefined ? described(project, r) : keys.of(id, asked))];
  });
  printDiagnostics(io, keys.unknown(asked ?? []), project.root);
  if (lines.length > 0) io.output.out(`${lines.join('\n')}\n`);
  return 0;
}

/** Whether a column of these has no type in the files. */
function hasUntyped(project: DwtProject, chosen: ReadonlySet<string>): boolean {
  return [...chosen].some((id) => Object.values(project.resources.get(id)?.columns ?? {}).some((c) => c.data_type === null));
}

function line(r: Resource, output: 'name' | 'path' | 'selector'): string {
  switch (output) {
    case 'name':
      return nameOf(r);
    case 'path':
      return r.file;
    case 'selector':
      if (r.type === 'source') return `source:${r.package}.${r.sourceName}.${r.name}`;
      return r.type === 'exposure' ? `exposure:${r.package}.${r.name}` : r.fqn.join('.');
  }
}

/** What a list says of a resource where no keys are asked for. */
function described(project: DwtProject, r: Resource): Record<string, unknown> {
  return {
    unique_id: r.id,
    name: r.name,
    resource_type: r.type,
    ...(r.type === 'source' ? { source_name: r.sourceName } : {}),
    package_name: r.package,
    original_file_path: r.file,
    fqn: r.fqn,
    description: r.description,
    tags: r.config.tags,
    meta: r.config.meta,
    config: project.config(r),
    depends_on: { nodes: project.parents(r.id) },
    ...('relation' in r && r.type !== 'analysis' && r.type !== 'operation'
      ? { database: r.relation.database, schema: r.relation.schema, alias: r.relation.identifier }
      : {}),
  };
}

/** Chosen keys of the resources, such as `name` and `config.materialized`. As in dbt, one that a resource does not have is left out. */
class Keys {
  private readonly project: DwtProject;
  private readonly met = new Set<string>();

  constructor(project: DwtProject) {
    this.project = project;
  }

  of(id: string, keys: readonly string[]): Record<string, unknown> {
    const all = this.project.details(id);
    for (const key of Object.keys(all)) this.met.add(key);
    const found: Record<string, unknown> = {};
    for (const key of keys) {
      const value = key.split('.').reduce<unknown>((v, part) => (isObject(v) && Object.hasOwn(v, part) ? v[part] : undefined), all);
      if (value !== undefined) found[key] = value;
    }
    return found;
  }

  /** Those of the keys that none of the resources has. */
  unknown(keys: readonly string[]): readonly Diagnostic[] {
    const met = [...this.met];
    return keys.flatMap((key) => {
      const [first = ''] = key.split('.');
      if (met.length === 0 || this.met.has(first)) return [];
      return [warning('cli/usage', `None of these resources has the key '${key}'.`, { help: didYouMean(first, met) ?? `Keys: ${met.join(', ')}.` })];
    });
  }
}

function isObject(v: unknown): v is Record<string, unknown> {
  return typeof v === 'object' && v !== null && !Array.isArray(v);
}
