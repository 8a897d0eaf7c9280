/** Output and questions on the terminal, for all commands. */
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

/** Asks for a yes on the terminal. Without a terminal the answer is no. */
export async function confirmed(
  question: string,
  choice = inWords({ sv: '[j/N]', en: '[y/N]' }),
): Promise<boolean> {
  if (!process.stdin.isTTY) {
    tell(`${question} ${inWords(noTerminal)}`);
    return false;
  }
  const answer = await answered(`${question} ${choice} `);
  return /^(y|yes|j|ja)$/i.test(answer.trim());
}

/** Asks on the terminal, and gives the answer as it was typed. */
export async function answered(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(question);
  terminal.close();
  return answer;
}

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
