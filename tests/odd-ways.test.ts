// Odd ways to call the command line: nobody reads what it says, what it says cannot be written, paths that shells and engines find hard.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dwt } from './support/cli.ts';
import { ask } from './support/project.ts';

const PROGRAM = resolve(process.env['DWT_CLI'] ?? 'bin/dwt.js');
let work: string;

beforeEach(() => {
  work = realpathSync(mkdtempSync(join(tmpdir(), 'dwt-ways-')));
});
afterEach(() => rmSync(work, { recursive: true, force: true }));

function project(folder: string, models: number): string {
  const root = join(work, folder);
  mkdirSync(join(root, 'models'), { recursive: true });
  writeFileSync(join(root, 'project.yml'), 'name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: w.duckdb, threads: 2}\n');
  for (let i = 0; i < models; i++) writeFileSync(join(root, `models/m_${i}.sql`), "select 'its {{ this.identifier }}' as name\n");
  return root;
}

/** A line of the shell in a folder; `dwt` in it is the program. */
function shell(cwd: string, line: string): { readonly exits: string; readonly stderr: string } {
  const script = `dwt() { "${process.execPath}" "${PROGRAM}" "$@"; }\n${line}\necho "\${PIPESTATUS[*]}" > ${join(work, 'exits')}`;
  const { stderr } = spawnSync('bash', ['-c', script], { cwd, encoding: 'utf8' });
  expect(stderr).not.toMatch(/internal\/bug|^\s+at .*:\d+:\d+|Node\.js v\d/m);
  return { exits: readFileSync(join(work, 'exits'), 'utf8').trim(), stderr };
}

describe.skipIf(process.platform === 'win32')('standard output', () => {
  it('that nobody reads any more ends a list in silence, and a run in good order', async () => {
    const root = project('shop', 2000);
    expect(shell(root, 'dwt ls --output json | head -1 > ../head')).toEqual({ exits: '0 0', stderr: '' });
    expect(readFileSync(join(work, 'head'), 'utf8')).toContain('model.shop.m_0');
    expect(shell(root, 'dwt build | head -1 > ../head').exits).toBe('130 0');
    const [runs] = await ask(join(root, 'w.duckdb'), ['select status from dwt_history.runs']);
    expect(runs).toEqual([{ status: 'interrupted' }]);
    const { results } = JSON.parse(readFileSync(join(root, 'target/run_results.json'), 'utf8')) as { results: { status: string }[] };
    expect(results).toHaveLength(2000);
    expect(results.filter((r) => r.status === 'skipped').length).toBeGreaterThan(0);
  });

  it.runIf(existsSync('/dev/full'))('that cannot be written is told, and no success', () => {
    const root = project('shop', 1);
    const told = 'error[files/not-written] Standard output could not be written: no space is left on the disk.\n  help: Make room on the disk.\n';
    expect(shell(root, 'dwt ls > /dev/full')).toEqual({ exits: '2', stderr: told });
    expect(shell(root, "dwt show --inline 'select 1' > /dev/full")).toMatchObject({ exits: '2', stderr: expect.stringContaining(told) as string });
    expect(shell(root, 'dwt build --quiet 2> /dev/full').exits).toBe('0');
    expect(shell(root, 'dwt build >&- 2>&- <&-').exits).toBe('0');
  });
});

describe.skipIf(process.platform === 'win32')('a folder named', () => {
  it.each(['it\'s "quoted"', 'übung 漢字 😀', 'new\nline', '  %20{{ 1 }}', '$(id)`id`', 'back\\slash', '-a*[c]{b,c}#'])('%j', async (name) => {
    const root = project(name, 1);
    mkdirSync(join(root, 'seeds'));
    writeFileSync(join(root, 'seeds/s.csv'), 'id\n1\n');
    expect(await dwt(['build'], { cwd: root })).toMatchObject({ exit: 0 });
    expect(await dwt(['show', '-s', 's', '--output', 'json', '--project-dir', root], { cwd: work })).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/^\[\s*\{"id":1\}\s*\]\s*$/) as string,
    });
    expect(existsSync(join(root, 'target/run_results.json'))).toBe(true);
  });

  it('with a question mark is refused, where DuckDB would lose its log', async () => {
    const root = project('what?', 1);
    const { exit, stderr } = await dwt(['build'], { cwd: root });
    expect([exit, stderr]).toEqual([
      2,
      expect.stringMatching(
        /^error\[execute\/connection\] The path .*\/what\?\/w\.duckdb has a question mark, and DuckDB would write its log to another place\.\n  --> project\.yml:4:3/,
      ),
    ]);
  });
});

it('a seed that needs a copy has one where there is room, or says that there is none', async () => {
  const root = project('shop', 0);
  mkdirSync(join(root, 'seeds'));
  writeFileSync(join(root, 'seeds/s.csv'), 'id\r\n1\r\n2\n');
  const { exit, stderr } = await dwt(['seed'], { cwd: root, env: { TMPDIR: '/no/such/place' } });
  expect([exit, stderr]).toEqual([
    1,
    expect.stringContaining('Its lines end in several ways, so DuckDB needs a copy, which could not be written to /no/such/place: it is not there.') as string,
  ]);
  expect(await dwt(['seed'], { cwd: root })).toMatchObject({ exit: 0 });
});

it('a model that goes while others run is told, and ends nothing else', async () => {
  const root = project('shop', 2);
  writeFileSync(
    join(root, 'models/a.sql'),
    "{{ config(materialized='table', pre_hook=\"copy (select 1) to 'seen.csv'\") }}\nselect sum(range) as s from range(1000000000)\n",
  );
  writeFileSync(join(root, 'models/late.sql'), "select s from {{ ref('a') }}\n");
  const built = dwt(['build', '--threads', '1'], { cwd: root });
  await expect.poll(() => existsSync(join(root, 'seen.csv')), { timeout: 30_000 }).toBe(true);
  rmSync(join(root, 'models/late.sql'));
  const { exit, stderr } = await built;
  expect([exit, stderr]).toEqual([1, expect.stringContaining('error[files/not-read] models/late.sql cannot be read: it is not there.') as string]);
  expect(stderr).toContain('warning[files/not-written] target/manifest.json could not be written: models/late.sql cannot be read: it is not there.');
});

it.each([
  ['a pipe as the database', 'path: pipe', 'error[execute/connection] The path pipe is a pipe or a device, not a database file.'],
  ['a name that no file can have', 'path: "a\\0b"', 'error[execute/connection] The path has a character of the code 0.'],
])('%s is not waited for', async (_, path, message) => {
  const root = project('shop', 1);
  spawnSync('mkfifo', [join(root, 'pipe')]);
  writeFileSync(join(root, 'project.yml'), `name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, ${path}}\n`);
  const { exit, stderr } = await dwt(['build'], { cwd: root });
  expect([exit, stderr]).toEqual([2, expect.stringContaining(message) as string]);
  expect(stderr).not.toContain('internal/bug');
});

it.skipIf(process.platform === 'win32')('a folder that is gone is said to be', () => {
  mkdirSync(join(work, 'gone'));
  const { exits, stderr } = shell(join(work, 'gone'), 'rmdir ../gone; dwt build');
  expect([exits, stderr]).toEqual(['2', 'error[cli/usage] The folder that you are in is no longer there.\n  help: Change into another one.\n']);
});

it('a file as the folder of the project is said to be one', async () => {
  const root = project('shop', 1);
  expect(await dwt(['ls', '--project-dir', 'shop/project.yml'], { cwd: work })).toMatchObject({
    exit: 2,
    stderr: `error[parse/no-project] ${root}/project.yml is a file, not the folder of a project.\n  help: Name its folder with --project-dir.\n\n`,
  });
});
