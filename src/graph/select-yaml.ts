// Selectors written in YAML. In: their definitions as plain values. Out: a Spec by name, and every mistake at once.
// The keys are dbt's: https://docs.getdbt.com/reference/node-selection/yaml-selectors
import { type Diagnostic, error, type Span } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { checkMethod, INDIRECT_SELECTIONS, type IndirectSelection, parseTerm, type Spec, type Term } from './select-parse.ts';

/** A selector of a selectors file, its definition as YAML has it: a text, a mapping, nothing checked. */
export interface YamlSelector {
  readonly name: string;
  readonly definition: unknown;
  readonly default?: boolean;
  readonly description?: string;
  /** Where it is written. */
  readonly span?: Span;
}

/** Selectors by name; `fallback` is the one with `default: true`. A selector with mistakes has the spec null. */
export interface ReadSelectors {
  readonly specs: ReadonlyMap<string, Spec | null>;
  readonly fallback: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

type Say = (message: string, help?: string) => void;

/** Reads all selectors; unknown keys and methods come back with near names. */
export function readSelectors(selectors: readonly YamlSelector[]): ReadSelectors {
  const specs = new Map<string, Spec | null>();
  const diagnostics: Diagnostic[] = [];
  let fallback: string | null = null;
  for (const s of selectors) {
    const at = s.span === undefined ? {} : { span: s.span };
    const say: Say = (message, help) =>
      diagnostics.push(error('graph/selector', `Selector '${s.name}': ${message}`, { ...at, ...(help === undefined ? {} : { help }) }));
    if (specs.has(s.name)) say('there are two of that name.', 'Rename one of them.');
    if (s.default === true) {
      if (fallback !== null) say(`it has 'default: true', and so has '${fallback}'.`, 'Keep it on one of them.');
      else fallback = s.name;
    }
    specs.set(
      s.name,
      readRoot(s, say, (d) => diagnostics.push({ ...d, ...at, message: `Selector '${s.name}': ${lower(d.message)}` })),
    );
  }
  return { specs, fallback, diagnostics };
}

/** Null where anything in it is wrong. */
function readRoot(s: YamlSelector, say: Say, report: (d: Diagnostic) => void): Spec | null {
  let good = true;
  const note: Say = (message, help) => {
    good = false;
    say(message, help);
  };
  const d = s.definition;
  if (isMapping(d) && ('union' in d || 'intersection' in d) && Object.keys(d).length > 1) {
    note(
      `beside '${'union' in d ? 'union' : 'intersection'}' stands ${quoted(Object.keys(d).filter((k) => k !== ('union' in d ? 'union' : 'intersection')))}.`,
      "A definition has one of 'union' and 'intersection' and nothing beside it; an 'exclude' is an entry of its list.",
    );
  }
  const spec = read(d, note, (diagnostic) => {
    good = false;
    report(diagnostic);
  });
  return good ? spec : null;
}

const TERM_KEYS = ['method', 'value', 'children', 'parents', 'children_depth', 'parents_depth', 'childrens_parents', 'indirect_selection', 'exclude'];

function read(d: unknown, say: Say, report: (d: Diagnostic) => void): Spec | null {
  if (typeof d === 'string') return parseTerm(d, report) ?? null;
  if (!isMapping(d)) {
    say(
      `a definition must be a text or a mapping, not ${d === null || d === undefined ? 'nothing' : Array.isArray(d) ? 'a list' : `'${String(d)}'`}.`,
      "Write a term ('+tag:nightly'), 'method' and 'value', 'union' or 'intersection'.",
    );
    return null;
  }
  for (const kind of ['union', 'intersection'] as const) if (kind in d) return readGroup(kind, d[kind], say, report);
  const keys = Object.keys(d);
  if (keys.length === 1 && keys[0] !== 'method' && keys[0] !== 'value') return readTerm({ method: keys[0], value: d[keys[0]!] }, say, report);
  for (const k of keys.filter((key) => !TERM_KEYS.includes(key)))
    say(`the key '${k}' is not known.`, didYouMean(k, [...TERM_KEYS, 'union', 'intersection']) ?? `Keys: ${TERM_KEYS.join(', ')}.`);
  if (!('method' in d) || !('value' in d)) {
    say(
      `a definition needs both 'method' and 'value', and has ${quoted(keys)}.`,
      "For a single method write 'tag: nightly', or 'method: tag' and 'value: nightly'.",
    );
    return null;
  }
  const term = readTerm(d, say, report);
  const without = 'exclude' in d ? readExclude(d['exclude'], say, report) : null;
  return term === null || without === null ? term : { kind: 'difference', from: term, without };
}

function readGroup(kind: 'union' | 'intersection', entries: unknown, say: Say, report: (d: Diagnostic) => void): Spec | null {
  if (!Array.isArray(entries)) {
    say(`'${kind}' must be a list.`, `Write "- method: …" for each entry below '${kind}:'.`);
    return null;
  }
  const of: Spec[] = [];
  let without: Spec | null = null;
  let excluded = false;
  for (const entry of entries as readonly unknown[]) {
    if (isMapping(entry) && 'exclude' in entry && !('method' in entry)) {
      if (Object.keys(entry).length > 1)
        say(`beside 'exclude' stands ${quoted(Object.keys(entry).filter((k) => k !== 'exclude'))}.`, "Give 'exclude' an entry of its own.");
      if (excluded) say(`a '${kind}' has several 'exclude' entries.`, 'Put what they exclude into one list.');
      else without = readExclude(entry['exclude'], say, report);
      excluded = true;
    } else {
      const spec = read(entry, say, report);
      if (spec !== null) of.push(spec);
    }
  }
  const group: Spec = { kind, of, indirect: 'eager', raw: kind };
  return without === null ? group : { kind: 'difference', from: group, without };
}

function readExclude(entries: unknown, say: Say, report: (d: Diagnostic) => void): Spec | null {
  if (!Array.isArray(entries)) {
    say("'exclude' must be a list.", 'Write "- method: …" for each entry below \'exclude:\'.');
    return null;
  }
  const of = (entries as readonly unknown[]).map((e) => read(e, say, report)).filter((s) => s !== null);
  return of.length === 0 ? null : of.length === 1 ? of[0]! : { kind: 'union', of, indirect: 'eager', raw: 'exclude' };
}

function readTerm(d: Readonly<Record<string, unknown>>, say: Say, report: (d: Diagnostic) => void): Term | null {
  const whole = String(d['method']);
  const value = d['value'];
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    say(`the value of '${whole}' must be a text.`, "To unite several, list them below 'union:'.");
    return null;
  }
  const raw = `${whole}:${String(value)}`;
  if (value === '') {
    say(`the value of '${whole}' is empty.`);
    return null;
  }
  const [name, ...args] = whole.split('.');
  const method = checkMethod(name!, args, raw, report);
  const parents = flag('parents');
  const children = flag('children');
  const childrensParents = flag('childrens_parents');
  if (childrensParents && children)
    say(`'${raw}' has both 'childrens_parents' and 'children'.`, "'childrens_parents' already takes the children. Leave out one of them.");
  const indirect = d['indirect_selection'];
  const known = indirect === undefined || indirect === null ? undefined : INDIRECT_SELECTIONS.find((i) => i === String(indirect).toLowerCase());
  if (known === undefined && indirect !== undefined && indirect !== null)
    say(`indirect_selection is '${String(indirect)}'.`, didYouMean(String(indirect), INDIRECT_SELECTIONS) ?? `It can be ${INDIRECT_SELECTIONS.join(', ')}.`);
  const up = depth('parents_depth');
  const down = depth('children_depth');
  if (method === undefined) return null;
  return {
    kind: 'term',
    raw,
    method,
    arguments: args,
    value: String(value),
    parents: parents ? up : 0,
    children: children ? down : 0,
    childrensParents,
    ...(known === undefined ? {} : { indirect: known satisfies IndirectSelection }),
  };

  function flag(key: string): boolean {
    const v = d[key] ?? false;
    if (typeof v !== 'boolean') say(`'${key}' must be true or false, not '${String(v)}'.`);
    return v === true;
  }

  function depth(key: string): number {
    const v = d[key];
    if (v === undefined || v === null) return Infinity;
    const steps = Number(v);
    if (!Number.isInteger(steps) || steps < 0) say(`'${key}' must be a whole number, not '${String(v)}'.`);
    // As in dbt, 0 is "no limit": to take none, leave the relatives out.
    return steps > 0 ? steps : Infinity;
  }
}

function quoted(keys: readonly string[]): string {
  return keys.length === 0 ? 'nothing' : keys.map((k) => `'${k}'`).join(', ');
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function isMapping(v: unknown): v is Readonly<Record<string, unknown>> {
  return typeof v === 'object' && v !== null && !Array.isArray(v);
}
