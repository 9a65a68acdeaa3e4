// `var` as a template sees it: a variable of the project or the command line, rendered where it is used.
import { fail, Failure } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { findVar } from '../project/project.ts';
import { isTemplate } from '../project/shape.ts';
import { str } from '../template/print.ts';
import { parseTemplate, render, type Scope } from '../template/template.ts';
import { HostObject, toValue, type Value } from '../template/values.ts';
import type { Facts } from './context.ts';
import { callable } from './globals.ts';

/** `var('name', default)`, with `var.has_var`. */
export function varFunction(facts: Facts, pkg: string, scope: Scope): Value {
  return new VarFunction(facts, pkg, scope);
}

/** Names of variables whose templates are being rendered. */
const rendering = new Set<string>();

class VarFunction extends HostObject {
  private readonly facts: Facts;
  private readonly pkg: string;
  private readonly scope: Scope;

  constructor(facts: Facts, pkg: string, scope: Scope) {
    super();
    this.facts = facts;
    this.pkg = pkg;
    this.scope = scope;
  }

  override display(): string {
    return '<var>';
  }

  override attribute(name: string): Value | undefined {
    return name === 'has_var' ? callable(name, 'name', ([n]) => findVar(this.facts.vars, this.pkg, str(n ?? null)) !== undefined) : undefined;
  }

  override callAs(args: Value[], kwargs: ReadonlyMap<string, Value>): Value {
    const name = str(args[0] ?? kwargs.get('var_name') ?? kwargs.get('name') ?? null);
    const otherwise = args.length > 1 ? args[1] : kwargs.get('default');
    const found = findVar(this.facts.vars, this.pkg, name);
    if (found !== undefined) return typeof found === 'string' && isTemplate(found) ? this.rendered(name, found) : toValue(found);
    if (otherwise !== undefined) return otherwise;
    const { cli, global, byPackage } = this.facts.vars;
    const near = didYouMean(name, [...Object.keys(cli), ...Object.keys(byPackage[this.pkg] ?? {}), ...Object.keys(global)]);
    return fail('parse/var', `The variable '${name}' is not set.`, { help: near ?? varHelp(name) });
  }

  /** As dbt has it, a variable that is a template is rendered where it is used; texts in lists and dicts are not. */
  private rendered(name: string, text: string): string {
    if (rendering.has(name)) return fail('parse/var', `The variable '${name}' is made of itself.`, { help: 'Write what it shall be.' });
    rendering.add(name);
    try {
      return render(parseTemplate(text, `the variable '${name}'`), { scope: this.scope, frame: { label: `the variable '${name}'` } });
    } catch (e) {
      if (!(e instanceof Failure)) throw e;
      const [first] = e.diagnostics;
      return fail('parse/var', `The variable '${name}' cannot be rendered: ${first!.message}`, first!.help === undefined ? {} : { help: first!.help });
    } finally {
      rendering.delete(name);
    }
  }
}

/** What to do about a variable that is not set. */
export function varHelp(name: string): string {
  return `Set it under 'vars:' in project.yml, with --vars '{${name}: …}', or give a default: var('${name}', …).`;
}
