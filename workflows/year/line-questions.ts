/** What the customer asks about lines of the hour bank: who is told, and what the page says until it is answered. */
import type { AskedLine, ToldQuestions } from '../../activities/hours/questions';
import type { Instant } from '../../rules/engine/contract/contract';
import { later } from '../../rules/engine/calendar/dates';
import { toLookAt } from '../../templates/ui/reasons';
import { clear, raise } from './journal';
import type { Year } from './year';

const code = 'line-questioned';

const obligationOf = (question: number): `hours/question-${number}` => `hours/question-${question}`;

/**
 * Tells the consultant of a question, the manager if nobody has answered in time, and whoever asked that we have it and what we
 * answer. What is answered or taken back is no longer asked about.
 *
 * @param mailAt when the customer may be told
 */
export function followQuestions(year: Year, told: ToldQuestions, mailAt: Instant): void {
  const { state } = year;
  const { open, asked, answered, takenBack = [] } = told;
  // A command may have taken a line back: who asked is told once it is seen that nothing is open any more.
  const gone = takenBack.filter(({ question }) => state.questions?.includes(question));
  const isOpen = (number: number): boolean => open.some(({ question }) => question === number);
  for (const question of (state.questions ?? []).filter((one) => !isOpen(one))) {
    clear(year, code, String(question));
    state.heldMails = state.heldMails.filter(({ mail }) => mail.obligation !== obligationOf(question));
  }
  if (open.length > 0 || state.questions) state.questions = open.map(({ question }) => question);
  const at = later(mailAt, year.heldUntil());
  for (const one of asked) {
    raise(year, code, String(one.question), toLookAt.lineQuestioned(one.line)[year.input.language]);
    const about = { obligation: obligationOf(one.question), revision: 1, template: 'line-question' } as const;
    state.heldMails.push(
      { at: year.heldUntil(), step: 0, mail: { ...about, step: 'asked', to: 'consultant' } },
      { at: one.remindAt, step: 0, mail: { ...about, step: 'remind', to: 'manager' } },
      answerTo(year, one, { at, step: 'received', revision: 1 }),
    );
  }
  for (const one of [...answered, ...gone])
    state.heldMails.push(answerTo(year, one, { at, step: 'answered', revision: one.answer }));
}

/** A mail to whoever asked; to those who get the statements where that is none of the contacts. */
function answerTo(
  { plan }: Year,
  { question, by }: AskedLine,
  { at, ...about }: { at: Instant; step: string; revision: number },
): Year['state']['heldMails'][number] {
  const whom = plan.ids.contacts.includes(by) ? { only: by } : { roles: plan.statementRoles };
  const mail = {
    ...about,
    obligation: obligationOf(question),
    template: 'line-answer',
    to: 'customer',
  } as const;
  return { at, step: 0, mail: { ...mail, ...whom } };
}
