// generate: makes sample data and tells each table.
import { generate, type GenerateRequest } from '../api/generate.ts';
import type { ExitCode, Io } from './io.ts';

export async function generateCommand(io: Io, o: GenerateRequest): Promise<ExitCode> {
  const { out, outColors: p, format, quiet } = io.output;
  const began = performance.now();
  let rows = 0;
  await generate(o, io, (t) => {
    rows += t.rows;
    if (format === 'json') out(`${JSON.stringify({ event: 'table-generated', ...t })}\n`);
    else if (!quiet) out(`  ${t.table.padEnd(24)} ${t.rows.toLocaleString('en-US').padStart(11)} rows  ${p.dim(t.changed ? 'written' : 'unchanged')}\n`);
  });
  if (!quiet && format === 'text')
    out(`${p.bold(p.green('Done.'))} ${rows.toLocaleString('en-US')} rows ${p.dim(`in ${((performance.now() - began) / 1000).toFixed(2)}s`)}\n`);
  return 0;
}
