import { guldPlan, yearAt } from '../year-at';
import { followQuestions } from '../../../workflows/year/line-questions';

const now = '2027-03-10T09:00:00.000Z';
const line = { line: 1, question: 2, by: 'contact-1' };
const none = { open: [], asked: [], answered: [] };

it('a question whose line a command took back is told to who asked, once, and nobody has to look at it', async () => {
  const plan = await guldPlan();
  const year = yearAt(now, { plan });
  followQuestions(
    year,
    { ...none, open: [line], asked: [{ ...line, remindAt: '2027-03-18T07:30:00.000Z' }] },
    now,
  );
  expect(year.state.attention).toMatchObject([{ code: 'line-questioned', subject: '2' }]);
  for (const _again of [1, 2]) followQuestions(year, { ...none, takenBack: [{ ...line, answer: 3 }] }, now);
  expect(year.state.attention).toEqual([]);
  expect(
    year.state.heldMails.map(({ mail }) => [mail.template, mail.step, mail.revision, mail.only]),
  ).toEqual([['line-answer', 'answered', 3, 'contact-1']]);
});
