// The docs say what the code has: codes, commands, flags, configuration keys, settings; and their links lead somewhere.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { adapterTypes, findAdapter } from '../src/adapters/index.ts';
import { PORTABLE } from '../src/context/builtin-sql.ts';
import { CODES } from '../src/diagnostics/codes.ts';
import { projectShape } from '../src/parse/project-file.ts';
import { CONFIG_KEYS } from '../src/project/config.ts';

const root = resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

function markdown(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    return statSync(join(root, path)).isDirectory() ? markdown(path) : name.endsWith('.md') ? [path] : [];
  });
}

const PAGES = [...readdirSync(root).filter((name) => name.endsWith('.md')), ...markdown('docs')];

/** Text without what stands between fences, where links and headings are none. */
const prose = (text: string): string => text.replace(/^```[^\n]*\n[\s\S]*?^```/gm, '');

/** Words in backquotes: names as the docs write them. */
const named = (text: string): Set<string> => new Set([...prose(text).matchAll(/`([^`\n]+)`/g)].map((m) => m[1]!));

const headings = (text: string): string[] => [...prose(text).matchAll(/^#+ (.+)$/gm)].map((m) => m[1]!);

/** GitHub's anchor of a heading. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

test('every code has a section in docs/errors.md, in the order of the table, and no section has another', () => {
  const sections = [...prose(read('docs/errors.md')).matchAll(/^## (.+)$/gm)].map((m) => m[1]);
  expect(sections).toEqual(Object.keys(CODES));
});

test('every command and flag of --help is in docs/commands.md', () => {
  const help = (...args: string[]): string => {
    const run = spawnSync(process.execPath, [join(root, 'bin/dwt.js'), ...args, '--help'], { encoding: 'utf8', env: { ...process.env, COLUMNS: '200' } });
    expect(run.status).toBe(0);
    return run.stdout;
  };
  const page = read('docs/commands.md');
  const commands = [...help().matchAll(/^ {2}([a-z][\w-]*)(?:\|[\w-]+)?(?: [[<].*?[\]>])* {2,}/gm)].map((m) => m[1]!).filter((name) => name !== 'help');
  expect(commands).toContain('build');
  const missing = commands.filter((name) => !headings(page).includes(name));
  for (const command of commands) {
    for (const m of help(command).matchAll(/^ {2}(?:(-\w), )?(--[\w-]+)/gm)) {
      for (const flag of [m[1], m[2]]) if (flag !== undefined && !new RegExp(`\`${flag}(?![\\w-])`).test(page)) missing.push(`${command} ${flag}`);
    }
  }
  expect([...new Set(missing)]).toEqual([]);
});

test('every configuration key is in the table of docs/models.md, with what it may be used for', () => {
  const rows = new Map([...read('docs/models.md').matchAll(/^\| `([\w-]+)` \| ([\w, ]+) \| (append|merge|replace) \|/gm)].map((m) => [m[1], [m[2], m[3]]]));
  const expected = new Map(Object.entries(CONFIG_KEYS).map(([name, key]) => [name, [key.on.join(', '), key.merge]]));
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(expected));
});

test('every key of project.yml is in docs/project-file.md', () => {
  const { properties } = projectShape.json({}) as { properties: Record<string, unknown> };
  const names = named(read('docs/project-file.md'));
  expect(Object.keys(properties).filter((key) => !names.has(key))).toEqual([]);
});

test('every engine and each of its settings is in docs/targets.md', () => {
  const page = read('docs/targets.md');
  const names = named(page);
  const missing = adapterTypes().filter((type) => !names.has(type));
  const sections = page.split(/^## /m);
  for (const [type, title] of [
    ['duckdb', 'DuckDB'],
    ['postgres', 'PostgreSQL'],
    ['mysql', 'MySQL and MariaDB'],
  ] as const) {
    const section = named(sections.find((s) => s.startsWith(`${title}\n`)) ?? '');
    for (const [setting, shape] of Object.entries(findAdapter(type)!.settings))
      for (const name of [setting, ...(shape.aliases ?? [])]) if (!section.has(name)) missing.push(`${type} ${name}`);
  }
  expect(missing).toEqual([]);
});

test('every portable macro has a section in docs/portable-sql.md', () => {
  const sections = headings(read('docs/portable-sql.md'));
  expect(Object.keys(PORTABLE).filter((name) => !sections.includes(name))).toEqual([]);
});

test('every source file that the docs name exists', () => {
  const missing = PAGES.flatMap((page) =>
    [...prose(read(page)).matchAll(/`((?:src|tests|docs|bin|[a-z]+)\/[\w./-]+\.(?:ts|js|mjs))`/g)]
      .map((m) => m[1]!)
      .filter((path) => !/^(dist|target)\//.test(path) && ![path, join('src', path)].some((p) => existsSync(join(root, p))))
      .map((path) => `${page}: ${path}`),
  );
  expect(missing).toEqual([]);
});

test.each(PAGES)('every relative link of %s leads somewhere', (page) => {
  const text = prose(read(page));
  const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((m) => m[1]!)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file = '', fragment] = link.split('#');
      const target = file === '' ? page : join(dirname(page), file);
      if (!existsSync(join(root, target))) return true;
      return fragment !== undefined && target.endsWith('.md') && !headings(read(target)).some((h) => anchor(h) === fragment);
    });
  expect(broken).toEqual([]);
});
