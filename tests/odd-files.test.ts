// File systems that are not as one would wish: pipes and links among the files, a disk that is full or can only be read, a file where a
// folder should be. Through the true command line: what can be done is done, the rest is told, and nothing ends with a stack trace.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, dwt } from './support/cli.ts';

let work: string;
let root: string;

const FILES: Readonly<Record<string, string>> = {
  'project.yml': 'name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: ../w.duckdb}\n',
  'seeds/s.csv': 'id\n1\n',
  'models/a.sql': "select id from {{ ref('s') }}\n",
  'models/b.sql': "select nothing from {{ ref('a') }}\n",
};

beforeEach(() => {
  work = realpathSync(mkdtempSync(join(tmpdir(), 'dwt-odd-')));
  root = join(work, 'shop');
});
afterEach(() => rmSync(work, { recursive: true, force: true }));

function fill(): void {
  for (const folder of ['', 'seeds', 'models']) mkdirSync(join(root, folder), { recursive: true });
  for (const [file, text] of Object.entries(FILES)) writeFileSync(join(root, file), text);
}

async function run(...args: string[]): Promise<CliResult> {
  const result = await dwt(args, { cwd: root });
  expect(result.stdout + result.stderr).not.toMatch(/internal\/bug|^\s+at .*:\d+:\d+|Node\.js v\d/m);
  return result;
}

describe('files that are none', () => {
  it('leaves out pipes and dead links, and builds the rest', async () => {
    fill();
    rmSync(join(root, 'models/b.sql'));
    execFileSync(
      'mkfifo',
      ['models/pipe.sql', 'seeds/pipe.csv', 'models/pipe.yml'].map((f) => join(root, f)),
    );
    symlinkSync('/no/such/place', join(root, 'seeds/gone.csv'));
    symlinkSync('somebody@host.77', join(root, 'models/.#a.sql'));
    const { exit, stdout, stderr } = await run('build');
    expect(stderr.match(/^warning.*/gm)).toEqual([
      'warning[files/not-read] models/pipe.sql is not read: it is no file but a pipe.',
      'warning[files/not-read] models/pipe.yml is not read: it is no file but a pipe.',
      'warning[files/not-read] seeds/gone.csv is not read: it is a link to /no/such/place, which is not there.',
      'warning[files/not-read] seeds/pipe.csv is not read: it is no file but a pipe.',
    ]);
    expect([exit, stdout]).toEqual([0, expect.stringContaining('PASS=2 WARN=0 ERROR=0')]);
  });

  it.each(['project.yml', 'selectors.yml', '.dwtignore'])('is told of a folder named %s', async (name) => {
    fill();
    rmSync(join(root, name), { force: true });
    mkdirSync(join(root, name));
    const { exit, stderr } = await run('ls');
    if (name === '.dwtignore') expect(exit).toBe(0);
    else expect([exit, stderr]).toEqual([2, `error[files/not-read] ${name} cannot be read: it is a folder.\n\n`]);
  });

  it('reads empty files, and a large one', async () => {
    fill();
    writeFileSync(join(root, 'models/b.sql'), `select 1 as n\n${`-- ${'x'.repeat(997)}\n`.repeat(10_000)}`);
    writeFileSync(join(root, 'models/empty.yml'), '');
    writeFileSync(join(root, 'models/empty.sql'), '');
    writeFileSync(join(root, 'seeds/nothing.csv'), '');
    const { exit, stdout, stderr } = await run('build');
    expect([exit, stdout]).toEqual([1, expect.stringContaining('PASS=3 WARN=0 ERROR=1')]);
    expect(stderr).toContain("models/empty.sql is empty, so model 'empty' is not built");
    expect(stderr).toContain('seeds/nothing.csv');
  });
});

describe('a file put in place of another', () => {
  it('is read though it has the size and the date of that', async () => {
    fill();
    const file = join(root, 'models/b.sql');
    const put = (text: string): void => {
      writeFileSync(file, text);
      utimesSync(file, 1_700_000_000, 1_700_000_000);
    };
    put('select 1 as n\n');
    // What was written this moment would be read again in any case.
    await pause(1700);
    const compiled = async (): Promise<string> => (await run('compile', '--select', 'b', '--quiet')).stdout;
    expect(await compiled()).toContain('select 1 as n');
    put('select 2 as n\n');
    expect(await compiled()).toContain('select 2 as n');
  });
});

describe('a target folder that is a file', () => {
  it('is told, and the file stays', async () => {
    fill();
    writeFileSync(join(root, 'README.md'), 'mine\n');
    const built = await run('build', '--target-path', 'README.md');
    expect([built.exit, built.stderr]).toEqual([
      1,
      expect.stringContaining('warning[files/not-written] README.md/run_results.json and 5 other files could not be'),
    ]);
    expect(await run('parse', '--target-path', 'README.md/x')).toMatchObject({
      exit: 2,
      stderr:
        'error[files/not-written] README.md/x/manifest.json could not be written: a part of its path is a file, not a folder.\n  help: Write it to another folder: --target-path\n\n',
    });
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toBe('mine\n');
  });
});

/** A file system of its own in memory: made by root alone. */
const mounts = process.platform === 'linux' && process.getuid?.() === 0 && mountWorks();

function mountWorks(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'dwt-mount-'));
  const works = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0;
  if (works) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return works;
}

describe.runIf(mounts)('a file system of its own (where root may mount one)', () => {
  beforeEach(() => {
    mkdirSync(root);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', root]);
    fill();
  });
  afterEach(() => execFileSync('umount', [root]));

  const full = (): void => void spawnSync('dd', ['if=/dev/zero', `of=${join(root, 'ballast')}`, 'bs=4k', 'count=1000']);
  const readOnly = (): void => void execFileSync('mount', ['-o', 'remount,ro', root]);

  it.each([
    ['full', full, 'no space is left on the disk', 'Make room on the disk.\n        Write it to another folder: --target-path'],
    ['for reading alone', readOnly, 'the file system is read-only', 'Write it to another folder: --target-path'],
  ])('that is %s stops no run, and is told', { timeout: 180_000 }, async (_, spoil, reason, help) => {
    spoil();
    const built = await run('build');
    expect(built.exit).toBe(1);
    expect(built.stdout).toContain('Done with errors. PASS=2 WARN=0 ERROR=1 SKIP=0 TOTAL=3');
    expect(built.stderr).toContain('error[execute/sql-failed] Referenced column "nothing" not found in FROM clause!');
    expect(built.stderr).toContain(`warning[files/not-written] target/run_results.json and 5 other files could not be written: ${reason}.\n  help: ${help}\n`);

    for (const command of ['ls', 'show -s a', 'debug', 'compile --inline select', 'plan', 'history'])
      expect(await run(...command.split(' '))).toMatchObject({ exit: 0 });
    for (const command of ['compile', 'compile -s a', 'parse', 'docs generate']) {
      const { exit, stderr } = await run(...command.split(' '));
      expect([exit, stderr], command).toEqual([2, expect.stringMatching(/^error\[files\/not-written\] target\/manifest\.json.* could not be written: /)]);
    }
    expect(await run('init', 'other')).toMatchObject({ exit: 2, stderr: expect.stringContaining(`could not be written: ${reason}.`) as string });
    expect(existsSync(join(root, 'other'))).toBe(false);
    expect(readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((f) => /^target.*\.(tmp|sql|json)$/.test(f))).toEqual([]);

    const elsewhere = ['--target-path', join(work, 'made')];
    expect(await run('build', ...elsewhere)).toMatchObject({ exit: 1, stderr: expect.not.stringContaining('not-written') as string });
    expect(await run('docs', 'generate', '-s', 'a', ...elsewhere)).toMatchObject({ exit: 0 });
    expect(existsSync(join(work, 'made/catalog.json'))).toBe(true);
  });

  it('that is full under the database itself', async () => {
    writeFileSync(join(root, 'project.yml'), FILES['project.yml']!.replace('../w', 'w'));
    writeFileSync(join(root, 'models/b.sql'), "{{ config(materialized='table') }}\nselect i, md5(i::varchar) || i as text from range(1000000) t(i)\n");
    const { exit, stdout, stderr } = await run('build');
    expect(exit).toBe(1);
    expect(stdout).toContain('TOTAL=3');
    expect(stderr).toContain('No space left on device');
  });
});
