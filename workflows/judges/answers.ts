/**
 * Answers updates with what came of them. What the state knows is refused before; what only PostgreSQL knows is waited
 * for. Where that takes too long the sender is told that it is not known yet: an update without an answer would read as
 * done in the Web UI. What was sent is carried out all the same, and the same sent again asks for the same answer.
 */
import { condition } from '@temporalio/workflow';
import { canonicalJson } from '../../rules/engine/basics/canonical-json';
import type { Text } from '../../rules/engine/basics/text';
import { addMinutes } from '../../rules/engine/calendar/dates';
import { reasons } from '../../templates/ui/reasons';
import { inBackground } from '../basics/background';
import type { MessageName } from '../messages/messages';
import type { Asked, Year } from '../year/year';
import type { Approval } from '../year/year-state';

/** Milliseconds an update waits at most before it answers; the Web UI takes none for done after twenty seconds. */
export const answerWithin = 10_000;

/** Minutes after which the same content is another message, though nobody asked what came of the first. */
const remembered = 60;

/** Takes a message, or gives why it is rejected: that is written down too, unless somebody waits for the answer. */
type Take = (isHeard: () => boolean) => Text | undefined;

/** Has a message taken, at once or when all is known about it; `done` resolves when that took time. */
export type Taking = (carryOut: (take: Take) => void) => { done?: Promise<void> };

function keyOf(name: MessageName, input: unknown): string {
  try {
    return `${name} ${canonicalJson(input)}`;
  } catch {
    // Nested too deeply to be written: nothing like it is ever taken.
    return name;
  }
}

/** An update with the same content of which nobody was told yet what came of it. */
export function askedBefore(year: Year, name: MessageName, input: unknown): Asked | undefined {
  const asked = year.asked.get(keyOf(name, input));
  const old = asked?.settledAt !== undefined && addMinutes(asked.settledAt, remembered) <= year.now();
  return old ? undefined : asked;
}

/**
 * Takes an update's message, unless the same is under way, and waits for what comes of it.
 * @param taking has the message taken
 * @returns what came of it: why the update fails, and the entry of hours that it booked or repeats
 */
export async function outcomeOf(
  year: Year,
  name: MessageName,
  input: unknown,
  taking: Taking,
): Promise<Pick<Asked, 'failed' | 'entry'>> {
  const asked = askedBefore(year, name, input) ?? ask(year, taking);
  const key = keyOf(name, input);
  year.asked.set(key, asked);
  asked.unheard = false;
  const isKnown = await condition(() => asked.settledAt !== undefined, answerWithin);
  asked.unheard = !isKnown;
  if (!isKnown) return { failed: reasons.notKnownYet };
  if (year.asked.get(key) === asked) year.asked.delete(key);
  return asked;
}

function ask(year: Year, taking: Taking): Asked {
  const asked: Asked = {};
  taking((take) => follow(year, asked, take));
  return asked;
}

/** Takes the message, and settles what was asked once all that it causes is done. */
function follow(year: Year, asked: Asked, take: Take): void {
  const [earlier, replanning] = [new Set(waiting(year)), year.replanning];
  const toldBefore = new Set(year.state.last);
  const settle = (failed: Text | undefined): void => {
    if (failed) asked.failed = failed;
    asked.settledAt = year.now();
  };
  const rejected = take(() => !asked.unheard);
  if (rejected) return settle(rejected);
  const caused = waiting(year).filter((one) => !earlier.has(one));
  asked.caused = caused;
  const told = year.state.last.filter((one) => !toldBefore.has(one));
  const replanned = year.replanning !== replanning;
  inBackground(year, async () => {
    await condition(
      () => year.replansToCome === 0 && !year.writing && !waiting(year).some((one) => caused.includes(one)),
    );
    const entry = entryOf(year, caused);
    if (entry) asked.entry = entry;
    const refused = refusalOf(year, caused);
    // What was refused after all did not happen: the page does not tell it as taken.
    if (refused) year.state.last = year.state.last.filter((one) => !told.includes(one));
    settle(refused ?? failureOf(year, caused, replanned));
  });
}

/** What waits for PostgreSQL: hours to book, prices to keep, journal entries to write. */
const waiting = ({ state }: Year): object[] => [
  ...state.hoursToBook,
  ...state.approvals.filter(({ mailAt }) => mailAt === undefined),
  ...state.journal,
  ...state.journalAgain.flatMap(({ entries }) => entries),
];

/** The entry of hours that a message booked, or that stands already where it is a repeat. */
function entryOf(year: Year, caused: readonly object[]): Asked['entry'] {
  const [found] = caused.flatMap((one) => year.outcomes.get(one) ?? []);
  const { number, repeats } = found ?? {};
  return number === undefined ? undefined : { number, ...(repeats && { repeats }) };
}

/** Why what a message says was refused once PostgreSQL was asked: it has to be sent anew. */
function refusalOf(year: Year, caused: readonly object[]): Text | undefined {
  const refused = caused.flatMap((one: Pick<Approval, 'refused'>) => one.refused ?? [])[0];
  const notBooked = caused
    .map((one) => year.outcomes.get(one))
    .find((one) => one?.why && !one.repeats && !one.silent);
  return refused ?? notBooked?.why;
}

/** Why something that a message caused could not be done for now: it is kept, and can be tried again. */
function failureOf(year: Year, caused: readonly object[], replanned: boolean): Text | undefined {
  const { attention, failedHours, failedJournal } = year.state;
  const isCaused = (one: object): boolean => caused.includes(one);
  const detailOf = (code: string): string => attention.find((item) => item.code === code)?.detail ?? code;
  if (replanned && attention.some(({ code }) => code === 'replan-failed'))
    return reasons.notCarriedOut(detailOf('replan-failed'));
  if (failedHours.some(isCaused)) return reasons.notCarriedOut(detailOf('hours-failed'));
  return failedJournal.flatMap(({ entries }) => entries).some(isCaused)
    ? reasons.notCarriedOut(detailOf('journal-failed'))
    : undefined;
}
