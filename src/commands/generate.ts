// generate: the seeds that a declaration describes (`generate.yml` beside them), made anew where they differ.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import { generate, parseDeclaration } from '../generate/generate.ts';
import type { ExitCode, Io } from './io.ts';
import { projectRoot } from './open.ts';

export interface GenerateCommandOptions {
  readonly projectDir?: string;
  readonly file?: string;
  readonly seed?: number;
  readonly until?: string;
  readonly scale?: number;
  readonly tables?: readonly string[];
  readonly outputDir?: string;
}

export async function generateCommand(io: Io, o: GenerateCommandOptions): Promise<ExitCode> {
  const root = projectRoot(io.cwd, o.projectDir);
  const candidates = o.file === undefined ? ['seeds/generate.yml', 'generate.yml'].map((f) => join(root, f)) : [resolve(io.cwd, o.file)];
  const path = candidates.find((c) => existsSync(c));
  if (path === undefined)
    fail('generate/no-declaration', o.file === undefined ? 'There is no seeds/generate.yml in this project.' : `There is no file ${o.file}.`, {
      help: 'Declare the tables to make in seeds/generate.yml; docs/generate.md shows how.',
    });
  const file = relative(root, path).replaceAll('\\', '/');
  const declaration = parseDeclaration(readFileSync(path, 'utf8'), file);
  const folder = o.outputDir === undefined ? dirname(path) : resolve(io.cwd, o.outputDir);
  const began = performance.now();
  let rows = 0;
  await generate(
    declaration,
    folder,
    {
      ...(o.seed === undefined ? {} : { seed: o.seed }),
      ...(o.until === undefined ? {} : { until: o.until }),
      ...(o.scale === undefined ? {} : { scale: o.scale }),
      ...(o.tables === undefined ? {} : { tables: o.tables }),
    },
    (t) => {
      rows += t.rows;
      if (io.output.format === 'json') io.output.out(`${JSON.stringify({ event: 'table-generated', ...t })}\n`);
      else if (!io.output.quiet)
        io.output.out(
          `  ${t.table.padEnd(24)} ${t.rows.toLocaleString('en-US').padStart(11)} rows  ${io.output.outColors.dim(t.changed ? 'written' : 'unchanged')}\n`,
        );
    },
  );
  if (!io.output.quiet && io.output.format === 'text')
    io.output.out(
      `${io.output.outColors.bold(io.output.outColors.green('Done.'))} ${rows.toLocaleString('en-US')} rows ${io.output.outColors.dim(`in ${((performance.now() - began) / 1000).toFixed(2)}s`)}\n`,
    );
  return 0;
}
