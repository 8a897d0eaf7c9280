/** What people are told of questions about lines of the hour bank. */
import { addOpenDays, localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { questionsOf } from '../../rules/engine/hours/questions';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { closedDaysOf, openingIn } from '../../rules/engine/terms/support-hours';
import type { HourFacts } from './facts';

/** A line about which the customer has asked. */
export interface AskedLine {
  /** Of the line's own entry, and of the question. */
  line: number;
  question: number;
  /** Who asked. */
  by: string;
}

export interface ToldQuestions {
  /** All lines with a question that waits for its answer. */
  open: AskedLine[];
  /** Those asked about now, and when the manager is told if nobody has answered by then. */
  asked: (AskedLine & { remindAt: Instant })[];
  /** Those answered now. */
  answered: (AskedLine & { answer: number })[];
  /** All whose line was taken back, with the number of the entry that did it; not told before 0.3.0. */
  takenBack?: (AskedLine & { answer: number })[];
}

type AnswerTerms = Pick<Terms, 'support' | 'hourBank'>;

/** Open days within which a question is answered, unless the terms say. */
const usualAnswerDays = 5;

/** The last day on which a question is to be answered. */
export const answerBy = (asked: LocalDate, { support, hourBank }: AnswerTerms): LocalDate =>
  addOpenDays(asked, hourBank.questions?.answerWorkingDays ?? usualAnswerDays, closedDaysOf(support));

/**
 * All questions that wait, and those that were asked and answered by what was booked.
 * @param booked numbers of entries by id
 */
export function questionsToTell(
  booked: Readonly<Record<string, number>>,
  { entries }: HourFacts,
  terms: AnswerTerms,
  asOf: Instant,
): ToldQuestions {
  const all = questionsOf(entries).flatMap(({ use, questions, answer }) =>
    questions.map((one) => ({
      answer,
      line: { line: use.number, question: one.number, by: one.by ?? 'customer' },
      isNew: booked[one.id] !== undefined,
    })),
  );
  const takenBack = all.flatMap(({ line, answer }) =>
    answer?.action === 'undo' ? [{ ...line, answer: answer.number }] : [],
  );
  const { support } = terms;
  const remindAt = openingIn(answerBy(localDateOf(asOf), terms), 1, support);
  return {
    open: all.flatMap(({ line, answer }) => (answer ? [] : [line])),
    asked: all.flatMap(({ line, answer, isNew }) => (isNew && !answer ? [{ ...line, remindAt }] : [])),
    answered: all.flatMap(({ line, answer }) =>
      answer?.action === 'answer' && booked[answer.id] !== undefined
        ? [{ ...line, answer: answer.number }]
        : [],
    ),
    ...(takenBack.length > 0 && { takenBack }),
  };
}
