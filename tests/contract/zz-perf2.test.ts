import { test } from 'vitest';
import { inferColumns } from '../../src/adapters/csv/index.ts';
import { openCsv } from '../../src/adapters/csv/scan.ts';
import { encodeCsv, fieldMode, LineMap } from '../../src/adapters/postgres/server/encode-csv.ts';
const path = '/tmp/dwt-try/million.csv';
test('x', async () => {
  for (let i = 0; i < 3; i++) {
    let t = Date.now();
    const { columns } = await inferColumns(path, { delimiter: ',', columnTypes: {} });
    const a = Date.now() - t; t = Date.now();
    for await (const _ of (await openCsv(path, { delimiter: ',' })).batches) void _;
    const b = Date.now() - t; t = Date.now();
    let n = 0;
    for await (const x of encodeCsv({ path, delimiter: ',', columns, modes: columns.map((c) => fieldMode(c, false)), nullText: '', counts: 'lines', map: new LineMap() })) n += x.length;
    console.log('infer', a, 'scan', b, 'encode', Date.now() - t, n);
  }
}, 60000);
