import { answer, goOnTo, guldPlan, messageTo, yearAt } from '../year-at';
import type { Booking, Obligation, StoredPlan } from '../../../rules/engine/plan/plan';
import { judgeContractChange, judgeTermsChange } from '../../../workflows/judges/agreement';
import { tellContacts } from '../../../workflows/year/contacts';
import type { Year } from '../../../workflows/year/year';
import type { MeetingState, YearState } from '../../../workflows/year/year-state';

/** 10:00 on an ordinary Wednesday. */
const now = '2027-01-13T09:00:00.000Z';
const since = '2027-01-12T09:00:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

const year = (state: Partial<YearState>, changed: Partial<StoredPlan> = {}): Year =>
  yearAt(now, { plan: { ...plan, ...changed }, state });

const booked: Booking = { on: '2027-02-16', time: '10:00', since, revision: 2 };
const meeting = (changed: MeetingState = {}): Partial<YearState> => ({
  meetings: { 'meeting-1': { booked, invited: 2, invitedAt: since, ...changed } },
  entryNumbers: { 'meeting-1': changed.booked?.revision ?? 2 },
});

const held = ({ state }: Year): unknown[] =>
  state.heldMails.map(({ at, mail: { template, change, revision, cancelled } }) => [
    at,
    template,
    change,
    revision,
    ...(cancelled ? [cancelled.at] : []),
  ]);

const handOver = [
  [now, 'meeting-cancelled', 'left', 3, '2027-02-16T09:00:00.000Z'],
  [now, 'meeting-invitation', 'came', 4],
];

describe('those whom a change of contacts concerns', () => {
  it('are told of a meeting to come: who left first, so that an address that both mails reach keeps it', () => {
    const one = year(meeting());
    tellContacts(one);
    expect(held(one)).toEqual(handOver);
  });

  it.each([
    ['at night when the working day begins', '2027-01-12T23:00:00.000Z', '2027-01-13T07:30:00.000Z'],
    ['at once where the meeting begins before that', '2027-02-16T07:00:00.000Z', '2027-02-16T07:00:00.000Z'],
  ])('are told %s', (_what, at, due) => {
    const early = { ...booked, time: '08:15' };
    const one = yearAt(at, { plan, state: meeting({ booked: early }) });
    tellContacts(one);
    expect(one.state.heldMails.map((mail) => mail.at)).toEqual([due, due]);
  });

  it('are told of a meeting that moves: who left as they know it, who came by the invitation to come', () => {
    const moved = { ...booked, on: '2027-02-18', revision: 3 };
    const one = year(meeting({ booked: moved, movedFrom: booked }));
    tellContacts(one);
    expect(held(one)).toEqual([[now, 'meeting-cancelled', 'left', 4, '2027-02-16T09:00:00.000Z']]);
  });

  it.each<[string, Partial<YearState>]>([
    ['nobody was invited to yet', { meetings: { 'meeting-1': { booked } } }],
    ['is not booked any more', { meetings: { 'meeting-1': { cancelledAt: since } } }],
    ['has begun', meeting({ booked: { ...booked, on: '2027-01-13' } })],
    ['is closed', { ...meeting(), closed: { 'meeting-1': { at: since, state: 'declined' } } }],
  ])('are told nothing of a meeting that %s', (_what, state) => {
    const one = year(state);
    tellContacts(one);
    expect(held(one)).toEqual([]);
  });

  it('are told of an open step that the customer was asked to take, and of no other', () => {
    const step = (id: string, to: 'customer' | 'consultant'): Obligation => ({
      ...plan.obligations.find((one) => one.id === 'upgrade/test')!,
      ...{ id, revision: 1 },
      notices: [{ step: 'start', at: since, template: 'upgrade-test', to, roles: ['tester'] }],
    });
    const obligations = [
      step('upgrade/test', 'customer'),
      step('upgrade/approval', 'customer'),
      step('upgrade/technical', 'consultant'),
      step('upgrade/precheck', 'customer'),
    ];
    const sent = ['upgrade/test#1/start', 'upgrade/technical#1/start', 'upgrade/precheck#1/start'];
    const closed = { 'upgrade/precheck': { at: since, state: 'done' as const } };
    const one = year({ sent, closed }, { obligations });
    tellContacts(one);
    const about = { obligation: 'upgrade/test', to: 'customer', revision: 1, roles: ['tester'] };
    expect(one.state.heldMails.map(({ mail }) => mail)).toEqual([
      { ...about, step: 'left-1', template: 'step-handed-over', change: 'left' },
      { ...about, step: 'start-1', template: 'upgrade-test', change: 'came' },
    ]);
  });

  it('of a step that has moved and is still to be asked for anew, are told if they were asked before', () => {
    const test = plan.obligations.find(({ id }) => id === 'upgrade/test')!;
    const moved: Obligation = { ...test, revision: 2 };
    const one = year({ sent: ['upgrade/test#1/start'] }, { obligations: [moved] });
    tellContacts(one);
    expect(one.state.heldMails.map(({ mail }) => [mail.template, mail.change])).toEqual([
      ['step-handed-over', 'left'],
    ]);
  });

  it.each([
    ['contract', messageTo('contractChanged', judgeContractChange), { change: 7 }],
    ['rules', messageTo('termsChanged', judgeTermsChange), { ruleset: 'a' }],
  ])('are told once the year is planned by a change of the %s', async (_what, { take }, input) => {
    const one = year(meeting());
    take(one, input);
    await goOnTo(one, now);
    expect(held(one)).toEqual([]);
    await answer(plan);
    expect(held(one)).toEqual(handOver);
  });
});
