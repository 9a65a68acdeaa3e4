// The declaration in seeds/ and the files beside it: what the demo warehouse is built from. In: both, as they are in the
// repository. Out: that the files are what the declaration makes, and that the rules of a shop hold, checked by arithmetic.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { generate, parseDeclaration } from './generate.ts';

vi.setConfig({ testTimeout: 60_000 }); // a loaded machine is no failure

const SEEDS = fileURLToPath(new URL('../../seeds/', import.meta.url));
const TABLES = ['customers', 'products', 'stores', 'promotions', 'transactions'] as const;
type Row = Readonly<Record<string, string>>;
type Shop = Readonly<Record<(typeof TABLES)[number], readonly Row[]>>;

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dwt-shop-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function rowsOf(text: string): Row[] {
  const cells = text
    .trimEnd()
    .split('\n')
    .map((line) => Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), (m) => m[1]?.replaceAll('""', '"') ?? m[2]!));
  return cells.slice(1).map((row) => Object.fromEntries(row.map((cell, i) => [cells[0]![i]!, cell])));
}

async function shopOn(until?: string): Promise<Shop> {
  const d = parseDeclaration(await readFile(join(SEEDS, 'generate.yml'), 'utf8'), 'seeds/generate.yml');
  await generate(d, dir, until === undefined ? {} : { until });
  return shopIn(dir);
}

async function shopIn(folder: string): Promise<Shop> {
  const files = await Promise.all(TABLES.map(async (t) => [t, rowsOf(await readFile(join(folder, `${t}.csv`), 'utf8'))] as const));
  return Object.fromEntries(files) as unknown as Shop;
}

const cents = (text: string): bigint => BigInt(text.replace(/^(\d+)\.(\d\d)$/, '$1$2'));
const halfUp = (n: bigint, by: bigint): bigint => (2n * n + by) / (2n * by);
const byId = (rows: readonly Row[], id: string): Map<string, Row> => new Map(rows.map((row) => [row[id]!, row]));
const distinct = (rows: readonly Row[], ...names: string[]): number => new Set(rows.map((row) => names.map((n) => row[n]).join('/'))).size;

/** What holds on any day. Cheap checks by hand: expect() for each of 60,000 rows would take longer than making them. */
function check(shop: Shop): void {
  const { customers, products, stores, promotions, transactions } = shop;
  const wrong: unknown[] = [];
  for (const p of products) {
    const [cost, price] = [cents(p['unit_cost']!), cents(p['unit_price']!)];
    if (cost < 1000n || cost > 50000n || price * 10n < cost * 13n || price * 10n > cost * 25n) wrong.push(p);
  }
  const [people, shops, offers] = [byId(customers, 'customer_id'), byId(stores, 'store_id'), byId(promotions, 'promotion_id')];
  for (const t of transactions) {
    const offer = offers.get(t['promotion_id']!)!;
    const day = t['transaction_date']!;
    const gross = cents(t['unit_price']!) * BigInt(t['quantity']!);
    const discount = halfUp(gross * cents(offer['discount_percentage']!), 10000n);
    const tax = halfUp((gross - discount) * 8n, 100n);
    const known = shops.has(t['store_id']!) && people.get(t['customer_id']!)!['registration_date']! <= day;
    const active = offer['start_date']! <= day && day <= offer['end_date']!;
    if (!known || !active || discount !== cents(t['discount_amount']!) || tax !== cents(t['tax_amount']!)) wrong.push(t);
  }
  expect(wrong).toEqual([]);
  expect(distinct(transactions, 'transaction_id', 'line_item_number')).toBe(transactions.length);
  expect([distinct(customers, 'customer_id'), distinct(products, 'product_id'), distinct(stores, 'store_id'), distinct(promotions, 'promotion_id')]).toEqual(
    [customers, products, stores, promotions].map((rows) => rows.length),
  );
}

describe('the files in seeds/', () => {
  test('are what the declaration makes, byte by byte', async () => {
    await shopOn();
    for (const table of TABLES) expect((await readFile(join(dir, `${table}.csv`))).equals(await readFile(join(SEEDS, `${table}.csv`))), table).toBe(true);
  });

  test('follow the rules of the shop', async () => {
    const shop = await shopIn(SEEDS);
    const { customers, products, stores, promotions, transactions } = shop;
    check(shop);
    expect([customers, products, stores, promotions].map((rows) => rows.length)).toEqual([1000, 500, 20, 51]);
    expect(distinct(transactions, 'transaction_id')).toBe(10_000);
    expect(transactions.map((t) => t['transaction_date']!).every((day) => day >= '2024-01-01' && day <= '2024-12-31')).toBe(true);
    expect(
      transactions.every((t) => /^TRANS\d{10}$/.test(t['transaction_id']!) && /^[1-5]$/.test(t['quantity']!) && /^[1-5]$/.test(t['line_item_number']!)),
    ).toBe(true);
    const prices = byId(products, 'product_id');
    expect(transactions.every((t) => t['unit_price'] === prices.get(t['product_id']!)!['unit_price'])).toBe(true);
    for (const person of customers) {
      expect(person).toMatchObject({
        country: 'USA',
        customer_id: expect.stringMatching(/^CUST\d{6}$/),
        gender: expect.stringMatching(/^(Male|Female|Other)$/),
      });
      expect(person['registration_date']! > '2021-12-31' && person['registration_date']! <= '2024-12-31').toBe(true);
      expect(person['birth_date']! >= '1944-12-31' && person['birth_date']! <= '2006-12-31').toBe(true);
      expect(person['phone']!.length).toBeLessThanOrEqual(20);
      expect(person['state']).toMatch(/^[A-Z][a-z]+( [A-Z][a-z]+)*$/);
    }
    expect(distinct(products, 'category', 'subcategory')).toBe(16);
    expect(promotions[0]).toMatchObject({
      promotion_id: 'PROMO000',
      promotion_name: 'No Promotion',
      discount_percentage: '0.00',
      end_date: '2099-12-31',
    });
    for (const p of promotions.slice(1)) {
      const days = (Date.parse(p['end_date']!) - Date.parse(p['start_date']!)) / 86_400_000;
      expect(days >= 7 && days <= 60 && Number(p['discount_percentage']) >= 5 && Number(p['discount_percentage']) <= 50).toBe(true);
    }
    const active = (day: string): boolean => promotions.some((p) => p['promotion_id'] !== 'PROMO000' && p['start_date']! <= day && day <= p['end_date']!);
    const days = new Set(transactions.map((t) => t['transaction_date']!).filter(active));
    const lines = transactions.filter((t) => days.has(t['transaction_date']!));
    expect(lines.filter((t) => t['promotion_id'] !== 'PROMO000').length / lines.length).toBeCloseTo(0.3, 1);
  });
});

test('quarter by quarter the shop goes on: nothing is lost, some of it changes, some comes late', { timeout: 60_000 }, async () => {
  const changed = { customers: 0, products: 0, late: 0 };
  let before = await shopIn(SEEDS);
  let text = await readFile(join(SEEDS, 'transactions.csv'), 'utf8');
  let last = '2024-12-31';
  for (let month = 3; month <= 12; month += 3) {
    const until = new Date(Date.UTC(2025, month, 0)).toISOString().slice(0, 10);
    const shop = await shopOn(until);
    check(shop);
    const now = await readFile(join(dir, 'transactions.csv'), 'utf8');
    expect(now.startsWith(text)).toBe(true);
    for (const [table, id] of [
      ['customers', 'customer_id'],
      ['products', 'product_id'],
    ] as const) {
      const rows = byId(shop[table], id);
      for (const row of before[table]) if (JSON.stringify(rows.get(row[id]!)) !== JSON.stringify(row)) changed[table]++;
      expect(shop[table].length).toBeGreaterThan(before[table].length);
    }
    changed.late += shop.transactions.slice(before.transactions.length).filter((t) => t['transaction_date']! <= last).length;
    [before, text, last] = [shop, now, until];
  }
  expect(changed.customers).toBeGreaterThan(100);
  expect(changed.products).toBeGreaterThan(100);
  expect(changed.late).toBeGreaterThan(10);
});
