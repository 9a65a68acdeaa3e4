// Warnings of a template beside the error that followed. In: both. Out: one message where one is the cause of the other.
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** Warnings first; an engine's refusal on a line where something undefined was printed becomes part of that message. */
export function withDoubts(doubts: readonly Diagnostic[], errors: readonly Diagnostic[]): readonly Diagnostic[] {
  const [refused, ...others] = errors;
  const cause =
    refused?.code === 'execute/sql-failed'
      ? doubts.find((d) => d.code === 'compile/undefined-name' && placesOf(d).some((p) => p === lineOf(refused)))
      : undefined;
  if (refused === undefined || cause === undefined) return [...doubts, ...errors];
  const joined: Diagnostic = { ...cause, severity: 'error', message: `${cause.message.replace(/\.$/, '')}, and the SQL is refused: ${refused.message}` };
  return [...doubts.filter((d) => d !== cause), joined, ...others];
}

function placesOf(d: Diagnostic): (string | undefined)[] {
  return [lineOf(d), ...(d.related ?? []).map((r) => `${r.span.file}:${r.span.line}`)];
}

function lineOf(d: Diagnostic): string | undefined {
  return d.span === undefined ? undefined : `${d.span.file}:${d.span.line}`;
}
