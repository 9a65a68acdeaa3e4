// Hooks of the whole run: on-run-start and on-run-end of project.yml, each a piece of SQL of its own.
import { asTexts } from '../project/config.ts';
import type { Operation, Place } from '../project/resources.ts';
import type { ProjectFile } from './project-file.ts';
import { fromRendering, PartlyRead } from './references.ts';
import { readTemplate, type TemplateReading } from './sql-reading.ts';
import { configure, type Workshop } from './workshop.ts';
import { type Diagnostic, Failure, type Span } from '../diagnostics/diagnostic.ts';

export function buildOperations(w: Workshop, project: ProjectFile, file: string): Operation[] {
  return (['start', 'end'] as const).flatMap((when) =>
    asTexts(project[`on-run-${when}`]).map((text, index): Operation => {
      const name = `${w.pkg}-on-run-${when}-${index}`;
      const path = Array.isArray(project[`on-run-${when}`]) ? [`on-run-${when}`, index] : [`on-run-${when}`];
      const place: Place = { yaml: file, path, on: 'value' };
      const { firstLine, indent } = standing(w.readText(file), text) ?? { firstLine: w.spanOf(place).line, indent: 0 };
      let found: ReturnType<typeof fromRendering> = { refs: [], sources: [], config: {}, configSpan: null };
      let reading: Pick<TemplateReading, 'calls'> = { calls: [] };
      if (text.includes('{')) {
        try {
          reading = readTemplate(text, file, firstLine);
          found = fromRendering(w, text, file, firstLine, `on-run-${when} hook ${index + 1}`, {}, null);
        } catch (e) {
          if (!(e instanceof Failure)) throw e;
          for (const d of e.diagnostics) w.report(indented(d, file, indent));
          if (e instanceof PartlyRead) found = e.references;
        }
      }
      return {
        type: 'operation',
        id: `operation.${w.pkg}.${name}`,
        package: w.pkg,
        name,
        file,
        fqn: [w.pkg, 'hooks', name],
        config: configure(w, 'operation', [w.pkg, 'hooks', name], []),
        description: '',
        columns: {},
        place,
        patch: null,
        written: null,
        refs: found.refs,
        sources: found.sources,
        macros: reading.calls,
        configText: {},
        code: { kind: 'text', text, firstLine },
        relation: { database: null, schema: '', identifier: name },
        alias: name,
        checksum: text,
        when,
        index,
      };
    }),
  );
}

/** The line that a text begins in and how far in, where the file has its first words once: then no YAML has to be read for it. */
function standing(file: string, text: string): { readonly firstLine: number; readonly indent: number } | undefined {
  const [first = ''] = text.trimStart().split('\n');
  const at = file.indexOf(first);
  if (first === '' || at < 0 || file.includes(first, at + 1)) return undefined;
  const before = text.slice(0, text.length - text.trimStart().length).split('\n').length - 1;
  const above = file.slice(0, at).split('\n');
  return { firstLine: above.length - before, indent: above.at(-1)!.length };
}

/** What stands in the text, as it stands in the file that holds it, so far in. */
function indented(d: Diagnostic, file: string, indent: number): Diagnostic {
  const moved = (span: Span): Span =>
    span.file !== file ? span : { ...span, column: span.column + indent, ...(span.endColumn === undefined ? {} : { endColumn: span.endColumn + indent }) };
  return {
    ...d,
    ...(d.span === undefined ? {} : { span: moved(d.span) }),
    ...(d.related === undefined ? {} : { related: d.related.map((r) => ({ ...r, span: moved(r.span) })) }),
  };
}
