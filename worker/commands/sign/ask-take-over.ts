/** Asks what lies behind an agreement that began before it is signed here. */
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import { periodOf, yearNumberOn } from '../../../rules/engine/calendar/agreement-period';
import type { Contract, Instant } from '../../../rules/engine/contract/contract';
import type { Language } from '../../../rules/engine/basics/text';
import { readSignable } from '../../../rules/engine/plan/read-signable';
import type { TakeOver } from '../../../rules/engine/plan/take-over';
import { readYesOrNo } from '../terminal';
import { readCell } from './signable-columns';

const words = {
  sv: {
    isTakenOver: ({ agreement, startsOn }: Contract) =>
      `${agreement} började ${startsOn}. Tas det över, med det som hittills har gjorts i år bakom sig? [j/n] `,
    hoursUsed: 'Använda timmar ur timbanken hittills i år (som 34,5) [0]: ',
    hoursRolledIn: 'Timmar som fördes över från förra året [0]: ',
    meetingsHeld: (from: string) =>
      `Dagar sedan ${from} då förvaltningsmöten hölls (som 2027-03-10 2027-06-09) [inga]: `,
    upgrade: 'Är årets uppgradering klar? [j/N] ',
    yesOrNo: 'Svara ja eller nej.',
    untold: ({ agreement, startsOn }: Contract) =>
      `${agreement} började ${startsOn}: det måste sägas om det tas över. Skriv det som har gjorts under "takeover" i filen ` +
      '(se `sign --help`), eller ge --not-taken-over: då ska allt som signerats göras under det som är kvar av avtalsåret.',
  },
  en: {
    isTakenOver: ({ agreement, startsOn }: Contract) =>
      `${agreement} began on ${startsOn}. Is it taken over, with what was done this year so far behind it? [y/n] `,
    hoursUsed: 'Hours of the bank used this year so far (as 34.5) [0]: ',
    hoursRolledIn: 'Hours carried into this year from the one before [0]: ',
    meetingsHeld: (from: string) =>
      `Days since ${from} on which management meetings were held (as 2027-03-10 2027-06-09) [none]: `,
    upgrade: "Is the year's upgrade done? [y/N] ",
    yesOrNo: 'Answer yes or no.',
    untold: ({ agreement, startsOn }: Contract) =>
      `${agreement} began on ${startsOn}: whether it is taken over has to be said. Write what was done under "takeover" in the file ` +
      '(see `sign --help`), or give --not-taken-over: then all that was signed is owed in what is left of the agreement year.',
  },
} as const;

/** Whether an agreement may have something behind it when it is signed at an instant. */
export const beganBefore = ({ startsOn }: Contract, asOf: Instant): boolean => startsOn < localDateOf(asOf);

/** What to say where nobody can be asked. */
export const takeOverUntold = (contract: Contract, language: Language): string =>
  words[language].untold(contract);

/**
 * Asks whether an agreement is taken over, and what was done this year. An answer that cannot be used is told, and the
 * question is asked again; whether it is taken over has no default, as a no signs at once.
 *
 * @param ask gives the answer to a question
 * @param tell shows what is wrong with an answer
 * @returns nothing if it is not taken over
 */
export async function askTakeOver(
  contract: Contract,
  asOf: Instant,
  language: Language,
  { ask, tell }: { ask: (question: string) => Promise<string>; tell: (line: string) => void },
): Promise<TakeOver | undefined> {
  const say = words[language];
  const isYes = async (question: string, onEnter?: boolean): Promise<boolean> => {
    for (;;) {
      const answer = await ask(question);
      const read = answer.trim() === '' ? onEnter : readYesOrNo(answer);
      if (read !== undefined) return read;
      tell(say.yesOrNo);
    }
  };
  const about = async (name: keyof TakeOver, question: string): Promise<TakeOver> => {
    for (;;) {
      const answer = (await ask(question)).trim();
      if (answer === '') return {};
      const told = { [name]: readCell(name, answer) } as TakeOver;
      const problems = problemsOf(contract, told, asOf, language);
      if (problems.length === 0) return told;
      for (const problem of problems) tell(problem);
    }
  };
  if (!(await isYes(say.isTakenOver(contract)))) return undefined;
  const today = localDateOf(asOf);
  const year = yearNumberOn(contract.startsOn, today);
  return {
    ...(await about('hoursUsed', say.hoursUsed)),
    ...(year > 1 && (await about('hoursRolledIn', say.hoursRolledIn))),
    ...(await about('meetingsHeld', say.meetingsHeld(periodOf(contract.startsOn, year).from))),
    upgrade: (await isYes(say.upgrade, false)) ? 'done' : 'open',
  };
}

/** What is wrong with what was told, as a file with it would be refused. */
function problemsOf(contract: Contract, takeover: TakeOver, asOf: Instant, language: Language): string[] {
  const text = JSON.stringify({ ...contract, takeover });
  const { findings } = readSignable(text, contract.agreement, localDateOf(asOf), {});
  return findings.map(({ message, messageSv }) => (language === 'sv' ? messageSv : message));
}
