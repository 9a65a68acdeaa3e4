// The parts of nunjucks 3.2.4 that this folder builds on; the package ships no types.
declare module 'nunjucks/src/lexer.js' {
  interface Token {
    readonly type: string;
    readonly value: string;
    readonly lineno: number;
    readonly colno: number;
  }
  class Tokenizer {
    constructor(source: string, options?: object);
    str: string;
    index: number;
    len: number;
    lineno: number;
    colno: number;
    in_code: boolean;
    nextToken(): Token | null;
  }
  const lexer: { lex(source: string, options?: object): Tokenizer } & Readonly<
    Record<
      | 'TOKEN_STRING'
      | 'TOKEN_DATA'
      | 'TOKEN_BLOCK_START'
      | 'TOKEN_BLOCK_END'
      | 'TOKEN_VARIABLE_START'
      | 'TOKEN_VARIABLE_END'
      | 'TOKEN_LEFT_PAREN'
      | 'TOKEN_RIGHT_PAREN'
      | 'TOKEN_LEFT_BRACKET'
      | 'TOKEN_RIGHT_BRACKET'
      | 'TOKEN_LEFT_CURLY'
      | 'TOKEN_RIGHT_CURLY'
      | 'TOKEN_OPERATOR'
      | 'TOKEN_COMMA'
      | 'TOKEN_COLON'
      | 'TOKEN_TILDE'
      | 'TOKEN_PIPE'
      | 'TOKEN_INT'
      | 'TOKEN_FLOAT'
      | 'TOKEN_SYMBOL',
      string
    >
  >;
  export default lexer;
  export type { Token, Tokenizer };
}

declare module 'nunjucks/src/nodes.js' {
  class Node {
    constructor(lineno: number, colno: number, ...fields: unknown[]);
    readonly typename: string;
    readonly lineno: number;
    readonly colno: number;
    static extend(name: string, props?: { readonly fields?: readonly string[] }): typeof Node;
  }
  const nodes: Readonly<Record<string, typeof Node>> & { readonly Node: typeof Node };
  export default nodes;
  export type { Node };
}

declare module 'nunjucks/src/parser.js' {
  import type { Token, Tokenizer } from 'nunjucks/src/lexer.js';
  import type { Node } from 'nunjucks/src/nodes.js';
  class Parser {
    constructor(tokens: Tokenizer);
    tokens: Tokenizer;
    peeked: Token | null;
    breakOnBlocks: readonly string[] | null;
    nextToken(): Token | null;
    peekToken(): Token | null;
    pushToken(token: Token | null): void;
    skip(type: string): boolean;
    skipValue(type: string, value: string): boolean;
    skipSymbol(value: string): boolean;
    parseUntilBlocks(...names: string[]): Node;
    parseAsRoot(): Node;
    parseOr(): Node;
  }
  const parser: { readonly Parser: typeof Parser };
  export default parser;
}
