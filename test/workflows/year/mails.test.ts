import { answer, askedFor, goOnTo, guldPlan, yearAt } from '../year-at';
import { guldTerms, plan as planned } from '../../rules/fixtures';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { inBackground } from '../../../workflows/basics/background';
import { welcome } from '../../../workflows/strands/start';
import { clear } from '../../../workflows/year/journal';
import { remindersOf } from '../../../workflows/year/last-told';
import { deliver, notify, remindUntilClosed, sendNotices } from '../../../workflows/year/mails';
import type { Year } from '../../../workflows/year/year';
import type { YearState } from '../../../workflows/year/year-state';

const now = '2027-01-04T07:00:00.000Z';
const since = '2027-01-03T09:00:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

const year = (state: Partial<YearState> = {}, at = now): Year => yearAt(at, { plan, state });

const sent = async (): Promise<unknown[]> =>
  (await askedFor()).map(({ input: { obligation, step, to } }) => [obligation, step, to]);

describe('the welcome', () => {
  it('of a contract that comes in at night waits for the next working morning', async () => {
    const signed = planned({ terms: await guldTerms(), asOf: '2026-11-10T01:20:00.000Z' });
    const one = yearAt('2026-11-10T01:20:00.000Z', { plan: { ...plan, ...signed } });
    inBackground(one, () => welcome(one));
    await goOnTo(one, '2026-11-10T07:29:59.999Z');
    expect(await sent()).toEqual([]);
    await goOnTo(one, '2026-11-10T07:30:00.000Z');
    expect(await sent()).toEqual([['agreement', 'welcome', 'customer']]);
    expect(one.state.sent).toEqual(['agreement#1/welcome']);
  });
});

describe('the notices of an obligation', () => {
  it('are sent when they fall due, each once', async () => {
    const one = year();
    inBackground(one, () => sendNotices(one, 'start/consultant'));
    expect(await sent()).toEqual([]);
    await goOnTo(one, '2027-01-04T07:30:00.000Z');
    expect(await sent()).toEqual([['start/consultant', 'start', 'manager']]);
    await answer({ refused: [], unknown: [] });
    await goOnTo(one, '2027-01-08T07:29:59.999Z');
    expect(await sent()).toEqual([]);
    await goOnTo(one, '2027-01-08T07:30:00.000Z');
    expect(await sent()).toEqual([['start/consultant', 'remind', 'manager']]);
    expect(one.state.sent).toEqual(['start/consultant#1/start', 'start/consultant#1/remind']);
  });

  it('are not sent once it is closed', async () => {
    const one = year();
    inBackground(one, () => sendNotices(one, 'start/consultant'));
    await askedFor();
    one.state.closed['start/consultant'] = { at: now, state: 'done' };
    await goOnTo(one, '2027-01-04T07:30:00.000Z');
    expect(await sent()).toEqual([]);
  });

  it('that an earlier run sent are passed over', async () => {
    const one = year({ sent: ['start/consultant#1/start'] });
    inBackground(one, () => sendNotices(one, 'start/consultant'));
    await goOnTo(one, '2027-01-08T07:30:00.000Z');
    expect(await sent()).toEqual([['start/consultant', 'remind', 'manager']]);
  });

  it.each([
    ['book-escalate', 'meeting-1', 'meeting-unbooked', 'nobody has booked it'],
    ['overdue', 'meeting-1', 'meeting-overdue', 'nobody has reported it done'],
    ['escalate', 'upgrade/test', 'step-overdue', 'nobody has reported it done'],
  ])('ask somebody to look: %s of %s', (step, id, code, detail) => {
    const one = year();
    inBackground(one, () => notify(one, id, { step, at: now, template: 'escalation', to: 'manager' }));
    expect(one.state.attention).toEqual([{ code, subject: id, detail, at: now }]);
  });

  it.each([
    ['of the booking as it is', 2, 2, now],
    ['of an earlier one', 3, undefined, undefined],
  ])('take down that the customer is invited: an invitation %s', (_what, revision, invited, invitedAt) => {
    const booked = { on: '2027-02-16', time: '10:00', since, revision };
    const meeting = { ...plan.obligations.find(({ id }) => id === 'meeting-1')!, revision: 2 };
    const one = yearAt(now, {
      plan: { ...plan, obligations: [meeting] },
      state: { meetings: { 'meeting-1': { booked, reason: 'the train' } } },
    });
    inBackground(one, () =>
      notify(one, 'meeting-1', {
        ...{ step: 'invite', at: now, template: 'meeting-invitation', to: 'customer' },
      }),
    );
    expect(one.state.meetings['meeting-1']).toEqual({
      ...{ booked, reason: 'the train' },
      ...(invited !== undefined && { invited, invitedAt }),
    });
    expect(one.state.owedMails).toMatchObject([{ step: 'invite', revision: 2, reason: 'the train' }]);
  });
});

describe('the test of an upgrade', () => {
  const id = 'upgrade/test';
  const test = () => plan.obligations.find((one) => one.id === id)!;
  const at = '2027-06-14T08:00:00.000Z';
  const noticed = async (one: Year, step: string): Promise<unknown[]> => {
    inBackground(one, () =>
      notify(
        one,
        id,
        test().notices.find((notice) => notice.step === step)!,
      ),
    );
    return (await askedFor()).map(({ input: { template, to, reopened } }) => [template, to, reopened]);
  };

  it('reminds the consultant who leads it while no session is booked or held', async () => {
    expect(await noticed(year({}, at), 'book-session')).toEqual([['step-reminder', 'consultant', undefined]]);
    const booked = { 'booked/test': { ok: true, at, time: '2027-06-15T07:00:00.000Z' } };
    const held = { 'session/test': { ok: true, at, on: '2027-06-11' } };
    for (const checks of [booked, held])
      expect(await noticed(year({ checks }, at), 'book-session')).toEqual([]);
    const again = (checks: YearState['checks']) =>
      remindersOf(year({ checks }, at), id, 'customer', '2027-06-21').map(({ to }) => to);
    expect(again({})).toEqual(['customer', 'consultant', 'manager']);
    expect(again(booked)).toEqual(['customer', 'manager']);
  });

  it('that opens again is told by the cases that failed, and to the customer alone', async () => {
    const first = plan.upgrade!.cases![0]!.id;
    const checks = { [`module/${first}`]: { ok: false, at, by: 'contact-2' } };
    const sentBefore = [`${id}#0/start`];
    expect(await noticed(year({ checks }, at), 'start')).toEqual([['upgrade-test', 'customer', undefined]]);
    expect(await noticed(year({ sent: sentBefore }, at), 'start')).toEqual([
      ['upgrade-test', 'customer', undefined],
    ]);
    const reopened = { checks, sent: sentBefore };
    expect(await noticed(year(reopened, at), 'start')).toEqual([['upgrade-test', 'customer', [first]]]);
    expect(await noticed(year(reopened, at), 'start-consultant')).toEqual([]);
  });
});

describe('a phase of the upgrade that nobody begins', () => {
  const planning = 'upgrade/plan';
  /** Lets days go by, answers every mail, and tells when whom was told. */
  async function tellsUntil(one: Year, from: string, days: number): Promise<string[]> {
    const told: string[] = [];
    for (let day = 0; day < days; day++) {
      const on = new Date(Date.parse(from) + day * 86_400_000).toISOString().slice(0, 10);
      for (const hour of ['06:29', '06:30', '07:29', '07:30']) await goOnTo(one, `${on}T${hour}:00.000Z`);
      for (let asked = await askedFor(); asked.length > 0; asked = await askedFor())
        for (const { name, input } of asked) {
          if (name === 'sendNotice') told.push(`${on} ${String(input.template)} ${String(input.to)}`);
          await answer({ refused: [], unknown: [] });
        }
    }
    return told;
  }
  const dueOn = (): string => plan.obligations.find(({ id }) => id === planning)!.dueOn;

  it('comes back every week to its owner and the manager, outside the weeks to avoid', async () => {
    const one = year({}, `${dueOn()}T12:00:00.000Z`);
    inBackground(one, () => remindUntilClosed(one, planning));
    const told = await tellsUntil(one, `${dueOn()}T00:00:00.000Z`, 120);
    expect(told).toMatchSnapshot();
    for (const to of ['consultant', 'manager']) {
      const days = told.filter((line) => line.endsWith(to)).map((line) => Date.parse(line.slice(0, 10)));
      const gaps = days.slice(1).map((day, index) => (day - days[index]!) / 86_400_000);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(7);
    }
  });

  it('is left in peace for a week after something of it is reported, and for good once it is completed', async () => {
    const one = year({}, `${dueOn()}T12:00:00.000Z`);
    inBackground(one, () => remindUntilClosed(one, planning));
    const before = await tellsUntil(one, `${dueOn()}T00:00:00.000Z`, 15);
    const last = before.at(-1)!.slice(0, 10);
    const reported = new Date(Date.parse(last) + 5 * 86_400_000).toISOString();
    one.state.checks['check/plan/1'] = { ok: true, at: reported };
    const after = await tellsUntil(one, `${last}T12:00:00.000Z`, 20);
    expect(Date.parse(after[0]!.slice(0, 10)) - Date.parse(reported)).toBeGreaterThan(6 * 86_400_000);
    one.state.closed[planning] = { at: reported, state: 'done' };
    expect(await tellsUntil(one, '2027-09-01T00:00:00.000Z', 30)).toEqual([]);
  });

  it('is told no more than the escalations of its terms in a plan that was made before', async () => {
    const { remindsAgain: _, ...upgrade } = plan.upgrade!;
    const one = yearAt(`${dueOn()}T12:00:00.000Z`, { plan: { ...plan, upgrade } });
    inBackground(one, () => remindUntilClosed(one, planning));
    const told = await tellsUntil(one, `${dueOn()}T00:00:00.000Z`, 60);
    expect(told).toEqual(['2027-05-17 upgrade-plan consultant', '2027-05-20 escalation manager']);
  });
});

describe('a mail', () => {
  const owed = {
    ...{ agreement: 'testbolaget-2027', year: 1, asOf: now, obligation: 'meeting-1', step: 'invite' },
    ...{ revision: 2, template: 'meeting-invitation' as const, to: 'customer' as const },
  };
  /** A year that has asked for the mail to be sent. */
  async function sending(): Promise<Year> {
    const one = year({ owedMails: [owed] });
    inBackground(one, () => deliver(one, one.state.owedMails[0]!));
    expect(await askedFor()).toEqual([{ name: 'sendNotice', input: owed }]);
    return one;
  }

  it('is owed until it is through', async () => {
    const one = await sending();
    expect(one.state.owedMails).toEqual([owed]);
    await answer({ refused: [], unknown: [] });
    expect(one.state).toMatchObject({ owedMails: [], failedMails: [], attention: [] });
  });

  it('of which nobody knows whether it went out is looked at', async () => {
    const one = await sending();
    await answer({ refused: [], unknown: ['a/1/meeting-1/invite/2/contact-1'] });
    expect(one.state.attention).toMatchObject([
      { code: 'mail-unknown', subject: 'a/1/meeting-1/invite/2/contact-1' },
    ]);
  });

  it.each([
    ['contact-1', 'consultant'],
    ['consultant', 'manager'],
  ])('that is refused at the address of %s is told to %s', async (contact, to) => {
    const one = await sending();
    await answer({ refused: [{ contact, reason: 'no such user' }], unknown: [] });
    expect(one.state.attention).toMatchObject([{ code: 'address-refused', subject: contact }]);
    const [told] = await askedFor();
    expect(told?.input).toMatchObject({
      ...{ obligation: `contact/${contact}`, step: 'refused', to },
      attention: { code: 'address-refused', detail: `${contact}: no such user` },
    });
  });

  it('that is refused anew once the address was mended is told anew', async () => {
    const one = await sending();
    const refused = { refused: [{ contact: 'contact-1', reason: 'no such user' }], unknown: [] };
    await answer(refused);
    const [first] = await askedFor();
    await answer({ refused: [], unknown: [] });
    clear(one, 'address-refused');
    one.state.owedMails.push({ ...owed, revision: 3 });
    inBackground(one, () => deliver(one, one.state.owedMails[0]!));
    await askedFor();
    await answer(refused);
    const [second] = await askedFor();
    expect(second?.input.obligation).toBe('contact/contact-1');
    expect(second?.input.revision).not.toBe(first?.input.revision);
  });
});
