// The house's floor plan: a room may use only itself and the rooms below it.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';

const ROOMS = [
  'diagnostics',
  'files',
  'project',
  'template',
  'adapters',
  'context',
  'parse',
  'graph',
  'compile',
  'plan',
  'execute',
  'artifacts',
  'history',
  'report',
  'generate',
  'api',
  'commands',
  'watch.ts',
  'program.ts',
  'cli.ts',
  'index.ts',
];
const FILES = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((f) => f.endsWith('.ts'))
  .map((f) => `src/${f.replaceAll('\\', '/')}`);
const roomOf = (path: string): string => relative('src', path).split('/')[0]!;

it('imports only from a room of its own or one below', () => {
  const wrong = FILES.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].flatMap(([, to]) => {
      const target = join(dirname(file), to!);
      return ROOMS.indexOf(roomOf(target)) <= ROOMS.indexOf(roomOf(file)) && ROOMS.includes(roomOf(target)) ? [] : [`${file} -> ${target}`];
    }),
  );
  expect(wrong).toEqual([]);
});

it('gives the command line nothing but the API and the reports', () => {
  const wrong = FILES.filter((f) => /^src\/(commands\/|watch\.ts|program\.ts|cli\.ts)/.test(f)).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].flatMap(([, to]) => {
      const room = roomOf(join(dirname(file), to!));
      return ['api', 'report', 'commands', 'watch.ts', 'program.ts'].includes(room) ? [] : [`${file} -> ${room}`];
    }),
  );
  expect(wrong).toEqual([]);
});

it('touches the process in cli.ts, index.ts and report/console.ts alone', () => {
  const users = FILES.filter((f) => !f.endsWith('.test.ts') && /\bprocess\.(argv|env|stdout|stderr|exit|on|cwd)\b/.test(readFileSync(f, 'utf8')));
  expect(users.toSorted()).toEqual(['src/cli.ts', 'src/index.ts', 'src/report/console.ts']);
});

it('asks for an engine by name only among the adapters', () => {
  const asking = FILES.filter(
    (f) =>
      !f.startsWith('src/adapters/') &&
      !f.endsWith('.test.ts') &&
      // What stands in double quotes is said to a person.
      /'(duckdb|postgres|postgresql|mysql|mariadb)'/.test(readFileSync(f, 'utf8').replaceAll(/"[^"\n]*"/g, '')),
  );
  expect(asking).toEqual([]);
});
