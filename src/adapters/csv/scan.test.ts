import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LoadFailure } from '../failures.ts';
import { readHeader, readRecords } from './records.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dwt-csv-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(content: string | Uint8Array, name = 'it\'s a "näme".csv'): string {
  const target = path.join(folder, name);
  writeFileSync(target, content);
  return target;
}

async function read(content: string | Uint8Array, delimiter = ',', name?: string): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = [];
  for await (const batch of readRecords(file(content, name), { delimiter })) for (const { fields } of batch) rows.push([...fields]);
  return rows;
}

async function failure(content: string | Uint8Array): Promise<Pick<LoadFailure, 'message' | 'line' | 'columnName'>> {
  const thrown: unknown = await read(content).catch((e: unknown) => e);
  expect(thrown).toBeInstanceOf(LoadFailure);
  const { message, line, columnName } = thrown as LoadFailure;
  return { message, line, columnName };
}

describe('what a file says', () => {
  test.each<[string, string, (string | null)[][]]>([
    [
      'plain fields',
      'a,b\n1,x\n2,y\n',
      [
        ['1', 'x'],
        ['2', 'y'],
      ],
    ],
    ['no line end at the end', 'a,b\n1,x', [['1', 'x']]],
    [
      'Windows line ends',
      'a,b\r\n1,x\r\n"2","y"\r\n',
      [
        ['1', 'x'],
        ['2', 'y'],
      ],
    ],
    [
      'line ends of two kinds',
      'a,b\n1,x\r\n2,y\n',
      [
        ['1', 'x'],
        ['2', 'y'],
      ],
    ],
    [
      'old Macintosh line ends',
      'a,b\r1,x\r2,y\r',
      [
        ['1', 'x'],
        ['2', 'y'],
      ],
    ],
    ['a carriage return within a field', 'a,b\n1,x\ry\n', [['1', 'x\ry']]],
    ['line ends, delimiters and quotes in quotes', 'a,b\n"1\n2","x,""y"""\n', [['1\n2', 'x,"y"']]],
    ['nothing is null, quoted nothing is empty', 'a,b\n,""\n', [[null, '']]],
    [
      'null words are null unless quoted',
      'a,b,c,d\nnull,NULL,Null,"null"\nnULL,nulls,nil,N/A\n',
      [
        [null, null, null, 'null'],
        ['nULL', 'nulls', 'nil', 'N/A'],
      ],
    ],
    ['a quote within an unquoted field', 'a,b\n5" pipe,x"y\n', [['5" pipe', 'x"y']]],
    ['spaces around quotes are dropped, others stay', 'a,b\n "1" , x \n', [['1', ' x ']]],
    ['empty lines are skipped', 'a,b\n\n1,x\n\r\n\n', [['1', 'x']]],
    ['in a file of one column an empty line is a null', 'a\n1\n\n2\n', [['1'], [null], ['2']]],
    ['a byte order mark', '\ufeffa,b\n1,x\n', [['1', 'x']]],
    ['a header alone', 'a,b\n', []],
    ['a header alone without line end', 'a,b', []],
    ['text beyond ASCII', 'a,b\nä,日本"\n', [['ä', '日本"']]],
  ])('%s', async (_, content, rows) => {
    expect(await read(content)).toEqual(rows);
  });

  test('other delimiters, gzip', async () => {
    expect(await read('a;b\n1,5;x\n', ';')).toEqual([['1,5', 'x']]);
    expect(await read('a\tb\n1 \t x\n', '\t')).toEqual([['1 ', ' x']]);
    expect(await read(gzipSync('a,b\n1,x\n'), ',', 'z.csv.gz')).toEqual([['1', 'x']]);
    expect(await readHeader(file('"a ""b""",c\n'), { delimiter: ',' })).toEqual(['a "b"', 'c']);
  });
});

describe('what is wrong with a file', () => {
  test.each<[string, string | Uint8Array, string, number | undefined, string | undefined]>([
    ['too few fields', 'a,b,c\n1,2,3\n\n1\n', 'There is 1 field where the header has 3.', 4, 'b'],
    ['too many fields', 'a,b\n"x\ny",2\n1,2,\n', 'There are 3 fields where the header has 2.', 4, 'b'],
    ['an open quote', 'a,b\n1,2\n3,"4\n5,6\n', 'A quote is opened and never closed.', 3, 'b'],
    ['text after a quote', 'a,b\n1,"2"3\n', 'There is text after a closing quote.', 2, 'b'],
    ['a name twice', 'id,ID\n1,2\n', "Columns 1 and 2 have the same name, 'ID'.", 1, 'ID'],
    ['no name', 'a,,c\n1,2,3\n', 'Column 2 has no name.', 1, undefined],
    ['an empty first line', '\na,b\n', 'The file has no header: its first line is empty.', 1, undefined],
    ['nothing at all', '', 'The file is empty: it has no header.', undefined, undefined],
    ['a byte order mark alone', '\ufeff', 'The file is empty: it has no header.', undefined, undefined],
    ['Latin-1', Buffer.from('a,b\n1,x\n2,M\xfcller\n', 'latin1'), 'The file is not UTF-8 here.', 3, undefined],
    ['UTF-16', Buffer.from('\ufeffa,b\n', 'utf16le'), 'The file is UTF-16, not UTF-8.', 1, undefined],
  ])('%s', async (_, content, message, line, columnName) => {
    expect(await failure(content)).toEqual({ message, line, columnName });
  });

  test.each([
    ['a,b\n1,2,3\n', 2, 5],
    ['a,b\n1,2\n"x\nyé",2,"3"\n', 4, 7],
    ['a,b,c\n1,2\n', 2, 4],
    ['a,b,c\r\n1,"2"\r\n', 2, 5],
    ['a,b\n1,2,', 2, 5],
  ])('%j: the place of the field too many, or of where one is missing', async (content, line, column) => {
    expect(await read(content).catch((e: unknown) => e)).toMatchObject({ line, column });
  });

  test('a file that is not there, a delimiter that is none, a gzip file that is cut off', async () => {
    await expect(readHeader('/nowhere/x.csv', { delimiter: ',' })).rejects.toThrow('The file does not exist.');
    await expect(readHeader(file('a\n'), { delimiter: ', ' })).rejects.toThrow('is not a single ASCII character');
    const cut = gzipSync('a,b\n' + 'x,y\n'.repeat(1000)).subarray(0, 30);
    await expect(read(cut, ',', 'cut.csv.gz')).rejects.toThrow('not a complete gzip file');
  });
});

test('any table is read back as it was written, over block boundaries', async () => {
  const field = fc.option(fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[ ",\r\na"]{0,6}$/), fc.constantFrom('null', 'x'.repeat(70_000))), {
    nil: null,
  });
  const table = fc.integer({ min: 1, max: 4 }).chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { maxLength: 40 }));
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom('\n', '\r\n'), fc.boolean(), async (rows, newline, last) => {
      const width = rows[0]?.length ?? 1;
      const header = Array.from({ length: width }, (_, i) => `c${i}`).join(',');
      const lines = rows.map((row) => row.map((f) => (f === null ? '' : `"${f.replaceAll('"', '""')}"`)).join(','));
      const text = [header, ...lines].join(newline) + (last || rows.at(-1)?.[0] === null ? newline : '');
      expect(await read(text)).toEqual(rows.filter((row) => width === 1 || row.length > 0));
    }),
    { numRuns: 150 },
  );
});

test('lines are those of the file', async () => {
  const lines: number[] = [];
  for await (const batch of readRecords(file('a,b\n"x\n\ny",1\n\n2,3\n'), { delimiter: ',' })) lines.push(...batch.map((r) => r.line));
  expect(lines).toEqual([2, 6]);
});
