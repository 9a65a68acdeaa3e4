// The grammar of a selection. In: terms as typed (`+tag:nightly,path:models/marts`). Out: a Spec, a small tree of
// terms and set operations, and the mistakes. Nothing is looked up here, so the same tree serves any graph.
// The language is dbt's: https://docs.getdbt.com/reference/node-selection/syntax
import { type Diagnostic, error, type Span } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';

/** Which data tests come along with what they test: any parent selected, all of them, all built by then, none. */
export type IndirectSelection = 'eager' | 'cautious' | 'buildable' | 'empty';

/** All of them, for messages and completion. */
export const INDIRECT_SELECTIONS: readonly IndirectSelection[] = ['eager', 'cautious', 'buildable', 'empty'];

/** One term: a method finds nodes, then neighbours are added. */
export interface Term {
  readonly kind: 'term';
  /** As written, for messages. */
  readonly raw: string;
  readonly method: Method;
  /** `materialized` of `config.materialized:view`. */
  readonly arguments: readonly string[];
  readonly value: string;
  /** Steps upwards: 0 none, Infinity all. */
  readonly parents: number;
  readonly children: number;
  /** `@`: all descendants, and all that these need. */
  readonly childrensParents: boolean;
  /** Set in a YAML definition; else that of the request. */
  readonly indirect?: IndirectSelection;
}

/** A selection before it meets a graph. `indirect` of a group: 'request' on the command line, 'eager' in YAML, as in dbt. */
export type Spec =
  | Term
  | { readonly kind: 'union' | 'intersection'; readonly of: readonly Spec[]; readonly indirect: 'request' | 'eager'; readonly raw: string }
  | { readonly kind: 'difference'; readonly from: Spec; readonly without: Spec };

/** Every method, with an example for messages and completion. */
export const METHODS = {
  fqn: 'fqn:staging.stg_orders',
  tag: 'tag:nightly',
  path: 'path:models/staging',
  file: 'file:stg_orders.sql',
  config: 'config.materialized:view',
  resource_type: 'resource_type:seed',
  source: 'source:shop.orders',
  exposure: 'exposure:dashboard',
  group: 'group:finance',
  access: 'access:public',
  version: 'version:latest',
  test_type: 'test_type:generic',
  test_name: 'test_name:unique',
  unit_test: 'unit_test:totals_add_up',
  package: 'package:this',
  selector: 'selector:nightly',
  result: 'result:error',
  source_status: 'source_status:fresher',
  state: 'state:modified',
  metric: 'metric:revenue',
  semantic_model: 'semantic_model:orders',
  saved_query: 'saved_query:weekly',
} as const;

/** Name of a method. */
export type Method = keyof typeof METHODS;

/** What a method's name means, or undefined. */
function toMethod(name: string): Method | undefined {
  return Object.hasOwn(METHODS, name) ? (name as Method) : undefined;
}

/** Terms of the command line: entries and spaces unite, commas intersect. */
export function parseTerms(entries: readonly string[], report: (d: Diagnostic) => void): Spec {
  const of: Spec[] = [];
  for (const raw of entries.flatMap((e) => e.split(/\s+/)).filter((e) => e !== '')) {
    const parts = raw.split(',');
    if (parts.includes('')) {
      report(
        error('graph/selector', `The selection '${raw}' has a comma with nothing beside it.`, {
          help: "A comma means 'both': tag:nightly,path:models/marts. Write it without spaces; a space means 'either'.",
        }),
      );
      continue;
    }
    const terms = parts.map((p) => parseTerm(p, report)).filter((t) => t !== undefined);
    if (terms.length === parts.length) of.push({ kind: 'intersection', of: terms, indirect: 'request', raw });
  }
  return { kind: 'union', of, indirect: 'request', raw: entries.join(' ') };
}

const TERM = /^(@)?(?:(\d*)\+)?(?:([\w.]+):)?(.*?)(?:\+(\d*))?$/su;

/** One term with its operators, or undefined after reporting what is wrong. */
export function parseTerm(raw: string, report: (d: Diagnostic) => void, span?: Span): Term | undefined {
  const at = span === undefined ? {} : { span };
  const m = TERM.exec(raw);
  const value = m?.[4] ?? '';
  const whole = m?.[3];
  if (m === null || value === '') {
    report(
      error('graph/selector', whole === undefined ? `The selection '${raw}' has no name.` : `The selection '${raw}' has nothing after '${whole}:'.`, {
        ...at,
        help: `Write what to select, such as ${example(whole) ?? '+orders'}.`,
      }),
    );
    return undefined;
  }
  const [name, ...args] = whole === undefined ? [defaultMethod(value)] : whole.split('.');
  const method = checkMethod(name!, args, raw, report, span);
  if (method === undefined) return undefined;
  const term: Term = { kind: 'term', raw, method, arguments: args, value, parents: steps(m[2]), children: steps(m[5]), childrensParents: m[1] !== undefined };
  if (term.childrensParents && term.children > 0) {
    report(
      error('graph/selector', `The selection '${raw}' has both '@' before and '+' behind.`, {
        ...at,
        help: "'@' already takes all that comes after, and what that needs. Leave out one of them.",
      }),
    );
    return undefined;
  }
  return term;
}

/** The method of that name, or undefined after reporting that there is none, or that its arguments are wrong. */
export function checkMethod(name: string, args: readonly string[], raw: string, report: (d: Diagnostic) => void, span?: Span): Method | undefined {
  const at = span === undefined ? {} : { span };
  const method = toMethod(name);
  if (method === undefined) {
    report(
      error('graph/selector', `The selection '${raw}' uses the method '${name}', which does not exist.`, {
        ...at,
        help: didYouMean(name, Object.keys(METHODS)) ?? `Methods: ${Object.keys(METHODS).slice(0, 19).join(', ')}.`,
      }),
    );
    return undefined;
  }
  if (method === 'config' && args.length === 0) {
    report(
      error('graph/selector', `The selection '${raw}' does not say which configuration it means.`, {
        ...at,
        help: `Name the key after a dot: ${METHODS.config}.`,
      }),
    );
    return undefined;
  }
  return method;
}

/** What a value without a method is taken for: a path, a file, or a name. */
function defaultMethod(value: string): Method {
  if (/[/\\]/.test(value)) return 'path';
  return /\.(sql|py|csv)$/i.test(value) ? 'file' : 'fqn';
}

function steps(digits: string | undefined): number {
  return digits === undefined ? 0 : digits === '' ? Infinity : Number(digits);
}

function example(whole: string | undefined): string | undefined {
  const method = whole === undefined ? undefined : toMethod(whole.split('.')[0]!);
  return method === undefined ? undefined : METHODS[method];
}
