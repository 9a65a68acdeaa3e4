// The thread behind FileWriter: batches of [path, text] come in, 'end' ends it. What was refused goes back.
import { parentPort, workerData } from 'node:worker_threads';
import { type Folders, type Refusal, writeAll } from './file-writer.ts';

const folders: Folders = { own: String(workerData), there: new Set() };

parentPort?.on('message', (batch: 'end' | readonly (readonly [string, string])[]) => {
  if (batch === 'end') return parentPort?.close();
  const refused: Refusal[] = writeAll(batch, folders);
  if (refused.length > 0) parentPort?.postMessage(refused);
});
