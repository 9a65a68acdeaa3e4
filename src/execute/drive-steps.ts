// Drives a plan against a warehouse: each step it yields is done in a session and answered; what fails is thrown back
// into it. Whatever happens, no transaction stays open.
import type { Session } from '../adapters/adapter.ts';
import { LoadFailure } from '../adapters/failures.ts';
import { placed } from '../adapters/csv/place.ts';
import type { Answer, Step, Steps } from '../adapters/step.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import type { Relation, RelationKind } from '../project/relation.ts';
import type { Catalog } from './catalog.ts';

export interface StepContext {
  readonly session: Session;
  readonly catalog: Catalog;
  /** Whether a rollback takes relations back, too. */
  readonly transactionalDdl: boolean;
  /** Throws when the run is being cancelled. */
  readonly check: () => void;
  readonly log: (level: 'debug' | 'info' | 'warning', message: string, span?: Span) => void;
  /** Each statement before it is sent. */
  readonly sent: (sql: string) => void;
  /** `settled`: what the plan did lasts, so that it must not be done again from the start. Without `byMain` every commit counts, not only that of the main statement. */
  readonly progress?: { settled: boolean; readonly byMain: boolean };
  /** Whether a statement that failed is sent again: one that lasts by itself, after what the plan did before it. */
  readonly again?: (thrown: unknown, attempt: number) => Promise<boolean>;
  /** A statement that failed, with what it threw. */
  readonly failed?: (sql: string, thrown: unknown) => void;
}

/** Runs the steps to their end and returns their result. */
export async function driveSteps<T>(steps: Steps<T>, c: StepContext): Promise<T> {
  let inTransaction = false;
  let mainDone = false;
  /** A statement of the project opened a transaction. */
  let handOpen = false;
  const settle = (): void => void (c.progress !== undefined && (c.progress.settled = true));
  let told: { readonly relation: Relation; readonly was: RelationKind | null }[] = [];
  const takeBack = async (): Promise<void> => {
    inTransaction = false;
    mainDone = false;
    await c.session.rollback().catch(() => {});
    if (c.transactionalDdl) for (const { relation, was } of told.toReversed()) c.catalog.set(relation, was);
    told = [];
  };
  try {
    let next = steps.next();
    while (next.done !== true) {
      const step: Step = next.value;
      let answer: Answer;
      try {
        if (step.kind !== 'statement' || step.cleanup !== true) c.check();
        if (step.kind === 'begin') {
          await c.session.begin();
          inTransaction = true;
          answer = null;
        } else if (step.kind === 'commit') {
          if (inTransaction) await c.session.commit();
          if (inTransaction && (mainDone || c.progress?.byMain === false)) settle();
          inTransaction = false;
          told = [];
          answer = null;
        } else {
          if (inTransaction && step.kind === 'changed') told.push({ relation: step.relation, was: c.catalog.kindOf(step.relation) });
          for (let attempt = 1; ; attempt++) {
            try {
              const done = perform(step, c);
              answer = done instanceof Promise ? await done : done;
              break;
            } catch (e) {
              const lasting = step.kind === 'statement' && !inTransaction && c.progress?.settled === true;
              if (!lasting || (await c.again?.(e, attempt)) !== true) throw e;
            }
          }
          if (step.kind === 'statement') handOpen = opens(step.sql) ?? handOpen;
          if (step.kind === 'statement' && step.main === true) {
            mainDone = true;
            if (!inTransaction) settle();
          }
        }
      } catch (e) {
        if (step.kind === 'statement' || step.kind === 'query') c.failed?.(step.sql, e);
        if (inTransaction) await takeBack();
        next = steps.throw(e);
        continue;
      }
      next = steps.next(answer);
    }
    // A hook that begins and never commits means to keep what was done all the same.
    if (handOpen && !inTransaction) await c.session.commit();
    handOpen = false;
    return next.value;
  } finally {
    if (inTransaction || handOpen) await takeBack();
  }
}

/** Whether a statement of a project leaves a transaction open; undefined where it is about something else. */
function opens(sql: string): boolean | undefined {
  const [, word] = /^\s*(begin|start\s+transaction|commit|rollback|abort|end)\b/i.exec(sql) ?? [];
  if (word === undefined) return undefined;
  return /^(begin|start)/i.test(word) && !/;\s*(commit|rollback|abort|end)\s*;?\s*$/i.test(sql);
}

function perform(step: Exclude<Step, { kind: 'begin' | 'commit' }>, c: StepContext): Answer | Promise<Answer> {
  switch (step.kind) {
    case 'statement':
      c.sent(step.sql);
      return c.session.run(step.sql);
    case 'query':
      c.sent(step.sql);
      return c.session.query(step.sql, step.limit);
    case 'relation': {
      const schema = { database: step.relation.database, schema: step.relation.schema };
      if (c.catalog.knows(schema)) return c.catalog.kindOf(step.relation);
      return c.catalog.load(c.session, [schema]).then(() => c.catalog.kindOf(step.relation));
    }
    case 'referenced':
      return c.catalog.referenced(c.session, step.relation, step.now);
    case 'relations':
      return c.session.relations([step.schema]);
    case 'schema':
      return c.session.schemaExists(step.schema);
    case 'emptied':
      c.catalog.empty(step.schema);
      return null;
    case 'columns':
      return c.session.columns(step.relation);
    case 'load':
      c.sent(`-- load ${step.request.displayPath}`);
      return c.session.load(step.request).catch(async (e: unknown) => {
        throw e instanceof LoadFailure ? await placed(e, step.request.path, step.request.delimiter) : e;
      });
    case 'changed':
      c.catalog.set(step.relation, step.exists);
      return null;
    case 'log':
      c.log(step.level, step.message, step.span);
      return null;
  }
}
