// The true command line: `node bin/dwt.js` in a folder, as a person runs it. Out: exit code and both streams, apart.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** The program under test; DWT_CLI names another build of it. */
const PROGRAM = resolve(process.env['DWT_CLI'] ?? 'bin/dwt.js');

export interface CliResult {
  /** 128 plus the number of the signal where one ended the process, as a shell has it. */
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sends a signal once either stream has said `after`, and again for each `times`. */
  readonly signal?: { readonly name: NodeJS.Signals; readonly after: string; readonly wait: number; readonly times: number };
}

const NUMBERS: Readonly<Partial<Record<NodeJS.Signals, number>>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** Runs `dwt` with these arguments, without a terminal, 100 columns wide and without what the tester's environment would add. */
export function dwt(args: readonly string[], o: CliOptions): Promise<CliResult> {
  return new Promise((done, failed) => {
    const inherited = Object.entries(process.env).filter(([k]) => !/^(DWT_|DBT_|FORCE_COLOR$|NO_COLOR$|CI$|COLUMNS$|TZ$)/.test(k));
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: o.cwd,
      env: { ...Object.fromEntries(inherited), ...o.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    let sent = false;
    const listen = (stream: 'stdout' | 'stderr', text: string): void => {
      said[stream] += text;
      if (o.signal === undefined || sent || !said[stream].includes(o.signal.after)) return;
      sent = true;
      for (let i = 0; i < o.signal.times; i++) setTimeout(() => child.kill(o.signal!.name), o.signal.wait * (i + 1));
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => listen('stdout', text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => listen('stderr', text));
    child.on('error', failed);
    child.on('close', (code, signal) => done({ exit: code ?? 128 + (NUMBERS[signal!] ?? 0), ...said }));
  });
}

/** Words of a command line: quotes group, a backslash outside single quotes takes the next character as it is. */
export function words(line: string): string[] {
  const found: string[] = [];
  const word = /(?:[^\s'"\\]|\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*")+/g;
  const part = /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^'"\\]+)/g;
  for (const [text] of line.matchAll(word))
    found.push(
      [...text.matchAll(part)].map(([, single, double, escaped, plain]) => single ?? double?.replace(/\\([\s\S])/g, '$1') ?? escaped ?? plain).join(''),
    );
  return found;
}
