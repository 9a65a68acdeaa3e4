// What a shell's Tab may offer. In: the commands, the words typed so far (the last one unfinished). Out: candidates, or
// what kind of name is wanted where only the project knows. Pure; read from commander's commands, so it cannot go stale.
import type { Argument, Command, Option } from 'commander';

/** Names that are not on the command line itself. */
export type NameKind = 'selection' | 'target' | 'selector' | 'macro' | 'table' | 'file' | 'dir' | 'nothing';

export type Completion =
  | { readonly kind: 'words'; readonly words: readonly { readonly value: string; readonly description: string }[] }
  | { readonly kind: 'names'; readonly names: NameKind; readonly word: string; readonly before: string };

/** Which names a flag's value is. */
const FLAGS: Readonly<Record<string, NameKind>> = {
  '--select': 'selection',
  '--models': 'selection',
  '--model': 'selection',
  '--exclude': 'selection',
  '--target': 'target',
  '--selector': 'selector',
  '--node': 'selection',
  '--tables': 'table',
  '--project-dir': 'dir',
  '--target-path': 'dir',
  '--state': 'dir',
  '--defer-state': 'dir',
  '--output-dir': 'dir',
  '--output': 'file',
};
const ARGUMENTS: Readonly<Record<string, NameKind>> = { macro: 'macro', file: 'file', folder: 'dir' };

/** `words`: all after the program's name, the last one as far as it is typed. */
export function complete(program: Command, words: readonly string[]): Completion {
  const word = words.at(-1) ?? '';
  const { command, pending, position, ended } = walk(program, words.slice(0, -1));
  const whole = /^(--[\w-]+)=(.*)$/s.exec(word);
  if (whole !== null && !ended) {
    const own = optionsOf(command, program).find((o) => o.long === whole[1]);
    return own === undefined ? nothing(word) : valueOf(own, whole[2]!, `${whole[1]}=`);
  }
  if (pending !== undefined && (pending.must || !word.startsWith('-'))) return valueOf(pending.option, word, '');
  if (word.startsWith('-') && !ended)
    return offered(
      word,
      optionsOf(command, program)
        .filter((o) => !o.hidden || word.startsWith('--no-'))
        .flatMap(flagsOf),
    );
  if (command === program) return offered(word, [...program.commands.map((c) => described(c.name(), c)), { value: 'help', description: 'help for a command' }]);
  if (command.name() === 'help')
    return offered(
      word,
      program.commands.map((c) => described(c.name(), c)),
    );
  const argument: Argument | undefined = command.registeredArguments[position];
  if (argument?.argChoices !== undefined)
    return offered(
      word,
      argument.argChoices.map((value) => ({ value, description: '' })),
    );
  if (argument !== undefined) return { kind: 'names', names: ARGUMENTS[argument.name()] ?? 'nothing', word, before: '' };
  const shown = optionsOf(command, program).filter((o) => !o.hidden);
  return word === '' ? offered(word, shown.flatMap(flagsOf)) : nothing(word);
}

interface Place {
  readonly command: Command;
  /** The flag whose value the next word must be, or may be: a list goes on for as long as no flag comes. */
  readonly pending: { readonly option: Option; readonly must: boolean } | undefined;
  /** How many arguments have been given. */
  readonly position: number;
  /** After `--`. */
  readonly ended: boolean;
}

function walk(program: Command, words: readonly string[]): Place {
  let command = program;
  let pending: Place['pending'];
  let position = 0;
  let ended = false;
  for (const word of words) {
    if (pending?.must === true) pending = pending.option.variadic ? { option: pending.option, must: false } : undefined;
    else if (pending !== undefined && !word.startsWith('-')) continue;
    else if (!ended && word === '--') [ended, pending] = [true, undefined];
    else if (!ended && word.startsWith('-')) {
      const own = optionsOf(command, program).find((o) => o.long === word || o.short === word);
      pending = own?.required === true ? { option: own, must: true } : undefined;
    } else if (command === program)
      command = program.commands.find((c) => c.name() === word || c.aliases().includes(word)) ?? (word === 'help' ? helpOf(program) : program);
    else position++;
  }
  return { command, pending, position, ended };
}

function helpOf(program: Command): Command {
  return program.createCommand('help');
}

function optionsOf(command: Command, program: Command): readonly Option[] {
  return (command.options.length > 0 ? command : program).options;
}

function flagsOf(o: Option): { value: string; description: string }[] {
  return o.long === undefined ? [] : [{ value: o.long, description: o.description }];
}

function described(value: string, c: Command): { value: string; description: string } {
  return { value, description: c.description() };
}

function offered(word: string, all: readonly { value: string; description: string }[]): Completion {
  return { kind: 'words', words: all.filter((c) => c.value.startsWith(word)) };
}

function valueOf(o: Option, word: string, before: string): Completion {
  if (o.argChoices !== undefined)
    return offered(
      before + word,
      o.argChoices.map((value) => ({ value: before + value, description: '' })),
    );
  return { kind: 'names', names: FLAGS[o.long ?? ''] ?? 'nothing', word, before };
}

function nothing(word: string): Completion {
  return { kind: 'names', names: 'nothing', word, before: '' };
}
