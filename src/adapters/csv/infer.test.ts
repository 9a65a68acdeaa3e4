import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inferColumns } from './infer.ts';
import type { CsvColumn } from './infer.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dwt-infer-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function infer(content: string, columnTypes: Record<string, string> = {}, sampleRows?: number): Promise<readonly CsvColumn[]> {
  const file = path.join(folder, 'seed.csv');
  writeFileSync(file, content);
  return (await inferColumns(file, { delimiter: ',', columnTypes, ...(sampleRows !== undefined && { sampleRows }) })).columns;
}

const typeOf = async (...values: string[]): Promise<CsvColumn['type']> => (await infer(`v,w\n${values.map((v) => `${v},\n`).join('')}`))[0]!.type;

describe('the type that a column gets', () => {
  test.each<[CsvColumn['type'], string[]]>([
    ['integer', ['1', '-2147483648', '2147483647', '0', '-0']],
    ['integer', ['1', '', 'null', '"3"']],
    ['bigint', ['1', '2147483648']],
    ['bigint', ['-9223372036854775808', '9223372036854775807']],
    ['text', ['9223372036854775808']],
    ['double', ['1', '2.5', '.5', '5.', '-1.5e-3', '1E+5']],
    ['text', ['9007199254740993', '0.5']], // a double would make it 9007199254740992
    ['text', ['1e999']],
    ['text', ['02134', '10115']], // a postal code is no quantity
    ['text', ['007.5']],
    ['double', ['0.5', '0']],
    ['text', ['+49301234567']],
    ['text', [' 1']],
    ['text', ['1 000']],
    ['text', ['"1,000"']],
    ['text', ['1_000']],
    ['text', ['0x1A']],
    ['text', ['NaN']],
    ['text', ['-']],
    ['text', ['.']],
    ['text', ['1e']],
    ['boolean', ['true', 'False', 'TRUE', '']],
    ['integer', ['1', '0']],
    ['text', ['true', '1']],
    ['text', ['yes', 'no']],
    ['text', ['t', 'f']],
    ['date', ['2024-02-29', '0001-01-01']],
    ['text', ['2023-02-29']],
    ['text', ['1900-02-29']],
    ['date', ['2024-1-5', '2024-12-15', '2024-1-15']],
    ['text', ['2024-1-32']],
    ['text', ['2024-1-']],
    ['text', ['2024-001-05']],
    ['text', ['24-1-5']],
    ['timestamp', ['2024-1-5 9:00', '2024-01-05T9:5:7', '2024-1-15 23:05:7.5', '2024-1-5']],
    ['text', ['2024-1-5 9']],
    ['text', ['2024-1-5 9:60']],
    ['text', ['2024-1-5 9:00:']],
    ['text', ['2024-1-5 9:00:00.']],
    ['text', ['2024-1-5 009:00']],
    ['text', ['2024/01/05']],
    ['text', ['0000-01-01']],
    ['timestamp', ['2024-01-05 10:00:00', '2024-01-05T10:00', '2024-01-05 23:59:59.123456']],
    ['timestamp', ['2024-01-05', '2024-01-05 10:00:00']],
    ['text', ['2024-01-05 24:00:00']],
    ['text', ['2024-01-05 10:00:00Z']], // no type of ours keeps the zone
    ['text', ['2024-01-05 10:00:00+02:00']],
    ['text', ['2024-01-05 10:00:00.1234567']],
    ['text', ['2024-01-05 10']],
    ['text', ['1', '2024-01-05']],
    ['text', ['', '']],
    ['text', ['N/A', '1']],
    ['text', ['""']],
  ])('%s: %j', async (type, values) => {
    expect(await typeOf(...values)).toBe(type);
  });
});

test('a fixed type is kept, whatever the case of the name', async () => {
  expect((await infer('Zip,n\n02134,1\n', { zip: 'varchar(5)' }))[0]).toMatchObject({ name: 'Zip', type: { fixed: 'varchar(5)' } });
});

test('a fixed integer refuses what engines would round', async () => {
  await expect(infer('a,n\nx,1\ny,1.5\n', { n: 'bigint' })).rejects.toMatchObject({
    line: 3,
    columnName: 'n',
    message: "The value '1.5' of column 'n' does not fit its type, bigint.",
  });
  await expect(infer('n\n007\n+5\n', { n: 'int' })).resolves.toHaveLength(1);
});

test('a quoted empty field is told of', async () => {
  expect((await infer('a,b\n1,x\n"",\n')).map((c) => c.hasQuotedEmpty)).toEqual([true, false]);
  expect((await infer('a,b\n1,x\n"",\n'))[0]!.type).toBe('integer');
});

test('a sample is a beginning', async () => {
  const rows = Array.from({ length: 200_000 }, (_, i) => String(i)).join('\n');
  expect((await infer(`n\n${rows}\nx\n`, {}, 1000))[0]!.type).toBe('integer');
  expect((await infer(`n\n${rows}\nx\n`))[0]!.type).toBe('text');
});
