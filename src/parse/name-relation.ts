// Where resources will stand in the warehouse: by generate_schema_name and its kin where the project defines them, else as dbt does by
// default. https://docs.getdbt.com/docs/build/custom-schemas
import { Context, type Facts } from '../context/context.ts';
import { resourceDict } from '../context/node-names.ts';
import { Failure, type Span } from '../diagnostics/diagnostic.ts';
import type { MacroEntry } from '../project/project.ts';
import type { Relation } from '../project/relation.ts';
import type { Resource } from '../project/resources.ts';
import { newRun } from '../template/limits.ts';
import { str } from '../template/print.ts';
import { Callable, type Value } from '../template/values.ts';
import type { Workshop } from './workshop.ts';

/** A macro of the project that gives names. */
interface NamingMacro {
  readonly entry: MacroEntry;
  /** Whether its text says anything of the node; else a name depends on what is asked for alone. */
  readonly looksAtNode: boolean;
  readonly given: Map<string | null, string | null>;
}

interface Naming {
  /** In which all of them are called: nothing of it belongs to one resource. */
  readonly context: Context;
  readonly schema: NamingMacro | undefined;
  readonly alias: NamingMacro | undefined;
  readonly database: NamingMacro | undefined;
}

const namings = new WeakMap<Facts, Naming>();

function namingOf(facts: Facts): Naming {
  const known = namings.get(facts);
  if (known !== undefined) return known;
  const { macros, projectName } = facts;
  const macro = (entry: MacroEntry | undefined): NamingMacro | undefined => {
    if (entry === undefined) return undefined;
    const { parameters, text } = macros.definition(entry);
    const node = parameters[1]?.name;
    // Once in its own signature; `varargs` and `kwargs` hold it where it has no name.
    const looksAtNode = node === undefined ? /\b(varargs|kwargs)\b/.test(text) : text.split(new RegExp(`\\b${node}\\b`)).length > 2;
    return { entry, looksAtNode, given: new Map() };
  };
  const naming = {
    context: new Context(facts),
    schema: macro(macros.override('generate_schema_name', projectName)),
    alias: macro(macros.override('generate_alias_name', projectName)),
    database: macro(macros.override('generate_database_name', projectName)),
  };
  namings.set(facts, naming);
  return naming;
}

/** Database, schema and name of a resource's relation; `o` has what its configuration asks for. Mistakes of a macro are reported. */
export function nameRelation(
  w: Workshop,
  resource: Resource,
  o: { readonly schema?: unknown; readonly database?: unknown; readonly alias?: unknown; readonly fallback: string },
): { readonly relation: Relation; readonly alias: string } {
  const { target } = w.facts;
  const naming = namingOf(w.facts);
  const named = (macro: NamingMacro | undefined, custom: string | null, otherwise: () => string | null): string | null => {
    if (macro === undefined) return otherwise();
    try {
      return call(w, naming.context, macro, custom, resource);
    } catch (e) {
      if (!(e instanceof Failure)) throw e;
      for (const d of e.diagnostics) w.report(d);
      return otherwise();
    }
  };
  const schema = textOf(o.schema);
  const database = textOf(o.database);
  const alias = textOf(o.alias);
  const identifier = named(naming.alias, alias, () => alias ?? o.fallback) ?? o.fallback;
  return {
    relation: {
      database: named(naming.database, database, () => database ?? target.database),
      schema: named(naming.schema, schema, () => (schema === null ? target.schema : `${target.schema}_${schema.trim()}`)) ?? target.schema,
      identifier,
    },
    alias: identifier,
  };
}

function call(w: Workshop, context: Context, { entry, looksAtNode, given }: NamingMacro, custom: string | null, resource: Resource): string | null {
  if (!looksAtNode && given.has(custom)) return given.get(custom)!;
  const macro = context.macro(entry);
  const value =
    macro instanceof Callable
      ? macro.call(
          [custom, resourceDict(resource)] as Value[],
          new Map(),
          calledFrom(() => w.spanOf(resource.place)),
        )
      : null;
  const name = value === null ? null : str(value).trim();
  if (!looksAtNode) given.set(custom, name);
  return name;
}

/** Where a macro is called from; looked up when a message needs it, as that may take reading a file. */
function calledFrom(spanOf: () => Span): Parameters<Callable['call']>[2] {
  return {
    get span() {
      return spanOf();
    },
    run: newRun(),
  };
}

function textOf(v: unknown): string | null {
  return v === undefined || v === null || v === '' ? null : String(v);
}
