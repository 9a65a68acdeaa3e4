import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Failure } from '../diagnostics/diagnostic.ts';
import { generate, parseDeclaration, type GenerateOptions } from './generate.ts';

vi.setConfig({ testTimeout: 60_000 }); // a loaded machine is no failure

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dwt-generate-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** The files of a declaration, by table. */
async function files(text: string, options: GenerateOptions = {}): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const paths: [string, string][] = [];
  await generate(parseDeclaration(text, 'generate.yml'), dir, options, ({ table, path }) => paths.push([table, path]));
  for (const [table, path] of paths) found[table] = await readFile(path, 'utf8');
  return found;
}

/** One column of a CSV text without quotes. */
function column(text: string, name: string): string[] {
  const [header, ...rows] = text.trimEnd().split('\n');
  const index = header!.split(',').indexOf(name);
  return rows.map((row) => row.split(',')[index]!);
}

const SHOP = `
seed: 7
as_of: 2024-12-31
tables:
  people:
    rows: 40
    arrive: {from: 2023-06-01}
    grow: {rows: 10, per: month}
    columns:
      id: {sequence: 'P{:03}'}
      name: {faker: person.firstName}
      since: {expr: arrived}
      tier: {choice: {gold: 1, basic: 3}}
    changes:
      tier: {every: 60, from: 2024-01-01, set: {tier: {by: tier, choice: {gold: [basic], basic: [gold]}}}}
  goods:
    rows: 15
    columns:
      id: {sequence: 'G{:03}'}
      cost: {decimal: [1, 20], hidden: true}
      price: {expr: 'round(cost * 1.5, 2)'}
    changes:
      price: {every: 90, set: {price: {expr: 'round(price * 1.1, 2)'}}}
  offers:
    rows: 6
    fixed: [{id: NONE, percent: 0.00, from: 2000-01-01, to: 2099-12-31}]
    columns:
      id: {sequence: 'O{:03}'}
      percent: {decimal: [5, 50]}
      from: {date: ['as_of - 400', 'as_of']}
      days: {int: [5, 50], hidden: true}
      to: {expr: from + days}
  orders:
    hidden: true
    rows: 200
    arrive: {from: 2024-01-01}
    grow: {rows: 2, per: day}
    rhythm: {weekdays: [1, 1, 1, 1, 1, 3, 0], noise: 0.5}
    columns:
      id: {sequence: '{}', start: 100}
      late: {choice: {0: 1, 5: 1}, hidden: true}
      day: {expr: 'greatest(arrived - late, 2024-01-01)'}
      person: {ref: people, column: id, at: arrived}
  lines:
    each: {table: orders, as: order, rows: [1, 4]}
    columns:
      order_id: {expr: order.id}
      line: {sequence: '{}'}
      day: {expr: order.day}
      person: {expr: order.person}
      good: {ref: goods, column: id, as: g, at: order.day}
      offer: {ref: offers, column: id, as: o, at: order.day, chance: 0.5, where: "o.from <= order.day and o.to >= order.day and o.id != 'NONE'", else: o.id = 'NONE'}
      price: {expr: g.price}
      off: {expr: 'round(price * o.percent / 100, 2)'}
`;

describe('the same input, the same bytes', () => {
  test('whatever the time zone and the day', async () => {
    const here = await files(SHOP, { until: '2025-03-01' });
    const zone = process.env.TZ;
    try {
      for (const tz of ['Pacific/Auckland', 'America/Los_Angeles']) {
        process.env.TZ = tz;
        expect(await files(SHOP, { until: '2025-03-01' })).toEqual(here);
      }
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  test('another seed makes another world; the option wins over the file', async () => {
    const one = await files(SHOP);
    expect(await files(SHOP, { seed: 7 })).toEqual(one);
    expect((await files(SHOP, { seed: 8 })).people).not.toBe(one.people);
  });

  test('a new column or table leaves all others as they are', async () => {
    const before = await files(SHOP);
    const after = await files(
      SHOP.replace('      name: {faker', '      age: {int: [18, 80], nulls: 0.1}\n      name: {faker').replace(
        'tables:',
        'tables:\n  first: {rows: 5, columns: {x: {int: [1, 9]}}}',
      ),
    );
    for (const name of ['id', 'name', 'since', 'tier']) expect(column(after.people!, name)).toEqual(column(before.people!, name));
    expect(after.lines).toBe(before.lines);
  });

  test('only some tables are as they are among all', async () => {
    const all = await files(SHOP);
    expect(await files(SHOP, { tables: ['lines'] })).toEqual({ lines: all.lines });
  });
});

describe('time', () => {
  const days = fc.integer({ min: 0, max: 550 }).map((n) => new Date(Date.UTC(2024, 0, 1) + n * 86_400_000).toISOString().slice(0, 10));

  test('a later day has all an earlier one had', async () => {
    await fc.assert(
      fc.asyncProperty(days, days, async (a, b) => {
        const [early, later] = a < b ? [a, b] : [b, a];
        const [before, after] = [await files(SHOP, { until: early }), await files(SHOP, { until: later })];
        expect(after.lines!.startsWith(before.lines!)).toBe(true);
        const ids = column(before.people!, 'id');
        expect(column(after.people!, 'id').slice(0, ids.length)).toEqual(ids);
        for (const name of ['name', 'since']) expect(column(after.people!, name).slice(0, ids.length)).toEqual(column(before.people!, name));
        for (const day of column(before.lines!, 'day')) expect(day <= early).toBe(true);
        for (const person of column(before.lines!, 'person')) expect(ids).toContain(person);
      }),
      { numRuns: 15 },
    );
  });

  test('no day is the as-of date; late rows are dated before the day they appear', async () => {
    const base = await files(SHOP);
    expect(await files(SHOP, { until: '2024-12-31' })).toEqual(base);
    expect(new Set(column(base.lines!, 'order_id')).size).toBe(200);
    const next = column((await files(SHOP, { until: '2025-02-28' })).lines!, 'day').slice(column(base.lines!, 'day').length);
    expect(next.some((day) => day <= '2024-12-31')).toBe(true);
  });

  test('columns change, and a line has the price of its day', async () => {
    const base = await files(SHOP);
    const grown = await files(SHOP, { until: '2025-12-31' });
    const price = (text: string): Map<string, string> => new Map(column(text, 'id').map((id, i) => [id, column(text, 'price')[i]!]));
    expect([...price(grown.goods!)]).not.toEqual([...price(base.goods!)]);
    const firsts = price(base.goods!);
    column(base.lines!, 'good').forEach((good, i) => expect(column(base.lines!, 'price')[i]).toBe(firsts.get(good)));
    const june = price((await files(SHOP, { until: '2025-06-15' })).goods!);
    column(grown.lines!, 'day').forEach((day, i) => {
      if (day === '2025-06-15') expect(column(grown.lines!, 'price')[i]).toBe(june.get(column(grown.lines!, 'good')[i]!));
    });
  });
});

test('a condition holds for every row that is found by it', async () => {
  const { offers, lines } = await files(SHOP);
  const ids = column(offers!, 'id');
  const of = (name: string): string[] => column(offers!, name);
  let used = 0;
  column(lines!, 'offer').forEach((offer, i) => {
    const [day, at] = [column(lines!, 'day')[i]!, ids.indexOf(offer)];
    expect(of('from')[at]! <= day && day <= of('to')[at]!).toBe(true);
    if (offer !== 'NONE') used++;
  });
  expect(used).toBeGreaterThan(10);
});

test('scale multiplies made rows and leaves fixed ones', async () => {
  const { people, offers, lines } = await files(SHOP, { scale: 5 });
  expect(column(people!, 'id')).toHaveLength(200);
  expect(column(offers!, 'id')).toHaveLength(31);
  expect(new Set(column(lines!, 'order_id')).size).toBe(1000);
});

test('unchanged files are reported so', async () => {
  const changes = async (): Promise<boolean[]> => {
    const seen: boolean[] = [];
    await generate(parseDeclaration(SHOP, 'g.yml'), dir, {}, ({ changed }) => seen.push(changed));
    return seen;
  };
  expect(await changes()).toEqual([true, true, true, true]);
  await writeFile(join(dir, 'goods.csv'), 'x');
  expect(await changes()).toEqual([false, true, false, false]);
});

describe('what can not be', () => {
  const refused = async (text: string, options: GenerateOptions = {}): Promise<string[]> => {
    try {
      await files(text, options);
    } catch (e) {
      if (e instanceof Failure) return e.diagnostics.map((d) => `${d.span?.line ?? '-'} ${d.code} ${d.message}${d.help === undefined ? '' : ` | ${d.help}`}`);
      throw e;
    }
    return [];
  };

  test('options are refused, all at once', async () => {
    expect(await refused(SHOP, { until: '2025-02-30', scale: 0, seed: 1.5, tables: ['poeple', 'orders'] })).toEqual([
      "- generate/option '2025-02-30' is no day. | Write the date as 2025-06-30.",
      '- generate/option The scale must be above 0 and at most 1000000, not 0.',
      '- generate/option The seed must be a whole number, not 1.5.',
      "- generate/option There is no table 'poeple' in generate.yml. | Did you mean 'people'?",
      "- generate/option Table 'orders' is hidden: it has no file. | Tables: people, goods, offers, lines.",
    ]);
  });

  test.each([
    ['x: {expr: row / (row - 3)}', '6 generate/evaluation Row 3: Division by zero.'],
    ['x: {int: [row, 2]}', '6 generate/evaluation Row 3: The range is empty: row is above 2.'],
    ['x: {by: k, choice: {a: [1]}}', "6 generate/evaluation Row 1: There is no choice for 'b'."],
    ['x: {faker: number.int, args: [{min: 5, max: 1}]}', "6 generate/evaluation Row 1: faker's number.int failed: Max 1 should be greater than min 5."],
  ])('%s stops, and no file has changed', async (spec, message) => {
    const text = `as_of: 2024-12-31\ntables:\n  a: {rows: 9, columns: {x: 1}}\n  t: {rows: 9, columns: {\n    k: b,\n    ${spec}}}\n`;
    await writeFile(join(dir, 'a.csv'), 'mine');
    expect(await refused(text)).toEqual([message]);
    expect(await readdir(dir)).toEqual(['a.csv']);
    expect(await readFile(join(dir, 'a.csv'), 'utf8')).toBe('mine');
  });

  test('a locale that does not exist', async () => {
    expect(await refused(`locale: xx\n${SHOP}`)).toEqual([expect.stringContaining("1 generate/value 'xx' is no locale of faker.")]);
  });

  test('a folder that can not be', async () => {
    await writeFile(join(dir, 'file'), '');
    const e = await generate(parseDeclaration(SHOP, 'g.yml'), join(dir, 'file'), {}).catch((error: unknown) => error);
    expect(e).toBeInstanceOf(Failure);
    expect((e as Failure).diagnostics[0]).toMatchObject({ code: 'files/not-written' });
  });
});
