// Generic data tests: entries under `data_tests:` of models, seeds, snapshots, sources and their columns become
// resources. Names follow dbt, so that selections and stored results keep theirs.
import { GENERIC_TESTS } from '../context/builtin-sql.ts';
import { Context } from '../context/context.ts';
import { type Recording, recordingNames } from '../context/node-names.ts';
import { RelationValue } from '../context/relation-value.ts';
import { error, Failure, type Span, warning } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { asTexts, mergeConfig } from '../project/config.ts';
import { Float } from '../project/float.ts';
import { type DataTest, label, type Place, type Ref, type Resource, type SourceRef } from '../project/resources.ts';
import { isMapping, isTemplate, type Path } from '../project/shape.ts';
import { quote, str } from '../template/print.ts';
import { callMacro } from '../template/template.ts';
import { toValue, type Value } from '../template/values.ts';
import { readCall } from './build-sources.ts';
import { COPY_IT } from './packages.ts';
import { checkTestArguments } from './test-arguments.ts';
import { readTestEntry, type TestEntry } from './test-entry.ts';
import { partsOfVersion, type PlacedColumn, placedColumns } from './columns.ts';
import type { ColumnEntry, RelationEntry, VersionEntry } from './properties.ts';
import { digest } from './digest.ts';
import { indexIn } from './prune.ts';
import type { Purity } from './purity.ts';
import { toRef, toSource } from './references.ts';
import { nameRelation } from './name-relation.ts';
import { checkConfig, configure, describe, type Workshop } from './workshop.ts';
import { renderYaml } from './render-yaml.ts';

interface Tested {
  readonly tests?: readonly unknown[] | undefined;
  readonly data_tests?: readonly unknown[] | undefined;
}

interface Testable extends Tested {
  readonly columns?: readonly ColumnEntry[] | undefined;
  readonly tags?: unknown;
}

/** Every data test written for a resource in its entry of a property file, which stands at `path`. */
export function buildTests(w: Workshop, purity: Purity, attachedTo: Resource, entry: Testable, file: string, path: Path): DataTest[] {
  // As in dbt, tests of a source have its tags.
  const tags = attachedTo.type === 'source' ? [...asTexts(attachedTo.written?.entry['tags']), ...asTexts(entry.tags)] : [];
  const built: DataTest[] = [];
  const each = (owner: Tested, at: Path, column: ColumnEntry | null): void => {
    for (const key of ['data_tests', 'tests'] as const) {
      owner[key]?.forEach((raw, i) => {
        const where = [...at, key, indexIn(owner[key]!, i)];
        // What is none is said when the file is read.
        const test = readTestEntry(raw);
        if (test === undefined) return;
        const resource = buildTest(w, purity, attachedTo, test, file, where, column, tags);
        if (resource !== undefined) built.push(resource);
      });
    }
  };
  const { own, at, columns } = testedParts(attachedTo, entry, path);
  each(own, at, null);
  for (const { entry: column, path: place } of columns) each(column, place, column);
  return built;
}

/** What data tests are written for: the resource itself, and its columns. What a version says of itself stands in place of what its model says. */
function testedParts(
  attachedTo: Resource,
  entry: Testable,
  path: Path,
): { readonly own: Tested; readonly at: Path; readonly columns: readonly PlacedColumn[] } {
  const v = attachedTo.type === 'model' && attachedTo.version !== null ? (attachedTo.written?.part as VersionEntry | null | undefined) : null;
  if (v === null || v === undefined) return { own: entry, at: path, columns: placedColumns(entry.columns, path) };
  const parts = partsOfVersion(entry as RelationEntry, path, v);
  const redescribed = new Set(parts.own.map((c) => String(c.entry.name)));
  const shared = parts.shared.filter((c) => !redescribed.has(String(c.entry.name)));
  const hasOwn = v.data_tests !== undefined || v.tests !== undefined;
  return { own: hasOwn ? v : entry, at: hasOwn ? parts.path : path, columns: [...parts.own, ...shared] };
}

function buildTest(
  w: Workshop,
  purity: Purity,
  attachedTo: Resource,
  t: TestEntry,
  file: string,
  path: Path,
  column: ColumnEntry | null,
  tags: readonly string[],
): DataTest | undefined {
  const spanOf = (extra: Path = [], on: 'key' | 'value' = 'value'): Span => w.spanOf({ yaml: file, path: [...path, ...extra], on });
  const macro = findTestMacro(w, t.test);
  if (macro === undefined) {
    if (w.unread.mayHold(t.test.split('.').at(-1)!)) return undefined;
    const known = [
      ...Object.keys(GENERIC_TESTS),
      ...[...w.facts.macros.entries()]
        .filter((m) => m.name.startsWith('test_'))
        .map((m) => (m.package === w.pkg ? m.name.slice(5) : `${m.package}.${m.name.slice(5)}`)),
    ];
    w.report(
      error('parse/unknown-test', `There is no data test '${t.test}'.`, {
        span: spanOf([t.test], 'key'),
        help:
          didYouMean(t.test, known) ??
          (/^(\w+)\./.test(t.test) && !t.test.startsWith(`${w.pkg}.`) ? COPY_IT : undefined) ??
          `Write it: {% test ${t.test.split('.').at(-1)}(model${column === null ? '' : ', column_name'}) %} … {% endtest %} in tests/generic/.`,
      }),
    );
    return undefined;
  }
  const columnName = column === null ? null : String(column.name);
  const arguments_: Record<string, unknown> = { ...t.arguments };
  if (columnName !== null) arguments_['column_name'] = column!.quote === true ? w.facts.dialect.quote(columnName) : columnName;
  const entry = 'entry' in macro ? macro.entry : undefined;
  const wrong = checkTestArguments(w, t.test, entry, Object.keys(arguments_), (name) =>
    name === null ? spanOf([t.test], 'key') : argumentSpan(spanOf, t, name),
  );
  wrong.forEach(w.report);
  if (wrong.some((d) => d.severity === 'error')) return undefined;
  checkTo(w, t, arguments_, spanOf);
  const { full, short } = testName(t, attachedTo, arguments_);
  const rendered = renderYaml(w.facts, t.config, (p) => spanOf([t.test, 'config', ...p]), w.report) as Record<string, unknown>;
  const inherited = [...tags, ...asTexts(column?.tags), ...asTexts(isMapping(column?.config) ? column.config['tags'] : undefined)];
  const ownTags = inherited.length === 0 ? {} : { tags: inherited };
  const fqn = [w.pkg, ...file.split('/').slice(1, -1), t.name ?? full];
  checkConfig(w, rendered, 'test', (p, on) => spanOf([t.test, ...(isMapping(t.config) ? ['config'] : []), ...p], on));
  const { refs, sources, config: fromBlock } = referencesOf(w, purity, macro, arguments_, attachedTo, { yaml: file, path: [...path, t.test], on: 'key' });
  // What the test's own block configures comes before what its entry does.
  const config = configure(w, 'test', fqn, [fromBlock, mergeConfig(ownTags, rendered)]);
  const name = t.name ?? full;
  const alias = t.name ?? short;
  const reference = referenceTo(attachedTo);
  const checksum = testDigest(name, t.test, arguments_, reference);
  const test: DataTest = {
    type: 'test',
    id: `test.${w.pkg}.${name}.${checksum}`,
    package: w.pkg,
    name,
    file,
    fqn,
    config,
    description: describe(w, t.description, file, [...path, t.test]),
    columns: {},
    place: { yaml: file, path: [...path, t.test], on: 'key' },
    patch: null,
    written: { entry: rendered, part: null },
    refs,
    sources,
    macros: 'entry' in macro ? [`${macro.entry.package}.${macro.entry.name}`] : [],
    configText: {},
    code: { kind: 'text', text: '', firstLine: 1 },
    relation: { database: null, schema: '', identifier: alias },
    alias,
    checksum,
    generic: { test: t.test, arguments: arguments_, attachedTo: attachedTo.id, reference, column: columnName },
  };
  return Object.assign(
    test,
    nameRelation(w, test, { schema: config['schema'] ?? 'dbt_test__audit', database: config['database'], alias: config['alias'], fallback: alias }),
  );
}

/** An argument stands under `arguments:`, or, in the older form, beside the configuration. */
function argumentSpan(spanOf: (extra?: Path, on?: 'key' | 'value') => Span, t: TestEntry, name: string): Span {
  const under = spanOf([t.test, 'arguments', name], 'key');
  const beside = spanOf([t.test, name], 'key');
  return under.line >= beside.line ? under : beside;
}

/** A parent that is named without ref() is read as it stands: neither is it built first, nor is its name the warehouse's. */
function checkTo(w: Workshop, t: TestEntry, args: Readonly<Record<string, unknown>>, spanOf: (extra?: Path, on?: 'key' | 'value') => Span): void {
  const { to } = args;
  if (t.test !== 'relationships' || typeof to !== 'string' || !/^\w+$/.test(to)) return;
  w.report(
    warning('parse/bad-argument', `'${to}' is taken for the name of a table, whatever builds it.`, {
      span: spanOf(Object.hasOwn(t.arguments, 'to') ? [t.test, 'arguments', 'to'] : [t.test, 'to']),
      help: `Write to: ref('${to}').`,
    }),
  );
}

type TestMacro = { readonly builtin: true } | { readonly entry: NonNullable<ReturnType<Workshop['facts']['macros']['find']>> };

function findTestMacro(w: Workshop, test: string): TestMacro | undefined {
  const dot = test.indexOf('.');
  const { macros } = w.facts;
  const entry = dot < 0 ? macros.find(`test_${test}`, w.pkg) : macros.findIn(test.slice(0, dot), `test_${test.slice(dot + 1)}`);
  if (entry !== undefined) return { entry };
  const bare = test.startsWith('dbt.') ? test.slice(4) : test;
  return Object.hasOwn(GENERIC_TESTS, bare) ? { builtin: true } : undefined;
}

/** The template expression that finds what a test is attached to. */
function referenceTo(r: Resource): string {
  if (r.type === 'source') return `source('${r.sourceName}', '${r.name}')`;
  return r.type === 'model' && r.version !== null ? `ref('${r.name}', version='${r.version}')` : `ref('${r.name}')`;
}

/** The end of a test's id, as dbt makes it: of its name, its macro and its arguments. */
function testDigest(name: string, test: string, arguments_: Readonly<Record<string, unknown>>, reference: string): string {
  const dot = test.indexOf('.');
  const kwargs = shown({ ...arguments_, model: `{{ get_where_subquery(${reference}) }}` });
  return digest('md5', `${name}{'kwargs': ${kwargs}, 'name': ${shown(test.slice(dot + 1))}, 'namespace': ${shown(dot < 0 ? null : test.slice(0, dot))}}`).slice(
    -10,
  );
}

/** Texts that Python shows as they are, in single quotes; and those with such quotes within, in double ones. */
const PLAIN = /^[ -&(-[\]-~]*$/;
const WITH_QUOTES = /^[ !#-[\]-~]*$/;

/** A value in Python's spelling, but with each scalar as a text, and keys in order. */
function shown(value: unknown): string {
  if (typeof value === 'string') return PLAIN.test(value) ? `'${value}'` : WITH_QUOTES.test(value) ? `"${value}"` : quote(value);
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (!isMapping(value)) return quote(str(toValue(value)));
  const keys = Object.keys(value);
  // Two keys are the rule, and sorting takes more than all the rest.
  if (keys.length === 2 ? keys[0]! > keys[1]! : keys.length > 2) keys.sort();
  return `{${keys.map((k) => `${shown(k)}: ${shown(value[k])}`).join(', ')}}`;
}

/** dbt's name: `unique_orders_id`, and with a digest in place of the arguments where that exceeds 63 characters. */
export function testName(t: Pick<TestEntry, 'test'>, attachedTo: Resource, arguments_: Readonly<Record<string, unknown>>): { full: string; short: string } {
  const owner =
    attachedTo.type === 'source'
      ? `source_${t.test.replace('.', '_')}_${attachedTo.sourceName}_${attachedTo.name}`
      : `${t.test.replace('.', '_')}_${attachedTo.name}${attachedTo.type === 'model' && attachedTo.version !== null ? `_v${attachedTo.version}` : ''}`;
  const keys = Object.keys(arguments_);
  if (keys.length > 1) keys.sort();
  const flat = keys.length === 1 ? flatten(arguments_[keys[0]!]) : keys.flatMap((k) => flatten(arguments_[k]));
  const unique = flat.map(plainName).join('__');
  const full = unique === '' ? `${owner}_` : `${owner}_${unique}`;
  return full.length < 64 ? { full, short: full } : { full, short: `${owner.slice(0, 30)}_${digest('md5', full)}` };
}

function plainName(text: string): string {
  return /^\w*$/.test(text) ? text : text.replace(/[^0-9a-zA-Z_]+/g, '_');
}

function flatten(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(pythonText);
  if (isMapping(value)) return Object.values(value).map(pythonText);
  return [pythonText(value)];
}

function pythonText(v: unknown): string {
  return v === true
    ? 'True'
    : v === false
      ? 'False'
      : v === null || v === undefined
        ? 'None'
        : typeof v === 'object' && !(v instanceof Float)
          ? JSON.stringify(v)
          : String(v);
}

/** What the test reads: the resource it is attached to first, then what its arguments name, then what its macro asks for. */
function referencesOf(
  w: Workshop,
  purity: Purity,
  macro: TestMacro,
  arguments_: Readonly<Record<string, unknown>>,
  attachedTo: Resource,
  place: Place,
): { refs: Ref[]; sources: SourceRef[]; config: Readonly<Record<string, unknown>> } {
  const refs: Ref[] =
    attachedTo.type === 'source'
      ? []
      : [{ package: attachedTo.package, name: attachedTo.name, version: attachedTo.type === 'model' ? attachedTo.version : null, place }];
  const sources: SourceRef[] = attachedTo.type === 'source' ? [{ source: attachedTo.sourceName, table: attachedTo.name, place }] : [];
  for (const value of Object.values(arguments_)) {
    if (typeof value !== 'string') continue;
    const call = readCall(value);
    if (call?.name === 'ref') refs.push(...toRef(w, call.args, call.kwargs, place));
    else if (call?.name === 'source') sources.push(...toSource(w, call.args, place));
    else if (isTemplate(value))
      for (const m of value.matchAll(/\b(?:ref|source)\s*\([^)]*\)/g)) {
        const inner = readCall(m[0]);
        if (inner?.name === 'ref') refs.push(...toRef(w, inner.args, inner.kwargs, place));
        else if (inner?.name === 'source') sources.push(...toSource(w, inner.args, place));
      }
  }
  let config: Readonly<Record<string, unknown>> = {};
  if ('entry' in macro && !purity.isPure(`${macro.entry.package}.${macro.entry.name}`, w.pkg)) {
    const recording: Recording = { refs: [], sources: [], config: {} };
    const relation = 'relation' in attachedTo ? attachedTo.relation : { database: null, schema: '', identifier: attachedTo.name };
    const context = new Context(w.facts, recordingNames(w.facts, recording, {}, null, false));
    const model: Value = new RelationValue(relation, { dialect: w.facts.dialect });
    try {
      const kwargs = new Map<string, Value>([['model', model], ...Object.entries(arguments_).map(([k, v]) => [k, toValue(v)] as const)]);
      callMacro(context.macro(macro.entry), [], kwargs, {
        scope: context.scope(w.pkg),
        file: 'yaml' in place ? place.yaml : place.span.file,
        get span() {
          return w.spanOf(place);
        },
        lenient: true,
        frame: { label: `a data test of ${label(attachedTo)}` },
      });
    } catch (e) {
      if (!(e instanceof Failure)) throw e;
      for (const d of e.diagnostics)
        w.report({ ...d, related: [...(d.related ?? []), { message: `in a data test of ${label(attachedTo)}`, span: w.spanOf(place) }] });
    }
    config = recording.config;
    refs.push(...recording.refs.flatMap((r) => toRef(w, r.args, r.kwargs, { span: r.span })));
    sources.push(...recording.sources.flatMap((s) => toSource(w, s.args, { span: s.span })));
  }
  if (refs.length < 2 && sources.length < 2) return { config, refs, sources };
  const distinct = new Map(refs.map((r) => [`${r.package}.${r.name}.${r.version}`, r]));
  const named = new Set(refs.slice(0, 1).map((r) => r.name));
  return {
    config,
    refs: [...distinct.values()].filter((r, i) => i === 0 || r.package !== null || !named.has(r.name)),
    sources: [...new Map(sources.map((s) => [`${s.source}.${s.table}`, s])).values()],
  };
}
