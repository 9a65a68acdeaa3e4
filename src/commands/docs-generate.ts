// docs generate: manifest.json with the SQL of every node, and catalog.json with what stands in the warehouse.
import { type Diagnostic, optionsFor } from '../api/api.ts';
import { COMPILED, logTo } from './compile.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { plural } from '../report/words.ts';
import { chooseNodes, note, openProject, printDiagnostics } from './project.ts';

export interface DocsGenerateOptions extends CommonOptions {
  /** False: manifest.json stays as it is. */
  readonly compile?: boolean;
  readonly emptyCatalog?: boolean;
}

/** Writes both files. Where a node cannot be compiled, the catalog is not written and the exit code is 1. */
export async function docsGenerateCommand(io: Io, o: DocsGenerateOptions): Promise<ExitCode> {
  const project = openProject(io, o, 'docs generate');
  if (o.compile !== false) {
    const failures: Diagnostic[] = [];
    try {
      for await (const node of project.compile(chooseNodes(io, project, o, COMPILED), { ...optionsFor('compile', o), log: logTo(io) }))
        if ('diagnostics' in node) failures.push(...node.diagnostics);
    } finally {
      printDiagnostics(io, failures, project.root);
    }
    if (failures.length > 0) return 1;
  }
  const catalog = await project.writeCatalog({ ...optionsFor('writeCatalog', o), empty: o.emptyCatalog === true });
  const manifest = o.compile === false ? '' : `${catalog.path.replace(/[^/]*$/, 'manifest.json')} and `;
  note(io, `Wrote ${manifest}${catalog.path} (${plural(catalog.nodes + catalog.sources, 'relation')})`);
  return 0;
}
