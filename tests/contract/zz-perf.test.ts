import { test } from 'vitest';
import { createWriteStream, createReadStream, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { startEngine } from '../support/engines.ts';
import { postgres } from '../../src/adapters/postgres/index.ts';
import { mysql } from '../../src/adapters/mysql/index.ts';
const path = '/tmp/dwt-try/million.csv';
test('make', async () => {
  const out = createWriteStream(path);
  out.write('id,customer,ordered_at,amount,quantity,note,flag\n');
  let s = '';
  for (let i = 0; i < 1_000_000; i++) {
    s += `${i},customer ${i % 5000},2024-0${1 + (i % 9)}-1${i % 9} 10:0${i % 9}:00,${(i % 1000) / 4},${i % 50},"some, text ${i % 77}",${i % 3 ? 'true' : 'false'}\n`;
    if (s.length > 1e6) { if (!out.write(s)) await once(out, 'drain'); s = ''; }
  }
  out.end(s); await once(out, 'finish');
}, 60000);
test.each([['postgres', postgres], ['mysql', mysql]] as const)('%s', async (name, adapter) => {
  const e = await startEngine(name);
  if (!e.available) throw new Error(e.reason);
  const w = await adapter.connect(e.target, { root: '/tmp', threads: 2 });
  const s = await w.session();
  const { database, schema } = adapter.defaults(e.target);
  const base = process.memoryUsage.rss() / 1e6; let peak = 0; const timer = setInterval(() => { peak = Math.max(peak, process.memoryUsage.rss() / 1e6); }, 50);
  for (const round of [1, 2]) {
    let t = Date.now();
    const r = { database, schema, identifier: 'm' + round };
    await s.load({ relation: r, path, displayPath: 'x', delimiter: ',', columnTypes: {} });
    const ours = Date.now() - t;
    await s.run(`create table n${round} as select * from m${round} where 1=0`);
    t = Date.now();
    if (name === 'postgres') {
      const pg = (await import('pg')).default; const { from } = await import('pg-copy-streams');
      const c = new pg.Client({ connectionString: e.url! }); await c.connect();
      t = Date.now();
      await pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), c.query(from(`copy n${round} from stdin (format csv, header true)`)));
      await c.end();
    } else {
      const { createConnection } = await import('mysql2/promise');
      const c = await createConnection({ uri: e.url! }); 
      t = Date.now();
      await c.query({ sql: `load data local infile 'x' into table n${round} character set utf8mb4 fields terminated by ',' optionally enclosed by '"' lines terminated by '\n' ignore 1 lines (id,customer,ordered_at,amount,quantity,note,@f) set flag = @f = 'true'`, infileStreamFactory: () => createReadStream(path, { highWaterMark: 1 << 18 }) } as never);
      await c.end();
    }
    console.log(name, round, 'ours', ours, 'native', Date.now() - t, 'rss', base.toFixed(0), peak.toFixed(0));
  }
  clearInterval(timer);
  await s.release(); await w.close(); await e.stop();
}, 120000);
