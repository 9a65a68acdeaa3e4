// From a place in what a template wrote back to the template: each piece of the text remembers the node that wrote it.
// Text of the template maps to the very character; what an expression gave maps to the expression.
import type { Span } from '../diagnostics/diagnostic.ts';
import { spanOf } from './frame.ts';
import type { Expression, Statement } from './nodes.ts';

/** Pieces of a text in order: where each starts, and what wrote it. Spans are worked out when one is asked for. */
export class SourceMap {
  private readonly file: string;
  private readonly starts: number[] = [];
  private readonly nodes: (Expression | Statement)[] = [];

  constructor(file: string) {
    this.file = file;
  }

  /** Says that what is written from this offset on comes from `node`. */
  add(start: number, node: Expression | Statement): void {
    this.starts.push(start);
    this.nodes.push(node);
  }

  /** The place in the template of the character at an offset of the text. Undefined where nothing was written. */
  at(offset: number): Span | undefined {
    const piece = this.pieceAt(offset);
    const node = this.nodes[piece];
    if (node === undefined) return undefined;
    if (node.typename !== 'TemplateData') return spanOf(node, this.file);
    const into = Math.min(offset - this.starts[piece]!, node.value.length);
    const before = node.value.slice(0, into);
    const lines = before.split('\n').length - 1;
    const column = (lines === 0 ? node.colno + into : into - before.lastIndexOf('\n') - 1) + 1;
    const word = /^[\w$]+(?:\.[\w$]+)*/.exec(node.value.slice(into, into + 200))?.[0].length;
    return { file: this.file, line: node.lineno + lines + 1, column, ...(word === undefined ? {} : { endColumn: column + word }) };
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
