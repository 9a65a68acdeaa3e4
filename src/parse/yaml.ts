// YAML text to plain values, read as dbt reads it (YAML 1.1, but dates stay texts), and back to places: where in
// the file a path of keys stands. Places are looked up when a message needs one, so reading stays fast.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Document, Node, Pair, ScalarTag, Tags, YAMLMap } from 'yaml';
import { type Diagnostic, error, type Span, warning } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { Float, LongInteger } from '../project/float.ts';
import type { Place } from '../project/resources.ts';
import { tooDeepAt, yamlLibrary } from '../project/yaml-library.ts';
import type { Mistake, Path } from '../project/shape.ts';
import { type Lines, repair } from './yaml-repair.ts';
import { indentQuoted } from './yaml-quotes.ts';
import { bareTemplate, explainMistakes, lineAndColumn } from './yaml-syntax.ts';

const OPTIONS = {
  version: '1.1',
  customTags: (tags: Tags): Tags =>
    tags
      .filter((t) => typeof t === 'string' || !/timestamp|binary|omap|pairs|set$/.test(t.tag))
      .map((t) => (typeof t !== 'string' && 'test' in t && t.test !== undefined ? asPyYaml(t) : t)),
  keepSourceTokens: false,
  prettyErrors: false,
  logLevel: 'error',
} as const;

/** Plain scalars are what PyYAML takes them for: a lone y is a text, and so are e2, 09 and 1e3. */
function asPyYaml(tag: ScalarTag): ScalarTag {
  const takes = (sample: string): boolean => tag.test?.test(sample) === true;
  if (tag.tag.endsWith(':bool'))
    return { ...tag, test: takes('yes') ? /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/ : /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/ };
  if (tag.tag.endsWith(':int') && takes('12')) return { ...tag, test: /^[-+]?(?:0|[1-9][0-9_]*)$/, resolve: integer };
  if (tag.tag.endsWith(':int') && takes('1:30')) return { ...tag, test: /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/ };
  if (tag.tag.endsWith(':float') && takes('1e3')) return asFloat(tag, /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)[eE][-+][0-9]+$/);
  if (tag.tag.endsWith(':float') && takes('1.5')) return asFloat(tag, /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)$/);
  return tag;
}

/** An integer, with all its digits. */
function integer(source: string): number | LongInteger {
  const digits = source.replace(/^\+|_/g, '');
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : new LongInteger(digits);
}

/** A float that is integral stays one. */
function asFloat(tag: ScalarTag, test: RegExp): ScalarTag {
  return {
    ...tag,
    test,
    resolve: (source) => {
      const value = Number.parseFloat(source.replaceAll('_', ''));
      return Number.isInteger(value) ? new Float(value) : value;
    },
  };
}

/** What a file holds, and what is wrong with it; without `data` it cannot be read at all. An empty file is null. */
export interface YamlReading {
  readonly data?: unknown;
  readonly mistakes: readonly Diagnostic[];
}

/** Characters that YAML does not allow anywhere. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;

export function readYaml(whole: string, file: string): YamlReading {
  const text = withoutMark(whole);
  const control = CONTROL.exec(text);
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    const span = { file, ...lineAndColumn(text, control.index) };
    return { mistakes: [error('parse/yaml', `${file} holds a control character (U+${code}), which is not allowed in YAML.`, { span, help: 'Remove it.' })] };
  }
  const deep = tooDeepAt(text);
  if (deep !== undefined)
    return {
      mistakes: [
        error('parse/yaml', `${file} is nested too deeply to be read.`, { span: { file, ...lineAndColumn(text, deep) }, help: 'Is a bracket not closed?' }),
      ],
    };
  const document = yamlLibrary().parseDocument(text, OPTIONS);
  const indented = document.errors.some(isCutOff) ? indentQuoted(text) : undefined;
  if (indented !== undefined) {
    const read = readYaml(indented, file);
    if (read.data !== undefined) return read;
  }
  const mistakes = explainMistakes(document.errors, text, file);
  if (document.errors.some((e) => e.code !== 'DUPLICATE_KEY')) return { mistakes };
  const extra = [...badTags(document, text, file), ...badAliases(document, text, file)];
  if (extra.length > 0) return { mistakes: [...mistakes, ...extra] };
  try {
    trimLast(document, text);
    const data = document.toJS({ maxAliasCount: 1000 }) as unknown;
    const bare = text.includes('{{') && holdsBareTemplate(data) ? /^[^#'"\n]*?(?:[:-]\s+)(\{\{)/m.exec(text) : null;
    if (bare === null) return { data, mistakes };
    return { mistakes: [...mistakes, bareTemplate({ file, ...lineAndColumn(text, bare.index + bare[0].length - 2) })] };
  } catch (e) {
    return { mistakes: [...mistakes, error('parse/yaml', `${(e as Error).message}.`, { span: { file, line: 1, column: 1 } })] };
  }
}

/** As in dbt, white space at the end of a file is none of it: a block text that is the last thing has no line feed at its end. */
function trimLast(document: Document, text: string): void {
  const { isMap, isScalar, isSeq } = yamlLibrary();
  let last: unknown = document.contents;
  while (isMap(last) || isSeq(last)) {
    const item: unknown = last.items.at(-1);
    last = isMap(last) ? (item as Pair | undefined)?.value : item;
  }
  if (!isScalar(last) || (last.type !== 'BLOCK_FOLDED' && last.type !== 'BLOCK_LITERAL') || typeof last.value !== 'string') return;
  if ((last.range?.[1] ?? 0) >= text.trimEnd().length) last.value = last.value.trimEnd();
}

/** The same; of a text that is not YAML throughout, what can be read of it. `lost` are its entries that are not whole. */
export function readYamlAsFarAsItGoes(whole: string, file: string): YamlReading & { readonly lost?: readonly Lines[] } {
  const read = readYaml(whole, file);
  if (read.data !== undefined) return read;
  const repaired = repair(withoutMark(whole), (text) => readYaml(text, file));
  return repaired === undefined ? read : { data: repaired.read.data, mistakes: repaired.mistakes, lost: repaired.lost };
}

/** Whether a text in quotes seems to be without its closing quote. */
function isCutOff(e: { readonly message: string }): boolean {
  return e.message.startsWith('Missing closing');
}

/** A text without the byte-order mark before it. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** `!tags` that nobody knows. */
function badTags(document: Document, text: string, file: string): Diagnostic[] {
  return document.warnings
    .filter((w) => w.code === 'TAG_RESOLVE_FAILED')
    .map((w) => {
      const tag = text.slice(w.pos[0], w.pos[1]);
      const span = { file, ...lineAndColumn(text, w.pos[0]) };
      return error('parse/yaml', `The tag ${tag} means nothing here.`, {
        span: { ...span, endColumn: span.column + tag.length },
        help: `Take it out; a text that begins with ! needs quotes.`,
      });
    });
}

/** `*names` that no anchor has or that stand within their own, anchors that are there twice, and merged keys that are none. */
function badAliases(document: Document, text: string, file: string): Diagnostic[] {
  if (!/[*&]|<</.test(text)) return [];
  const { isAlias, isMap, isScalar, isSeq, visit } = yamlLibrary();
  const found: Diagnostic[] = [];
  const anchors: string[] = [];
  const say = (node: { readonly range?: readonly [number, number, number] | null | undefined }, message: string, help: string): void => {
    const [from, to] = node.range ?? [0, 0];
    const span = { file, ...lineAndColumn(text, from) };
    found.push(error('parse/yaml', message, { span: { ...span, ...(to > from ? { endColumn: span.column + to - from } : {}) }, help }));
  };
  visit(document, {
    Node: (_, node) => {
      if (!('anchor' in node) || typeof node.anchor !== 'string') return;
      if (anchors.includes(node.anchor)) say(node, `The anchor &${node.anchor} is there twice.`, 'Give one of the two another name.');
      anchors.push(node.anchor);
    },
    Alias: (_, alias, path) => {
      const name = alias.source;
      const open = path.some((above) => typeof above === 'object' && 'anchor' in above && above.anchor === name);
      if (open) say(alias, `*${name} stands within what it stands for.`, 'Take it out.');
      else if (!anchors.includes(name))
        say(alias, `There is no anchor &${name} above.`, didYouMean(name, anchors) ?? `Write &${name} before what it stands for, further up.`);
    },
    Pair: (_, pair) => {
      if (!isScalar(pair.key) || pair.key.source !== '<<' || pair.key.type !== 'PLAIN') return;
      const merged = (isSeq(pair.value) ? pair.value.items : [pair.value]).map((v) => (isAlias(v) ? v.resolve(document) : v));
      if (merged.some((v) => v !== undefined && !isMap(v))) say(pair.key, "What '<<' merges has no keys.", 'Give it an alias of a mapping: <<: *name.');
    },
  });
  return found;
}

/** Whether a key is what YAML makes of `{{ name }}` without quotes. */
function holdsBareTemplate(data: unknown): boolean {
  if (Array.isArray(data)) return data.some(holdsBareTemplate);
  return typeof data === 'object' && data !== null && Object.entries(data).some(([k, v]) => /^\{ .* \}$/.test(k) || holdsBareTemplate(v));
}

/** Finds places in a YAML text, which is read once. Lines and columns from 1. */
class YamlPlaces {
  private readonly yaml = yamlLibrary();
  private lines = new this.yaml.LineCounter();
  private readonly document: Document;
  private readonly file: string;

  constructor(text: string, file: string) {
    this.file = file;
    const whole = withoutMark(text);
    const read = (part: string): Document => this.yaml.parseDocument(part, { ...OPTIONS, lineCounter: this.lines, uniqueKeys: false });
    let document = read(whole);
    const indented = document.errors.some(isCutOff) ? indentQuoted(whole) : undefined;
    if (indented !== undefined) {
      this.lines = new this.yaml.LineCounter();
      document = read(indented);
    }
    const rest = document.errors.length === 0 ? undefined : repair(whole, (part) => readYaml(part, file));
    if (rest !== undefined) this.lines = new this.yaml.LineCounter();
    this.document = rest === undefined ? document : read(rest.text);
  }

  /** Where the key or the value at `path` stands; the nearest part of the path that exists. */
  find(path: Path, on: 'key' | 'value'): Span {
    const { isAlias, isCollection, isMap, isScalar, isSeq } = this.yaml;
    let node: unknown = this.document.contents;
    let range = rangeOf(node);
    for (const [i, step] of path.entries()) {
      if (isAlias(node)) node = node.resolve(this.document);
      if (isSeq(node) && typeof step === 'number') {
        node = node.items[step];
        range = rangeOf(node) ?? range;
      } else if (isMap(node)) {
        const pair = this.pairOf(node, String(step));
        if (pair === undefined) break;
        node = pair.value;
        const whole = i === path.length - 1 && on === 'value' && (isScalar(node) || isAlias(node) || (isCollection(node) && node.flow === true));
        range = (whole ? rangeOf(node) : rangeOf(pair.key)) ?? range;
      } else break;
    }
    if (range === undefined) return { file: this.file, line: 1, column: 1 };
    const { line, col } = this.lines.linePos(range[0]);
    const end = this.lines.linePos(Math.max(range[0] + 1, range[1]));
    return { file: this.file, line, column: col, ...(end.line === line ? { endColumn: end.col } : {}) };
  }

  /** The last pair of this key, or one that is merged in. */
  private pairOf(map: YAMLMap, key: string): Pair | undefined {
    const { isAlias, isMap, isScalar, isSeq } = this.yaml;
    const own = map.items.findLast((p) => isScalar(p.key) && String(p.key.value) === key);
    if (own !== undefined) return own;
    for (const p of map.items) {
      if (!isScalar(p.key) || p.key.source !== '<<') continue;
      for (const merged of isSeq(p.value) ? p.value.items : [p.value]) {
        const from = isAlias(merged) ? merged.resolve(this.document) : merged;
        const pair = isMap(from) ? this.pairOf(from, key) : undefined;
        if (pair !== undefined) return pair;
      }
    }
    return undefined;
  }
}

/** Where the key or the value at `path` stands in a text. */
export function locate(text: string, file: string, path: Path, on: 'key' | 'value'): Span {
  return new YamlPlaces(text, file).find(path, on);
}

function rangeOf(node: unknown): readonly [number, number] | undefined {
  const range = (node as Node | undefined)?.range;
  return range ? [range[0], range[1]] : undefined;
}

/** Turns places into spans; reads YAML files again, once each. For messages alone. */
export function placeResolver(root: string): (place: Place) => Span {
  const files = new Map<string, YamlPlaces>();
  return (place) => {
    if ('span' in place) return place.span;
    let places = files.get(place.yaml);
    if (places === undefined) {
      places = new YamlPlaces(readOrEmpty(join(root, place.yaml)), place.yaml);
      files.set(place.yaml, places);
    }
    return places.find(place.path, place.on ?? 'key');
  };
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** A mistake, placed. */
export function placed(m: Mistake, span: Span): Diagnostic {
  const extra = { span, ...(m.help === undefined ? {} : { help: m.help }) };
  return m.severity === 'warning' ? warning(`parse/${m.kind}`, m.message, extra) : error(`parse/${m.kind}`, m.message, extra);
}
