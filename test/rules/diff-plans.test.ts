import { diffPlans } from '../../rules/engine/plan/diff-plans';
import type { YearPlan } from '../../rules/engine/plan/plan';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { guldTerms, plan } from './fixtures';

let terms: Terms;
let first: YearPlan;
beforeAll(async () => {
  terms = await guldTerms();
  first = plan({ terms });
});

const asOf = '2027-03-01T12:00:00.000Z';
const closed = { 'meeting-1': '2027-02-16T10:00:00.000Z' };
const again = (changed: Partial<Terms>): YearPlan =>
  plan({ terms: { ...terms, ...changed }, asOf, progress: { previous: first, closed } });
const diff = (changed: Partial<Terms>) =>
  diffPlans(
    { plan: first, terms },
    { plan: again(changed), terms: { ...terms, ...changed } },
    new Set(Object.keys(closed)),
    asOf,
  );

describe('the difference of two plans', () => {
  test('is nothing where nothing changes', () => {
    expect(diff({})).toEqual({ obligations: [], mails: [] });
  });

  test('tells meetings that come and those that move, never one that is closed', () => {
    const { obligations, mails } = diff({ meetings: { ...terms.meetings, perYear: 5 } });
    expect(obligations).toEqual([
      { change: 'moved', id: 'meeting-2', from: '2027-05-18', to: '2027-04-20' },
      { change: 'moved', id: 'meeting-3', from: '2027-08-17', to: '2027-07-02' },
      { change: 'moved', id: 'meeting-4', from: '2027-11-16', to: '2027-09-13' },
      { change: 'added', id: 'meeting-5', to: '2027-11-25' },
    ]);
    expect(mails).toContainEqual({
      change: 'moved',
      obligation: 'meeting-2',
      step: 'book',
      to: 'consultant',
      template: 'meeting-unbooked',
      fromAt: '2027-04-27T06:30:00.000Z',
      toAt: '2027-03-30T06:30:00.000Z',
    });
    expect(mails.filter(({ obligation }) => obligation === 'meeting-1')).toEqual([]);
  });

  test('tells what goes', () => {
    const { obligations, mails } = diff({ hourBank: { ...terms.hourBank, statementsPerYear: 1 } });
    expect(obligations.map(({ change, id }) => `${change} ${id}`)).toEqual([
      'removed hours/statement-1',
      'removed hours/statement-2',
      'removed hours/statement-3',
    ]);
    expect(mails.every(({ change }) => change === 'removed')).toBe(true);
  });

  test('tells a time of day that moves on the same day', () => {
    const { obligations } = diff({ meetings: { ...terms.meetings, startTime: '13:00' } });
    expect(obligations[0]).toEqual({
      change: 'moved',
      id: 'meeting-2',
      from: '2027-05-18',
      to: '2027-05-18',
      fromAt: '2027-05-18T08:00:00.000Z',
      toAt: '2027-05-18T11:00:00.000Z',
    });
  });
});

test('another rhythm of digests tells those that come, those that go and those that move, never one that went out', () => {
  const digests = (changed: Partial<Terms>) =>
    diff(changed)
      .mails.filter(({ template }) => template === 'digest')
      .map(({ change, step, obligation }) => `${change} ${obligation}/${step}`);
  const notices = { ...terms.notices, digests: { consultant: 'monthly', manager: 'weekly' } } as const;
  const told = digests({ notices });
  expect(told).toContain('removed agreement/consultant-2027-03-08');
  expect(told).toContain('added agreement/consultant-2027-04-01');
  expect(told).toContain('added agreement/manager-2027-03-08');
  expect(told.filter((one) => one.includes('2027-03-01') || one.includes('2027-11-01'))).toEqual([
    'added agreement/manager-2027-11-01',
  ]);
  const later = digests({ support: { ...terms.support, opens: '09:00' } });
  expect(later).toHaveLength(43);
  expect(new Set(later.map((one) => one.split(' ')[0]))).toEqual(new Set(['moved']));
});

test('a meeting withdrawn and asked for again is a new one, so that its mails go out', () => {
  const six = again({ meetings: { ...terms.meetings, perYear: 6 } });
  const progress = (previous: YearPlan) => ({ previous, closed });
  const four = plan({ terms, asOf, progress: progress(six) });
  expect(four.obligations.map(({ id }) => id)).not.toContain('meeting-6');
  const meetings = { ...terms.meetings, perYear: 6 };
  const sixAgain = plan({ terms: { ...terms, meetings }, asOf, progress: progress(four) });
  const revisions = (of: YearPlan) => of.obligations.find(({ id }) => id === 'meeting-6')?.revision;
  expect([revisions(six), revisions(sixAgain)]).toEqual([1, 2]);
});
