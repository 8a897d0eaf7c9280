/** Output and questions on the terminal, for all commands. */
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { InvalidArgumentError } from 'commander';
import { inWords } from '../basics/spoken';
import { isLocalDate } from '../../rules/engine/basics/is-local-date';

/** Writes a line to standard output: results. */
export const say = (line: string): boolean => process.stdout.write(`${line}\n`);
/** Writes a line to standard error: everything else. */
export const tell = (line: string): boolean => process.stderr.write(`${line}\n`);
export const asJson = (value: unknown): string => JSON.stringify(value, null, 2);

/** Prints that nothing was done, and sets exit code 1. */
export function refuse(line: string): void {
  tell(line);
  process.exitCode = 1;
}

const noTerminal = {
  sv: 'Det finns ingen terminal att svara från; lägg till --yes för att bekräfta.',
  en: 'There is no terminal to answer from; add --yes to confirm.',
};

const inputEnded = {
  sv: 'Inmatningen tog slut utan svar; kommandot avbröts, och inget gjordes.',
  en: 'The input ended without an answer; the command was stopped, and nothing was done.',
};

const yesOrNo = { sv: 'Svara ja eller nej.', en: 'Answer yes or no.' };

/** Reads a typed answer, in Swedish or English: `undefined` where it is neither yes nor no. */
export function readYesOrNo(answer: string): boolean | undefined {
  if (/^\s*(y|yes|j|ja)\s*$/i.test(answer)) return true;
  return /^\s*(n|no|nej)\s*$/i.test(answer) ? false : undefined;
}

/**
 * Asks for a yes on the terminal, until the answer is yes or no; Enter alone is no. Without a terminal the answer is no.
 * @throws if the input ends
 */
export async function confirmed(
  question: string,
  choice = inWords({ sv: '[j/N]', en: '[y/N]' }),
): Promise<boolean> {
  if (!process.stdin.isTTY) {
    tell(`${question} ${inWords(noTerminal)}`);
    return false;
  }
  for (;;) {
    const answer = await answered(`${question} ${choice} `);
    const read = answer.trim() === '' ? false : readYesOrNo(answer);
    if (read !== undefined) return read;
    tell(inWords(yesOrNo));
  }
}

/**
 * Asks on the terminal, and gives the answer as it was typed.
 * @throws if the input ends (Ctrl-D, Ctrl-C) before a line is typed
 */
export async function answered(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<string>((resolve, reject) => {
      // The cursor stands behind the question.
      terminal.once('close', () => reject(new Error(`\n${inWords(inputEnded)}`)));
      terminal.question(question).then(resolve, reject);
    });
  } finally {
    terminal.close();
  }
}

/** Parses an option as a reason that is kept. @throws if it is none */
export function reasonText(text: string): string {
  const reason = text.trim();
  if (reason === '' || reason.length > 1_000)
    throw new InvalidArgumentError(
      inWords({
        sv: 'förväntade ett skäl på 1 till 1000 tecken',
        en: 'expected a reason of 1 to 1000 characters',
      }),
    );
  return reason;
}

/** Who does something: as they say, or as the system knows them. */
export const whoever = (by: string | undefined): string => by?.trim() || userInfo().username;

/** Parses an option or argument as an agreement's number. @throws if it is none */
export function agreementNumber(text: string): string {
  if (!/^[a-z0-9-]{1,40}$/.test(text))
    throw new InvalidArgumentError(
      inWords({
        sv: 'förväntade ett avtalsnummer: a-z, 0-9 och -, högst 40 tecken',
        en: 'expected an agreement number: a-z, 0-9 and -, at most 40 characters',
      }),
    );
  return text;
}

/** Parses an option or argument as a date. @throws if it is none */
export function date(text: string): string {
  if (!isLocalDate(text))
    throw new InvalidArgumentError(
      inWords({ sv: 'förväntade ett datum som ÅÅÅÅ-MM-DD', en: 'expected a date as YYYY-MM-DD' }),
    );
  return text;
}
