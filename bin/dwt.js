#!/usr/bin/env node
import module from 'node:module';

// Where Node can (22), it keeps what it compiled for the next command.
module.enableCompileCache?.();
const program = new URL('../dist/bundle/cli.js', import.meta.url);
await import(program.href).catch((e) => {
  if (e?.code !== 'ERR_MODULE_NOT_FOUND' || e.url !== program.href) throw e;
  process.stderr.write('error: dwt has not been built here: there is no dist/bundle/cli.js.\n\nhelp: npm run build\n');
  process.exitCode = 2;
});
