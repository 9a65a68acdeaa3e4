// What goes to a server's bulk load, and where its errors point to in the file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { inferColumns, readRecords } from '../csv/index.ts';
import { encodeCsv, fieldMode, LineMap } from './encode-csv.ts';

const folder = mkdtempSync(join(tmpdir(), 'dwt-encode-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function encode(
  text: string,
  o: { delimiter?: string; nullText?: string; booleans?: boolean; counts?: 'lines' | 'rows' } = {},
): Promise<{ csv: string; map: LineMap; path: string }> {
  const path = join(folder, 'x.csv');
  writeFileSync(path, text);
  const delimiter = o.delimiter ?? ',';
  const { columns } = await inferColumns(path, { delimiter, columnTypes: {} });
  const map = new LineMap();
  const blocks: Buffer[] = [];
  for await (const b of encodeCsv({
    path,
    delimiter,
    columns,
    modes: columns.map((c) => fieldMode(c, o.booleans ?? false)),
    nullText: o.nullText ?? '',
    counts: o.counts ?? 'lines',
    map,
  }))
    blocks.push(Buffer.from(b));
  return { csv: Buffer.concat(blocks).toString(), map, path };
}

test('plain rows go as they are; nulls, booleans and odd fields are put in order', async () => {
  expect((await encode('a,b\n1,x\n2,y\n3,z')).csv).toBe('1,x\n2,y\n3,z\n');
  expect((await encode('a,b\r\n1,null\r\n2,\r\n')).csv).toBe('1,\n2,\n');
  expect((await encode('a,b\n1,\n2,x\n', { nullText: 'NULL' })).csv).toBe('1,NULL\n2,x\n');
  expect((await encode('a;b\n1;"x;y,z"\n2;p,q\n', { delimiter: ';' })).csv).toBe('1,"x;y,z"\n2,"p,q"\n');
  expect((await encode('n,t,f\n1,"",TRUE\n"",x,\n', { booleans: true, nullText: 'NULL' })).csv).toBe('1,"",1\nNULL,x,NULL\n');
  expect((await encode('a,b\n1,in"side\n2, "spaced" \n')).csv).toBe('1,"in""side"\n2,"spaced"\n');
});

test("the server's lines and rows point to the file's", async () => {
  const text = 'a,b\n1,"x\ny"\n\n2,z\n3,"p\nq\nr"\n4,s\n';
  const lines = (await encode(text)).map;
  expect([1, 3, 4, 7].map((n) => lines.line(n))).toEqual([2, 5, 6, 9]);
  const rows = (await encode(text, { counts: 'rows' })).map;
  expect([1, 2, 3, 4].map((n) => rows.line(n))).toEqual([2, 5, 6, 9]);
});

test('reading the result gives the same records', async () => {
  const field = fc.constantFrom(
    '',
    '""',
    'null',
    '"null"',
    'x',
    '1',
    'tr"ue',
    '"a,b"',
    '"say ""hi"""',
    '"two\nlines"',
    'back\\slash',
    ' "spaced"',
    'é😀',
    'long '.repeat(60),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(field, field, field), { minLength: 1, maxLength: 40 }), fc.constantFrom('\n', '\r\n'), async (rows, newline) => {
      const { csv, path } = await encode(['h1,h2,h3', 't,t,t', ...rows.map((r) => r.join(','))].join(newline) + newline);
      const read = async (p: string): Promise<unknown[]> => {
        const all: unknown[] = [];
        for await (const batch of readRecords(p, { delimiter: ',' })) all.push(...batch.map((r) => r.fields));
        return all;
      };
      const before = await read(path);
      writeFileSync(path, `h1,h2,h3\n${csv}`);
      expect(await read(path)).toEqual(before);
    }),
    { numRuns: 150 },
  );
});
