#!/usr/bin/env node
import module from 'node:module';

// Where Node can (22), it keeps what it compiled for the next command.
module.enableCompileCache?.();
await import('../dist/bundle/cli.js');
