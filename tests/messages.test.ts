// docs/messages.md has what dwt says today to the slips of bench/slips/list.mjs, and counts them right.
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('docs/messages.md is what bench/slips.mjs writes', { timeout: 600_000 }, () => {
  const { DWT_BENCH_DBT: _, ...env } = process.env;
  const done = spawnSync(process.execPath, ['bench/slips.mjs', '--check'], { env, encoding: 'utf8' });
  expect(done.status, done.stdout + done.stderr).toBe(0);
});
