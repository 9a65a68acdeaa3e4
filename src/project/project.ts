// A project after its files are read: settings of project.yml, resources, macros. Plain readonly data.
import type { Span } from '../diagnostics/diagnostic.ts';
import type { HistorySettings } from './history.ts';
import type { Resource, Written } from './resources.ts';

/** The target a run works on, after env_var and defaults. */
export interface Target {
  readonly name: string;
  /** It is the one in use where none is named on the command line. */
  readonly byDefault?: boolean;
  readonly type: string;
  readonly database: string | null;
  readonly schema: string;
  readonly threads: number;
  /** As the adapter takes them; may hold secrets, so it is never printed. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A macro as indexed: where its text is; the file is parsed when it is first called. */
export interface MacroEntry {
  readonly package: string;
  readonly name: string;
  readonly file: string;
  readonly span: Span;
  /** Hash of its file. */
  readonly checksum: string;
  /** Hash of its own text. */
  readonly textChecksum: string;
  /** Names that its text calls, whatever they are. */
  readonly calls: readonly string[];
}

/** What to do about a Python model. */
export const PYTHON_HELP = 'Write it in SQL, or load its result as a source.';

/** A `{% docs %}` block. */
export interface DocsBlock {
  readonly package: string;
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

/** An entry of `groups:` or `macros:` in a property file. */
export interface DescribedEntry extends Written {
  readonly package: string;
  readonly name: string;
  readonly file: string;
  readonly description: string;
}

export interface DispatchRule {
  readonly macro_namespace: string;
  readonly search_order: readonly string[];
}

export interface Project {
  /** Absolute path of its folder. */
  readonly root: string;
  readonly name: string;
  readonly version: string | null;
  readonly target: Target;
  /** Variables of project.yml and --vars, by package where scoped. */
  readonly vars: Vars;
  readonly resources: ReadonlyMap<string, Resource>;
  /** Resources whose `enabled` is false. */
  readonly disabled: ReadonlyMap<string, Resource>;
  /** Files of Python models, by name: they are not run. */
  readonly pythonModels: ReadonlyMap<string, string>;
  readonly macros: readonly MacroEntry[];
  readonly docs: readonly DocsBlock[];
  readonly groups: readonly DescribedEntry[];
  /** What property files say of macros. */
  readonly macroProperties: readonly DescribedEntry[];
  /** Configuration by folder, as the project file has it, by type of resource: nothing is rendered. */
  readonly trees: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly dispatch: readonly DispatchRule[];
  readonly flags: Readonly<Record<string, unknown>>;
  readonly cleanTargets: readonly string[];
  /** Settings of the targets that are not in use, as they are written. */
  readonly otherTargets: readonly Readonly<Record<string, unknown>>[];
  /** Folders of models, seeds, macros and the like, relative to the project. */
  readonly folders: readonly string[];
  readonly queryComment: string | null;
  /** Where runs are recorded; null where they are not. */
  readonly history: HistorySettings | null;
}

export interface Vars {
  /** From --vars: above all others. */
  readonly cli: Readonly<Record<string, unknown>>;
  /** From project.yml, for every package. */
  readonly global: Readonly<Record<string, unknown>>;
  /** From project.yml, under a package's name. */
  readonly byPackage: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A variable as package `pkg` sees it, or undefined where it is not set. */
export function findVar(vars: Vars, pkg: string, name: string): unknown {
  for (const scope of [vars.cli, vars.byPackage[pkg], vars.global]) {
    if (scope !== undefined && Object.hasOwn(scope, name)) return scope[name];
  }
  return undefined;
}
