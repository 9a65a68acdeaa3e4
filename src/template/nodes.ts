// The tree of a template: nunjucks' node classes, and those that Jinja has and nunjucks does not, made the same way.
// `typename` tells them apart, so a `switch` over it is checked for completeness. `lineno` and `colno` count from 0.
import library from 'nunjucks/src/nodes.js';

interface Place {
  readonly lineno: number;
  readonly colno: number;
}
interface Binary<Name extends string> extends Place {
  readonly typename: Name;
  readonly left: Expression;
  readonly right: Expression;
}
interface Unary<Name extends string> extends Place {
  readonly typename: Name;
  readonly target: Expression;
}
interface List<Name extends string, Child> extends Place {
  readonly typename: Name;
  readonly children: Child[];
}
export interface Literal extends Place {
  readonly typename: 'Literal';
  readonly value: unknown;
}
export interface Symbol extends Place {
  readonly typename: 'Symbol';
  readonly value: string;
}
export interface TemplateData extends Place {
  readonly typename: 'TemplateData';
  readonly value: string;
}
export interface Pair extends Place {
  readonly typename: 'Pair';
  readonly key: Expression;
  readonly value: Expression;
}
/** `target.name`. */
export interface Attribute extends Place {
  readonly typename: 'Attribute';
  readonly target: Expression;
  readonly name: string;
}
/** `target[val]`. */
export interface LookupVal extends Place {
  readonly typename: 'LookupVal';
  readonly target: Expression;
  readonly val: Expression;
}
export interface Slice extends Place {
  readonly typename: 'Slice';
  readonly start: Expression | null;
  readonly stop: Expression | null;
  readonly step: Expression | null;
}
export type Splat = Unary<'Splat'>;
export type DoubleSplat = Unary<'DoubleSplat'>;
export type KeywordArgs = List<'KeywordArgs', Pair | DoubleSplat>;
/** Positional arguments and splats, then at most one `KeywordArgs`. */
export type Arguments = List<'NodeList', Expression | Splat | KeywordArgs>;
export interface FunCall extends Place {
  readonly typename: 'FunCall';
  readonly name: Expression;
  readonly args: Arguments;
}
/** `value | name(args)`; the value is the first argument. */
export interface Filter extends Place {
  readonly typename: 'Filter';
  readonly name: Symbol;
  readonly args: Arguments;
}
/** `value is name(args)`; the value is the first argument. */
export interface Test extends Place {
  readonly typename: 'Test';
  readonly name: Symbol;
  readonly args: Arguments;
}
export interface CompareOperand extends Place {
  readonly typename: 'CompareOperand';
  readonly expr: Expression;
  readonly type: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';
}
export interface Compare extends Place {
  readonly typename: 'Compare';
  readonly expr: Expression;
  readonly ops: readonly CompareOperand[];
}
export interface InlineIf extends Place {
  readonly typename: 'InlineIf';
  readonly cond: Expression;
  readonly body: Expression;
  readonly else_: Expression | null;
}
/** The text that `body` renders to. */
export interface Capture extends Place {
  readonly typename: 'Capture';
  readonly body: Body;
}
export type Arithmetic = Binary<'Add'> | Binary<'Sub'> | Binary<'Mul'> | Binary<'Div'> | Binary<'FloorDiv'> | Binary<'Mod'> | Binary<'Pow'>;

export type Expression =
  | Literal
  | Symbol
  | List<'Tuple', Expression>
  | List<'Array', Expression>
  | List<'Dict', Pair>
  | Attribute
  | LookupVal
  | Slice
  | FunCall
  | Filter
  | Test
  | Compare
  | InlineIf
  | Capture
  | Arithmetic
  | Binary<'Concat'>
  | Binary<'And'>
  | Binary<'Or'>
  | Unary<'Not'>
  | Unary<'Neg'>
  | Unary<'Pos'>;

export type Body = List<'NodeList' | 'Root', Statement>;
export type Target = Symbol | Attribute | List<'Tuple', Expression>;
export interface If extends Place {
  readonly typename: 'If';
  readonly cond: Expression;
  readonly body: Body;
  readonly else_: Body | If | null;
}
export interface For extends Place {
  readonly typename: 'For';
  readonly target: Target;
  readonly arr: Expression;
  readonly test: Expression | null;
  readonly recursive: boolean;
  readonly body: Body;
  readonly else_: Body | null;
}
export interface SetStatement extends Place {
  readonly typename: 'Set';
  readonly target: Target;
  readonly value: Expression;
}
export interface With extends Place {
  readonly typename: 'With';
  readonly targets: readonly Target[];
  readonly values: readonly Expression[];
  readonly body: Body;
}
export interface Parameter {
  readonly name: string;
  readonly default?: Expression;
  /** The default as it is written. */
  readonly text?: string;
}
/** What a macro's body mentions, which decides what it accepts. */
export interface Uses {
  caller: boolean;
  varargs: boolean;
  kwargs: boolean;
}
/** A place in the source: offsets of the first character and after the last. */
export interface Range {
  readonly start: number;
  readonly end: number;
}
export interface Macro extends Place {
  readonly typename: 'Macro' | 'Caller';
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: Body;
  readonly uses: Uses;
  readonly range: Range;
}
export interface CallBlock extends Place {
  readonly typename: 'CallBlock';
  readonly call: FunCall;
  readonly caller: Macro;
}
/** dbt's own blocks. `macro` is there where the block can be called, `bodyRange` where its text is wanted. */
export interface Definition extends Place {
  readonly typename: 'Definition';
  readonly kind: 'test' | 'materialization' | 'snapshot' | 'docs';
  readonly name: string;
  /** The name as it stands in the tag. */
  readonly written: string;
  readonly macro: Macro | null;
  readonly bodyRange: Range;
  readonly bodyLine: number;
}
export type Output = List<'Output', Expression>;
export type Statement =
  | TemplateData
  | Output
  | If
  | For
  | SetStatement
  | With
  | Macro
  | CallBlock
  | Definition
  | Unary<'Do'>
  | { readonly typename: 'Block'; readonly name: string; readonly body: Body; readonly lineno: number; readonly colno: number }
  | { readonly typename: 'Break' | 'Continue'; readonly lineno: number; readonly colno: number };

type Make<T, Fields extends unknown[]> = new (lineno: number, colno: number, ...fields: Fields) => T;
type Find<Name> = Extract<Expression | Statement, { readonly typename: Name }>;
const own = (name: string, ...fields: string[]): unknown => library.Node.extend(name, { fields });
const theirs = (name: string): unknown => library[name];

export const Literal = theirs('Literal') as Make<Literal, [unknown]>;
export const Symbol = theirs('Symbol') as Make<Symbol, [string]>;
export const TemplateData = theirs('TemplateData') as Make<TemplateData, [string]>;
export const Pair = theirs('Pair') as Make<Pair, [Expression, Expression]>;
export const ArrayNode = theirs('Array') as Make<Find<'Array'>, [Expression[]]>;
export const Dict = theirs('Dict') as Make<Find<'Dict'>, [Pair[]]>;
export const LookupVal = theirs('LookupVal') as Make<LookupVal, [Expression, Expression]>;
export const NodeList = theirs('NodeList') as Make<Arguments, [Arguments['children']]>;
export const KeywordArgs = theirs('KeywordArgs') as Make<KeywordArgs, [KeywordArgs['children']]>;
export const FunCall = theirs('FunCall') as Make<FunCall, [Expression, Arguments]>;
export const Filter = theirs('Filter') as Make<Filter, [Symbol, Arguments]>;
export const InlineIf = theirs('InlineIf') as Make<InlineIf, [Expression, Expression, Expression | null]>;
export const Compare = theirs('Compare') as Make<Compare, [Expression, CompareOperand[]]>;
export const CompareOperand = theirs('CompareOperand') as Make<CompareOperand, [Expression, CompareOperand['type']]>;
export const Capture = theirs('Capture') as Make<Capture, [Body]>;
export const Output = theirs('Output') as Make<Output, [Expression[]]>;
export const If = theirs('If') as Make<If, [Expression, Body, Body | If | null]>;
export const Neg = theirs('Neg') as Make<Find<'Neg'>, [Expression]>;
export const Pos = theirs('Pos') as Make<Find<'Pos'>, [Expression]>;
export const Not = theirs('Not') as Make<Find<'Not'>, [Expression]>;
export const Concat = theirs('Concat') as Make<Find<'Concat'>, [Expression, Expression]>;
type MakeArithmetic = Make<Arithmetic, [Expression, Expression]>;
/** The node of each arithmetic operator. */
export const ARITHMETIC: Readonly<Record<string, MakeArithmetic>> = {
  '+': theirs('Add') as MakeArithmetic,
  '-': theirs('Sub') as MakeArithmetic,
  '*': theirs('Mul') as MakeArithmetic,
  '/': theirs('Div') as MakeArithmetic,
  '//': theirs('FloorDiv') as MakeArithmetic,
  '%': theirs('Mod') as MakeArithmetic,
  '**': theirs('Pow') as MakeArithmetic,
};

export const TupleNode = library['NodeList']!.extend('Tuple') as unknown as Make<Find<'Tuple'>, [Expression[]]>;
export const Attribute = own('Attribute', 'target', 'name') as Make<Attribute, [Expression, string]>;
export const Slice = own('Slice', 'start', 'stop', 'step') as Make<Slice, (Expression | null)[]>;
export const Splat = own('Splat', 'target') as Make<Splat, [Expression]>;
export const DoubleSplat = own('DoubleSplat', 'target') as Make<DoubleSplat, [Expression]>;
export const Test = own('Test', 'name', 'args') as Make<Test, [Symbol, Arguments]>;
export const For = own('For', 'target', 'arr', 'test', 'recursive', 'body', 'else_') as Make<
  For,
  [Target, Expression, Expression | null, boolean, Body, Body | null]
>;
export const SetStatement = own('Set', 'target', 'value') as Make<SetStatement, [Target, Expression]>;
export const With = own('With', 'targets', 'values', 'body') as Make<With, [Target[], Expression[], Body]>;
const macroFields = ['name', 'parameters', 'body', 'uses', 'range'];
type MacroFields = [string, Parameter[], Body, Uses, Range];
export const Macro = own('Macro', ...macroFields) as Make<Macro, MacroFields>;
export const Caller = own('Caller', ...macroFields) as Make<Macro, MacroFields>;
export const CallBlock = own('CallBlock', 'call', 'caller') as Make<CallBlock, [FunCall, Macro]>;
export const Do = own('Do', 'target') as Make<Find<'Do'>, [Expression]>;
export const Break = own('Break') as Make<Find<'Break' | 'Continue'>, []>;
export const Continue = own('Continue') as Make<Find<'Break' | 'Continue'>, []>;
export const Block = own('Block', 'name', 'body') as Make<Find<'Block'>, [string, Body]>;
export const Definition = own('Definition', 'kind', 'name', 'written', 'macro', 'bodyRange', 'bodyLine') as Make<
  Definition,
  [Definition['kind'], string, string, Macro | null, Range, number]
>;
