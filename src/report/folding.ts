// What a terminal does not need line by line: many passed data tests become one line for what they test, and what is
// skipped for one reason becomes one line. In: the nodes of the run, then results. Out: lines.
import type { NodeResult } from '../execute/events.ts';
import { nameOf, type Resource } from '../project/resources.ts';
import { type Line, lineOf } from './node-line.ts';
import { countsInWords, countTypes, duration, plural } from './words.ts';

/** A line with the status that colours it. */
export interface StatusLine {
  readonly status: NodeResult['status'];
  readonly line: Line;
}

/** Up to so many data tests have a line each. */
const FEW_TESTS = 20;
/** Up to so many nodes skipped for one reason have a line each. */
const FEW_SKIPPED = 3;

interface Group {
  readonly name: string;
  left: number;
  total: number;
  passed: number;
  ms: number;
}

export class Folding {
  private readonly groups = new Map<string, Group>();
  /** Whether there are so many data tests that they share lines. */
  readonly folds: boolean;
  private skipped: { readonly result: NodeResult; readonly index: number }[] = [];
  private total = 0;

  /** `planned`: the nodes of the run. Where there are few data tests, each has its line. */
  constructor(planned: readonly Resource[], byId: (id: string) => Resource | undefined) {
    const tests = planned.filter((r) => r.type === 'test');
    this.folds = tests.length > FEW_TESTS;
    if (!this.folds) return;
    for (const test of tests) {
      const key = groupOf(test);
      const group = this.groups.get(key);
      if (group === undefined) this.groups.set(key, { name: key === '' ? '(singular)' : nameById(key, byId), left: 1, total: 1, passed: 0, ms: 0 });
      else [group.left, group.total] = [group.left + 1, group.total + 1];
    }
  }

  /** The lines to be written now that this node is done. */
  take(result: NodeResult, index: number, total: number): readonly StatusLine[] {
    this.total = total;
    if (result.status === 'skipped') {
      const before = this.skipped.at(-1)?.result.message !== result.message ? this.flush() : [];
      this.skipped.push({ result, index });
      return [...before, ...this.counted(result, index)];
    }
    const before = this.flush();
    if (result.resource.type !== 'test' || !this.folds) return [...before, own(result, index, total)];
    return [...before, ...(result.status === 'pass' ? [] : [own(result, index, total)]), ...this.counted(result, index)];
  }

  /** What is still held back. */
  flush(): readonly StatusLine[] {
    const { skipped } = this;
    this.skipped = [];
    if (skipped.length <= FEW_SKIPPED) return skipped.map(({ result, index }) => own(result, index, this.total));
    const { result, index } = skipped.at(-1)!;
    const name = countsInWords(countTypes(skipped.map((s) => s.result.resource)));
    return [{ status: 'skipped', line: { ...lineOf(result, index, this.total), kind: '', name, reason: result.message } }];
  }

  private counted(result: NodeResult, index: number): readonly StatusLine[] {
    const group = result.resource.type === 'test' ? this.groups.get(groupOf(result.resource)) : undefined;
    if (group === undefined) return [];
    group.left--;
    if (result.status === 'pass') [group.passed, group.ms] = [group.passed + 1, group.ms + result.ms];
    if (group.left > 0 || group.passed === 0) return [];
    const kind = group.passed === group.total ? plural(group.total, 'test') : `${group.passed}/${group.total} tests`;
    const line = {
      ...lineOf(result, index, this.total),
      status: 'PASS',
      kind,
      kindMatters: true,
      name: group.name,
      detail: '',
      reason: '',
      time: duration(group.ms),
    };
    return [{ status: 'pass', line }];
  }
}

function own(result: NodeResult, index: number, total: number): StatusLine {
  return { status: result.status, line: lineOf(result, index, total) };
}

function groupOf(r: Resource): string {
  return r.type === 'test' ? (r.generic?.attachedTo ?? '') : '';
}

function nameById(id: string, byId: (id: string) => Resource | undefined): string {
  const r = byId(id);
  return r === undefined ? id : nameOf(r);
}
