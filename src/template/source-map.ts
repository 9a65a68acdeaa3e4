// From a place in what a template wrote back to the template: each piece of the text remembers the node that wrote it.
// Text of the template maps to the very character; what an expression gave maps to the expression, and what a macro wrote
// to the macro's own text, with the places of the calls that led there.
import type { Span } from '../diagnostics/diagnostic.ts';
import { spanOf } from './frame.ts';
import type { Expression, Statement } from './nodes.ts';

/** What a macro wrote last. */
export interface Written {
  readonly text: string;
  readonly map: SourceMap;
}

/** Where a character comes from. */
export interface Traced {
  readonly span: Span;
  /** The calls of macros that led there, innermost first: where each stands, and in which macro; null: in the template itself. */
  readonly calls: readonly { readonly span: Span; readonly inside: string | null }[];
  /** It is text of a template, not the value of an expression, for which the expression stands or the call that gave it. */
  readonly own: boolean;
}

/** Pieces of a text in order: where each starts, and what wrote it. Spans are worked out when one is asked for. */
export class SourceMap {
  private readonly file: string;
  /** The macro that writes the text, as messages call it; null: the template itself. */
  private readonly inside: string | null;
  private readonly starts: number[] = [];
  private readonly nodes: (Expression | Statement)[] = [];
  private inner: Map<number, SourceMap> | undefined;

  constructor(file: string, inside: string | null = null) {
    this.file = file;
    this.inside = inside;
  }

  /** Says that what is written from this offset on, `text`, comes from `node`; `written` is what a macro wrote last. */
  add(start: number, node: Expression | Statement, text?: unknown, written?: Written): void {
    if (written !== undefined && written.text === text) (this.inner ??= new Map()).set(this.starts.length, written.map);
    this.starts.push(start);
    this.nodes.push(node);
  }

  /** Where the character at an offset of the text comes from. Undefined where nothing was written. */
  at(offset: number): Traced | undefined {
    const piece = this.pieceAt(offset);
    const node = this.nodes[piece];
    if (node === undefined) return undefined;
    const start = this.starts[piece]!;
    if (node.typename === 'TemplateData') return { span: spanWithin(node, offset - start, this.file), calls: [], own: true };
    const span = spanOf(node, this.file);
    const inner = this.inner?.get(piece)?.at(offset - start);
    return inner?.own === true ? { ...inner, calls: [...inner.calls, { span, inside: this.inside }] } : { span, calls: [], own: false };
  }

  /** The last piece that starts at the offset or before it: empty pieces come before the one that has the character. */
  private pieceAt(offset: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** The place of a character of a template's text. */
function spanWithin(node: { readonly value: string; readonly lineno: number; readonly colno: number }, offset: number, file: string): Span {
  const into = Math.min(offset, node.value.length);
  const before = node.value.slice(0, into);
  const lines = before.split('\n').length - 1;
  const column = (lines === 0 ? node.colno + into : into - before.lastIndexOf('\n') - 1) + 1;
  const word = /^[\w$]+(?:\.[\w$]+)*/.exec(node.value.slice(into, into + 200))?.[0].length;
  return { file, line: node.lineno + lines + 1, column, ...(word === undefined ? {} : { endColumn: column + word }) };
}
