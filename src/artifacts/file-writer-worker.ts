// The thread behind FileWriter: batches of [path, text] come in, 'end' ends it.
import { parentPort } from 'node:worker_threads';
import { writeIfChanged } from './file-writer.ts';

const folders = new Set<string>();

parentPort?.on('message', (batch: 'end' | readonly (readonly [string, string])[]) => {
  if (batch === 'end') parentPort?.close();
  else for (const [path, text] of batch) writeIfChanged(path, text, folders);
});
