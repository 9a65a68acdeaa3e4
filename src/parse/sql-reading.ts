// What a SQL file says about itself, read off its syntax tree without rendering: refs, sources, configuration, calls.
// Plain data, kept in the parse cache by content. A template that must be rendered to know says `dynamic`.
import { createHash } from 'node:crypto';
import { Failure, type Diagnostic, type Span } from '../diagnostics/diagnostic.ts';
import { docsOf, type MacroDefinition, macrosOf, parseTemplate, snapshotsOf } from '../template/template.ts';
import { staticCalls } from '../template/static.ts';
import { openCalls, writtenCalls, writtenLiterals } from '../template/written.ts';
import { toPlain, type Value } from '../template/values.ts';
import { mergeConfig } from '../project/config.ts';
import type { Lines } from './yaml-repair.ts';

/** line, column and end column of a call. */
export type Spot = readonly [line: number, column: number, endColumn: number];

export interface CallReading {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly at: Spot;
}

export interface TemplateReading {
  readonly dynamic: boolean;
  readonly refs: readonly CallReading[];
  readonly sources: readonly CallReading[];
  readonly config: Readonly<Record<string, unknown>>;
  /** Variables it needs: without a default. */
  readonly vars: readonly { readonly name: string; readonly at: Spot }[];
  /** There is nothing in it. */
  readonly empty?: true;
  /** It asks for some variable. */
  readonly asksVars?: true;
  /** Other names it calls: macros, with their package where written. */
  readonly calls: readonly string[];
  /** The arguments of its config() call, as they are written. */
  readonly configText: Readonly<Record<string, string>>;
  /** It has nothing but ref, source and config with literals: of such a model dbt notes the values of config(), not its text. */
  readonly plain: boolean;
  /** Spot of the first config() call. */
  readonly configAt: Spot | null;
}

export interface BlockReading {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly body: string;
  readonly firstLine: number;
  readonly reading: TemplateReading;
}

export interface MacroReading {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  /** Its text mentions ref, source, config or a way to reach them. */
  readonly impure: boolean;
  /** Names followed by a parenthesis. */
  readonly calls: readonly string[];
  /** Names that it dispatches. */
  readonly dispatches: readonly string[];
  /** Bare names that its template calls and does not define itself. */
  readonly asks: readonly string[];
  /** Hash of its text. */
  readonly checksum: string;
}

export interface DocsReading {
  readonly name: string;
  readonly body: string;
  readonly line: number;
  readonly column: number;
}

export type FileReading =
  | { readonly kind: 'template'; readonly reading: TemplateReading }
  | { readonly kind: 'blocks'; readonly blocks: readonly BlockReading[] }
  | { readonly kind: 'macros'; readonly macros: readonly MacroReading[] }
  | { readonly kind: 'docs'; readonly docs: readonly DocsReading[] }
  | { readonly kind: 'yaml'; readonly data: unknown; readonly mistakes?: readonly Diagnostic[]; readonly lost?: readonly Lines[] }
  | { readonly kind: 'failed'; readonly diagnostics: readonly Diagnostic[] };

const EMPTY: TemplateReading = { dynamic: false, refs: [], sources: [], config: {}, vars: [], calls: [], configText: {}, plain: false, configAt: null };

/** Reads a model, an analysis or a singular test. */
export function readTemplate(text: string, file: string, firstLine = 1): TemplateReading {
  if (!text.includes('{')) return text.trim() === '' ? { ...EMPTY, empty: true } : EMPTY;
  const template = parseTemplate(text, file, firstLine);
  const read = staticCalls(template);
  if (read === 'dynamic') {
    const { names, config } = writtenCalls(template);
    return { ...EMPTY, dynamic: true, calls: names, configText: config };
  }
  let config: Record<string, unknown> = {};
  let configAt: Spot | null = null;
  for (const c of read.configs) {
    config = mergeConfig(config, plain(c.kwargs));
    configAt ??= spot(c.span);
  }
  return {
    dynamic: false,
    refs: read.refs.map((c) => ({ args: c.args.map((a) => toPlain(a)), kwargs: plain(c.kwargs), at: spot(c.span) })),
    sources: read.sources.map((c) => ({ args: c.args.map((a) => toPlain(a)), kwargs: plain(c.kwargs), at: spot(c.span) })),
    config,
    vars: read.vars.filter((v) => !v.hasDefault).map((v) => ({ name: v.name, at: spot(v.span) })),
    ...(read.vars.length > 0 ? { asksVars: true as const } : {}),
    calls: read.calls.map((c) => c.name),
    plain: read.configs.length > 0 && read.calls.length === 0 && read.vars.length === 0 && isPlain(text),
    configText: read.configs[0] === undefined ? EMPTY.configText : writtenLiterals(read.configs[0].kwargs),
    configAt,
  };
}

/** No statement, no number, `true` only as Python writes it: what dbt reads without rendering. */
function isPlain(text: string): boolean {
  const bare = text.replace(/\{#[\s\S]*?#\}/g, '');
  if (bare.includes('{%')) return false;
  for (const [, expression] of bare.matchAll(/\{\{([\s\S]*?)\}\}/g)) {
    const words = expression!.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, '');
    if (/^\s*(ref|source)\s*\(/.test(words)) continue;
    if (!/^\s*config\s*\([^()]*\)\s*$/.test(words) || /[-+#'"]|\b(true|false|none|None|\d[\w.]*)\b/.test(words)) return false;
  }
  return true;
}

/** Reads a file of snapshots: its `{% snapshot %}` blocks, each a template of its own. */
export function readBlocks(text: string, file: string): readonly BlockReading[] {
  return snapshotsOf(parseTemplate(text, file)).map((block) => ({
    name: block.name,
    line: block.span.line,
    column: block.span.column,
    body: block.body,
    firstLine: block.firstLine,
    reading: readTemplate(block.body, file, block.firstLine),
  }));
}

export function readMacros(text: string, file: string): readonly MacroReading[] {
  return macrosOf(parseTemplate(text, file)).map((m) => ({
    name: m.name,
    line: m.span.line,
    column: m.span.column,
    ...mentions(m),
    asks: openCalls(m.node),
    checksum: createHash('sha1').update(m.text).digest('hex'),
  }));
}

export function readDocs(text: string, file: string): readonly DocsReading[] {
  if (!/\{%-?\+?\s*docs\b/.test(text)) return [];
  return docsOf(parseTemplate(text, file)).map((d) => ({ name: d.name, body: d.body.trim(), line: d.span.line, column: d.span.column }));
}

/** Catches the expected failures of a reading. */
export function attemptReading(read: () => FileReading): FileReading {
  try {
    return read();
  } catch (e) {
    if (e instanceof Failure) return { kind: 'failed', diagnostics: e.diagnostics };
    throw e;
  }
}

/** Names followed by a parenthesis: what a text calls, and the functions of its SQL. */
function callsIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\b([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*\(/g)].map((m) => m[1]!))];
}

/** What leads to resources and their configuration, whatever it is called with. */
const WAYS = /\b(ref|source|config|builtins|context|graph|this|is_incremental|caller)\b/;
const DISPATCH = /\bdispatch\s*\(\s*(?:macro_name\s*=\s*)?(?:'(\w+)'|"(\w+)")/g;

function mentions({ text, parameters }: MacroDefinition): Pick<MacroReading, 'impure' | 'calls' | 'dispatches'> {
  const dispatches = [...text.matchAll(DISPATCH)].map((m) => m[1] ?? m[2]!);
  // A relation, where it is given under that name.
  const isGiven = parameters.some((p) => p.name === 'model');
  // What is dispatched to by a name that is worked out may be anything.
  const hidden = (text.match(/\bdispatch\b/g) ?? []).length > dispatches.length;
  return { impure: hidden || WAYS.test(text) || (!isGiven && /\bmodel\b/.test(text)), calls: callsIn(text), dispatches: [...new Set(dispatches)] };
}

function spot(span: Span): Spot {
  return [span.line, span.column, span.endColumn ?? span.column + 1];
}

function plain(kwargs: ReadonlyMap<string, Value>): Record<string, unknown> {
  return Object.fromEntries([...kwargs].map(([k, v]) => [k, toPlain(v)]));
}
