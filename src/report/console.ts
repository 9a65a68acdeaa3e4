// The process as a command sees it: output streams, terminal, environment, clock, Ctrl-C. With cli.ts the only file
// that touches `process`.
import { randomUUID } from 'node:crypto';
import { unwritten } from '../files/refusal.ts';
import { printDiagnostic } from './diagnostics.ts';
import { diagnosticJson } from './json-lines.ts';
import { LiveArea } from './live-area.ts';
import type { Io } from './output.ts';
import { palette } from './palette.ts';

export interface ConsoleOptions {
  readonly logFormat: 'text' | 'json';
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
  readonly version: string;
}

/** Of a terminal that does not know its size. */
const DEFAULT_WIDTH = 80;
const DEFAULT_HEIGHT = 24;

/** Everything from the process. The first Ctrl-C aborts the signal, the second ends the process at once. */
export function consoleIo(o: ConsoleOptions): Io {
  const { env, stdout, stderr } = process;
  const colored = (stream: NodeJS.WriteStream): boolean =>
    o.color &&
    o.logFormat === 'text' &&
    (env['NO_COLOR'] ?? '') === '' &&
    (env['FORCE_COLOR'] !== undefined ? env['FORCE_COLOR'] !== '0' : stream.isTTY && env['TERM'] !== 'dumb');
  const rewritable = o.logFormat === 'text' && !o.quiet && stderr.isTTY && stdout.isTTY && env['TERM'] !== 'dumb' && env['CI'] === undefined;
  const live = rewritable
    ? new LiveArea({
        write: (text) => void stdout.write(text),
        size: () => ({ columns: stdout.columns || DEFAULT_WIDTH, rows: stdout.rows || DEFAULT_HEIGHT }),
      })
    : undefined;
  const above = (write: () => void): void => (live === undefined ? write() : live.above(write));
  const results = gathered((text) => above(() => void stdout.write(text)));
  const err = (text: string): void => {
    results.flush();
    above(() => void stderr.write(text));
  };
  const asked = Number(env['COLUMNS']);
  // A terminal that does not know its width says 0.
  const columns = (stream: NodeJS.WriteStream): number | null =>
    Number.isInteger(asked) && asked > 0 ? asked : stream.isTTY && env['CI'] === undefined ? stream.columns || DEFAULT_WIDTH : null;
  const controller = new AbortController();
  const stop = (): void => {
    // An engine at work inside the process would hold up an orderly end.
    if (controller.signal.aborted) {
      results.flush();
      live?.hide();
      // As one that never caught it ends: at once, and whoever waits sees an interrupt.
      process.removeAllListeners('SIGINT').kill(process.pid, 'SIGINT');
    }
    controller.abort();
    // The terminal has written ^C where the cursor stood; the live lines are drawn over it, and without them a new line begins.
    err(`${live?.visible === true ? '' : '\n'}Stopping. Once more ends dwt at once.\n`);
  };
  process.once('exit', () => live?.hide());
  process.on('SIGINT', stop).on('SIGTERM', stop);
  for (const s of [stdout, stderr])
    s.on('error', (e: NodeJS.ErrnoException) => {
      // A reader that went away (`dwt ls | head`) is no reason to complain, but what still runs for it ends in good order.
      if (e.code === 'EPIPE') controller.abort();
      else if (s === stdout && !outputLost && e.code !== 'ERR_STREAM_DESTROYED') {
        outputLost = true;
        const d = unwritten('Standard output', e);
        stderr.write(o.logFormat === 'json' ? `${diagnosticJson(d)}\n` : `${printDiagnostic(d, () => undefined, palette(colored(stderr)), null)}\n`);
      }
    });
  return {
    output: {
      out: results.write,
      err,
      get outColumns() {
        return columns(stdout);
      },
      get errColumns() {
        return columns(stderr);
      },
      live,
      outColors: palette(colored(stdout)),
      errColors: palette(colored(stderr)),
      format: o.logFormat,
      quiet: o.quiet,
      verbose: o.verbose,
    },
    env,
    cwd: process.cwd(),
    now: () => new Date(),
    newId: randomUUID,
    signal: controller.signal,
    version: o.version,
    runtime: `${process.version} on ${process.platform} ${process.arch}`,
  };
}

/** A write for each of a thousand lines takes longer than making them: what comes within a moment is written together. */
function gathered(write: (text: string) => void): { readonly write: (text: string) => void; readonly flush: () => void } {
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
    const text = waiting;
    waiting = '';
    if (text !== '') write(text);
  };
  process.once('exit', flush);
  flushes.push(flush);
  return {
    write: (text) => {
      waiting += text;
      if (waiting.length > 16_384) flush();
      else timer ??= setTimeout(flush, 40);
    },
    flush,
  };
}

const flushes: (() => void)[] = [];
/** What was to be read from standard output is not there: no script may take that for a success. */
let outputLost = false;

/** Ends the process once everything written has left it. */
export async function exitWith(code: number): Promise<void> {
  for (const flush of flushes) flush();
  // What a file refuses is told a moment after it was written.
  await new Promise((resolve) => setImmediate(resolve));
  await Promise.all(
    [process.stdout, process.stderr].map((s) => new Promise<void>((resolve) => (s.writableLength === 0 ? resolve() : s.write('', () => resolve())))),
  );
  process.exit(outputLost && code === 0 ? 2 : code);
}
