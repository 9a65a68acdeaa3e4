// From what a template said (read off its tree, or rendered) to refs, sources and configuration with places.
import { Context } from '../context/context.ts';
import { type Recording, recordingNames } from '../context/node-names.ts';
import { varHelp } from '../context/var-function.ts';
import { type Diagnostic, error, Failure, type Span } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { findVar } from '../project/project.ts';
import type { Relation } from '../project/relation.ts';
import type { Place, Ref, SourceRef } from '../project/resources.ts';
import { parseTemplate, render } from '../template/template.ts';
import type { Value } from '../template/values.ts';
import { COPY_IT } from './packages.ts';
import type { CallReading, TemplateReading } from './sql-reading.ts';
import type { Workshop } from './workshop.ts';

export interface References {
  readonly refs: readonly Ref[];
  readonly sources: readonly SourceRef[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly configSpan: Span | null;
}

/** Turns a static reading into references. Wrong arguments are reported. */
export function fromReading(w: Workshop, reading: TemplateReading, file: string): References {
  const span = (at: CallReading['at']): Span => ({ file, line: at[0], column: at[1], endColumn: at[2] });
  const place = (at: CallReading['at']): Place => ({ span: span(at) });
  for (const v of reading.vars) {
    if (findVar(w.facts.vars, w.pkg, v.name) !== undefined) continue;
    const { cli, global, byPackage } = w.facts.vars;
    const near = didYouMean(v.name, [...Object.keys(cli), ...Object.keys(byPackage[w.pkg] ?? {}), ...Object.keys(global)]);
    w.report(error('parse/var', `The variable '${v.name}' is not set.`, { span: span(v.at), help: near ?? varHelp(v.name) }));
  }
  return {
    refs: reading.refs.flatMap((c) => toRef(w, c.args, c.kwargs, place(c.at))),
    sources: reading.sources.flatMap((c) => toSource(w, c.args, place(c.at))),
    config: reading.config,
    configSpan: reading.configAt === null ? null : span(reading.configAt),
  };
}

/**
 * Renders a template as parsing does, and once more as if the run were incremental; what either asks for counts. A mistake
 * hides no other: throws `PartlyRead` with all of them.
 */
export function fromRendering(
  w: Workshop,
  text: string,
  file: string,
  firstLine: number,
  label: string,
  known: Readonly<Record<string, unknown>>,
  self: Relation | null,
  extra: Readonly<Record<string, Value>> = {},
): References {
  const template = parseTemplate(text, file, firstLine);
  const run = (incremental: boolean, lenient: boolean): { readonly asked: Recording; readonly failures: readonly Diagnostic[] } => {
    const asked: Recording = { refs: [], sources: [], config: {} };
    const failures: Diagnostic[] = [];
    const context = new Context(w.facts, recordingNames(w.facts, asked, known, self, incremental, extra));
    const onFailure = (f: Failure): void => void failures.push(...f.diagnostics);
    try {
      render(template, { scope: context.scope(w.pkg), frame: { label }, lenient, onFailure });
    } catch (e) {
      if (!(e instanceof Failure)) throw e;
      onFailure(e);
    }
    return { asked, failures };
  };
  const textOf = (f: string): string => (f === file ? '\n'.repeat(firstLine - 1) + text : w.readText(f));
  const strict = run(false, false);
  // What a macro or a query gives is not known yet: as in dbt, what follows from it is undefined for now.
  const lenient = strict.failures.length > 0;
  const { asked, failures: others } = lenient ? run(false, true) : strict;
  const certain = strict.failures.filter((d) => !mayPassLater(d, textOf));
  const failures = unique([...certain, ...others], (d) => JSON.stringify([d.message, d.span])).toSorted(byPlace);
  const later = /\bis_incremental\b/.test(text) ? run(true, lenient) : undefined;
  // What fails then only a real run can answer; the first rendering stands.
  const recordings = later === undefined || later.failures.length > 0 ? [asked] : [asked, later.asked];
  const references: References = {
    refs: unique(
      recordings.flatMap((r) => r.refs).flatMap((r) => toRef(w, r.args, r.kwargs, { span: r.span })),
      (r) => `${r.package}.${r.name}.${r.version}`,
    ),
    sources: unique(
      recordings.flatMap((r) => r.sources).flatMap((s) => toSource(w, s.args, { span: s.span })),
      (s) => `${s.source}.${s.table}`,
    ),
    config: asked.config,
    configSpan: asked.configAt ?? null,
  };
  if (failures.length > 0)
    throw new PartlyRead(
      failures.map((d) => withPackageHelp(d, textOf)),
      references,
    );
  return references;
}

/** A call of `something.macro` where nothing is called so: most likely the macro of a package. */
function withPackageHelp(d: Diagnostic, textOf: (file: string) => string): Diagnostic {
  if (d.code !== 'template/undefined' || d.help !== undefined || d.span === undefined) return d;
  const line = textOf(d.span.file).split('\n')[d.span.line - 1] ?? '';
  const [, name] = /^(\w+)\.\w+\s*\(/.exec(line.slice(d.span.column - 1)) ?? [];
  return name !== undefined && d.message === `'${name}' is undefined.` ? { ...d, help: `Is '${name}' a package? ${COPY_IT}` } : d;
}

/** A template with mistakes, and what the rest of it refers to. */
export class PartlyRead extends Failure {
  readonly references: References;

  constructor(diagnostics: readonly Diagnostic[], references: References) {
    super(diagnostics);
    this.references = references;
  }
}

/** A call of a name that nothing defines fails at any time; other uses of what is undefined may not, once there is a warehouse. */
function mayPassLater(d: Diagnostic, textOf: (file: string) => string): boolean {
  if (d.code !== 'template/undefined' && d.code !== 'template/type') return false;
  if (d.code === 'template/type' || d.span === undefined || !/^'[\w.]+' is undefined/.test(d.message)) return true;
  const line = textOf(d.span.file).split('\n')[d.span.line - 1] ?? '';
  return !/^\w+(\.\w+)?\s*\(/.test(line.slice(d.span.column - 1));
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (a.span?.line ?? 0) - (b.span?.line ?? 0) || (a.span?.column ?? 0) - (b.span?.column ?? 0);
}

function unique<T>(items: readonly T[], key: (t: T) => string): T[] {
  return [...new Map([...items].reverse().map((i) => [key(i), i])).values()].reverse();
}

/** `ref('model')`, `ref('package', 'model')`, with `v=` or `version=`. */
export function toRef(w: Workshop, args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>, place: Place): Ref[] {
  const version = kwargs['v'] ?? kwargs['version'];
  if ((args.length === 1 || args.length === 2) && args.every((a) => typeof a === 'string' && a !== '')) {
    return [
      {
        package: args.length === 2 ? (args[0] as string) : null,
        name: args.at(-1) as string,
        version: version === undefined || version === null ? null : String(version),
        place,
      },
    ];
  }
  w.report(
    error(
      'parse/bad-argument',
      `ref() takes the name of a model, seed or snapshot (and, before it, of a package), not ${args.length === 0 ? 'nothing' : args.map((a) => JSON.stringify(a)).join(', ')}.`,
      { span: w.spanOf(place), help: "Write ref('orders') or ref('package', 'orders')." },
    ),
  );
  return [];
}

export function toSource(w: Workshop, args: readonly unknown[], place: Place): SourceRef[] {
  if (args.length === 2 && args.every((a) => typeof a === 'string')) return [{ source: args[0] as string, table: args[1] as string, place }];
  w.report(
    error(
      'parse/bad-argument',
      `source() takes the name of a source and of a table of it, not ${args.length === 0 ? 'nothing' : args.map((a) => JSON.stringify(a)).join(', ')}.`,
      { span: w.spanOf(place), help: "Write source('shop', 'orders')." },
    ),
  );
  return [];
}
