// docs/messages.md is made by bench/slips.mjs; it must have what dwt says today. A machine that is busy with everything else may lose the race of a
// slip that needs another process: what differs is looked at a second time, and both outputs are shown.
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

function check(): { readonly status: number | null; readonly output: string } {
  const { DWT_BENCH_DBT: _, ...env } = process.env;
  const done = spawnSync(process.execPath, ['bench/slips.mjs', '--check'], { encoding: 'utf8', env });
  return { status: done.status, output: done.stdout + done.stderr };
}

it('docs/messages.md is what bench/slips.mjs writes', { timeout: 600_000 }, () => {
  const first = check();
  if (first.status === 0) return;
  process.stderr.write(first.output);
  const second = check();
  expect(second.status, first.output + second.output).toBe(0);
});
