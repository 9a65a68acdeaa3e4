import { expect, test } from 'vitest';
import type { Session } from '../adapters/adapter.ts';
import { StatementFailure } from '../adapters/failures.ts';
import { begin, commit, statement, type Steps } from '../adapters/step.ts';
import { Catalog } from './catalog.ts';
import { driveSteps } from './drive-steps.ts';

/** A session whose statements fail as often as it is said; `sent` has those that were done. */
function session(failing: Readonly<Record<string, number>>): { readonly session: Session; readonly sent: readonly string[] } {
  const sent: string[] = [];
  const left = new Map(Object.entries(failing));
  const run = async (sql: string): Promise<{ rows: null }> => {
    const more = left.get(sql) ?? 0;
    left.set(sql, more - 1);
    if (more > 0) throw new StatementFailure('deadlock', { retryable: true });
    sent.push(sql);
    return { rows: null };
  };
  const word = (name: string) => async (): Promise<void> => void sent.push(name);
  return { session: { run, begin: word('begin'), commit: word('commit'), rollback: word('rollback') } as unknown as Session, sent };
}

async function drive(steps: () => Steps<unknown>, failing: Readonly<Record<string, number>>): Promise<unknown> {
  const at = session(failing);
  const progress = { settled: false, byMain: true };
  const nothing = (): void => {};
  const failed = await driveSteps(steps(), {
    session: at.session,
    catalog: new Catalog({ foldsCase: false }),
    transactionalDdl: true,
    progress,
    again: async (_, attempt) => attempt <= 3,
    check: nothing,
    log: nothing,
    sent: nothing,
  }).then(
    () => false,
    () => true,
  );
  return { sent: at.sent, settled: progress.settled, failed };
}

function* made(): Steps<void> {
  yield* begin();
  yield* statement('insert', true);
  yield* commit();
  yield* statement('hook');
}

function* madeAlone(): Steps<void> {
  yield* statement('before');
  yield* statement('insert', true);
  yield* statement('hook');
}

test('a statement after what lasts is sent again by itself', async () => {
  expect(await drive(made, { hook: 2 })).toEqual({ sent: ['begin', 'insert', 'commit', 'hook'], settled: true, failed: false });
  expect(await drive(madeAlone, { hook: 3 })).toEqual({ sent: ['before', 'insert', 'hook'], settled: true, failed: false });
  expect(await drive(made, { hook: 4 })).toEqual({ sent: ['begin', 'insert', 'commit'], settled: true, failed: true });
});

test('a transaction that a hook leaves open is kept, and taken back where the node fails', async () => {
  const hooked = function* (): Steps<void> {
    yield* statement('begin');
    yield* statement('insert', true);
    yield* statement('hook');
  };
  expect(await drive(hooked, {})).toMatchObject({ sent: ['begin', 'insert', 'hook', 'commit'], failed: false });
  expect(await drive(hooked, { hook: 9 })).toMatchObject({ sent: ['begin', 'insert', 'rollback'], failed: true });
  const whole = function* (): Steps<void> {
    yield* statement('begin; select 1; commit');
    yield* statement('insert', true);
  };
  expect(await drive(whole, {})).toMatchObject({ sent: ['begin; select 1; commit', 'insert'], failed: false });
});

test('before that all of it may be done again', async () => {
  expect(await drive(made, { insert: 1 })).toEqual({ sent: ['begin', 'rollback'], settled: false, failed: true });
  expect(await drive(madeAlone, { before: 1 })).toEqual({ sent: [], settled: false, failed: true });
  expect(await drive(madeAlone, { insert: 1 })).toEqual({ sent: ['before'], settled: false, failed: true });
});
