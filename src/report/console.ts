// The process as a command sees it: output streams, terminal, environment, clock, Ctrl-C. With cli.ts the only file
// that touches `process`.
import { randomUUID } from 'node:crypto';
import type { Io } from './output.ts';
import { palette } from './palette.ts';

export interface ConsoleOptions {
  readonly logFormat: 'text' | 'json';
  readonly quiet: boolean;
  readonly color: boolean;
  readonly version: string;
}

/** Everything from the process. The first Ctrl-C aborts the signal, the second ends the process at once. */
export function consoleIo(o: ConsoleOptions): Io {
  const { env, stdout, stderr } = process;
  const colored = (stream: NodeJS.WriteStream): boolean =>
    o.color && env['NO_COLOR'] === undefined && (env['FORCE_COLOR'] !== undefined ? env['FORCE_COLOR'] !== '0' : stream.isTTY && env['TERM'] !== 'dumb');
  const results = gathered(stdout);
  const columns = Number(env['COLUMNS']);
  const controller = new AbortController();
  const stop = (): void => {
    // An engine at work inside the process would hold up an orderly end.
    if (controller.signal.aborted) {
      results.flush();
      process.kill(process.pid, 'SIGKILL');
    }
    controller.abort();
    stderr.write('\nStopping. Once more ends dwt at once.\n');
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  // A reader that went away (`dwt ls | head`) is no reason to complain.
  for (const s of [stdout, stderr])
    s.on('error', (e: NodeJS.ErrnoException) => {
      if (e.code === 'EPIPE') process.exit(0);
    });
  return {
    output: {
      out: results.write,
      err: (text) => {
        results.flush();
        stderr.write(text);
      },
      width: Number.isInteger(columns) && columns > 0 ? columns : (stdout.columns ?? stderr.columns ?? 100),
      live: o.logFormat === 'text' && !o.quiet && stderr.isTTY && stdout.isTTY && env['TERM'] !== 'dumb' && env['CI'] === undefined,
      outColors: palette(colored(stdout)),
      errColors: palette(colored(stderr)),
      format: o.logFormat,
      quiet: o.quiet,
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
function gathered(stream: NodeJS.WriteStream): { readonly write: (text: string) => void; readonly flush: () => void } {
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
    if (waiting !== '') stream.write(waiting);
    waiting = '';
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

/** Ends the process once everything written has left it. */
export async function exitWith(code: number): Promise<void> {
  for (const flush of flushes) flush();
  await Promise.all(
    [process.stdout, process.stderr].map((s) => new Promise<void>((resolve) => (s.writableLength === 0 ? resolve() : s.write('', () => resolve())))),
  );
  process.exit(code);
}
