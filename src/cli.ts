// argv to one command (program.ts), what was thrown to a message, the outcome to an exit code. With report/console.ts and
// index.ts the only file that touches `process`.
import { type Command, CommanderError } from 'commander';
import { preferSingleFiles } from './api/packages.ts';
import { packageVersion } from './api/version.ts';
import type { ExitCode, Io } from './commands/io.ts';
import { program, type Raw } from './program.ts';
import { consoleIo, exitWith } from './report/console.ts';

const VERSION = packageVersion();
preferSingleFiles();

/** What a command gets from the process, by the flags that it was given. */
function ioOf(o: Raw): Io {
  return consoleIo({
    logFormat: o['logFormat'] === 'json' ? 'json' : 'text',
    quiet: o['quiet'] === true,
    verbose: o['verbose'] === true,
    color: o['color'] !== false,
    version: VERSION,
  });
}

async function main(argv: readonly string[]): Promise<void> {
  if (!hasFolder()) {
    process.stderr.write('error[cli/usage] The folder that you are in is no longer there.\n  help: Change into another one.\n');
    return await exitWith(2);
  }
  let code: ExitCode = 0;
  let current: Io | undefined;
  const plain = argv.includes('--no-color');
  const p = program({
    version: VERSION,
    io: (o) => (current = ioOf(o)),
    done: (c) => (code = c),
    bold: (s) => (plain ? s : `\u001b[1m${s}\u001b[22m`),
  });
  try {
    if (argv[2] === '__complete') await answerTab(p, argv.slice(3));
    else if (argv.length <= 2) p.outputHelp();
    else await p.parseAsync([...argv.slice(0, 2), ...commandFirst(p, argv.slice(2))]);
  } catch (e) {
    code = await explainToPerson(
      e,
      current ?? ioOf({ color: !plain, ...(/ --log-format[ =]json( |$)/.test(argv.join(' ')) ? { logFormat: 'json' } : {}) }),
      p,
      argv.slice(2),
    );
  }
  await exitWith(code);
}

/** A folder can be removed while a shell is in it. */
function hasFolder(): boolean {
  try {
    return process.cwd() !== '';
  } catch {
    return false;
  }
}

/** Options of a command may stand before it, too: `dwt --project-dir shop build`. */
function commandFirst(p: Command, words: readonly string[]): readonly string[] {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const command = p.commands.find((c) => c.name() === word || c.aliases().includes(word));
    if (command !== undefined) return [word, ...words.slice(0, i), ...words.slice(i + 1)];
    if (!word.startsWith('-') || word === '--' || word === '--help' || word === '-h' || word === '--version' || word === '-V') return words;
    const option = p.commands.flatMap((c) => c.options).find((o) => o.long === word || o.short === word);
    if (option?.required === true) i++;
  }
  return words;
}

/** A shell asks what the last word may become. It gets an answer or none, never a message. */
async function answerTab(p: Command, words: readonly string[]): Promise<void> {
  try {
    const io = ioOf({ quiet: true });
    const { completionLines } = await import('./commands/completion.ts');
    for (const line of completionLines(io, p, words)) io.output.out(`${line}\n`);
  } catch {
    // Nothing to offer.
  }
}

/** The one place that turns what was thrown into a message. */
async function explainToPerson(e: unknown, io: Io, p: Command, words: readonly string[]): Promise<ExitCode> {
  if (e instanceof CommanderError && e.exitCode === 0) return 0;
  io.output.live?.hide();
  const [{ Failure, error, isRefusal, refused }, { printDiagnostics, projectRoot }] = await Promise.all([
    import('./api/api.ts'),
    import('./commands/project.ts'),
  ]);
  const at = words.indexOf('--project-dir');
  const root = projectRoot(io.cwd, at >= 0 ? words[at + 1] : undefined);
  if (io.signal.aborted) {
    io.output.err('Interrupted.\n');
    return 130;
  }
  if (e instanceof CommanderError) {
    const { explainUsage } = await import('./report/usage.ts');
    printDiagnostics(io, [explainUsage(e, p, words)], root);
    return 2;
  }
  if (e instanceof Failure) {
    printDiagnostics(io, e.diagnostics, root);
    const errors = e.diagnostics.filter((d) => d.severity === 'error').length;
    if (errors > 1 && io.output.format === 'text') io.output.err(`${errors} errors\n`);
    return 2;
  }
  if (isRefusal(e)) {
    printDiagnostics(io, [refused(e)], root);
    return 2;
  }
  const thrown = e as Error;
  if (thrown instanceof RangeError && thrown.message.includes('call stack')) {
    const message = 'Something in the project, or on the command line, is nested too deeply to be read.';
    printDiagnostics(io, [error('template/limit', message, { help: 'Make an expression of thousands of parts shorter, such as by a loop.' })], root);
    return 2;
  }
  printDiagnostics(
    io,
    [
      error('internal/bug', `dwt itself failed: ${thrown.message}`, {
        help: `Please report this, with these lines:\n${(thrown.stack ?? '')
          .split('\n')
          .slice(1, 6)
          .map((l) => l.trim())
          .join('\n')}`,
      }),
    ],
    root,
  );
  return 2;
}

await main(process.argv);
