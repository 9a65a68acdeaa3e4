// Help for a term that matches nothing. In: the term and the graph. Out: the near name among what its method looks at,
// or the method under which the same name would have been found.
import { nearest } from '../diagnostics/nearest.ts';
import { CONFIG_KEYS } from '../project/config.ts';
import { isRefable, type Resource } from '../project/resources.ts';
import type { Graph } from './graph.ts';
import { isPattern } from './select-glob.ts';
import { configOf, FOREIGN_TYPES, typeOf } from './select-methods.ts';
import type { Method, Term } from './select-parse.ts';

/** What to write instead of `term`, in a sentence. */
export function suggest(term: Term, graph: Graph): string {
  const nodes = [...graph.nodes.values()];
  if (term.method === 'state' || term.method === 'result' || term.method === 'source_status') return 'Compared with the state given, no node is like that.';
  const absent = notHere(term);
  if (absent !== undefined) return absent;
  if (isPattern(term.value)) return `No ${WHAT[term.method] ?? 'resource'} matches the pattern.`;
  for (const candidates of listsFor(term, nodes)) {
    const whole = [...candidates].find((c) => c !== term.value && c.split(/[\s,]/).includes(term.value));
    if (whole !== undefined) return `A blank or a comma separates terms: write '${written(term, whole.replace(/[\s,]/g, '?'))}' for '${whole}'.`;
    const near = nearest(term.value, candidates);
    if (near !== undefined) return `Did you mean '${written(term, near)}'?`;
  }
  const elsewhere = otherMethod(term, nodes);
  if (elsewhere !== undefined) return `Did you mean '${elsewhere}'?`;
  if (term.method === 'config' && CONFIG_KEYS[term.arguments[0]!] === undefined) {
    const near = nearest(term.arguments[0]!, Object.keys(CONFIG_KEYS));
    if (near !== undefined) return `Did you mean 'config.${[near, ...term.arguments.slice(1)].join('.')}:${term.value}'?`;
  }
  if (term.method === 'path') return "Paths start at the project's folder, such as 'models/staging'.";
  return "'dwt ls' lists what can be selected.";
}

/** What to say of a term for a kind of resource that dbt has and dwt has not; undefined for any other. */
export function notHere(term: Term): string | undefined {
  if (term.method === 'group') return undefined;
  return absentKind(term.method === 'resource_type' ? term.value : term.method === 'test_type' && term.value === 'unit' ? 'unit_test' : term.method);
}

/** The same for the name of a kind. */
export function absentKind(kind: string): string | undefined {
  if (kind === 'unit_test') return 'dwt does not run unit tests yet.';
  return FOREIGN_TYPES.includes(kind) ? 'dwt has no such resources.' : undefined;
}

const WHAT: Readonly<Partial<Record<Method, string>>> = {
  tag: 'tag',
  path: 'path',
  file: 'file',
  source: 'source',
  exposure: 'exposure',
  group: 'group',
  package: 'package',
  test_name: 'data test',
  unit_test: 'unit test',
};

/** Candidates, the likeliest first. */
function listsFor(term: Term, nodes: readonly Resource[]): readonly Set<string>[] {
  switch (term.method) {
    case 'fqn': {
      const refable = nodes.filter(isRefable);
      const others = nodes.filter((r) => r.type !== 'source' && !isRefable(r));
      if (term.value.includes('.')) return [new Set(refable.flatMap((r) => [r.fqn.slice(1).join('.'), r.fqn.join('.')]))];
      return [new Set(refable.map((r) => r.name)), new Set(refable.flatMap((r) => r.fqn.slice(0, -1))), new Set(others.map((r) => r.name))];
    }
    case 'tag':
      return [new Set(nodes.flatMap((r) => r.config.tags))];
    case 'path':
      return [new Set(nodes.flatMap((r) => folders(r.file))), new Set(nodes.map((r) => r.file))];
    case 'file':
      return [new Set(nodes.map((r) => r.file.slice(r.file.lastIndexOf('/') + 1)))];
    case 'source':
      return [new Set(nodes.flatMap((r) => (r.type === 'source' ? [r.sourceName, `${r.sourceName}.${r.name}`] : [])))];
    case 'exposure':
      return [new Set(nodes.filter((r) => r.type === 'exposure').map((r) => r.name))];
    case 'unit_test':
      return [new Set(nodes.filter((r) => typeOf(r) === 'unit_test').map((r) => r.name))];
    case 'group':
      return [new Set(nodes.map((r) => r.config['group']).filter((g) => typeof g === 'string'))];
    case 'package':
      return [new Set(nodes.map((r) => r.package))];
    case 'test_name':
      return [new Set(nodes.flatMap((r) => (r.type === 'test' && r.generic !== null ? [r.generic.test] : [])))];
    case 'config':
      return [new Set(nodes.map((r) => configOf(r, term.arguments)).filter((v) => typeof v === 'string'))];
    default:
      return [];
  }
}

/** Where a name is none of this method's, but exactly one of another's. */
function otherMethod(term: Term, nodes: readonly Resource[]): string | undefined {
  const { value, method } = term;
  const found: readonly (readonly [Method, (r: Resource) => boolean])[] = [
    ['source', (r) => r.type === 'source' && (r.sourceName === value || `${r.sourceName}.${r.name}` === value)],
    ['tag', (r) => r.config.tags.includes(value)],
    ['group', (r) => r.config['group'] === value],
    ['test_name', (r) => r.type === 'test' && r.generic?.test === value],
    ['fqn', (r) => r.type !== 'source' && (r.name === value || r.fqn.includes(value))],
  ];
  for (const [other, matches] of found) if (other !== method && nodes.some(matches)) return written({ ...term, method: other, raw: `${other}:` }, value);
  const table = method === 'fqn' ? nodes.find((r) => r.type === 'source' && r.name === value) : undefined;
  return table?.type === 'source' ? written({ ...term, method: 'source', raw: 'source:' }, `${table.sourceName}.${value}`) : undefined;
}

/** The term with another value, its operators kept. */
function written(term: Term, value: string): string {
  const steps = (n: number): string => (n === 0 ? '' : n === Infinity ? '+' : String(n));
  const before = `${term.childrensParents ? '@' : ''}${steps(term.parents)}${term.parents > 0 && term.parents < Infinity ? '+' : ''}`;
  const after = term.children === 0 ? '' : term.children === Infinity ? '+' : `+${term.children}`;
  const explicit = term.raw.includes(':') && term.method !== 'fqn' ? `${[term.method, ...term.arguments].join('.')}:` : '';
  return `${before}${explicit}${value}${after}`;
}

function folders(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}
