// Columns that data tests and configuration name, against those that are described. Descriptions are often not complete,
// so a name that is not among them means nothing by itself: a warning is given where it is one slip away from one that is,
// or where all columns have to be described because a contract is enforced.
import { warning } from '../diagnostics/diagnostic.ts';
import { oneSlip } from '../diagnostics/nearest.ts';
import { asList } from '../project/config.ts';
import { type DataTest, isRefable, label, type Place, type Resource } from '../project/resources.ts';
import { isMapping } from '../project/shape.ts';
import { readCall } from './build-sources.ts';
import { configPlace, patchOf } from './config-place.ts';
import type { Index } from './index-resources.ts';
import type { Patches } from './patches.ts';
import type { Workshop } from './workshop.ts';

/** Reports the names that are not described and look like slips. */
export function checkColumnNames(w: Workshop, patches: Patches, index: Index): void {
  const check = (r: Resource, name: unknown, who: string, place: () => Place): void => {
    if (typeof name !== 'string' || !/^\w+$/.test(name)) return;
    const described = Object.keys(r.columns);
    if (described.length === 0 || described.some((c) => c.toLowerCase() === name.toLowerCase())) return;
    const near = oneSlip(name, described);
    const contract = r.config['contract'];
    const complete = isMapping(contract) && contract['enforced'] === true;
    if (near === undefined && !complete) return;
    w.report(
      warning('parse/undocumented-column', `${who} names the column '${name}', which is not among those described of ${label(r)}.`, {
        span: w.spanOf(place()),
        help: near === undefined ? `Its columns: ${described.join(', ')}.` : `Did you mean '${near}'?`,
      }),
    );
  };
  const finder = new Finder(index);
  for (const r of index.enabled.values()) {
    if (r.type === 'test' && r.generic !== null) checkTest(w, r, r.generic, index, finder, check);
    if (r.type === 'model' || r.type === 'snapshot') checkConfigured(w, r, patches, finder, check);
  }
}

/** Finds what a lone ref() or source() names, where it is one thing. */
class Finder {
  private readonly index: Index;
  private names: Map<string, Resource | null> | undefined;

  constructor(index: Index) {
    this.index = index;
  }

  find(call: string): Resource | undefined {
    const read = readCall(call);
    if (read === undefined) return undefined;
    this.names ??= this.byName();
    return this.names.get(read.name === 'ref' ? read.args.at(-1)! : read.args.join('.')) ?? undefined;
  }

  private byName(): Map<string, Resource | null> {
    const names = new Map<string, Resource | null>();
    for (const r of this.index.enabled.values()) {
      const name = r.type === 'source' ? `${r.sourceName}.${r.name}` : isRefable(r) ? r.name : undefined;
      if (name !== undefined) names.set(name, names.has(name) ? null : r);
    }
    return names;
  }
}

type Check = (r: Resource, name: unknown, who: string, place: () => Place) => void;

/** Arguments of data tests that name columns of what they are attached to. */
const OF_COLUMNS = /(^|_)columns?(_name)?(_|$)|^column_name$/;
/** Arguments that name another relation, to which other columns belong. */
const OF_RELATION = /^to$|(^|_)(model|relation|table)$/;

function checkTest(w: Workshop, test: DataTest, generic: NonNullable<DataTest['generic']>, index: Index, finder: Finder, check: Check): void {
  const attached = index.enabled.get(generic.attachedTo);
  const { arguments: args } = generic;
  const names = Object.keys(args);
  if (names.length === 1 && generic.column !== null) return;
  const who = `The data test '${generic.test}'`;
  /** Under `arguments:`, or, in the older form, beside the configuration. */
  const at = (argument: string, ...inside: number[]): Place => {
    const spans = [['arguments'], []].map((under) =>
      w.spanOf({ yaml: test.file, path: [...('path' in test.place ? test.place.path : []), ...under, argument, ...inside], on: 'value' }),
    );
    return { span: spans.toSorted((a, b) => b.line - a.line || b.column - a.column)[0]! };
  };
  const other = names.find((k) => OF_RELATION.test(k));
  if (attached !== undefined) {
    for (const [argument, value] of Object.entries(args)) {
      if (!OF_COLUMNS.test(argument) || (argument === 'column_name' ? generic.column !== null : other !== undefined)) continue;
      if (Array.isArray(value)) value.forEach((name, i) => check(attached, name, who, () => at(argument, i)));
      else check(attached, value, who, () => at(argument));
    }
  }
  const to = args['to'];
  const parent = typeof to === 'string' && args['field'] !== undefined ? finder.find(to) : undefined;
  if (parent !== undefined) check(parent, args['field'], who, () => at('field'));
}

const KEYS = ['unique_key', 'updated_at', 'check_cols', 'merge_update_columns', 'merge_exclude_columns', 'event_time'];

function checkConfigured(w: Workshop, r: Resource & { readonly type: 'model' | 'snapshot' }, patches: Patches, finder: Finder, check: Check): void {
  const subject = r.type === 'snapshot' && Object.keys(r.columns).length === 0 ? soleParent(r, finder) : r;
  if (subject === undefined) return;
  for (const key of KEYS) {
    const value = r.config[key];
    if (value === undefined) continue;
    asList(value).forEach((name, i) => {
      if (name === 'all') return;
      check(subject, name, `${key} of ${label(r)}`, () =>
        configPlace(
          r,
          patchOf(patches, r),
          key,
          // Several snapshots may stand in one file.
          r.type === 'snapshot' && r.code.kind === 'text' ? r.code.text : r.file.endsWith('.sql') ? w.readText(r.file) : null,
          r.type === 'snapshot' && r.code.kind === 'text' ? r.code.firstLine : 1,
          Array.isArray(value) ? { index: i, value: name } : undefined,
        ),
      );
    });
  }
}

/** The one resource that a snapshot is taken of. */
function soleParent(r: Resource & { readonly type: 'model' | 'snapshot' }, finder: Finder): Resource | undefined {
  const named = [...r.refs.map((ref) => `ref('${ref.name}')`), ...r.sources.map((s) => `source('${s.source}', '${s.table}')`)];
  return named.length === 1 ? finder.find(named[0]!) : undefined;
}
