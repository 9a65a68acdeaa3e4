// Every example that `--help` shows is typed into a fresh copy of the demo, and does what it says.
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dwt, words } from './support/cli.ts';

let root: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'dwt-examples-'));
  for (const part of ['project.yml', 'models', 'macros', 'seeds', 'snapshots', 'tests/generic', '.dwtignore'])
    cpSync(part, join(root, part), { recursive: true });
  const built = await dwt(['build'], { cwd: root });
  expect(built.exit, built.stderr).toBe(0);
}, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The lines behind `$` at the end of a help, without what stands beside them. */
function examples(help: string): string[] {
  return [...help.slice(help.indexOf('Example')).matchAll(/^ {2}\$ (.*?)(?: {2,}.*)?$/gm)].map((m) => m[1]!);
}

it('runs as it stands', async () => {
  const general = (await dwt(['--help'], { cwd: root })).stdout;
  const commands = [...general.matchAll(/^ {2}([a-z][\w-]*)(?: [[<].*?[\]>])* {2,}/gm)].map((m) => m[1]!).filter((name) => name !== 'help');
  expect(commands).toContain('build');
  const failed: string[] = [];
  // What changes the seeds or removes what was made comes last.
  for (const command of commands.toSorted((a, b) => Number(['generate', 'clean'].includes(a)) - Number(['generate', 'clean'].includes(b)))) {
    const lines = examples((await dwt([command, '--help'], { cwd: root })).stdout);
    expect(lines, command).not.toEqual([]);
    for (const line of lines) {
      const typed = /^eval "\$\((.*)\)"$|^(.*) \| source$/.exec(line);
      const args = words(typed?.[1] ?? typed?.[2] ?? line).slice(1);
      expect(args[0], line).toBe(command);
      const signal = command === 'watch' ? { signal: { name: 'SIGINT' as const, after: 'Watching', wait: 1, times: 1 } } : {};
      const { exit, stdout, stderr } = await dwt(args, { cwd: root, ...signal });
      // The demo's data are seeds, so no source of it has limits of freshness.
      const nothing = /empty-selection/.test(stderr) && command !== 'source';
      if (exit !== 0 || nothing) failed.push(`$ ${line}\nexit ${exit}\n${stdout}${stderr}`);
    }
  }
  expect(failed).toEqual([]);
  expect(existsSync(join(root, 'shop/project.yml'))).toBe(true);
}, 180_000);
