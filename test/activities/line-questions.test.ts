/** Questions about lines of the hour bank: booked, told, answered, and what they hold; on PostgreSQL and by mail. */
import { burn, hoursOfYear, readHours } from '../../activities/hours/facts';
import { createHoursActivities } from '../../activities/hours/hours';
import type { ReportedEntry } from '../../activities/hours/ledger';
import { statementLines } from '../../activities/hours/lines';
import type { SendNoticeInput } from '../../activities/mail/notice';
import { listDecisions } from '../../activities/agreements/decisions';
import { repeatDecision } from '../../activities/hours/repeat-decision';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import { mailActivities, notice, signAndPlanUnder } from './signed-agreement';

let database: FreshDatabase;
let mailbox: Mailbox;

beforeEach(async () => {
  [database, mailbox] = await Promise.all([freshDatabase(), openMailbox()]);
  await signAndPlanUnder(database.db, {
    hourBank: { questions: { days: 30, answerWorkingDays: 5 } },
  });
});

afterEach(async () => {
  await Promise.all([database.close(), mailbox.close()]);
});

const agreement = 'testbolaget-2027';
const hour = 3600;
let entries = 0;
const report = (said: Partial<ReportedEntry>) =>
  createHoursActivities(database).reportHours({
    agreement,
    year: 1,
    entries: [
      {
        ...{ entryId: `asked-${++entries}`, by: 'anna', byAssumed: false, confirmed: true },
        ...{ asOf: '2027-03-01T09:00:00.000Z' },
        ...said,
      },
    ],
  });
const ask = (said: Partial<ReportedEntry> = {}) =>
  report({
    ...{ asks: { number: 1 }, by: 'contact-1', note: 'Vad gjordes?', asOf: '2027-03-02T09:00:00.000Z' },
    ...said,
  });
const send = (changed: Partial<SendNoticeInput>) =>
  mailActivities(database.db, mailbox.smtpUrl).sendNotice(
    notice({ obligation: 'hours/question-2', revision: 1, ...changed }),
  );
const texts = (): string[] => mailbox.mails.map(({ text = '' }) => text.replaceAll('\u00a0', ' '));

it('waits until it is answered, and is told to who asked, to the consultant and, unanswered, to the manager', async () => {
  await report({ seconds: 3 * hour, service: 'development', note: 'ny layout' });
  const { questions } = await ask();
  const asked = { line: 1, question: 2, by: 'contact-1' };
  // answerWorkingDays after Tuesday 2 March is Tuesday 9 March; the manager hears of it the morning after.
  expect(questions).toEqual({
    open: [asked],
    asked: [{ ...asked, remindAt: '2027-03-10T07:30:00.000Z' }],
    answered: [],
  });
  const [line] = statementLines(await readHours(database.db, agreement), 1, '2027-03-05').filter(
    ({ number }) => number === 1,
  );
  expect(line).toMatchObject({ asked: '2027-03-02' });
  await send({ template: 'line-question', step: 'asked', to: 'consultant' });
  await send({ template: 'line-answer', step: 'received', to: 'customer', only: 'contact-1' });
  expect(texts()[0]).toContain('»Vad gjordes?«');
  expect(texts()[0]).toContain('"entry":1,"answer":"…"');
  expect(texts()[1]).toContain('Ni får svar senast tisdag 9 mars 2027');
  const answered = await report({
    answers: { number: 1 },
    note: 'Layouten.',
    asOf: '2027-03-03T09:00:00.000Z',
  });
  expect(answered.questions).toEqual({ open: [], asked: [], answered: [{ ...asked, answer: 3 }] });
  await send({ template: 'line-answer', step: 'answered', revision: 3, to: 'customer', only: 'contact-1' });
  expect(mailbox.mails).toHaveLength(3);
  expect(texts()[2]).toMatch(/svarar:\s+»Layouten.«[\s\S]*Raden står kvar som den är/);
});

it.each<[string, Partial<ReportedEntry>, object]>([
  ['the same again within the hour', {}, { repeats: [{ number: 2 }] }],
  ['the same `ref` again', { ref: 'page-1' }, { repeats: [{ number: 3 }] }],
  ['the same `ref` in other words', { ref: 'page-1', note: 'Varför?' }, { conflicts: [{ number: 3 }] }],
  ['no such line', { asks: { number: 9 } }, { unknown: [{ name: '9' }] }],
  [
    'an answer where nothing is asked',
    { asks: undefined!, answers: { number: 4 } },
    { unknown: [{ name: '4' }] },
  ],
])('is booked once, or refused: %s', async (_what, said, told) => {
  await report({ seconds: hour });
  await ask();
  await ask({ ref: 'page-1', note: 'Vad gjordes?' });
  await report({ seconds: 2 * hour });
  const before = (await readHours(database.db, agreement)).entries.length;
  expect(await ask(said)).toMatchObject(told);
  expect((await readHours(database.db, agreement)).entries).toHaveLength(before);
});

it('that is taken back is nothing to answer or to tell of', async () => {
  await report({ seconds: hour });
  await ask();
  const { questions } = await report({ undoes: { number: 2 } });
  expect(questions).toMatchObject({ open: [] });
  expect(await report({ answers: { number: 1 } })).toMatchObject({ unknown: [{ name: '1' }] });
  await send({ template: 'line-question', step: 'remind', to: 'manager' });
  expect(mailbox.mails).toEqual([]);
});

it('ends with its line, and who asked is told that the line is gone', async () => {
  await report({ seconds: 3 * hour });
  await ask();
  const { questions } = await report({
    undoes: { number: 1 },
    asOf: '2027-03-03T09:00:00.000Z',
    note: 'internt',
  });
  const told = { line: 1, question: 2, by: 'contact-1', answer: 3 };
  expect(questions).toEqual({ open: [], asked: [], answered: [], takenBack: [told] });
  expect(await report({ answers: { number: 1 }, note: 'x' })).toMatchObject({ unknown: [{ name: '1' }] });
  await send({ template: 'line-question', step: 'remind', to: 'manager' });
  await send({ template: 'line-answer', step: 'answered', revision: 3, to: 'customer', only: 'contact-1' });
  expect(mailbox.mails).toHaveLength(1);
  expect(mailbox.mails[0]?.subject).toBe('Raden som ni frågade om, rad 1 i timbanken, är borttagen');
  expect(texts()[0]).toMatch(/»Vad gjordes\?«[\s\S]*Raden är borttagen och räknas inte/);
  expect(texts()[0]).not.toMatch(/internt|svarar|faktureras raden/);
});

describe('across the end of a year', () => {
  const close = () =>
    createHoursActivities(database).closeHours({
      agreement,
      year: 1,
      ended: false,
      asOf: '2027-12-31T23:00:00.000Z',
    });
  const atEnd = async () => hoursOfYear(await readHours(database.db, agreement), 1, '2028-02-01');

  it('holds the hours that an answer gives back: they are used later, and posted once', async () => {
    await report({ seconds: 110 * hour });
    await ask({ asOf: '2027-12-20T09:00:00.000Z' });
    await close();
    expect(await atEnd()).toMatchObject({ used: 110 * hour, rolledOut: 10 * hour, expired: 0, held: 0 });
    const late = { asOf: '2028-01-10T09:00:00.000Z', approvedBy: 'maria' };
    const corrected = await report({ corrects: { number: 1 }, seconds: 90 * hour, note: 'fel', ...late });
    // 24 of the 30 that are left roll over; nobody is asked for goodwill, since the other six do not expire.
    expect(await atEnd()).toMatchObject({
      used: 90 * hour,
      rolledOut: 24 * hour,
      expired: 0,
      held: 6 * hour,
    });
    expect(corrected.freed).toEqual([]);
    await report({ answers: { number: 1 }, note: 'Ni har rätt.', asOf: '2028-01-11T09:00:00.000Z' });
    const { grants } = burn(await readHours(database.db, agreement), '2028-02-01');
    expect(grants.find(({ kind }) => kind === 'held')).toMatchObject({
      seconds: 6 * hour,
      from: '2028-01-01',
      expires: '2028-02-10',
    });
    const [closed] = (await listDecisions(database.db, agreement)).filter(({ kind }) => kind === 'rollover');
    expect(await repeatDecision(database.db, agreement, closed!)).toEqual([]);
  });

  it('can be asked so many days after the final statement, later with a manager', async () => {
    await report({ seconds: hour });
    await close();
    await database.db.query(
      `insert into mails (key, agreement, year, obligation, step, revision, contact, template, recipient, subject, as_of, state, message_id, request)
       values ('told', $1, 1, 'close', 'statement', 1, 'contact-1', 'hour-statement', 'karin.ek@testbolaget.example.com', 'x', '2028-01-03T08:00:00Z', 'sent', '<x>', '{}')`,
      [agreement],
    );
    const late = { asOf: '2028-02-03T09:00:00.000Z' };
    expect(await ask(late)).toMatchObject({ tooLate: [{ until: '2028-02-02' }] });
    expect(await ask({ ...late, approvedBy: 'maria' })).toMatchObject({
      questions: { asked: [{ line: 1 }] },
    });
  });
});
