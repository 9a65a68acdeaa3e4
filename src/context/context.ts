// What a template may say: dbt's context over the facts of an invocation, the names of the node being rendered, and
// the macros of the project. Names are made when they are looked up, so a template pays for what it uses.
// https://docs.getdbt.com/reference/dbt-jinja-functions
import type { Capabilities, Dialect } from '../adapters/adapter.ts';
import type { Answer, Step } from '../adapters/step.ts';
import type { MacroEntry, Target, Vars } from '../project/project.ts';
import { batchId } from '../project/history.ts';
import { fail, type Span } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { str } from '../template/print.ts';
import { truth } from '../template/compare.ts';
import { macroCallable, type Scope } from '../template/template.ts';
import { Callable, HostObject, orElse, raise, type Value } from '../template/values.ts';
import { adapterObject } from './adapter-value.ts';
import { apiObject } from './api-value.ts';
import { callBuiltin, GENERIC_TESTS, PORTABLE } from './builtin-sql.ts';
import { callable, exceptions, GLOBALS, record } from './globals.ts';
import type { MacroRegistry } from './macros.ts';
import type { WarehouseMacro } from './warehouse-macro.ts';
import { varFunction } from './var-function.ts';
import { WAREHOUSE_MACROS } from './warehouse-macros.ts';
import { modules, timestamp } from './modules.ts';

/** What stays the same for a whole invocation. */
export interface Facts {
  readonly projectName: string;
  readonly engine: string;
  readonly dialect: Dialect;
  readonly capabilities: Capabilities;
  readonly target: Target;
  readonly vars: Vars;
  readonly macros: MacroRegistry;
  readonly docs: Readonly<Record<string, string>>;
  /** A variable of the environment, or undefined. Reading is recorded by whoever provides it. */
  readonly env: (name: string) => string | undefined;
  /** What `dbt_metadata_envs` holds. */
  readonly metadataEnv?: Readonly<Record<string, string>>;
  /** Whether secrets of the environment may be read: in targets alone. */
  readonly secrets?: boolean;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly invocationId: string;
  readonly startedAt: Date;
  /** Messages of templates at parse time, when no step can carry them. */
  readonly warn: (message: string, at: Span) => void;
}

/** Names that depend on the node: ref, source, config, this, model, … */
export interface NodeNames {
  lookup(name: string): Value | undefined;
  names(): Iterable<string>;
}

/** Puts a question to the warehouse; throws `Suspend` until its answer is known. Null while parsing. */
export type Ask = (step: Step) => Answer;

export const DBT_VERSION = '1.12.0';

const NONE: NodeNames = { lookup: () => undefined, names: () => [] };

export class Context {
  readonly facts: Facts;
  readonly ask: Ask | null;
  private readonly node: NodeNames;
  private readonly scopes: Map<string, Scope> = new Map();
  private readonly callables = new Map<MacroEntry, Callable>();
  /** Results of `statement` blocks, by name. */
  readonly results: Map<string, Value> = new Map();
  /** What changes something opens a transaction, until a commit: set for what is a whole piece of work. */
  readonly opensTransaction: boolean;
  private begun = false;

  constructor(facts: Facts, node: NodeNames = NONE, ask: Ask | null = null, opensTransaction = false) {
    this.opensTransaction = opensTransaction;
    this.facts = facts;
    this.node = node;
    this.ask = ask;
  }

  /** Before what changes something. */
  begin(): void {
    if (!this.opensTransaction || this.begun) return;
    this.begun = true;
    this.ask?.({ kind: 'begin' });
  }

  /** Makes lasting what was done since `begin`. */
  commit(): void {
    this.begun = false;
    this.ask?.({ kind: 'commit' });
  }

  /** Whether something was done since the last commit. At the end of the work it is to be kept, too. */
  get isOpen(): boolean {
    return this.begun;
  }

  scope(pkg: string): Scope {
    let scope = this.scopes.get(pkg);
    if (scope === undefined) {
      const known = new Map<string, Value | undefined>();
      scope = {
        lookup: (name) => {
          if (known.has(name)) return known.get(name);
          const value = this.lookup(name, pkg);
          known.set(name, value);
          return value;
        },
        names: () => this.names(pkg),
      };
      this.scopes.set(pkg, scope);
    }
    return scope;
  }

  private lookup(name: string, pkg: string): Value | undefined {
    const entry = this.facts.macros.find(name, pkg);
    if (entry !== undefined) return this.macro(entry);
    // None is a value: only undefined means that a name is not there.
    return orElse(this.node.lookup(name), () =>
      orElse(this.base(name, pkg), () => orElse<Value | undefined>(this.builtin(name, pkg), () => this.namespace(name, pkg))),
    );
  }

  private *names(pkg: string): Iterable<string> {
    yield* this.node.names();
    yield* BASE_NAMES;
    yield* Object.keys(GLOBALS);
    yield* Object.keys(PORTABLE);
    yield* Object.keys(WAREHOUSE_MACROS);
    yield* this.facts.macros.names(pkg);
    if (pkg !== this.facts.projectName) yield* this.facts.macros.names(this.facts.projectName);
    yield* this.facts.macros.packages();
  }

  macro(entry: MacroEntry): Callable {
    let value = this.callables.get(entry);
    if (value === undefined) {
      value = macroCallable(this.facts.macros.definition(entry), this.scope(entry.package));
      this.callables.set(entry, value);
    }
    return value;
  }

  /** A macro that comes with dwt; a `default__` or `<engine>__` macro of the project goes before it. */
  builtin(name: string, pkg: string): Callable | undefined {
    // Asked for by its full name, it is itself: a project's override calls on what it overrides.
    const full = /^([a-z]+)__(.+)$/.exec(name);
    if (full !== null && (full[1] === 'default' || full[1] === this.facts.engine)) return this.original(full[2]!, pkg);
    const original = this.original(name, pkg);
    const override = original === undefined ? undefined : this.facts.macros.dispatch(name, 'dbt', pkg);
    return override === undefined ? original : this.macro(override);
  }

  private original(name: string, pkg: string): Callable | undefined {
    const test = name.startsWith('test_') ? name.slice(5) : '';
    const sql = Object.hasOwn(PORTABLE, name) ? PORTABLE[name] : Object.hasOwn(GENERIC_TESTS, test) ? GENERIC_TESTS[test] : undefined;
    if (sql !== undefined) return new Callable(name, (args, kwargs) => callBuiltin(name, sql, this.facts.dialect, args, kwargs));
    const warehouse = Object.hasOwn(WAREHOUSE_MACROS, name) ? WAREHOUSE_MACROS[name] : undefined;
    return warehouse === undefined ? undefined : this.warehouseMacro(name, warehouse, pkg);
  }

  private warehouseMacro(name: string, macro: WarehouseMacro, pkg: string): Callable {
    return callable(name, macro.parameters, (args, at) => macro.run(this, pkg, args, at));
  }

  /** `adapter.dispatch`. Throws where no package has an implementation. */
  dispatch(name: string, namespace: string | null, pkg: string): Callable {
    const entry = this.facts.macros.dispatch(name, namespace, pkg);
    if (entry !== undefined) return this.macro(entry);
    const builtin = this.builtin(name, pkg);
    if (builtin !== undefined) return builtin;
    const engine = this.facts.engine;
    return raise(`No macro implements '${name}' for ${engine}.`, 'undefined', `Write a macro '${engine}__${name}' or 'default__${name}'.`);
  }

  private namespace(name: string, pkg: string): Value | undefined {
    const { macros } = this.facts;
    if (name === 'dbt')
      return new MacroNamespace(
        name,
        (n) => this.builtin(n, pkg),
        () => [...Object.keys(PORTABLE), ...Object.keys(WAREHOUSE_MACROS)],
      );
    if (!macros.hasPackage(name)) return undefined;
    return new MacroNamespace(
      name,
      (n) => {
        const entry = macros.findIn(name, n);
        return entry === undefined ? undefined : this.macro(entry);
      },
      () => macros.names(name),
    );
  }

  private base(name: string, pkg: string): Value | undefined {
    const { facts } = this;
    switch (name) {
      case 'var':
        return varFunction(facts, pkg, this.scope(pkg));
      case 'env_var':
        return envVar(facts);
      case 'target':
        return targetObject(facts.target);
      case 'adapter':
        return adapterObject(this, pkg);
      case 'api':
        return apiObject(facts.dialect);
      case 'execute':
        return this.ask !== null;
      case 'exceptions':
        return exceptions((m, span) => this.warn(m, span));
      case 'log':
        return callable(name, 'msg info?', ([m, info]) => {
          this.log(str(m ?? null), info !== undefined && truth(info) ? 'info' : 'debug');
          return '';
        });
      case 'print':
        return callable(name, 'msg', ([m]) => {
          this.log(str(m ?? null), 'info');
          return '';
        });
      case 'flags':
        return record(facts.flags);
      case 'invocation_id':
        return facts.invocationId;
      case 'run_started_at':
        return timestamp(facts.startedAt);
      case 'run_batch_id':
        return batchId(facts.startedAt);
      case 'project_name':
        return facts.projectName;
      case 'dbt_version':
        return DBT_VERSION;
      case 'thread_id':
        return 'Thread-1';
      case 'schema':
        return facts.target.schema;
      case 'database':
        return facts.target.database;
      case 'modules':
        return modules(facts.startedAt);
      case 'builtins':
        return new MacroNamespace(
          name,
          (n) => this.node.lookup(n) ?? this.base(n, pkg),
          () => this.node.names(),
        );
      case 'context':
        return new MacroNamespace(
          name,
          (n) => this.scope(pkg).lookup(n),
          () => this.names(pkg),
        );
      case 'is_incremental':
        return callable(name, '', () => false);
      case 'doc':
        // Of two texts the first is the package.
        return callable(name, 'name package?', ([first, second]) => {
          const wanted = str(second ?? first ?? null);
          return facts.docs[wanted] ?? raise(`There is no docs block '${wanted}'.`, 'undefined', didYouMean(wanted, Object.keys(facts.docs)));
        });
      case 'invocation_args_dict':
        return record({
          ...Object.fromEntries(Object.entries(facts.flags).map(([k, v]) => [k.toLowerCase(), v])),
          target: facts.target.name,
          vars: facts.vars.cli,
        });
      case 'dbt_metadata_envs':
        return record(facts.metadataEnv ?? {});
      default:
        return Object.hasOwn(GLOBALS, name) ? GLOBALS[name] : undefined;
    }
  }

  log(message: string, level: 'debug' | 'info'): void {
    if (this.ask !== null) this.ask({ kind: 'log', message, level });
  }

  /** Warns, at the place of a call. */
  warn(message: string, span: Span): void {
    if (this.ask !== null) this.ask({ kind: 'log', message, level: 'warning', span });
    else this.facts.warn(message, span);
  }
}

const BASE_NAMES = [
  'var',
  'env_var',
  'target',
  'adapter',
  'api',
  'execute',
  'exceptions',
  'log',
  'print',
  'flags',
  'invocation_id',
  'run_started_at',
  'run_batch_id',
  'project_name',
  'dbt_version',
  'modules',
  'builtins',
  'context',
  'is_incremental',
  'doc',
];

/** Whether every template has this name, whatever the project. */
export function isGlobalName(name: string): boolean {
  return BASE_NAMES.includes(name) || [GLOBALS, PORTABLE, WAREHOUSE_MACROS].some((names) => Object.hasOwn(names, name));
}

/** A package's macros, reached as `package.macro`. */
class MacroNamespace extends HostObject {
  private readonly label: string;
  private readonly find: (name: string) => Value | undefined;
  private readonly all: () => Iterable<string>;

  constructor(label: string, find: (name: string) => Value | undefined, all: () => Iterable<string>) {
    super();
    this.label = label;
    this.find = find;
    this.all = all;
  }

  override display(): string {
    return `<${this.label}>`;
  }

  override attribute(name: string): Value | undefined {
    if (name === 'get') return callable(name, 'name default?', ([n, otherwise]) => this.find(str(n ?? null)) ?? otherwise ?? null);
    return this.find(name);
  }

  override item(key: Value): Value | undefined {
    return typeof key === 'string' ? this.find(key) : undefined;
  }

  override attributeNames(): Iterable<string> {
    return this.all();
  }
}

/** What the names of dbt's secrets begin with: their values must not get into SQL, logs or artifacts. */
const SECRET = 'DBT_ENV_SECRET';

function envVar(facts: Facts): Value {
  return callable('env_var', 'var default?', ([name, otherwise]) => {
    const n = str(name ?? null);
    if (n.startsWith(SECRET) && facts.secrets !== true)
      return fail('parse/secret', `The environment variable '${n}' is a secret, and secrets may be read in targets alone.`, {
        help: `Read it under 'targets:' of project.yml, or use a variable whose name does not begin with ${SECRET}.`,
      });
    const found = facts.env(n);
    if (found !== undefined) return found;
    if (otherwise !== undefined) return otherwise === null ? null : str(otherwise);
    return fail('parse/env-var', `The environment variable '${n}' is not set.`, { help: `Set it, or give a default: env_var('${n}', '…').` });
  });
}

/** Secrets of a target never reach a template. */
function targetObject(target: Target): Value {
  const hidden = /pass|secret|token|key|url|cert/i;
  const open = Object.fromEntries(Object.entries(target.settings).filter(([k]) => !hidden.test(k)));
  return record({
    ...open,
    name: target.name,
    target_name: target.name,
    profile_name: target.name,
    type: target.type,
    schema: target.schema,
    database: target.database,
    dbname: target.database,
    threads: target.threads,
  });
}
