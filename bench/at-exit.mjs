// Loaded before a measured Node process where there is no GNU time: writes what the process used when it ends.
import { writeFileSync } from 'node:fs';

const file = process.env['DWT_BENCH_TOOK'];
if (file !== undefined) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    writeFileSync(file, `${userCPUTime / 1e6} ${systemCPUTime / 1e6} ${maxRSS}`);
  });
}
