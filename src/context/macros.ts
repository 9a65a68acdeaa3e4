// The macros of a project and its packages: which there are, which one a name means, and dispatch by engine.
// A file is parsed when one of its macros is first called. Search order: https://docs.getdbt.com/reference/dbt-jinja-functions/dispatch
import type { DispatchRule, MacroEntry } from '../project/project.ts';
import { type MacroDefinition, macrosOf, parseTemplate, type Template } from '../template/template.ts';

export interface FoundMacro {
  readonly entry: MacroEntry;
  readonly definition: MacroDefinition;
}

export class MacroRegistry {
  private readonly byPackage = new Map<string, Map<string, MacroEntry>>();
  private readonly definitions = new Map<MacroEntry, MacroDefinition>();
  private readonly files = new Map<string, readonly MacroDefinition[]>();
  private readonly read: (file: string) => string;
  readonly rootPackage: string;
  readonly engine: string;
  private readonly dispatchRules: readonly DispatchRule[];

  /** `read` gives a macro file's text; `engine` is the prefix that dispatch tries before `default`. */
  constructor(entries: readonly MacroEntry[], rootPackage: string, engine: string, dispatch: readonly DispatchRule[], read: (file: string) => string) {
    for (const entry of entries) {
      let names = this.byPackage.get(entry.package);
      if (names === undefined) this.byPackage.set(entry.package, (names = new Map()));
      names.set(entry.name, entry);
    }
    this.rootPackage = rootPackage;
    this.engine = engine;
    this.dispatchRules = dispatch;
    this.read = read;
  }

  get size(): number {
    let n = 0;
    for (const names of this.byPackage.values()) n += names.size;
    return n;
  }

  packages(): Iterable<string> {
    return this.byPackage.keys();
  }

  names(pkg: string): Iterable<string> {
    return this.byPackage.get(pkg)?.keys() ?? [];
  }

  hasPackage(pkg: string): boolean {
    return this.byPackage.has(pkg);
  }

  /** What a bare name means in a template of `from`: its own package's macro, then the root project's. */
  find(name: string, from: string): MacroEntry | undefined {
    return this.byPackage.get(from)?.get(name) ?? (from === this.rootPackage ? undefined : this.byPackage.get(this.rootPackage)?.get(name));
  }

  /** Ids of the macros that these names mean in templates of `from`, `package.name` among them; each once, in order. Others come with dwt. */
  ids(names: Iterable<string>, from: string): string[] {
    const ids = new Set<string>();
    for (const name of names) {
      const dot = name.indexOf('.');
      const found = dot < 0 ? this.find(name, from) : this.findIn(name.slice(0, dot), name.slice(dot + 1));
      if (found !== undefined) ids.add(`macro.${found.package}.${found.name}`);
    }
    return [...ids];
  }

  findIn(pkg: string, name: string): MacroEntry | undefined {
    return this.byPackage.get(pkg)?.get(name);
  }

  /** The implementation of `name` for this engine: per package of the search order, `<engine>__name`, then `default__name`. */
  dispatch(name: string, namespace: string | null, from: string): MacroEntry | undefined {
    for (const pkg of this.searchOrder(namespace, from)) {
      for (const prefix of [this.engine, 'default']) {
        const entry = this.byPackage.get(pkg)?.get(`${prefix}__${name}`);
        if (entry !== undefined) return entry;
      }
    }
    return undefined;
  }

  /** What stands in the place of a macro that comes with dwt, by its own name or by dispatch. */
  override(name: string, from: string): MacroEntry | undefined {
    return this.find(name, from) ?? this.dispatch(name, 'dbt', from);
  }

  private searchOrder(namespace: string | null, from: string): readonly string[] {
    if (namespace !== null) {
      const rule = this.dispatchRules.find((r) => r.macro_namespace === namespace);
      if (rule !== undefined) return rule.search_order;
      return [this.rootPackage, namespace];
    }
    return from === this.rootPackage ? [from, ...[...this.byPackage.keys()].filter((p) => p !== from)] : [from, this.rootPackage];
  }

  definition(entry: MacroEntry): MacroDefinition {
    const known = this.definitions.get(entry);
    if (known !== undefined) return known;
    let all = this.files.get(entry.file);
    if (all === undefined) {
      const template: Template = parseTemplate(this.read(entry.file), entry.file);
      this.files.set(entry.file, (all = macrosOf(template)));
    }
    const definition = all.find((d) => d.name === entry.name);
    if (definition === undefined) throw new Error(`macro ${entry.name} vanished from ${entry.file}`);
    this.definitions.set(entry, definition);
    return definition;
  }

  /** Every macro of the project and its packages. */
  *entries(): Iterable<MacroEntry> {
    for (const names of this.byPackage.values()) yield* names.values();
  }
}
