// Reads a YAML tree with a finger on the line. In: text. Out: nodes, and a diagnostic for each thing that is not as it
// should be; reading goes on after a mistake, so that all of them are found at once.
import type { Document, Node, Scalar } from 'yaml';
import { isMap, isScalar, isSeq, yamlLibrary } from '../project/yaml-library.ts';
import type { DiagnosticCode } from '../diagnostics/codes.ts';
import { error, type Diagnostic, type Related, type Span } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { explainMistakes } from '../parse/yaml-syntax.ts';
import { parseDay } from './calendar.ts';
import { parseDecimal } from './decimal.ts';
import { dateValue, type Value } from './value.ts';

/** A key of a map and what stands there. */
export interface Field {
  readonly key: Scalar;
  readonly name: string;
  readonly node: Node | undefined;
}

type Extra = { readonly help?: string | undefined; readonly span?: Span; readonly related?: readonly Related[] };

/** A document that is being read. */
export interface Reader {
  readonly root: Node | undefined;
  readonly diagnostics: Diagnostic[];
  /** Notes a mistake at a node; `code` without its step. */
  report(code: GenerateReason, message: string, node: Node | undefined, extra?: Extra): undefined;
  span(node: Node | undefined): Span;
  /** Where character `offset` of a scalar's text stands. */
  spanWithin(node: Node, text: string, offset: number): Span;
  /** The fields of a map; a mistake where it is none. With `known`, any other key is one, too. */
  fields(node: Node | undefined, what: string, known?: readonly string[]): ReadonlyMap<string, Field>;
  /** What a map has at a key, if it is a map and has it. */
  get(node: Node | undefined, key: string): Node | undefined;
  /** The items of a list; a mistake where it is none. */
  items(node: Node | undefined, what: string): readonly Node[];
  text(node: Node | undefined, what: string): string | undefined;
  boolean(node: Node | undefined, what: string): boolean | undefined;
  number(node: Node | undefined, what: string, least: number, most: number, whole?: boolean): number | undefined;
  day(node: Node | undefined, what: string): number | undefined;
  /** A scalar as the value of a cell: numbers keep their digits, an unquoted ISO date is a date. */
  value(node: Node | undefined, what: string): Value | undefined;
}

/** The part of a code after `generate/`. */
export type GenerateReason = DiagnosticCode extends infer C ? (C extends `generate/${infer R}` ? R : never) : never;

/** Begins to read; syntax errors of YAML are the first diagnostics. */
export function readYaml(text: string, file: string): Reader {
  const { isAlias, LineCounter, parseDocument } = yamlLibrary();
  const lines = new LineCounter();
  const document: Document.Parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const diagnostics: Diagnostic[] = explainMistakes(document.errors, text, file);
  const place = (start: number, end: number): Span => {
    const { line, col } = lines.linePos(start);
    const stop = lines.linePos(end);
    return {
      file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      ...(stop.line === line && stop.col > col ? { endColumn: stop.col } : {}),
    };
  };
  const span = (node: Node | undefined): Span => {
    const range = node?.range;
    return range === undefined || range === null ? { file, line: 1, column: 1 } : place(range[0], range[1]);
  };
  const report = (code: GenerateReason, message: string, node: Node | undefined, extra: Extra = {}): undefined => {
    const { help, related } = extra;
    const more = {
      span: extra.span ?? span(node),
      ...(help === undefined ? {} : { help }),
      ...(related === undefined ? {} : { related }),
    };
    diagnostics.push(error(`generate/${code}`, message, more));
  };
  const follow = (node: unknown): Node | undefined => {
    const target = isAlias(node) ? node.resolve(document) : node;
    return (target ?? undefined) as Node | undefined;
  };
  const scalar = (node: Node | undefined, what: string, wanted: string): Scalar | undefined => {
    if (isScalar(node) && node.value !== null) return node;
    return report('type', `${what} must be ${wanted}.`, node);
  };

  return {
    root: follow(document.contents),
    diagnostics,
    report,
    span,
    spanWithin(node, source, offset) {
      const range = node.range;
      if (range === undefined || range === null) return span(node);
      for (const start of [range[0], range[0] + 1]) {
        if (text.startsWith(source, start)) return place(start + offset, start + offset + (/^\w+/.exec(source.slice(offset))?.[0].length ?? 1));
      }
      return span(node);
    },
    fields(node, what, known) {
      const found = new Map<string, Field>();
      if (!isMap(node)) {
        report('type', `${what} must be a map of keys and values.`, node);
        return found;
      }
      for (const pair of node.items) {
        const key = follow(pair.key);
        if (!isScalar(key)) {
          report('type', `A key of ${what} must be a single word.`, key ?? node);
          continue;
        }
        const name = String(key.value);
        if (known !== undefined && !known.includes(name)) {
          report('unknown-key', `${what} has no key '${name}'.`, key, {
            help: didYouMean(name, known) ?? `Keys: ${known.join(', ')}.`,
          });
        } else found.set(name, { key, name, node: follow(pair.value) });
      }
      return found;
    },
    get: (node, key) => (isMap(node) ? follow(node.get(key, true)) : undefined),
    items(node, what) {
      if (isSeq(node)) return node.items.map((item) => follow(item)!);
      report('type', `${what} must be a list.`, node);
      return [];
    },
    text(node, what) {
      const s = scalar(node, what, 'text');
      return s === undefined ? undefined : typeof s.value === 'string' ? s.value : (s.source ?? String(s.value));
    },
    boolean(node, what) {
      if (isScalar(node) && typeof node.value === 'boolean') return node.value;
      return report('type', `${what} must be true or false.`, node);
    },
    number(node, what, least, most, whole = false) {
      const wanted = `a ${whole ? 'whole ' : ''}number ${most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`}`;
      const s = scalar(node, what, wanted);
      if (s === undefined) return undefined;
      if (typeof s.value === 'number' && s.value >= least && s.value <= most && Number.isFinite(s.value) && (!whole || Number.isSafeInteger(s.value)))
        return s.value;
      return report(typeof s.value === 'number' ? 'value' : 'type', `${what} must be ${wanted}.`, s);
    },
    day(node, what) {
      const s = scalar(node, what, 'a date such as 2024-12-31');
      if (s === undefined) return undefined;
      return parseDay(String(s.value)) ?? report('value', `${what} must be a date such as 2024-12-31.`, s);
    },
    value(node, what) {
      if (!isScalar(node)) return report('type', `${what} must be a single value.`, node);
      const v = node.value;
      if (v === null || typeof v === 'boolean') return v;
      if (typeof v === 'number') return parseDecimal(node.source ?? '') ?? parseDecimal(String(v)) ?? report('type', `${what} must be a decimal number.`, node);
      if (typeof v !== 'string') return report('type', `${what} must be text, a number or a date.`, node);
      const day = node.type === 'PLAIN' ? parseDay(v) : undefined;
      return day === undefined ? v : dateValue(day);
    },
  };
}
