import { judgeAnswer, judgeQuestion } from '../../../workflows/judges/hours';
import { judgeCall, judgeDecisionOnOverage, judgeOrder } from '../../../workflows/judges/orders';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { guldPlan, messageTo, yearAt } from '../year-at';

const ordering = { seconds: 21_600, days: { remind: 1000, decide: 2000 } };
let plan: StoredPlan;
beforeAll(async () => {
  const planned = await guldPlan();
  const roles = { 'contact-1': ['management' as const], 'contact-2': ['system-owner' as const] };
  plan = {
    ...planned,
    packages: [{ hours: 20, priceMinor: 119_000 }],
    called: { customer: 'Testbolaget AB', integrations: {}, ...planned.called, roles },
  };
});
const year = () => yearAt('2027-10-11T09:00:00.000Z', { plan, state: { ordering } });

type Refused = [what: string, input: Record<string, unknown>, why: RegExp];

describe('hoursOrdered', () => {
  const { take, refusal } = messageTo('hoursOrdered', judgeOrder);

  it.each<[string, Record<string, unknown>, object]>([
    ['an order', { hours: '7:30' }, { seconds: 27_000, orders: { kind: 'order' } }],
    [
      'with a last day',
      { kind: 'order', hours: 10, until: '2027-12-31', ref: 'o', note: 'per telefon' },
      { orders: { kind: 'order', until: '2027-12-31' }, ref: 'o', note: 'per telefon' },
    ],
    [
      'a package at its price',
      { kind: 'package', hours: 20 },
      { gives: { kind: 'purchased', months: 12, priceMinor: 119_000 } },
    ],
    ['hours of the next year', { kind: 'ahead', hours: 6 }, { orders: { kind: 'ahead' } }],
  ])('is booked by who ordered: %s', (_what, input, booked) => {
    const one = year();
    take(one, { contact: 'contact-1', note: 'per telefon', ...input });
    expect(one.state.hoursToBook).toMatchObject([{ by: 'contact-1', byAssumed: false, ...booked }]);
  });

  it('says how only where it was not on the page', () => {
    const one = year();
    const told = take(one, { hours: 1, contact: 'contact-1', ref: 'page-17' });
    expect(told).toMatchObject({ by: 'contact-1' });
    expect(one.state.hoursToBook).toMatchObject([{ by: 'contact-1', ref: 'page-17' }]);
  });

  it.each<Refused>([
    ['nobody who ordered', { contact: undefined, hours: 1 }, /^contact: expected one of/],
    ['somebody else', { contact: 'contact-9', hours: 1 }, /^contact: expected one of/],
    ['a contact without the role', { contact: 'contact-2', hours: 1 }, /^contact: expected one of contact-1/],
    ['not how', { hours: 1, note: undefined }, /^note: expected how the customer ordered/],
    ['not in words', { hours: 1, note: '…' }, /^note: expected how the customer ordered/],
    ['another kind', { kind: 'gratis', hours: 1 }, /^kind: expected one of order, package, ahead/],
    ['no hours', {}, /^hours: expected hours/],
    ['none at all', { hours: 0 }, /^hours: expected a number above 0/],
    ['a package that is not sold', { kind: 'package', hours: 10 }, /^hours: expected one of 20, found 10/],
    [
      'more than a year has',
      { kind: 'ahead', hours: 500 },
      /^hours: expected a number above 0 and at most 120, found 500/,
    ],
    ['a day that has passed', { hours: 1, until: '2027-10-10' }, /^until: expected a day from 2027-10-11/],
    ['for ever', { hours: 1, until: '9999-12-31' }, /^until: expected a day from 2027-10-11 to 2028-10-11/],
  ])('is refused with the reason: %s', (_what, input, why) => {
    expect(refusal(year(), { contact: 'contact-1', note: 'per telefon', ...input }).en).toMatch(why);
  });
});

describe('overageDecided', () => {
  const { take, refusal } = messageTo('overageDecided', judgeDecisionOnOverage);
  const manager = { approvedBy: 'mats', reason: 'vår miss' };

  it.each<[string, Record<string, unknown>, object]>([
    [
      'all that waits is waived, and nothing that comes',
      { decision: 'waive' },
      { seconds: 21_600, orders: { kind: 'waive', until: '2027-10-11' }, note: 'vår miss' },
    ],
    [
      'a part is charged, with who ordered it and when',
      { decision: 'charge', hours: 2, orderedBy: 'contact-1', orderedOn: '2027-10-04' },
      {
        seconds: 7_200,
        orders: { kind: 'charge', orderedBy: 'contact-1', orderedOn: '2027-10-04' },
        note: 'vår miss',
      },
    ],
  ])('%s', (_what, input, booked) => {
    const one = year();
    take(one, { ...manager, ...input });
    expect(one.state.hoursToBook).toMatchObject([{ approvedBy: 'mats', ...booked }]);
  });

  it('taken up with the customer: asked about once more, and the manager after that', () => {
    const one = year();
    take(one, { ...manager, decision: 'discuss' });
    expect(one.state.hoursToBook).toEqual([]);
    expect(one.state.heldMails.map(({ mail }) => mail.step)).toEqual([
      ...['ask', 'decide', 'decide-again', 'decide-at-last'],
    ]);
  });

  it.each<Refused>([
    ['no manager', { decision: 'waive', approvedBy: undefined }, /^approvedBy: expected/],
    ['the consultant', { decision: 'waive', approvedBy: 'consultant' }, /^approvedBy: expected a manager/],
    ['no reason', { decision: 'waive', reason: '…' }, /^reason: expected a reason/],
    ['more than waits', { decision: 'waive', hours: 7 }, /^hours: expected a number above 0 and at most 6/],
    ['another decision', { decision: 'maybe' }, /^decision: expected one of waive, charge, discuss/],
    ['a charge that nobody ordered', { decision: 'charge' }, /what is charged has to be ordered/],
    [
      'ordered by nobody of theirs',
      { decision: 'charge', orderedBy: '<b>Karin</b>', orderedOn: '2027-10-04' },
      /^orderedBy: expected one of contact-1, contact-2/,
    ],
    [
      'ordered tomorrow',
      { decision: 'charge', orderedBy: 'contact-1', orderedOn: '2027-10-12' },
      /^orderedOn: expected today or an earlier day/,
    ],
  ])('is refused with the reason: %s', (_what, input, why) => {
    expect(refusal(year(), { ...manager, ...input }).en).toMatch(why);
  });

  it('sent twice in a row is one decision', () => {
    const one = year();
    take(one, { ...manager, decision: 'waive', hours: 3 });
    expect(take(one, { ...manager, decision: 'waive', hours: 3 })).toMatchObject({ repeat: true });
    expect(one.state.hoursToBook).toHaveLength(1);
  });

  it('is refused where nothing waits', () => {
    const one = yearAt('2027-10-11T09:00:00.000Z', { plan });
    expect(refusal(one, { ...manager, decision: 'waive' }).en).toMatch(/^no hours .* wait/);
  });
});

describe('callRequested', () => {
  const { take, refusal } = messageTo('callRequested', judgeCall);

  it('is told to the consultant once until somebody has called', () => {
    const one = year();
    take(one, { contact: 'contact-2', about: 'priset' });
    expect(take(one, { contact: 'contact-2', about: 'priset' })).toMatchObject({ repeat: true });
    expect(one.state.heldMails).toMatchObject([
      { mail: { to: 'consultant', obligation: 'contact/contact-2' } },
    ]);
    expect(one.state.attention).toMatchObject([{ code: 'call-requested', subject: 'contact-2' }]);
  });

  it('is refused from nobody', () => {
    expect(refusal(year(), { about: 'x' }).en).toMatch(/^contact: expected one of/);
  });
});

describe('a question about a line, and its answer', () => {
  const question = messageTo('lineQuestioned', judgeQuestion);
  const answer = messageTo('questionSettled', judgeAnswer);

  it('are booked about the line', () => {
    const one = year();
    question.take(one, { entry: 12, question: 'Vad?', contact: 'contact-2', ref: 'q' });
    answer.take(one, { entry: 12, answer: 'Det.' });
    expect(one.state.hoursToBook).toMatchObject([
      { asks: { number: 12 }, note: 'Vad?', by: 'contact-2', ref: 'q' },
      { answers: { number: 12 }, note: 'Det.', by: 'consultant', byAssumed: true },
    ]);
  });

  it.each<Refused>([
    ['by nobody', { entry: 1, question: 'Vad?', contact: undefined }, /^contact: expected one of/],
    ['without a line', { question: 'Vad?' }, /^entry: expected a number/],
    ['without words', { entry: 1, question: '…' }, /^question: expected/],
    ['by nobody of theirs', { entry: 1, question: 'Vad?', contact: 'x' }, /^contact: expected one of/],
  ])('are refused with the reason: %s', (_what, input, why) => {
    expect(question.refusal(year(), { contact: 'contact-1', ...input }).en).toMatch(why);
  });

  it('an answer without words is none', () => {
    expect(answer.refusal(year(), { entry: 1 }).en).toMatch(/^answer: expected/);
  });
});
