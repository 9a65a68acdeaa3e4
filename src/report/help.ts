// How `--help` looks: short terms, choices and defaults in words, bold headings. In: commander's Help to be configured.
import type { Argument, Command, Help, Option } from 'commander';

/** Wider than this no text is pleasant to read. */
const WIDEST = 100;

export type HelpStyle = Partial<
  Pick<
    Help,
    | 'helpWidth'
    | 'minWidthToWrap'
    | 'subcommandTerm'
    | 'commandDescription'
    | 'optionDescription'
    | 'argumentDescription'
    | 'styleTitle'
    | 'prepareContext'
    | 'formatHelp'
  >
>;

/** Methods for commander's `configureHelp`. `bold` is for headings; `format` is commander's own way, whose paragraphs are put in another order. */
export function helpStyle(bold: (s: string) => string, format: (c: Command, h: Help) => string): HelpStyle {
  return {
    minWidthToWrap: 20,
    prepareContext(this: Help, context) {
      this.helpWidth = Math.min(context.helpWidth ?? 80, WIDEST);
    },
    subcommandTerm: (c: Command) => [c.name(), ...c.registeredArguments.map((a) => (a.required ? `<${a.name()}>` : `[${a.name()}]`))].join(' '),
    commandDescription: (c: Command) => `${c.description().charAt(0).toUpperCase()}${c.description().slice(1).replace(/\.$/, '')}.`,
    optionDescription: described,
    argumentDescription: described,
    styleTitle: bold,
    formatHelp: (c: Command, h: Help) => (c.parent === null ? commandsFirst(format(c, h)) : format(c, h)),
  };
}

/** Choices and a default in words. */
function described(o: Option | Argument): string {
  const text = o.argChoices === undefined ? o.description : `${o.description}: ${o.argChoices.join(', ')}`;
  const standard: unknown = o.defaultValue;
  return typeof standard === 'string' || typeof standard === 'number' ? `${text} (default: ${standard})` : text;
}

/** Who asks for help wants to know what there is before how it can be dressed. */
function commandsFirst(help: string): string {
  const paragraphs = help.trimEnd().split('\n\n');
  const isOptions = (text: string): boolean => /^ {2}-/m.test(text);
  return `${[...paragraphs.filter((t) => !isOptions(t)), ...paragraphs.filter(isOptions)].join('\n\n')}\n`;
}
