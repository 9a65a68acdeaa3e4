// Configuration as it is written, before anything is rendered: the folders of the project file, then the property file,
// then config() in the file itself; a later word takes the place of an earlier one. `state:modified` compares this, so
// that a variable or a target does not make everything another.
import type { Project } from '../project/project.ts';
import { type DataTest, isTemplated, type Resource, type Source } from '../project/resources.ts';
import { isMapping } from '../project/shape.ts';
import { asList, asTexts } from '../project/config.ts';
import { str } from '../template/print.ts';
import { toValue } from '../template/values.ts';
import { type Piece, share } from './shared-text.ts';

type Words = Readonly<Record<string, unknown>>;

/** Reads what is written for a resource. One reader serves one project: folders are worked out once. */
export class WrittenConfig {
  private readonly trees: Project['trees'];
  private readonly folders = new Map<string, Words>();
  private readonly parts = new WeakMap<Words, Piece>();

  constructor(trees: Project['trees']) {
    this.trees = trees;
  }

  /** The same object for all that have no words of their own. */
  of(r: Resource): Words {
    const tree = this.fromTree(r);
    if (r.type === 'source') return { ...tree, ...ofSource(r) };
    if (r.type === 'test' && r.generic !== null) return laid(tree, ofGenericTest(r));
    return laid(laid(tree, ofEntry(r)), isTemplated(r) ? r.configText : NOTHING);
  }

  /** What is written, as a piece of the manifest. */
  part(written: Words): Piece {
    let part = this.parts.get(written);
    if (part === undefined) this.parts.set(written, (part = share({ unrendered_config: written })));
    return part;
  }

  /** dbt has analyses and hooks under the configuration of models. */
  private fromTree(r: Resource): Words {
    const type = r.type === 'analysis' || r.type === 'operation' ? 'model' : r.type;
    const tree = this.trees[type];
    if (tree === undefined) return {};
    // A name that only one resource has is rarely a folder, so what the folders say is kept without it.
    const folders = r.fqn.slice(0, -1);
    const key = `${type} ${folders.join('/')}`;
    let known = this.folders.get(key);
    if (known === undefined) this.folders.set(key, (known = Object.assign({}, ...levels(tree, folders).map(ownWords)) as Words));
    const last = levels(tree, r.fqn);
    return last.length === levels(tree, folders).length ? known : { ...known, ...ownWords(last.at(-1)!) };
  }
}

/** The tree and its folders on the way to a resource; the package may be left out. */
function levels(tree: Words, fqn: readonly string[]): Words[] {
  const path = [tree];
  let level = tree;
  for (const segment of isMapping(tree[fqn[0]!]) ? fqn : fqn.slice(1)) {
    const inner = level[segment];
    if (!isMapping(inner)) break;
    path.push((level = inner));
  }
  return path;
}

/** The words of one level: those with `+`, and those that are no folder. */
function ownWords(level: Words): Words {
  return Object.fromEntries(Object.entries(level).flatMap(([k, v]) => (k.startsWith('+') ? [[k.slice(1).trim(), v]] : isMapping(v) ? [] : [[k, v]])));
}

const NOTHING: Words = {};

function isEmpty(words: Words): boolean {
  for (const _ in words) return false;
  return true;
}

function laid(under: Words, over: Words): Words {
  return isEmpty(over) ? under : { ...under, ...over };
}

const BESIDE = ['meta', 'tags', 'docs', 'group', 'access', 'contract'] as const;

/** `config:` of a property file's entry, and the older keys beside it; those of a version over those of its model. */
function ofEntry(r: Resource): Words {
  if (r.written === null) return NOTHING;
  const { entry, part } = r.written;
  // Of an exposure only what is under config.
  if (r.type === 'exposure') return isMapping(entry['config']) ? entry['config'] : NOTHING;
  const own = configOf(entry);
  return part === null ? own : mergeDeep(own, configOf(part));
}

function configOf(entry: Words): Words {
  const beside = Object.fromEntries(BESIDE.flatMap((k) => (entry[k] === undefined || entry[k] === null ? [] : [[k, entry[k]]])));
  return mergeDeep(beside, isMapping(entry['config']) ? entry['config'] : {});
}

function mergeDeep(under: Words, over: Words): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...under };
  for (const [k, v] of Object.entries(over)) merged[k] = isMapping(merged[k]) && isMapping(v) ? mergeDeep(merged[k], v) : v;
  return merged;
}

function ofSource(r: Source): Words {
  if (r.written === null) return NOTHING;
  const { entry, part } = r.written;
  const table = part ?? {};
  const [outer, inner] = [entry['config'], table['config']].map((c) => (isMapping(c) ? c : {})) as [Words, Words];
  const { freshness: _outer, ...rest } = { ...outer, ...inner };
  const said = [entry, outer, table, inner].some((w) => Object.hasOwn(w, 'freshness'));
  return {
    ...rest,
    ...(said ? { freshness: freshnessDict(r) } : {}),
    loaded_at_field: r.loadedAtField,
    loaded_at_query: r.loadedAtQuery,
    meta: Object.assign({}, ...[entry['meta'], outer['meta'], table['meta'], inner['meta']].filter(isMapping)) as Words,
    tags: [...new Set([entry, outer, table, inner].flatMap((w) => asTexts(w['tags'])))].toSorted(),
  };
}

const NO_LIMIT = { count: null, period: null };
export const NO_LIMITS: Words = { warn_after: NO_LIMIT, error_after: NO_LIMIT, filter: null };

/** A source's limits as dbt writes them. */
export function freshnessDict({ freshness }: Source): Words | null {
  return freshness === null
    ? null
    : {
        warn_after: freshness.warnAfter ?? NO_LIMIT,
        error_after: freshness.errorAfter ?? NO_LIMIT,
        filter: freshness.filter,
      };
}

/** Keys of configuration in the order in which dbt puts them into a test's code. */
const TEST_KEYS = 'severity tags enabled where limit warn_if error_if fail_calc store_failures store_failures_as sql_header meta database schema alias'.split(
  ' ',
);

/** The configuration of a test's own entry, and the alias that a long name gets. */
function ownOfTest(r: DataTest): Words {
  const own = r.written?.entry ?? NOTHING;
  if (r.name === r.alias && isEmpty(own)) return NOTHING;
  const said = (keys: readonly string[]): (readonly [string, unknown])[] =>
    keys.flatMap((k) => (own[k] === undefined || own[k] === null ? [] : [[k, own[k]] as const]));
  const rest = Object.keys(own).filter((k) => !TEST_KEYS.includes(k));
  const alias = r.name !== r.alias && own['alias'] === undefined ? [['alias', r.alias] as const] : [];
  return Object.fromEntries([...said(TEST_KEYS), ...said(rest), ...alias]);
}

function ofGenericTest(r: DataTest): Words {
  const own = ownOfTest(r);
  // dbt does not render the code of these two, so their values stay what they are.
  if (r.macros.length === 0 && (r.generic!.test === 'unique' || r.generic!.test === 'not_null')) return own;
  return Object.fromEntries(Object.entries(own).map(([k, v]) => [k, str(toValue(v))]));
}

/** The code of a generic test, as dbt writes it. */
export function genericTestCode(r: DataTest): string {
  const { test } = r.generic!;
  const dot = test.indexOf('.');
  const macro = dot < 0 ? `test_${test}` : `${test.slice(0, dot)}.test_${test.slice(dot + 1)}`;
  const config = Object.entries(ownOfTest(r)).map(([k, v]) => `${k}=${typeof v === 'string' ? `"${v.replaceAll('"', '\\"')}"` : str(toValue(v))}`);
  return `{{ ${macro}(**_dbt_generic_test_kwargs) }}${config.length === 0 ? '' : `{{ config(${config.join(',')}) }}`}`;
}

/** Column entries of a source's table or of a model, seed or snapshot, by name. */
export function columnEntries(r: Resource): ReadonlyMap<string, Words> {
  const entry = r.type === 'source' ? r.written?.part : r.written?.entry;
  const inner = r.type === 'model' ? r.written?.part : null;
  return new Map([...asList(entry?.['columns']), ...asList(inner?.['columns'])].filter(isMapping).map((c) => [String(c['name']), c]));
}
