// Selectors written in YAML. In: their definitions as plain values. Out: a Spec by name, and every mistake at once.
// The keys are dbt's: https://docs.getdbt.com/reference/node-selection/yaml-selectors
import { type Diagnostic, error, type Span, warning } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { isMapping, type Path } from '../project/shape.ts';
import { INDIRECT_SELECTIONS, type IndirectSelection, type Method, parseTerm, type Spec, type Term } from './select-parse.ts';
import { wrongValue } from './select-methods.ts';
import { definitionShape } from './select-shape.ts';

/** A selector of a selectors file, its definition as YAML has it: a text, a mapping, nothing checked. */
export interface YamlSelector {
  readonly name: string;
  readonly definition: unknown;
  readonly default?: boolean;
  readonly description?: string;
  /** Where it is written. */
  readonly span?: Span;
  /** Where a part of it is written, such as `['definition', 'method']`. */
  readonly place?: (path: Path, on: 'key' | 'value') => Span;
}

/** Selectors by name; `fallback` is the one with `default: true`. A selector with mistakes has the spec null. */
export interface ReadSelectors {
  readonly specs: ReadonlyMap<string, Spec | null>;
  readonly fallback: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads all selectors; unknown keys and methods come back with near names. */
export function readSelectors(selectors: readonly YamlSelector[]): ReadSelectors {
  const specs = new Map<string, Spec | null>();
  const diagnostics: Diagnostic[] = [];
  let fallback: string | null = null;
  const names = new Set(selectors.map((s) => s.name));
  for (const s of selectors) {
    const at = (path: Path, on: 'key' | 'value'): { span?: Span } => {
      const span = s.place?.(path, on) ?? s.span;
      return span === undefined ? {} : { span };
    };
    const say = (key: string, message: string, help: string): void =>
      void diagnostics.push(error('graph/selector', `Selector '${s.name}': ${message}`, { ...at([key], 'value'), help }));
    if (specs.has(s.name)) say('name', 'there are two of that name.', 'Rename one of them.');
    if (s.default === true) {
      if (fallback !== null) say('default', `it has 'default: true', and so has '${fallback}'.`, 'Keep it on one of them.');
      else fallback = s.name;
    }
    const before = diagnostics.length;
    definitionShape.check(s.definition, ['definition'], (m) => {
      const { help, severity } = m;
      const told = { ...at(m.path, m.on), ...(help === undefined ? {} : { help }) };
      diagnostics.push((severity === 'warning' ? warning : error)('graph/selector', `Selector '${s.name}': ${lower(m.message)}`, told));
    });
    const mistaken = (): boolean => diagnostics.slice(before).some((d) => d.severity === 'error');
    const shaped = !mistaken();
    const report: Report = (d, path) => diagnostics.push({ ...d, ...at(path, 'value'), message: `Selector '${s.name}': ${lower(d.message)}` });
    if (!shaped) checkTexts(s.definition, ['definition'], report);
    const spec = shaped ? read(s.definition as Definition, ['definition'], { names, report }) : null;
    specs.set(s.name, mistaken() ? null : spec);
  }
  for (const circle of circles(specs)) {
    const span = selectors.find((s) => s.name === circle[0])?.span;
    diagnostics.push(circleOf(circle, span));
    for (const name of circle) specs.set(name, null);
  }
  return { specs, fallback, diagnostics };
}

/** Says that selectors contain each other; the first and the last name are one. */
export function circleOf(circle: readonly string[], span: Span | undefined): Diagnostic {
  return error('graph/selector', `Selectors contain each other in a circle: ${circle.join(' -> ')}.`, {
    ...(span === undefined ? {} : { span }),
    help: 'Take one of these out.',
  });
}

/** Selectors that contain themselves through others; each circle once, from the selector that is written first. */
function circles(specs: ReadonlyMap<string, Spec | null>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (name: string, open: readonly string[]): void => {
    const at = open.indexOf(name);
    if (at >= 0) found.push([...open.slice(at), name]);
    const spec = specs.get(name);
    if (at >= 0 || done.has(name) || spec === null || spec === undefined) return;
    for (const other of namedIn(spec)) visit(other, [...open, name]);
    done.add(name);
  };
  for (const name of specs.keys()) visit(name, []);
  return found;
}

function namedIn(spec: Spec): readonly string[] {
  if (spec.kind === 'term') return spec.method === 'selector' ? [spec.value] : [];
  return spec.kind === 'difference' ? [...namedIn(spec.from), ...namedIn(spec.without)] : spec.of.flatMap(namedIn);
}

type Definition = string | Readonly<Record<string, unknown>>;
type Report = (d: Diagnostic, path: Path) => void;

/** The terms of a definition that is not in shape otherwise. */
function checkTexts(d: unknown, path: Path, report: Report): void {
  if (typeof d === 'string') parseTerm(d, (diagnostic) => report(diagnostic, path));
  else if (Array.isArray(d)) d.forEach((entry, i) => checkTexts(entry, [...path, i], report));
  else if (isMapping(d)) for (const k of ['union', 'intersection', 'exclude']) if (Array.isArray(d[k])) checkTexts(d[k], [...path, k], report);
}

interface Reading {
  /** Of all selectors. */
  readonly names: ReadonlySet<string>;
  readonly report: Report;
}

/** A definition that has the shape of one. */
function read(d: Definition, path: Path, r: Reading): Spec | null {
  if (typeof d === 'string') {
    const term = parseTerm(d, (diagnostic) => r.report(diagnostic, path));
    return term === undefined ? null : known(term, path, r);
  }
  for (const kind of ['union', 'intersection'] as const)
    if (Object.hasOwn(d, kind)) return readGroup(kind, d[kind] as readonly Definition[], [...path, kind], r);
  const [only, ...more] = Object.keys(d);
  if (more.length === 0) return known(readTerm({ method: only, value: d[only!] }), [...path, only!], r);
  const term = known(readTerm(d), [...path, 'value'], r);
  const without = isPresent(d['exclude']) ? readExclude(d['exclude'] as readonly Definition[], [...path, 'exclude'], r) : null;
  return without === null ? term : { kind: 'difference', from: term, without };
}

/** A term that names another selector has to find one, and a method that knows all of its values has to know this one. */
function known(term: Term, path: Path, { names, report }: Reading): Term {
  const wrong = wrongValue(term.method, term.value);
  if (wrong !== undefined) report(error('graph/selector', `The selection '${term.raw}' ${wrong.problem}.`, { help: wrong.help }), path);
  if (term.method === 'selector' && !names.has(term.value) && !/[*?[]/.test(term.value))
    report(
      error('graph/selector', `There is no selector '${term.value}'.`, { help: didYouMean(term.value, names) ?? `Selectors: ${[...names].join(', ')}.` }),
      path,
    );
  return term;
}

function readGroup(kind: 'union' | 'intersection', entries: readonly Definition[], path: Path, r: Reading): Spec {
  const of: Spec[] = [];
  let without: Spec | null = null;
  entries.forEach((entry, i) => {
    const here = [...path, i];
    if (typeof entry !== 'string' && Object.hasOwn(entry, 'exclude') && !Object.hasOwn(entry, 'method'))
      without = readExclude(entry['exclude'] as readonly Definition[], [...here, 'exclude'], r);
    else {
      const spec = read(entry, here, r);
      if (spec !== null) of.push(spec);
    }
  });
  const group: Spec = { kind, of, indirect: 'eager', raw: kind };
  return without === null ? group : { kind: 'difference', from: group, without };
}

function readExclude(entries: readonly Definition[], path: Path, r: Reading): Spec | null {
  const of = entries.map((e, i) => read(e, [...path, i], r)).filter((s) => s !== null);
  return of.length === 0 ? null : of.length === 1 ? of[0]! : { kind: 'union', of, indirect: 'eager', raw: 'exclude' };
}

function readTerm(d: Readonly<Record<string, unknown>>): Term {
  const whole = String(d['method']);
  const [name, ...args] = whole.split('.');
  const value = String(d['value']);
  const indirect = INDIRECT_SELECTIONS.find((i) => i === String(d['indirect_selection'] ?? '').toLowerCase());
  return {
    kind: 'term',
    raw: `${whole}:${value}`,
    method: name as Method,
    arguments: args,
    value,
    parents: d['parents'] === true ? depth(d['parents_depth']) : 0,
    children: d['children'] === true ? depth(d['children_depth']) : 0,
    childrensParents: d['childrens_parents'] === true,
    ...(indirect === undefined ? {} : { indirect: indirect satisfies IndirectSelection }),
  };
}

/** As in dbt, 0 is "no limit": to take none, leave the relatives out. */
function depth(value: unknown): number {
  return isPresent(value) && Number(value) > 0 ? Number(value) : Infinity;
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
