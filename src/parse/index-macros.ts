// What the files of macros and docs define, by name; two of one name are a mistake.
import { type Diagnostic, error, type Span } from '../diagnostics/diagnostic.ts';
import type { DocsBlock, MacroEntry } from '../project/project.ts';
import type { Reading } from './cache.ts';
import type { MacroReading } from './sql-reading.ts';

export function indexMacros(
  readings: readonly Reading[],
  pkg: string,
  report: (d: Diagnostic) => void,
): { entries: MacroEntry[]; macroReadings: Map<string, MacroReading> } {
  const entries: MacroEntry[] = [];
  const seen = new Map<string, MacroEntry>();
  const macroReadings = new Map<string, MacroReading>();
  for (const { file, cached } of readings) {
    if (cached.reading.kind !== 'macros') continue;
    for (const m of cached.reading.macros) {
      const entry: MacroEntry = {
        package: pkg,
        name: m.name,
        file: file.path,
        span: { file: file.path, line: m.line, column: m.column },
        checksum: cached.checksum,
        textChecksum: m.checksum,
        calls: m.calls,
      };
      const before = seen.get(m.name);
      if (before !== undefined)
        report(
          error('parse/duplicate', `There are two macros named '${m.name}'.`, {
            span: entry.span,
            related: [{ message: 'the first one', span: before.span }],
            help: 'Rename one of them.',
          }),
        );
      seen.set(m.name, entry);
      entries.push(entry);
      macroReadings.set(`${pkg}.${m.name}`, m);
    }
  }
  return { entries, macroReadings };
}

export function indexDocs(readings: readonly Reading[], pkg: string, report: (d: Diagnostic) => void): DocsBlock[] {
  const docs: DocsBlock[] = [];
  const first = new Map<string, Span>();
  for (const { file, cached } of readings) {
    if (cached.reading.kind !== 'docs') continue;
    for (const { name, body, line, column } of cached.reading.docs) {
      const span: Span = { file: file.path, line, column };
      const before = first.get(name);
      if (before !== undefined)
        report(
          error('parse/duplicate', `There are two docs blocks named '${name}'.`, {
            span,
            related: [{ message: 'the first one', span: before }],
            help: 'Rename one of them.',
          }),
        );
      else first.set(name, span);
      docs.push({ package: pkg, name, file: file.path, text: body });
    }
  }
  return docs;
}
