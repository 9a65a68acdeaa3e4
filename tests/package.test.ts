// The package as a stranger gets it: what `npm pack` puts in, unpacked into an empty folder with its dependencies beside it.
import { type ChildProcess, execFile, spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
let home: string;
let files: readonly string[];

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'dwt-package-'));
  const { stdout } = await run(npm, ['pack', '--ignore-scripts', '--json', '--pack-destination', home]);
  const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  files = packed.files.map((f) => f.path);
  await run('tar', ['-xzf', join(home, packed.filename), '-C', home]);
  mkdirSync(join(home, 'node_modules'));
  for (const name of readdirSync('node_modules')) if (name !== '.bin') symlinkSync(resolve('node_modules', name), join(home, 'node_modules', name));
  symlinkSync(join(home, 'package'), join(home, 'node_modules', 'dwt'));
});
afterAll(() => rmSync(home, { recursive: true }));

const dwt = (args: readonly string[], cwd: string): Promise<{ stdout: string; stderr: string }> =>
  run(process.execPath, [join(home, 'package/bin/dwt.js'), '--no-color', ...args], { cwd });

it('holds the program, its types, and nothing else', () => {
  const kinds = new Set(
    files.map((f) =>
      f
        .replace(/^docs\/.*(\.md|\.svg)$/, 'docs/*$1')
        .replace(/^(dist\/(?:bundle\/packages|bundle|types|schemas))\/.*(\.d\.ts|\.schema\.json|\.c?js)$/, '$1/*$2'),
    ),
  );
  expect([...kinds].toSorted()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin/dwt.js',
    'dist/bundle/*.js',
    'dist/bundle/packages/*.cjs',
    'dist/schemas/*.schema.json',
    'dist/types/*.d.ts',
    'docs/*.md',
    'docs/*.svg',
    'package.json',
  ]);
  for (const [, to] of readFileSync('README.md', 'utf8').matchAll(/\]\(([^)#:]+)/g)) expect(files, 'what the README names').toContain(to);
});

it('makes a project and builds it', async () => {
  await dwt(['init', 'shop'], home);
  const { stdout } = await dwt(['build'], join(home, 'shop'));
  expect(stdout).toMatch(/Done\. PASS=7 WARN=0 ERROR=0 SKIP=0 TOTAL=7/);
});

it('is built whole or not at all, and says so where it never was', async () => {
  const clone = join(home, 'clone');
  for (const name of ['src', 'scripts', 'bin', 'package.json', 'tsconfig.json', 'tsconfig.build.json']) cpSync(name, join(clone, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(clone, 'node_modules'));
  const ask = (): SpawnSyncReturns<string> => spawnSync(process.execPath, [join(clone, 'bin/dwt.js'), '--version'], { encoding: 'utf8' });
  expect(ask()).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/^error: dwt has not been built here[^]*help: npm run build\n$/) });
  const build = (...flags: string[]): ChildProcess => spawn(process.execPath, [join(clone, 'scripts/build.mjs'), ...flags], { stdio: 'inherit' });
  const ended = (child: ChildProcess): Promise<number | null> => new Promise((done) => child.once('exit', (code) => done(code)));
  expect(await ended(build('--if-changed'))).toBe(0);
  const first = statSync(join(clone, 'dist/stamp')).mtimeMs;
  expect(await ended(build('--if-changed'))).toBe(0);
  expect(statSync(join(clone, 'dist/stamp')).mtimeMs).toBe(first);
  writeFileSync(join(clone, 'src/more.ts'), 'export const more = 1;\n');
  const stopped = build('--if-changed');
  setTimeout(() => stopped.kill('SIGKILL'), 400);
  expect(await ended(stopped)).toBe(null);
  expect(ask()).toMatchObject({ status: 0, stderr: '' });
  // Two at once, as two first calls of npx are.
  expect(await Promise.all([ended(build('--if-changed')), ended(build('--if-changed'))])).toEqual([0, 0]);
  expect(ask()).toMatchObject({ status: 0, stderr: '' });
  expect(existsSync(join(clone, 'dist/more.js'))).toBe(true);
  expect(readdirSync(clone).filter((name) => name.startsWith('dist.'))).toEqual([]);
});

it('serves a program, with types', async () => {
  const program = `import { openProject, succeeded, type Event } from 'dwt';
const project = openProject({ projectDir: process.argv[2]! });
const run = await project.run('build');
for await (const event of run) {
  const kind: Event['kind'] = event.kind;
  if (event.kind === 'node-finished') console.log(kind, event.result.resource.name, event.result.status);
}
console.log(succeeded(run.summary!), (await project.query("select count(*) as n from {{ ref('customer_orders') }}")).rows[0]);
await project.close();
`;
  await dwt(['init', 'for-program'], home);
  writeFileSync(join(home, 'package.json'), '{"type": "module"}');
  writeFileSync(join(home, 'program.ts'), program);
  const flags = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--outDir', 'out', 'program.ts'];
  await run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), ...flags], { cwd: home }).catch((e: { stdout: string }) =>
    expect(e.stdout).toBe(''),
  );
  const { stdout } = await run(process.execPath, [join(home, 'out/program.js'), 'for-program'], { cwd: home });
  expect(stdout).toContain('node-finished customer_orders success\n');
  expect(stdout).toContain('true [ 3 ]\n');
});
