// Which macros can neither refer to a resource nor configure one, directly or through what they call. A template that
// calls only such macros need not be rendered to be parsed.
import type { MacroRegistry } from '../context/macros.ts';
import { GENERIC_TESTS, PORTABLE } from '../context/builtin-sql.ts';
import { isGlobalName } from '../context/context.ts';
import type { Vars } from '../project/project.ts';
import { isTemplate } from '../project/shape.ts';
import type { MacroReading, TemplateReading } from './sql-reading.ts';

export class Purity {
  private readonly readings: ReadonlyMap<string, MacroReading>;
  private readonly registry: MacroRegistry;
  /** Some variable is a template, so that what asks for one may refer to anything. */
  private readonly templatedVars: boolean;
  private readonly known = new Map<string, boolean>();

  /** `readings` by `package.macro`. */
  constructor(readings: ReadonlyMap<string, MacroReading>, registry: MacroRegistry, vars: Vars) {
    this.readings = readings;
    this.registry = registry;
    this.templatedVars = [vars.cli, vars.global, ...Object.values(vars.byPackage)].some((of) => Object.values(of).some(isTemplate));
  }

  /** Whether a template's tree says all that it refers to and configures: it need not be rendered to be parsed. */
  suffices(r: TemplateReading, pkg: string): boolean {
    if (r.dynamic || (this.templatedVars && r.asksVars === true)) return false;
    // A macro of the project in their place may mean something else by the arguments.
    if ((r.refs.length > 0 && this.isMacro('ref', pkg)) || (r.sources.length > 0 && this.isMacro('source', pkg))) return false;
    return r.calls.every((c) => this.isPure(c, pkg));
  }

  /** Whether a call of this name, from this package, is harmless. */
  isPure(call: string, pkg: string): boolean {
    const dot = call.indexOf('.');
    const [from, name] = dot < 0 ? [pkg, call] : [call.slice(0, dot), call.slice(dot + 1)];
    const entry = dot < 0 ? this.registry.find(name, pkg) : this.registry.findIn(from, name);
    if (entry === undefined)
      return Object.hasOwn(PORTABLE, name) && this.registry.dispatch(name, 'dbt', pkg) === undefined && (dot < 0 || from === 'dbt')
        ? true
        : HARMLESS.has(call) || Object.hasOwn(GENERIC_TESTS, name);
    const id = `${entry.package}.${entry.name}`;
    const before = this.known.get(id);
    if (before !== undefined) return before;
    if (this.templatedVars) return false;
    this.known.set(id, true); // A macro that calls itself is as pure as the rest of it.
    const reading = this.readings.get(id);
    const pure =
      reading !== undefined &&
      !reading.impure &&
      // What nobody defines is told by rendering it, with its place.
      reading.asks.every((c) => isGlobalName(c) || this.isMacro(c, entry.package)) &&
      reading.calls.every((c) => !this.isMacro(c, entry.package) || this.isPure(c, entry.package)) &&
      reading.dispatches.every((d) => this.isPureDispatch(d));
    this.known.set(id, pure);
    return pure;
  }

  /** Whichever of them the engine and the order of packages may choose. */
  private isPureDispatch(name: string): boolean {
    const candidates = [...this.registry.entries()].filter((m) => m.name.endsWith(`__${name}`) && /^[a-z]+$/.test(m.name.slice(0, -name.length - 2)));
    return candidates.length === 0 ? Object.hasOwn(PORTABLE, name) : candidates.every((m) => this.isPure(`${m.package}.${m.name}`, m.package));
  }

  private isMacro(call: string, pkg: string): boolean {
    const dot = call.indexOf('.');
    return dot < 0 ? this.registry.find(call, pkg) !== undefined : this.registry.findIn(call.slice(0, dot), call.slice(dot + 1)) !== undefined;
  }
}

const HARMLESS = new Set(['log', 'print', 'env_var', 'var', 'return', 'range', 'exceptions.warn']);
