// A failure at length: its place, the rows that a data test found, where its SQL is.
import type { Span } from '../diagnostics/diagnostic.ts';
import type { NodeResult } from '../execute/events.ts';
import type { Place, Resource } from '../project/resources.ts';
import { printDiagnostic, printPlace, type ReadSource } from './diagnostics.ts';
import type { Output } from './output.ts';
import { printTable } from './rows.ts';
import { wrap } from './width.ts';
import { plural } from './words.ts';

export interface FailureOptions {
  readonly output: Output;
  readonly readSource: ReadSource;
  readonly compiledPath: (r: Resource) => string | null;
  readonly spanOf: (p: Place) => Span;
}

/** Failures that say the same of the same place, such as those of two data tests on a column that is not there, are one. */
export function alike(results: readonly NodeResult[]): readonly (readonly [NodeResult, ...NodeResult[]])[] {
  const groups = new Map<string, [NodeResult, ...NodeResult[]]>();
  for (const r of results) {
    const [d, ...more] = r.diagnostics;
    const { span } = d ?? {};
    const one = d !== undefined && more.length === 0 && span !== undefined && r.status !== 'fail' && r.status !== 'warn';
    const key = one ? JSON.stringify([d.code, d.message, span.file, span.line, span.column]) : r.resource.id;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [r]);
    else group.push(r);
  }
  return [...groups.values()];
}

/** The first of failures that are alike, at length, and the names of the others. */
export function describeFailures([first, ...others]: readonly [NodeResult, ...NodeResult[]], o: FailureOptions): string {
  return [describeFailure(first, o), ...sameOf(others, o.output)].join('\n');
}

function sameOf(others: readonly NodeResult[], { errColors: p, errColumns: columns }: Output): string[] {
  if (others.length === 0) return [];
  const head = 'the same of:';
  const lines = wrap(others.map((r) => r.resource.name).join(', '), columns === null ? null : columns - head.length - 3);
  return lines.map((l, i) => (i === 0 ? `  ${p.blue(head)} ${l}` : `  ${' '.repeat(head.length)} ${l}`));
}

/** A failure with its place, rows and SQL. What is doubtful about a node that went well is told in the same way. */
function describeFailure(r: NodeResult, o: FailureOptions): string {
  const { errColors: p, errColumns: columns } = o.output;
  const told = r.diagnostics.map((d) => printDiagnostic(d, o.readSource, p, columns));
  if (r.resource.type === 'test' && (r.status === 'fail' || r.status === 'warn')) told.push(describeFailingTest(r, o));
  return told.join('\n\n');
}

function describeFailingTest(r: NodeResult, o: FailureOptions): string {
  const { errColors: p, errColumns: columns } = o.output;
  const rows = r.failures ?? 0;
  const warns = r.status === 'warn';
  const key = warns ? 'warn_if' : 'error_if';
  const condition = r.resource.config[key];
  const limit = typeof condition === 'string' && condition.replaceAll(' ', '') !== '!=0' ? `; its ${key} is '${condition}'` : '';
  const message = `Data test '${r.resource.name}' found ${plural(rows, 'failing row')}${limit}.`;
  const head = printDiagnostic(
    { code: 'execute/test-failed', severity: warns ? 'warning' : 'error', message },
    () => undefined,
    p,
    columns,
    warns ? 'warning' : 'failure',
  );
  const lines = [head, ...printPlace(o.spanOf(r.resource.place), o.readSource, p, warns ? p.yellow : p.red, columns)];
  if (r.sample !== null && r.sample.rows.length > 0)
    lines.push(
      printTable(r.sample, Math.min(columns ?? 120, 120), p, '  '),
      ...(rows > r.sample.rows.length && r.sample.rows.length >= 5 ? [`   ${p.dim(`… the first ${r.sample.rows.length}`)}`] : []),
    );
  if (r.storedIn !== null) lines.push(`  ${p.blue('stored in:')} ${r.storedIn}`);
  const path = o.compiledPath(r.resource);
  if (path !== null) lines.push(`  ${p.blue('SQL:')} ${path}`);
  return lines.join('\n');
}
