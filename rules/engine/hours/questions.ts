/** What customers ask about lines of their statements (invändningar). A line is asked about until it is answered. */
import { localDateOf } from '../calendar/calendar';
import type { Hold } from './burn-down';
import { entriesBySubject, standingOf, undoneIn } from './entries';
import type { HourEntry } from './entries';

/** Questions about one line until its next answer. */
export interface LineQuestion {
  /** The use that they are about. */
  use: HourEntry;
  /** In the order in which they were asked. */
  questions: HourEntry[];
  /** Our answer, or the undo of the line: nothing waits for a line that is not there. */
  answer?: HourEntry;
}

/** All that was asked, and not taken back, in the order in which it was asked. */
export function questionsOf(entries: readonly HourEntry[]): LineQuestion[] {
  return entriesBySubject(entries)
    .flatMap(roundsOf)
    .sort((a, b) => a.questions[0]!.number - b.questions[0]!.number);
}

/** Whether somebody has answered, and not only taken the line back. */
const isAnswered = ({ answer }: LineQuestion): boolean => answer !== undefined && answer.action !== 'undo';

function roundsOf(group: readonly HourEntry[]): LineQuestion[] {
  const [use] = group;
  if (!use) return [];
  const undone = undoneIn(group);
  const rounds: LineQuestion[] = [];
  for (const entry of group.filter(({ id }) => !undone.has(id))) {
    const last = rounds.at(-1);
    if (entry.action === 'question') {
      if (last && !last.answer) last.questions.push(entry);
      else rounds.push({ use, questions: [entry] });
    }
    if (entry.action === 'answer' && last && !isAnswered(last)) last.answer = entry;
    if (entry.action === 'undo' && entry.target === use.id && last && !last.answer) last.answer = entry;
  }
  return rounds;
}

/**
 * Hours that an answer gives back do not expire while the question waits for it: time stands still for them from the day of the
 * question to that of the answer.
 *
 * @returns for each question whose line counts for less now than when it was asked: how many seconds less
 */
export function holdsOf(entries: readonly HourEntry[]): Hold[] {
  return questionsOf(entries).flatMap(({ use, questions: [asked], answer }) => {
    if (!asked) return [];
    const until = (isKnown: (entry: HourEntry) => boolean): number =>
      standingOf(entries.filter(isKnown), 'use').find(({ entry }) => entry.id === use.id)?.billable ?? 0;
    const then = until(({ number }) => number <= asked.number);
    const now = until(({ number }) => number <= (answer?.number ?? Infinity));
    if (now >= then) return [];
    return [
      {
        seconds: then - now,
        asked: localDateOf(asked.recordedAt),
        ...(answer && { answered: localDateOf(answer.recordedAt) }),
      },
    ];
  });
}
