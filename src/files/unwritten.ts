// Files that could not be written beside the work that matters: each attempt is made, and one diagnostic tells of all that failed for one reason.
import type { Diagnostic, Severity } from '../diagnostics/diagnostic.ts';
import { isRefusal, reasonOf, unwritten, type Why } from './refusal.ts';

interface Refused {
  readonly file: string;
  readonly why: Why;
}

export class Unwritten {
  private readonly refused: Refused[] = [];

  /** Writes `file` (its name for people) by `write`; remembers where the file system refuses. */
  attempt(file: string, write: () => void): void {
    try {
      write();
    } catch (e) {
      if (!isRefusal(e)) throw e;
      this.add(file, e);
    }
  }

  add(file: string, why: Why): void {
    this.refused.push({ file, why });
  }

  /** One for each reason, with the first file of it. */
  told(severity: Severity, help: string): Diagnostic[] {
    const byReason = new Map<string, Refused[]>();
    for (const r of this.refused) byReason.set(reasonOf(r.why), [...(byReason.get(reasonOf(r.why)) ?? []), r]);
    return [...byReason.values()].map(([first, ...others]) => unwritten(first!.file, first!.why, { severity, others: others.length, help }));
  }
}

/** What to do where the target folder cannot be written to. */
export const ELSEWHERE = 'Write it to another folder: --target-path';
