import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cellText, createCsv } from './csv.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dwt-csv-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  [' space', '" space"'],
  ['', '""'],
  [null, ''],
  [true, 'true'],
])('%j is written %j', (value, text) => expect(cellText(value)).toBe(text));

test('more than a buffer, in order, also when nobody waits', async () => {
  const file = await createCsv(join(dir, 't.csv'), ['a'], [0]);
  const rows = Array.from({ length: 2000 }, (_, i) => `${i} ${'é'.repeat(i % 700)}`);
  for (const row of [...rows, 'x'.repeat(300_000)]) void file.row([row]);
  await file.finish(() => {});
  expect(await file.settle()).toBe(true);
  expect(await readFile(join(dir, 't.csv'), 'utf8')).toBe(`${['a', ...rows.map((r) => cellText(r)), 'x'.repeat(300_000)].join('\n')}\n`);
});

test('the same bytes leave the file alone; others replace it whole; discarding leaves no trace', async () => {
  const path = join(dir, 't.csv');
  const write = async (cell: string): Promise<boolean> => {
    const file = await createCsv(path, ['a'], [0]);
    await file.row([cell]);
    await file.finish(() => {});
    return file.settle();
  };
  await writeFile(path, 'a\nold\n');
  const before = await stat(path);
  expect(await write('old')).toBe(false);
  expect((await stat(path)).ino).toBe(before.ino);
  expect(await write('new')).toBe(true);
  expect(await readFile(path, 'utf8')).toBe('a\nnew\n');
  const file = await createCsv(path, ['a'], [0]);
  await file.row(['half']);
  await file.discard();
  expect(await readFile(path, 'utf8')).toBe('a\nnew\n');
  expect(await readdir(dir)).toEqual(['t.csv']);
});
