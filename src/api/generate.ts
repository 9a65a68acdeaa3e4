// Sample data: the seeds that a declaration describes (`generate.yml` beside them), made anew where they differ.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import { generate as write, type GeneratedTable, type GenerateOptions, parseDeclaration } from '../generate/generate.ts';
import { shownFrom } from './paths.ts';
import { projectRoot } from './opened.ts';
import type { Host } from './options.ts';

export type { GeneratedTable };

export interface GenerateRequest extends GenerateOptions {
  readonly projectDir?: string;
  /** The declaration, instead of seeds/generate.yml. */
  readonly file?: string;
  /** Where the files go; by default beside the declaration. */
  readonly outputDir?: string;
}

/** Makes the tables; each is told as it is written. Throws `Failure`, also where the host's signal ends it; then no file has changed. */
export async function generate(o: GenerateRequest, host: Pick<Host, 'cwd' | 'signal'>, onTable?: (t: GeneratedTable) => void): Promise<void> {
  const root = projectRoot(host.cwd, o.projectDir);
  const candidates = o.file === undefined ? ['seeds/generate.yml', 'generate.yml'].map((f) => join(root, f)) : [resolve(host.cwd, o.file)];
  const path = candidates.find((c) => existsSync(c));
  if (path === undefined)
    fail('generate/no-declaration', o.file === undefined ? 'There is no seeds/generate.yml in this project.' : `There is no file ${o.file}.`, {
      help: 'Declare the tables to make in seeds/generate.yml; docs/generate.md shows how.',
    });
  const declaration = parseDeclaration(readFileSync(path, 'utf8'), shownFrom(root, path));
  const folder = o.outputDir === undefined ? dirname(path) : resolve(host.cwd, o.outputDir);
  await write(declaration, folder, o, onTable, host.signal);
}
