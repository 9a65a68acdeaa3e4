// Warnings as errors, for those who want none.
import { type Diagnostic, Failure } from './diagnostic.ts';

const HELP = 'It is a warning; --warn-error makes it an error.';

/** The same, all of them errors. */
export function asErrors(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.map((d) => (d.severity === 'error' ? d : { ...d, severity: 'error', help: d.help === undefined ? HELP : `${d.help}\n${HELP}` }));
}

/** Throws `Failure` where there are warnings and they are to be errors. */
export function refuseWarnings(strict: boolean | undefined, warnings: readonly Diagnostic[]): void {
  if (strict === true && warnings.length > 0) throw new Failure(asErrors(warnings));
}
