// What a half-typed selection may become, for a shell's Tab. In: the word as typed so far, the resources, names of
// selectors. Out: whole words that begin like it, operators and earlier parts kept.
import { isRefable, type Resource } from '../project/resources.ts';
import { METHODS, type Method } from './select-parse.ts';

export interface Candidate {
  readonly value: string;
  readonly description?: string;
  /** More of the word is to follow: `tag:`, `models/`. */
  readonly open?: boolean;
}

/** What a selection may be completed from. */
export interface SelectionNames {
  readonly resources: readonly Resource[];
  readonly selectors: readonly string[];
}

/** Methods worth offering; `fqn:` is what a bare name means, the last ones have nothing to find. */
const OFFERED: readonly Method[] = (Object.keys(METHODS) as Method[]).filter((m) => !['fqn', 'metric', 'semantic_model', 'saved_query'].includes(m));
const FIXED: Readonly<Partial<Record<Method, readonly string[]>>> = {
  resource_type: ['model', 'seed', 'snapshot', 'test', 'source', 'analysis', 'exposure', 'unit_test'],
  test_type: ['generic', 'singular', 'data', 'unit'],
  access: ['public', 'protected', 'private'],
  version: ['latest', 'prerelease', 'old', 'none'],
  result: ['error', 'fail', 'warn', 'success', 'pass', 'skipped'],
  state: ['new', 'modified', 'old', 'unmodified'],
  source_status: ['fresher'],
};
const CONFIG_VALUES = ['materialized', 'schema', 'enabled', 'incremental_strategy', 'severity'];

/** Completes the last part of `word`; what is before it (`stg_orders tag:daily,`, `2+`, `@`) stays. */
export function completeTerm(word: string, names: SelectionNames): Candidate[] {
  const kept = /^.*[\s,]/s.exec(word)?.[0] ?? '';
  const operator = /^(@|\d*\+)?/.exec(word.slice(kept.length))![0];
  const rest = word.slice(kept.length + operator.length);
  const method = /^([a-z_]+)(\.[\w.]+)?:/.exec(rest);
  const found =
    method === null
      ? bare(rest, names)
      : valuesOf(method[1]!, (method[2] ?? '').slice(1), names, rest.slice(method[0].length)).map((c) => ({ ...c, value: `${method[0]}${c.value}` }));
  return found.filter((c) => c.value.startsWith(rest)).map((c) => ({ ...c, value: `${kept}${operator}${c.value}` }));
}

function bare(rest: string, names: SelectionNames): Candidate[] {
  if (rest.includes('/')) return paths(rest, names.resources);
  const resources = names.resources.filter((r) => isRefable(r) || (r.type === 'test' && rest !== ''));
  const methods = OFFERED.map((m) => ({ value: m === 'config' ? 'config.' : `${m}:`, description: `such as ${METHODS[m]}`, open: true }));
  return [
    ...named(resources.map((r) => [r.name, r.type === 'test' ? 'data test' : r.type])),
    ...(rest.startsWith('config.') ? CONFIG_VALUES.map((k) => ({ value: `config.${k}:`, open: true })) : methods),
  ];
}

/** Values of a method. */
function valuesOf(method: string, key: string, names: SelectionNames, typed: string): Candidate[] {
  const { resources } = names;
  const fixed = FIXED[method as Method];
  if (fixed !== undefined) return fixed.map((value) => ({ value }));
  switch (method) {
    case 'fqn':
      return named(resources.filter(isRefable).map((r) => [r.name, r.type]));
    case 'tag':
      return named(resources.flatMap((r) => r.config.tags.map((t) => [t, ''] as const)));
    case 'path':
      return paths(typed, resources);
    case 'file':
      return named(resources.filter((r) => r.type !== 'test').map((r) => [r.file.slice(r.file.lastIndexOf('/') + 1), r.type]));
    case 'source':
      return named(
        resources.flatMap((r) => (r.type === 'source' ? [[r.sourceName, 'all its tables'] as const, [`${r.sourceName}.${r.name}`, 'source'] as const] : [])),
      );
    case 'exposure':
      return named(resources.filter((r) => r.type === 'exposure').map((r) => [r.name, '']));
    case 'group':
      return named(resources.flatMap((r) => (typeof r.config['group'] === 'string' ? [[r.config['group'], ''] as const] : [])));
    case 'package':
      return named([['this', 'this project'], ...resources.map((r) => [r.package, ''] as const)]);
    case 'test_name':
      return named(resources.flatMap((r) => (r.type === 'test' && r.generic !== null ? [[r.generic.test, ''] as const] : [])));
    case 'selector':
      return names.selectors.map((value) => ({ value }));
    case 'config':
      return named(resources.flatMap((r) => (['string', 'boolean', 'number'].includes(typeof r.config[key]) ? [[String(r.config[key]), ''] as const] : [])));
    default:
      return [];
  }
}

/** Folders and files one step below what is typed. */
function paths(typed: string, resources: readonly Resource[]): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const { file } of resources) {
    if (!file.startsWith(typed)) continue;
    const slash = file.indexOf('/', typed.length);
    if (slash < 0) found.set(file, { value: file });
    else found.set(file.slice(0, slash + 1), { value: file.slice(0, slash + 1), open: true });
  }
  return [...found.values()];
}

function named(pairs: readonly (readonly [name: string, description: string])[]): Candidate[] {
  return [...new Map(pairs)].map(([value, description]) => (description === '' ? { value } : { value, description }));
}
