import type { Language } from '../../rules/engine/basics/text';
import { swedishHelp } from '../../worker/commands/swedish-help';
import { settings } from '../../worker/settings/configuration';
/** What the library of the command line says of its own accord, in the language of the command. */
import { Command, Option } from 'commander';
import { inSwedish } from '../../worker/commands/option-errors';
import { createProgram } from '../../worker/program';
import { speak } from '../../worker/basics/spoken';

/** Every command, subcommands included. */
const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];

const english =
  /Usage:|Options:|Arguments:|Commands:|\[options\]|\[command\]|display help|\(choices|\(default|, default/;

describe('a help', () => {
  it('has Swedish headings and words in Swedish, whatever the command', () => {
    speak('sv');
    const helps = all(createProgram([])).map((each) => each.helpInformation());
    expect(helps.length).toBeGreaterThan(40);
    expect(helps.filter((help) => english.test(help))).toEqual([]);
    expect(helps[0]).toMatch(/^Användning: serviceavtal \[flaggor\] \[kommando\]\n/);
    expect(helps[0]).toMatch(
      /\nFlaggor:\n {2}-V, --version +skriver ut produktens version\n {2}-h, --help +visar den här hjälpen\n\nKommandon:\n/,
    );
    expect(helps.join('\n')).toMatch(/\nArgument:\n[^]*möjliga värden: "sv", "en"/);
    expect(helps.join('\n')).toContain('visar hjälpen om ett kommando');
  });

  it('has English ones in English', () => {
    speak('en');
    const help = createProgram(['cases']).commands[0]?.commands[0]?.helpInformation() ?? '';
    expect(help).toMatch(/^Usage: serviceavtal cases import \[options\] <file>\n/);
    expect(help).toMatch(
      /\nArguments:\n[^]*\nOptions:\n[^]*\(choices: "sv", "en"\)[^]*display help for command\n/,
    );
  });
});

/** What stands below each help, line by line, in one language; by the command's words. */
function linesBelow(language: Language): Map<string, string[]> {
  speak(language);
  const below = new Map<string, string[]>();
  const gather = (command: Command, words: string[]): void => {
    let written = '';
    command.configureOutput({ writeOut: (text) => void (written += text) }).outputHelp();
    const help = command.helpInformation();
    expect(written.startsWith(help)).toBe(true);
    if (written.length > help.length)
      below.set(words.join(' '), written.slice(help.length).trimEnd().split('\n'));
    for (const each of command.commands) gather(each, [...words, each.name()]);
  };
  gather(createProgram([]), []);
  return below;
}

/** What is typed, set or found in a table is the same in both languages. */
const typed = /^( +(\$ )?npx serviceavtal | {2}TEMPORAL_[A-Z_, ]+| {4}("takeover"|[^.:]+, [^.:]+$))/;

describe('what stands below a help', () => {
  it('is in Swedish and in English, whatever the command', () => {
    const sv = linesBelow('sv');
    const en = linesBelow('en');
    expect(sv.size).toBeGreaterThan(18);
    expect([...sv.keys()]).toEqual([...en.keys()]);
    for (const [command, lines] of sv) {
      const same = lines.filter(
        (line) => line !== '' && en.get(command)?.includes(line) && !typed.test(line),
      );
      expect({ command, same }).toEqual({ command, same: [] });
      const words = lines.filter((line) => !typed.test(line)).join(' ');
      expect({
        command,
        english: words.match(/\b(the|and|of|with|where|what|is|examples?(?=:))\b/gi),
      }).toEqual({
        command,
        english: null,
      });
    }
  });
});

/** What the library says of words, on a command with every kind of option. */
function errorOf(words: string[]): string {
  let told = '';
  const program = new Command('x')
    .exitOverride()
    .configureOutput({ writeErr: (text) => void (told += text) });
  const one = program.command('one').argument('<id>').requiredOption('--must <what>').option('--flag');
  one.addOption(new Option('--a').conflicts('b')).addOption(new Option('--b'));
  one.addOption(new Option('--pick <which>').choices(['red', 'blue'])).exitOverride();
  program.command('two').exitOverride();
  try {
    program.parse(words, { from: 'user' });
  } catch {
    // The library throws what it has told.
  }
  return inSwedish(told.trim());
}

it.each([
  [['tow'], "fel: okänt kommando 'tow'\n(Menade du two?)"],
  [['two', 'x'], "fel: för många argument för 'two'. Förväntade 0, fick 1."],
  [['one', '--must', 'x'], "fel: argumentet 'id' saknas"],
  [['one', '1'], "fel: flaggan '--must <what>' måste anges"],
  [['one', '1', '--must'], "fel: flaggan '--must <what>' saknar sitt värde"],
  [['one', '1', '--must', 'x', '--flagg'], "fel: okänd flagga '--flagg'\n(Menade du --flag?)"],
  [['one', '1', '--must', 'x', '--a', '--b'], "fel: flaggan '--a' går inte att använda med flaggan '--b'"],
  [
    ['one', '1', '--must', 'x', '--pick', 'green'],
    "fel: flaggan '--pick <which>' kan inte ha värdet 'green': möjliga värden är red, blue.",
  ],
])('%j is refused in Swedish words', (words, told) => {
  expect(errorOf(words)).toBe(told);
});

it('has Swedish words for all that any command, option, argument or setting says of itself', () => {
  speak('en');
  const english = new Set<string>(Object.values(settings));
  const gather = (command: Command): void => {
    const said = [command, ...command.options, ...command.registeredArguments].map((one) =>
      typeof one.description === 'string' ? one.description : one.description(),
    );
    for (const text of [...said, command.summary()]) if (text) english.add(text);
    for (const each of command.commands) gather(each);
  };
  gather(createProgram([]));
  expect([...english].filter((text) => !(text in swedishHelp))).toEqual([]);
  // Nothing is kept that no help says.
  expect(Object.keys(swedishHelp).filter((text) => !english.has(text))).toEqual([]);
});
