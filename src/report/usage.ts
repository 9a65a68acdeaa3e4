// A mistake on the command line, in words. In: what commander noticed and the commands there are. Out: a diagnostic that
// names the flag or command that was meant.
import type { Command, CommanderError } from 'commander';
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts';
import { didYouMean, nearest } from '../diagnostics/nearest.ts';
import { commandOfDbt, flagOfDbt } from './words-of-dbt.ts';

/** What is wrong with `argv` (after the program's name), and what to do. */
export function explainUsage(e: Pick<CommanderError, 'code' | 'message'>, program: Command, argv: readonly string[]): Diagnostic {
  const said = e.message.replace(/^error: /, '').split('\n')[0]!;
  const named = (word: string): Command | undefined => program.commands.find((c) => word === c.name() || c.aliases().includes(word));
  const command = argv.map(named).find((c) => c !== undefined);
  const more = `See what there is: dwt ${command === undefined ? '' : `${command.name()} `}--help`;
  const mistake = (message: string, help: string = more): Diagnostic => error('cli/usage', message, { help });
  const quoted = [...said.matchAll(/'([^']*)'/g)].map((m) => m[1]!);
  switch (e.code) {
    case 'commander.unknownCommand':
      return unknownCommand(quoted[0]!, program, mistake);
    case 'commander.help':
    case 'commander.helpDisplayed':
      // `dwt help x`: commander prints its general help instead of saying that there is no x.
      return unknownCommand(argv[argv.indexOf('help') + 1] ?? '', program, mistake);
    case 'commander.unknownOption':
      return mistake(
        `${command === undefined ? 'dwt' : `dwt ${command.name()}`} has no option '${quoted[0]}'.`,
        optionMeant(quoted[0]!, program, command) ?? more,
      );
    case 'commander.excessArguments': {
      const extra = command?.args.slice(command.registeredArguments.length) ?? [];
      const takes = command?.options.some((o) => o.long === '--select') === true;
      if (command === undefined || extra.length === 0) return mistake(capital(said));
      return mistake(
        `dwt ${command.name()} does not know what to do with '${extra.join(' ')}'.`,
        takes ? `To choose nodes: dwt ${command.name()} --select ${extra.join(' ')}` : more,
      );
    }
    case 'commander.missingArgument':
      return mistake(`dwt ${command?.name()} needs <${quoted[0]}>.`);
    case 'commander.optionMissingArgument':
      return mistake(`${longFlag(quoted[0]!)} needs a value: ${quoted[0]}`.replace(/$/, '.'));
    case 'commander.invalidArgument': {
      const [flags = '', value = ''] = said.startsWith('command-argument') ? quoted.slice(0, 2).toReversed() : quoted;
      const flag = longFlag(flags);
      const choices = /Allowed choices are (.*)\.$/.exec(said)?.[1]?.split(', ');
      if (choices?.length === 1)
        return mistake(`dwt ${command?.name()} is followed by '${choices[0]}', not '${value}'.`, commandOfDbt(`${command?.name()} ${value}`) ?? more);
      if (choices !== undefined) return mistake(`${flag} is one of ${choices.join(', ')}, not '${value}'.`, didYouMean(value, choices) ?? more);
      const must = /It (must be .*)\.$/.exec(said)?.[1];
      return must === undefined ? mistake(capital(said)) : mistake(`${flag} ${must}, not '${value}'.`);
    }
    default:
      return mistake(capital(said));
  }
}

function unknownCommand(name: string, program: Command, mistake: (message: string, help?: string) => Diagnostic): Diagnostic {
  const ofDbt = commandOfDbt(name);
  if (ofDbt !== undefined) return mistake(`There is no command '${name}'.`, ofDbt);
  const near = nearest(
    name,
    program.commands.flatMap((c) => [c.name(), ...c.aliases()]),
  );
  return mistake(`There is no command '${name}'.`, near === undefined ? 'See what there is: dwt --help' : `Did you mean 'dwt ${near}'?`);
}

function optionMeant(flag: string, program: Command, command: Command | undefined): string | undefined {
  const known = [...(command?.options ?? []), ...program.options].flatMap((o) => (o.long === undefined ? [] : [o.long]));
  const ofDbt = flagOfDbt(flag, known);
  if (ofDbt !== undefined) return ofDbt;
  const elsewhere = program.commands.filter((c) => c.options.some((o) => o.long === flag || o.short === flag)).map((c) => c.name());
  return elsewhere.length > 0 ? `${flag} is an option of ${elsewhere.join(', ')}.` : didYouMean(flag, known);
}

/** `--select` of `-s, --select <selector...>`; an argument's name stays. */
function longFlag(flags: string): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? `<${flags}>`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
}
