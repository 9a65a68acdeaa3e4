// argv to one command. With report/console.ts the only file that touches `process`. A command's module is imported when
// it is chosen, so `dwt --help` pays for none of them.
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { CommonOptions, ExitCode, Io } from './commands/io.ts';
import type { PlanOptions } from './commands/plan.ts';
import type { RunCommand } from './api/api.ts';
import { packageVersion } from './api/version.ts';
import { consoleIo, exitWith } from './report/console.ts';

const VERSION = packageVersion();

/** Words of a list option: repeated, and separated by spaces in one word. */
function words(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

function oneOrMore(value: string): number {
  const n = Number(value);
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError('It must be a whole number of 1 or more.');
  return n;
}

function wholeNumber(value: string): number {
  const n = Number(value);
  if (!Number.isInteger(n)) throw new InvalidArgumentError('It must be a whole number.');
  return n;
}

/** `--vars '{key: value}'`, YAML or JSON. */
async function readVars(value: string | undefined, flag = '--vars'): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (value === undefined) return undefined;
  const { parseVars } = await import('./api/vars.ts');
  return parseVars(value, flag);
}

type Raw = Readonly<Record<string, unknown>> & { vars?: string };

async function common(raw: Raw): Promise<CommonOptions> {
  const vars = await readVars(raw.vars);
  const { vars: _, ...rest } = raw;
  const lists = Object.fromEntries(
    (['select', 'exclude', 'resourceType'] as const).flatMap((k) =>
      Array.isArray(rest[k]) ? [[k, (rest[k] as string[]).flatMap((s) => s.split(/\s+/)).filter((s) => s !== '')]] : [],
    ),
  );
  return { ...rest, ...lists, ...(vars === undefined ? {} : { vars }) };
}

function projectOptions(c: Command): Command {
  return c
    .option('-t, --target <name>', 'build in this target of project.yml')
    .option('--vars <yaml>', 'variables, above those of project.yml')
    .option('--project-dir <dir>', "the project's folder (default: the nearest at or above the current one)")
    .option('--target-path <dir>', 'where compiled SQL and artifacts go (default: target)')
    .option('--no-cache', 'read every file again');
}

function selection(c: Command): Command {
  return c
    .option('-s, --select <selector...>', 'what to take: names, globs, +parents, children+, tag:x, path:dir', variadic)
    .option('-m, --models <selector...>', 'the same as --select', variadic)
    .option('--exclude <selector...>', 'what to leave out', variadic)
    .option('--selector <name>', 'a selector of selectors.yml')
    .option('--state <dir>', 'folder of earlier artifacts, for state:x, result:x, source_status:x (default: the target path)')
    .addOption(new Option('--indirect-selection <mode>', 'which data tests come along').choices(['eager', 'cautious', 'buildable', 'empty']));
}

function variadic(value: string, previous: string[] | undefined): string[] {
  return words(value, previous);
}

/** The second word of a command that has two. */
function word(name: string): Argument {
  return new Argument(`<${name}>`).choices([name]);
}

function running(c: Command): Command {
  return selection(projectOptions(c))
    .option('--threads <n>', 'nodes at once', oneOrMore)
    .option('-x, --fail-fast', 'stop at the first failure')
    .option('--empty', 'take every input as empty: proves that the SQL runs');
}

function program(io: (options: Raw) => Io, done: (code: ExitCode) => void): Command {
  const p = new Command('dwt')
    .description('Builds SQL warehouses: YAML and templated SQL in, a tested warehouse out.')
    .version(VERSION, '-V, --version')
    .addOption(new Option('--log-format <format>', 'text, or a JSON object a line').choices(['text', 'json']).default('text'))
    .option('-q, --quiet', 'say only what failed')
    .option('--no-color', 'no colours')
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .configureOutput({ writeErr: () => {} })
    .exitOverride();

  const add = (
    name: string,
    description: string,
    example: string,
    dress: (c: Command) => Command,
    action: (io: Io, options: Raw, args: readonly string[]) => Promise<ExitCode>,
    aliases: readonly string[] = [],
  ): void => {
    const c = dress(p.command(name).description(description)).addHelpText('after', `\nExample:\n  $ ${example}`).exitOverride();
    // Global flags may stand on either side of the command's name.
    c.addOption(new Option('--log-format <format>').choices(['text', 'json']).hideHelp())
      .addOption(new Option('-q, --quiet').hideHelp())
      .addOption(new Option('--no-color').hideHelp());
    for (const a of aliases) c.alias(a);
    c.action(async () => {
      const own = c.opts<Raw>();
      const global = p.opts<Raw>();
      const merged: Raw = {
        ...global,
        ...own,
        quiet: own['quiet'] === true || global['quiet'] === true,
        color: own['color'] !== false && global['color'] !== false,
        logFormat: own['logFormat'] ?? global['logFormat'],
      };
      const models = merged['models'];
      const withSelect = Array.isArray(models)
        ? { ...merged, select: [...((merged['select'] as string[] | undefined) ?? []), ...(models as string[])] }
        : merged;
      done(await action(io(merged), withSelect, c.args));
    });
  };

  const run =
    (command: RunCommand) =>
    async (i: Io, raw: Raw): Promise<ExitCode> =>
      (await import('./commands/run.ts')).runCommand(i, command, await common(raw));
  const full = (c: Command): Command => running(c).option('-f, --full-refresh', 'rebuild incremental models and seeds from nothing');
  add(
    'build',
    'seeds, snapshots, models and data tests, in the order of the graph',
    'dwt build --select stg_orders+',
    (c) => full(c).option('--store-failures', 'keep failing rows in tables').option('--resource-type <type...>', 'only these kinds', variadic),
    run('build'),
  );
  add('seed', 'loads CSV files into tables', 'dwt seed --select customers', full, run('seed'));
  add('run', 'builds models', 'dwt run --select +fact_sales', full, run('run'));
  add('snapshot', "records the history of snapshots' queries", 'dwt snapshot', running, run('snapshot'));
  add('test', 'runs data tests', 'dwt test --select dim_customer', (c) => running(c).option('--store-failures', 'keep failing rows in tables'), run('test'));
  add(
    'plan',
    'what a build would do to each node, and why; nothing is touched',
    'dwt plan --select +fact_sales',
    (c) =>
      selection(projectOptions(c))
        .addArgument(new Argument('[command]', 'the command that is meant').choices(['build', 'run', 'seed', 'snapshot', 'test']).default('build'))
        .option('-f, --full-refresh', 'as for a full refresh')
        .option('--resource-type <type...>', 'only these kinds', variadic)
        .addOption(new Option('-o, --output <format>', 'how the plan is printed').choices(['text', 'json']).default('text')),
    async (i, raw, args) =>
      (await import('./commands/plan.ts')).planCommand(i, { ...((await common(raw)) as never as PlanOptions), command: (args[0] ?? 'build') as RunCommand }),
  );
  add(
    'retry',
    'runs again what failed or was skipped in the last run',
    'dwt retry',
    (c) => projectOptions(c).option('--threads <n>', 'nodes at once', oneOrMore),
    async (i, raw) => (await import('./commands/retry.ts')).retryCommand(i, await common(raw)),
  );
  add(
    'compile',
    'writes the SQL of nodes; prints it for one',
    'dwt compile --select fact_sales',
    (c) =>
      selection(projectOptions(c))
        .option('--inline <sql>', 'compile this template')
        .option('-f, --full-refresh', 'as for a full refresh')
        .option('--empty', 'with empty inputs'),
    async (i, raw) => (await import('./commands/compile.ts')).compileCommand(i, await common(raw)),
  );
  add('parse', 'reads the project and writes manifest.json', 'dwt parse', projectOptions, async (i, raw) =>
    (await import('./commands/parse.ts')).parseCommand(i, await common(raw)),
  );
  add(
    'docs',
    'writes manifest.json and catalog.json, for tools that show documentation',
    'dwt docs generate',
    (c) =>
      selection(projectOptions(c.addArgument(word('generate'))))
        .option('--no-compile', 'without the SQL of nodes')
        .option('--empty-catalog', 'without asking the warehouse'),
    async (i, raw) => (await import('./commands/docs-generate.ts')).docsGenerateCommand(i, await common(raw)),
  );
  add(
    'source',
    'says how old sources are, against the limits they have',
    'dwt source freshness --select source:raw.orders',
    (c) =>
      selection(projectOptions(c.addArgument(word('freshness'))))
        .option('--threads <n>', 'sources at once', oneOrMore)
        .option('-o, --output <file>', 'file to write instead of sources.json'),
    async (i, raw) => (await import('./commands/source-freshness.ts')).sourceFreshnessCommand(i, await common(raw)),
  );
  add(
    'show',
    'prints rows of a model, seed, snapshot, source or query',
    'dwt show --inline "select * from {{ ref(\'dim_store\') }}" --limit 3',
    (c) =>
      selection(projectOptions(c))
        .option('--inline <sql>', 'a query')
        .option('--limit <n>', 'rows at most; -1 for all', wholeNumber, 10)
        .addOption(new Option('-o, --output <format>', 'how rows are printed').choices(['text', 'json', 'csv']).default('text')),
    async (i, raw) => (await import('./commands/show.ts')).showCommand(i, (await common(raw)) as never),
  );
  add(
    'ls',
    'lists resources',
    'dwt ls --select tag:daily --output path',
    (c) =>
      selection(projectOptions(c))
        .addOption(new Option('-o, --output <format>', 'how resources are printed').choices(['selector', 'name', 'path', 'json']).default('selector'))
        .option('--output-keys <key...>', 'keys of JSON lines')
        .option('--resource-type <type...>', 'only these kinds', variadic),
    async (i, raw) => (await import('./commands/ls.ts')).lsCommand(i, (await common(raw)) as never),
    ['list'],
  );
  add(
    'init',
    'writes a small project that builds at once',
    'dwt init shop',
    (c) => c.argument('<folder>', 'a new folder'),
    async (i, _raw, args) => (await import('./commands/init.ts')).initCommand(i, args[0]!),
  );
  add('debug', 'what was found where, and whether the target can be reached', 'dwt debug --target prod', projectOptions, async (i, raw) =>
    (await import('./commands/debug.ts')).debugCommand(i, await common(raw)),
  );
  add(
    'run-operation',
    'calls a macro against the warehouse',
    "dwt run-operation grant_select --args '{role: reporter}'",
    (c) => projectOptions(c).argument('<macro>', 'name of the macro').option('--args <yaml>', 'arguments of the macro'),
    async (i, raw, args) =>
      (await import('./commands/run-operation.ts')).runOperationCommand(i, {
        ...(await common(raw)),
        macro: args[0]!,
        args: (await readVars(raw['args'] as string | undefined, '--args')) ?? {},
      }),
  );
  add(
    'history',
    'the last runs, the nodes of one, or the runs of a node',
    'dwt history --run last',
    (c) =>
      projectOptions(c)
        .option('--run <id>', "a run's nodes: its id, the beginning of it, or last")
        .option('--node <name>', 'the runs of this node')
        .option('--limit <n>', 'rows at most', oneOrMore, 20)
        .addOption(new Option('-o, --output <format>', 'how rows are printed').choices(['text', 'json', 'csv']).default('text')),
    async (i, raw) => (await import('./commands/history.ts')).historyCommand(i, (await common(raw)) as never),
  );
  add(
    'watch',
    'rebuilds and tests what a saved file affects, again and again',
    'dwt watch --select +fact_sales --show',
    (c) => running(c).option('--show', 'print a few rows of what was saved').option('--build', 'build everything chosen once, first'),
    async (i, raw) => (await import('./watch.ts')).watchCommand(i, await common(raw)),
  );
  add(
    'generate',
    'makes sample data from seeds/generate.yml',
    'dwt generate --until 2025-03-31',
    (c) =>
      c
        .argument('[file]', 'a declaration')
        .option('--project-dir <dir>', "the project's folder")
        .option('--seed <n>', 'another random sequence', wholeNumber)
        .option('--until <date>', 'the shop as of this day')
        .option('--scale <n>', 'so many times the rows', Number)
        .option('--tables <name...>', 'only these tables')
        .option('--output-dir <dir>', 'where the files go (default: beside the declaration)'),
    async (i, raw, args) => (await import('./commands/generate.ts')).generateCommand(i, { ...raw, ...(args[0] === undefined ? {} : { file: args[0] }) }),
  );
  add('clean', 'removes what was made (clean-targets)', 'dwt clean', projectOptions, async (i, raw) =>
    (await import('./commands/clean.ts')).cleanCommand(i, await common(raw)),
  );
  return p;
}

async function main(argv: readonly string[]): Promise<void> {
  let code: ExitCode = 0;
  let current: Io | undefined;
  try {
    const p = program(
      (o) =>
        (current = consoleIo({
          logFormat: o['logFormat'] === 'json' ? 'json' : 'text',
          quiet: o['quiet'] === true,
          color: o['color'] !== false,
          version: VERSION,
        })),
      (c) => (code = c),
    );
    if (argv.length <= 2) p.outputHelp();
    else await p.parseAsync(argv);
  } catch (e) {
    code = await explainToPerson(e, current ?? consoleIo({ logFormat: 'text', quiet: false, color: !argv.includes('--no-color'), version: VERSION }), argv);
  }
  await exitWith(code);
}

/** The one place that turns what was thrown into a message. */
async function explainToPerson(e: unknown, io: Io, argv: readonly string[]): Promise<ExitCode> {
  if (e instanceof CommanderError && e.exitCode === 0) return 0;
  const [{ Failure, error }, { printDiagnostics, projectRoot }] = await Promise.all([import('./api/api.ts'), import('./commands/project.ts')]);
  const at = argv.indexOf('--project-dir');
  const root = projectRoot(io.cwd, at > 0 ? argv[at + 1] : undefined);
  if (io.signal.aborted) {
    io.output.err('Interrupted.\n');
    return 130;
  }
  if (e instanceof CommanderError) {
    const [what, ...more] = e.message.replace(/^error: /, '').split('\n');
    const suggestion = more.join(' ').replace(/^\(|\)$/g, '');
    const command = argv[2]?.startsWith('-') === false && e.code !== 'commander.unknownCommand' ? `dwt ${argv[2]} --help` : 'dwt --help';
    printDiagnostics(
      io,
      [
        error('cli/usage', `${what!.charAt(0).toUpperCase()}${what!.slice(1).replace(/\.$/, '')}.`, {
          help: suggestion === '' ? `See what there is: ${command}` : suggestion,
        }),
      ],
      root,
    );
    return 2;
  }
  if (e instanceof Failure) {
    printDiagnostics(io, e.diagnostics, root);
    const errors = e.diagnostics.filter((d) => d.severity === 'error').length;
    if (errors > 1 && io.output.format === 'text') io.output.err(`${errors} errors\n`);
    return 2;
  }
  const thrown = e as Error;
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
