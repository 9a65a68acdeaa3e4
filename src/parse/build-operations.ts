// Hooks of the whole run: on-run-start and on-run-end of project.yml, each a piece of SQL of its own.
import { asTexts } from '../project/config.ts';
import type { Operation } from '../project/resources.ts';
import type { ProjectFile } from './project-file.ts';
import { fromRendering } from './references.ts';
import { readTemplate, type TemplateReading } from './sql-reading.ts';
import { configure, type Workshop } from './workshop.ts';
import { Failure } from '../diagnostics/diagnostic.ts';

export function buildOperations(w: Workshop, project: ProjectFile, file: string): Operation[] {
  return (['start', 'end'] as const).flatMap((when) =>
    asTexts(project[`on-run-${when}`]).map((text, index): Operation => {
      const name = `${w.pkg}-on-run-${when}-${index}`;
      const span = w.spanOf({ yaml: file, path: Array.isArray(project[`on-run-${when}`]) ? [`on-run-${when}`, index] : [`on-run-${when}`], on: 'value' });
      let found: ReturnType<typeof fromRendering> = { refs: [], sources: [], config: {}, configSpan: null };
      let reading: Pick<TemplateReading, 'calls'> = { calls: [] };
      if (text.includes('{')) {
        try {
          reading = readTemplate(text, file, span.line);
          found = fromRendering(w, text, file, span.line, `on-run-${when} hook ${index + 1}`, {}, null);
        } catch (e) {
          if (!(e instanceof Failure)) throw e;
          for (const d of e.diagnostics) w.report(d);
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
        place: { span },
        patch: null,
        written: null,
        refs: found.refs,
        sources: found.sources,
        macros: reading.calls,
        configText: {},
        code: { kind: 'text', text, firstLine: span.line },
        relation: { database: null, schema: '', identifier: name },
        alias: name,
        checksum: text,
        when,
        index,
      };
    }),
  );
}
