/** What the library of the command line says of wrong options and arguments, in Swedish. It has English words alone. */

const sentences: [english: RegExp, swedish: string][] = [
  [/^error: /, 'fel: '],
  [/unknown option ('.*')/, 'okänd flagga $1'],
  [/unknown command ('.*')/, 'okänt kommando $1'],
  [/missing required argument ('.*')/, 'argumentet $1 saknas'],
  [/required option ('.*') not specified/, 'flaggan $1 måste anges'],
  [/option ('.*') argument missing/, 'flaggan $1 saknar sitt värde'],
  [/option ('.*') cannot be used with option ('.*')/, 'flaggan $1 går inte att använda med flaggan $2'],
  [/option ('.*?') argument ('[^]*') is invalid\./, 'flaggan $1 kan inte ha värdet $2:'],
  [
    /command-argument value ('[^]*') is invalid for argument ('.*?')\./,
    'argumentet $2 kan inte ha värdet $1:',
  ],
  [/Allowed choices are (.*)\./, 'möjliga värden är $1.'],
  [/too many arguments for ('.*?')/, 'för många argument för $1'],
  [/Expected (\d+) arguments? but got (\d+)\./, 'Förväntade $1, fick $2.'],
  [/\(Did you mean (one of )?(.*)\?\)/, '(Menade du $2?)'],
];

/**
 * An error of the library in Swedish. A sentence that is not known stays as it is.
 *
 * @example inSwedish("error: unknown option '--jsn'") // "fel: okänd flagga '--jsn'"
 */
export const inSwedish = (error: string): string =>
  sentences.reduce((text, [english, swedish]) => text.replace(english, swedish), error);
