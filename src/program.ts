// The commands and their flags, as commander knows them; a command's module is imported when it is chosen, so `dwt --help`
// pays for none of them. In: what to do with a command that was chosen. Out: a Command to parse argv with.
import { Argument, Command, Help, InvalidArgumentError, Option } from 'commander';
import type { RunCommand } from './api/api.ts';
import type { CommonOptions, ExitCode, Io } from './commands/io.ts';
import type { PlanOptions } from './commands/plan.ts';
import { SHELLS } from './report/completion-script.ts';
import { helpStyle } from './report/help.ts';
import { KINDS_OF_DBT } from './report/words-of-dbt.ts';

/** Options as commander gives them. */
export type Raw = Readonly<Record<string, unknown>> & { vars?: string };

export interface ProgramOptions {
  readonly version: string;
  /** Makes what a command gets from the outside. */
  readonly io: (options: Raw) => Io;
  /** Takes the exit code of the command that was run. */
  readonly done: (code: ExitCode) => void;
  /** Headings of the help. */
  readonly bold: (s: string) => string;
}

function list(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

function oneOrMore(value: string): number {
  const n = Number(value);
  if (!Number.isSafeInteger(n) || n < 1) throw new InvalidArgumentError('It must be a whole number of 1 or more.');
  return n;
}

function wholeNumber(value: string): number {
  const n = Number(value);
  if (!Number.isSafeInteger(n)) throw new InvalidArgumentError('It must be a whole number.');
  return n;
}

function number(value: string): number {
  const n = Number(value);
  if (value.trim() === '' || !Number.isFinite(n) || n <= 0) throw new InvalidArgumentError('It must be a number above 0.');
  return n;
}

/** The second word of a command that has two. */
function word(name: string): Argument {
  return new Argument(`<${name}>`).choices([name]);
}

/** `--vars '{key: value}'`, YAML or JSON. */
async function readVars(value: string | undefined, flag = '--vars'): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (value === undefined) return undefined;
  const { parseVars } = await import('./api/vars.ts');
  return parseVars(value, flag);
}

/** Words of a list; one that was given and holds none is not the same as none given. */
function wordsOf(entries: readonly string[]): readonly string[] {
  const words = entries.flatMap((s) => s.split(/\s+/)).filter((s) => s !== '');
  return words.length === 0 ? [''] : words;
}

async function common(raw: Raw): Promise<CommonOptions> {
  const vars = await readVars(raw.vars);
  const { vars: _, ...rest } = raw;
  const lists = Object.fromEntries(
    (['select', 'models', 'exclude', 'resourceType', 'excludeResourceType'] as const).flatMap((k) =>
      Array.isArray(rest[k]) ? [[k, wordsOf(rest[k] as string[])]] : [],
    ),
  );
  return { ...rest, ...lists, ...(vars === undefined ? {} : { vars }) };
}

/** An option that dbt's users have in their scripts and nobody needs to be shown: another spelling, or what takes a flag back. */
function hidden(flags: string, parse?: (value: string, previous: readonly string[] | undefined) => readonly string[]): Option {
  const option = new Option(flags).hideHelp();
  return parse === undefined ? option : option.argParser(parse as (value: string, previous: unknown) => unknown);
}

/** dbt's users give it to every command; here it is only what `target.threads` says where nodes are not run. */
function threadsToo(c: Command): Command {
  return c.addOption(new Option('--threads <n>').argParser(oneOrMore).hideHelp());
}

/** Of several values, though its term leaves out the dots: it would be the longest, and the help go by it. */
function several(o: Option): Option {
  o.variadic = true;
  return o;
}

/** Other spellings of lists. */
const SPELLINGS: Readonly<Record<string, string>> = {
  models: 'select',
  model: 'select',
  resourceTypes: 'resourceType',
  excludeResourceTypes: 'excludeResourceType',
};

function project(c: Command): Command {
  return c
    .optionsGroup('Project:')
    .option('-t, --target <name>', 'a target of project.yml')
    .option('--vars <yaml>', "variables, such as '{as_of: 2025-03-31}'")
    .option('--project-dir <dir>', "the project's folder (default: here or above)")
    .option('--target-path <dir>', 'folder for what is made (default: target)')
    .option('--no-cache', 'read every file again');
}

function selection(c: Command): Command {
  return c
    .optionsGroup('Selection:')
    .option('-s, --select <selector...>', 'nodes: orders, +orders, orders+, tag:x, path:dir', list)
    .option('-m, --models <selector...>', c.name() === 'ls' ? 'the same, of models only' : 'the same as --select', list)
    .addOption(hidden('--model <selector...>', list))
    .option('--exclude <selector...>', 'what to leave out', list)
    .option('--selector <name>', 'a selector of selectors.yml')
    .option('--state <dir>', 'folder of earlier artifacts, for state:x, result:x')
    .addOption(new Option('--indirect-selection <mode>', 'data tests').choices(['eager', 'cautious', 'buildable', 'empty']));
}

/** Reading from another environment what is not built in this one. */
function deferring(c: Command): Command {
  return c
    .optionsGroup('Another environment:')
    .option('--defer', 'read what is not here where --state has it')
    .option('--favor-state', 'read it there even if it is here, too')
    .option('--defer-state <dir>', 'folder of its manifest.json, if not --state')
    .addOption(hidden('--no-defer'))
    .addOption(hidden('--no-favor-state'));
}

function running(c: Command): Command {
  return deferring(selection(c))
    .optionsGroup('Running:')
    .option('--threads <n>', 'nodes at once (default: as the target says)', oneOrMore)
    .option('-x, --fail-fast', 'stop at the first failure')
    .option('--empty', 'take every input as empty: proves the SQL runs')
    .addOption(hidden('--no-fail-fast'))
    .addOption(hidden('--no-empty'));
}

/** Global flags, which may stand on either side of the command's name. */
function everywhere(c: Command): Command {
  return c
    .optionsGroup('Everywhere:')
    .option('-q, --quiet', 'only what failed')
    .option('--verbose', 'a line for each passed data test, too')
    .option('--warn-error', 'take every warning as an error')
    .addOption(hidden('--no-warn-error'))
    .addOption(new Option('--log-format <format>', 'format of the output').choices(['text', 'json']))
    .option('--no-color', 'no colours')
    .helpOption('-h, --help', 'this help');
}

/** dwt. */
export function program(o: ProgramOptions): Command {
  const p = new Command('dwt')
    .description('Builds SQL warehouses: YAML and templated SQL in, a tested warehouse out.')
    .usage('<command> [options]')
    .configureHelp(helpStyle(o.bold, (c, h) => Help.prototype.formatHelp.call(h, c, h)))
    .configureOutput({ writeErr: () => {} })
    .addHelpCommand(new Command('help').argument('[command]').description('help for a command').helpGroup('Begin and keep:'))
    .showSuggestionAfterError(false)
    .exitOverride();
  everywhere(p).version(o.version, '-V, --version', 'the version of dwt');
  p.addHelpText(
    'after',
    `
${o.bold('Examples:')}
  $ dwt init shop                 a project to begin with
  $ dwt build                     everything
  $ dwt build --select orders+    orders, and what depends on it
  $ dwt show --select orders      rows of it

dwt help <command> tells more about one.`,
  );

  const add = (
    name: string,
    description: string,
    example: string,
    dress: (c: Command) => Command,
    action: (io: Io, options: Raw, args: readonly string[]) => Promise<ExitCode>,
    aliases: readonly string[] = [],
  ): void => {
    const c = p.command(name).description(description);
    everywhere(dress(c.optionsGroup('Options:')))
      .addHelpText('after', `\n${o.bold('Example:')}\n  $ ${example}`)
      .showSuggestionAfterError(false)
      .exitOverride();
    for (const a of aliases) c.alias(a);
    c.action(async () => {
      const own = c.opts<Raw>();
      const global = p.opts<Raw>();
      const merged: Raw = {
        ...own,
        quiet: own['quiet'] === true || global['quiet'] === true,
        ...(own['warnError'] === undefined && global['warnError'] === undefined ? {} : { warnError: own['warnError'] ?? global['warnError'] }),
        verbose: own['verbose'] === true || global['verbose'] === true,
        color: own['color'] !== false && global['color'] !== false,
        logFormat: own['logFormat'] ?? global['logFormat'],
      };
      o.done(await action(o.io(merged), inOneSpelling(name, merged), c.args));
    });
  };
  const run =
    (command: RunCommand) =>
    async (i: Io, raw: Raw): Promise<ExitCode> =>
      (await import('./commands/run.ts')).runCommand(i, command, await common(raw));
  const kinds = (c: Command, choices: readonly string[]): Command => {
    const [only, not] = [chosenFrom([...choices, 'all'], [...KINDS_OF_DBT, 'default']), chosenFrom(choices, [...KINDS_OF_DBT, 'default'])];
    return c
      .addOption(new Option('--resource-type <type...>', 'only these kinds').choices([...choices, 'all']).argParser(only))
      .addOption(several(new Option('--exclude-resource-type <type>', 'all but these kinds').choices(choices).argParser(not)))
      .addOption(hidden('--resource-types <type...>', only))
      .addOption(hidden('--exclude-resource-types <type...>', not));
  };
  const fullRefresh = (c: Command): Command => c.option('-f, --full-refresh', 'rebuild incremental models and seeds anew');
  const storeFailures = (c: Command): Command => c.option('--store-failures', 'keep failing rows in tables');

  p.commandsGroup('Build and test:');
  add(
    'build',
    'everything, in order, tested on the way',
    'dwt build --select stg_stores+',
    (c) => project(running(kinds(storeFailures(fullRefresh(c)), ['seed', 'model', 'snapshot', 'test']))),
    run('build'),
  );
  add('run', 'models', 'dwt run --select +fact_sales', (c) => project(running(fullRefresh(c))), run('run'));
  add('seed', 'CSV files, into tables', 'dwt seed --select customers', (c) => project(running(fullRefresh(c))), run('seed'));
  add('snapshot', 'the history of rows', 'dwt snapshot', (c) => project(running(c)), run('snapshot'));
  add('test', 'data tests', 'dwt test --select dim_customer', (c) => project(running(kinds(storeFailures(c), ['test']))), run('test'));
  add(
    'plan',
    'what a build would do to each node, and why',
    'dwt plan --select +fact_sales',
    (c) =>
      project(
        deferring(
          selection(
            kinds(
              c
                .addArgument(new Argument('[command]', 'the command meant').choices(['build', 'run', 'seed', 'snapshot', 'test']).default('build'))
                .option('-f, --full-refresh', 'as for a full refresh')
                .addOption(new Option('-o, --output <format>', 'as').choices(['text', 'json']).default('text')),
              ['seed', 'model', 'snapshot', 'test'],
            ),
          ),
        ),
      ),
    async (i, raw, args) =>
      (await import('./commands/plan.ts')).planCommand(i, { ...((await common(raw)) as never as PlanOptions), command: (args[0] ?? 'build') as RunCommand }),
  );
  add(
    'retry',
    'what failed or was skipped in the last run',
    'dwt retry',
    (c) =>
      project(
        fullRefresh(c.option('--threads <n>', 'nodes at once (default: as the target says)', oneOrMore).option('-x, --fail-fast', 'stop at the first failure')),
      ),
    async (i, raw) => (await import('./commands/retry.ts')).retryCommand(i, await common(raw)),
  );
  add(
    'watch',
    'what a saved file affects, again and again',
    'dwt watch --select +fact_sales --show',
    (c) => project(running(c.option('--show', 'print a few rows of what was saved').option('--build', 'build everything chosen once, first'))),
    async (i, raw) => (await import('./watch.ts')).watchCommand(i, await common(raw)),
  );

  p.commandsGroup('Look:');
  add(
    'ls',
    'what there is: lists, JSON, pictures',
    'dwt ls --select tag:marts --output path',
    (c) =>
      project(
        selection(
          kinds(
            c
              .addOption(new Option('-o, --output <format>', 'as').choices(['selector', 'name', 'path', 'json', 'mermaid', 'erd']).default('selector'))
              .option('--output-keys <key...>', 'these keys of JSON objects (spaces or commas between)', list),
            ['model', 'seed', 'snapshot', 'test', 'source', 'analysis', 'exposure'],
          ),
        ),
      ),
    async (i, raw) => (await import('./commands/ls.ts')).lsCommand(i, (await common(raw)) as never),
    ['list'],
  );
  add(
    'show',
    'rows of a model, seed, snapshot, source or query',
    'dwt show --inline "select * from {{ ref(\'dim_store\') }}" --limit 3',
    (c) =>
      project(
        deferring(
          selection(
            threadsToo(c)
              .option('--inline <sql>', 'a query')
              .option('--limit <n>', 'rows at most; -1 for all', wholeNumber, 10)
              .addOption(new Option('-o, --output <format>', 'as').choices(['text', 'json', 'csv']).default('text')),
          ),
        ),
      ),
    async (i, raw) => (await import('./commands/show.ts')).showCommand(i, (await common(raw)) as never),
  );
  add(
    'compile',
    'the SQL of nodes, into files; of one, printed',
    'dwt compile --select fact_sales',
    (c) =>
      project(
        deferring(
          selection(
            threadsToo(c)
              .option('--inline <sql>', 'this template')
              .option('-f, --full-refresh', 'as for a full refresh')
              .option('--empty', 'with empty inputs'),
          ),
        ),
      ),
    async (i, raw) => (await import('./commands/compile.ts')).compileCommand(i, await common(raw)),
  );
  add(
    'history',
    'the last runs, the nodes of one, the runs of a node',
    'dwt history --run last',
    (c) =>
      project(
        c
          .option('--run <id>', 'the nodes of a run: its id or beginning, or last')
          .option('--node <name>', 'the runs of this node')
          .option('--limit <n>', 'rows at most', oneOrMore, 20)
          .addOption(new Option('-o, --output <format>', 'as').choices(['text', 'json', 'csv']).default('text')),
      ),
    async (i, raw) => (await import('./commands/history.ts')).historyCommand(i, (await common(raw)) as never),
  );
  add('debug', 'what was found where, and whether the target answers', 'dwt debug --target dev', project, async (i, raw) =>
    (await import('./commands/debug.ts')).debugCommand(i, await common(raw)),
  );

  add(
    'source',
    'how old sources are, against their limits',
    'dwt source freshness',
    (c) =>
      project(
        selection(
          c
            .addArgument(word('freshness'))
            .option('--threads <n>', 'sources at once (default: as the target says)', oneOrMore)
            .option('-o, --output <file>', 'instead of sources.json'),
        ),
      ),
    async (i, raw) => (await import('./commands/source-freshness.ts')).sourceFreshnessCommand(i, await common(raw)),
  );

  p.commandsGroup('Begin and keep:');
  add(
    'init',
    'a small project that builds at once',
    'dwt init shop',
    (c) => c.argument('<folder>', 'a new folder'),
    async (i, _raw, args) => (await import('./commands/init.ts')).initCommand(i, args[0]!),
  );
  add(
    'generate',
    'sample data from seeds/generate.yml',
    'dwt generate --until 2025-03-31',
    (c) =>
      c
        .argument('[file]', 'a declaration (default: seeds/generate.yml)')
        .option('--project-dir <dir>', "the project's folder (default: here or above)")
        .option('--seed <n>', 'another random sequence', wholeNumber)
        .option('--until <date>', 'the data as of this day')
        .option('--scale <n>', 'so many times the rows', number)
        .option('--tables <name...>', 'only these tables', list)
        .option('--output-dir <dir>', 'where the files go (default: beside it)'),
    async (i, raw, args) => (await import('./commands/generate.ts')).generateCommand(i, { ...raw, ...(args[0] === undefined ? {} : { file: args[0] }) }),
  );
  add(
    'run-operation',
    'calls a macro against the warehouse',
    'dwt run-operation as_of_date',
    (c) => project(threadsToo(c).argument('<macro>', 'name of the macro').option('--args <yaml>', 'arguments of the macro')),
    async (i, raw, args) =>
      (await import('./commands/run-operation.ts')).runOperationCommand(i, {
        ...(await common(raw)),
        macro: args[0]!,
        args: (await readVars(raw['args'] as string | undefined, '--args')) ?? {},
      }),
  );
  add(
    'parse',
    'reads the project, and writes manifest.json',
    'dwt parse',
    (c) => project(threadsToo(c)),
    async (i, raw) => (await import('./commands/parse.ts')).parseCommand(i, await common(raw)),
  );
  add(
    'docs',
    'manifest.json and catalog.json, for other tools',
    'dwt docs generate',
    (c) =>
      project(
        selection(
          threadsToo(c).addArgument(word('generate')).option('--no-compile', 'the catalog alone').option('--empty-catalog', 'without asking the warehouse'),
        ),
      ),
    async (i, raw) => (await import('./commands/docs-generate.ts')).docsGenerateCommand(i, await common(raw)),
  );
  add('clean', 'removes what was made (clean-targets)', 'dwt clean', project, async (i, raw) =>
    (await import('./commands/clean.ts')).cleanCommand(i, await common(raw)),
  );
  add(
    'completion',
    'a script that completes commands, flags and names',
    'eval "$(dwt completion bash)"     in ~/.bashrc\n  $ eval "$(dwt completion zsh)"      in ~/.zshrc, after compinit\n  $ dwt completion fish | source      in ~/.config/fish/config.fish',
    (c) => c.addArgument(c.createArgument('<shell>', 'of this shell').choices(SHELLS)),
    async (i, _raw, args) => (await import('./commands/completion.ts')).completionCommand(i, args[0] as (typeof SHELLS)[number]),
  );
  return p;
}

/** The options with each list under one name. For `ls`, `--models` says more than `--select` and stays. */
function inOneSpelling(command: string, raw: Raw): Raw {
  const all: Record<string, unknown> = { ...raw };
  for (const [other, usual] of Object.entries(SPELLINGS)) {
    const key = command === 'ls' && usual === 'select' ? 'models' : usual;
    const words = raw[other];
    if (key === other || !Array.isArray(words)) continue;
    delete all[other];
    all[key] = [...((all[key] as readonly string[] | undefined) ?? []), ...(words as string[])];
  }
  return all;
}

/** A value of a list, one of these; the same may be given several in one word. `more` are taken too and not offered. */
function chosenFrom(choices: readonly string[], more: readonly string[] = []): (value: string, previous: readonly string[] | undefined) => string[] {
  return (value, previous) => {
    for (const word of value.split(/\s+/))
      if (!choices.includes(word) && !more.includes(word)) throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
    return [...(previous ?? []), value];
  };
}
