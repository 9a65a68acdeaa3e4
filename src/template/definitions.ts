// What a file of macros, snapshots or docs defines, read off its tree: nothing is evaluated. A macro becomes a value that
// sees the names its scope hands out and nothing else, as dbt's macros do.
import type { Span } from '../diagnostics/diagnostic.ts';
import { Frame, spanOf, type Scope } from './frame.ts';
import { callMacro } from './macros.ts';
import type { Macro, Statement } from './nodes.ts';
import type { Template } from './template.ts';
import { Callable } from './values.ts';

export interface MacroDefinition {
  /** `cents`; `test_positive` for a test; `materialization_table_default` for a materialization. */
  readonly name: string;
  readonly kind: 'macro' | 'test' | 'materialization';
  readonly parameters: readonly {
    readonly name: string;
    /** The default as it is written. */
    readonly default?: string;
  }[];
  /** The name in the opening tag. */
  readonly span: Span;
  /** The whole block as it is written. */
  readonly text: string;
  readonly node: Macro;
  readonly file: string;
}

/** A `{% snapshot %}` or `{% docs %}` block. */
export interface TextBlock {
  readonly name: string;
  /** The text between the two tags. */
  readonly body: string;
  /** The line that `body` starts on, for `parseTemplate`. */
  readonly firstLine: number;
  readonly span: Span;
}

/** The macros, tests and materializations at the top level of a file, in order. */
export function macrosOf(template: Template): MacroDefinition[] {
  const out: MacroDefinition[] = [];
  for (const statement of template.root.children) {
    const node = macroNode(statement);
    if (node === null) continue;
    out.push({
      name: node.name,
      kind: statement.typename === 'Definition' ? (statement.kind as MacroDefinition['kind']) : 'macro',
      parameters: node.parameters.map(({ name, text }) => (text === undefined ? { name } : { name, default: text })),
      span: nameSpan(statement, template),
      text: template.source.slice(node.range.start, node.range.end),
      node,
      file: template.file,
    });
  }
  return out;
}

function macroNode(statement: Statement): Macro | null {
  if (statement.typename === 'Macro') return statement;
  return statement.typename === 'Definition' ? statement.macro : null;
}

function nameSpan(statement: Statement, template: Template): Span {
  return spanOf(statement, template.file);
}

/** The `{% snapshot %}` blocks of a file. */
export const snapshotsOf = (template: Template): TextBlock[] => blocksOf(template, 'snapshot');

/** The `{% docs %}` blocks of a file. */
export const docsOf = (template: Template): TextBlock[] => blocksOf(template, 'docs');

function blocksOf(template: Template, kind: 'snapshot' | 'docs'): TextBlock[] {
  const out: TextBlock[] = [];
  for (const statement of template.root.children) {
    if (statement.typename !== 'Definition' || statement.kind !== kind) continue;
    const { bodyRange, bodyLine, name } = statement;
    const body = template.source.slice(bodyRange.start, bodyRange.end);
    out.push({ name, body, firstLine: bodyLine + 1, span: nameSpan(statement, template) });
  }
  return out;
}

/** A macro as a value. It returns the text it writes, or what `return(…)` gave. */
export function macroCallable(definition: MacroDefinition, scope: Scope): Callable {
  const { node, file, name } = definition;
  return new Callable(name, (args, kwargs, at) => {
    const frame = new Frame({ file, scope, run: at.run, node });
    return callMacro(node, frame, args, kwargs, at);
  });
}
