/** What the library of the command line writes in a help of its own accord, in Swedish. It has English words alone. */
import type { Command, HelpConfiguration } from 'commander';

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
const noted = (description: string): string =>
  notes.reduce((text, [english, swedish]) => text.replace(english, swedish), description);

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
      optionDescription(option) {
        return noted(prototype.optionDescription.call(this, option));
      },
      argumentDescription(argument) {
        return noted(prototype.argumentDescription.call(this, argument));
      },
    });
}
