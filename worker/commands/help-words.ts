/** What the library of the command line writes in a help of its own accord, in Swedish. It has English words alone. */
import type { Command, HelpConfiguration } from 'commander';
import type { Text } from '../../rules/engine/basics/text';
import { inWords } from '../basics/spoken';
import { swedishHelp } from './swedish-help';

/** What a help says in English, in Swedish; as it is where there are no Swedish words for it. */
export const inSwedishHelp = (english: string): string => swedishHelp[english] ?? english;

const headings = {
  one: { sv: 'Exempel', en: 'Example' },
  several: { sv: 'Exempel', en: 'Examples' },
};

/**
 * What stands below a help, in the language of the command: an explanation, where there is one, and examples.
 *
 * @param calls what is typed after `npx serviceavtal`
 */
export function below(explanation: Text | undefined, ...calls: string[]): string {
  const heading = inWords(calls.length === 1 ? headings.one : headings.several);
  const examples = [`${heading}:`, ...calls.map((call) => `  npx serviceavtal ${call}`)].join('\n');
  const parts = [...(explanation ? [inWords(explanation)] : []), ...(calls.length > 0 ? [examples] : [])];
  return parts.map((part) => `\n${part}`).join('\n');
}

const titles: Record<string, string> = {
  'Usage:': 'Användning:',
  'Arguments:': 'Argument:',
  'Options:': 'Flaggor:',
  'Global Options:': 'Allmänna flaggor:',
  'Commands:': 'Kommandon:',
};

/** Words in brackets beside an option or an argument. */
const notes: [english: RegExp, swedish: string][] = [
  [/\(choices: /, '(möjliga värden: '],
  [/, default: /, ', annars: '],
  [/\(default: /, '(annars: '],
];

const places = (usage: string): string =>
  usage.replaceAll('[options]', '[flaggor]').replaceAll('[command]', '[kommando]');
const bracketed = / \((?:choices|default): .*\)$/;
/** A description in Swedish, and what the library has added to it in brackets. */
const noted = (description: string): string => {
  const [added = ''] = bracketed.exec(description) ?? [];
  const words = inSwedishHelp(description.slice(0, description.length - added.length));
  return notes.reduce((text, [english, swedish]) => text.replace(english, swedish), words + added);
};

/** Has a program and all commands that it gets afterwards write their help with Swedish headings. */
export function helpInSwedish(program: Command): void {
  const { prototype } = program.createHelp().constructor as { prototype: Required<HelpConfiguration> };
  program
    .helpOption('-h, --help', 'visar den här hjälpen')
    .helpCommand('help [kommando]', 'visar hjälpen om ett kommando')
    .configureHelp({
      styleTitle: (title) => titles[title] ?? title,
      styleUsage: places,
      styleSubcommandTerm: places,
      commandDescription: (command) => inSwedishHelp(command.description()),
      subcommandDescription: (command) => inSwedishHelp(command.summary() || command.description()),
      optionDescription(option) {
        return noted(prototype.optionDescription.call(this, option));
      },
      argumentDescription(argument) {
        return noted(prototype.argumentDescription.call(this, argument));
      },
    });
}
