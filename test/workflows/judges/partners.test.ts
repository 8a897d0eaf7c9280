/** What a partner says of its integration before the upgrade: told, never owed, and a no is told to the consultant. */
import { goOnTo, guldPlan, messageTo, yearAt } from '../year-at';
import type { PartnerDays, StoredPlan } from '../../../rules/engine/plan/plan';

import { withPartner } from '../../helpers/example';
import { guldTerms, plan as planned } from '../../rules/fixtures';
import { judgeSupported } from '../../../workflows/judges/partners';
import { judgePhase } from '../../../workflows/judges/upgrade';
import { judgeIntegration } from '../../../workflows/judges/upgrade-parts';
import { askPartners } from '../../../workflows/strands/partners';
import { overviewOf, pageOf } from '../../../workflows/year/page';
import type { Year } from '../../../workflows/year/year';

const now = '2027-06-14T08:00:00.000Z';
const phases = ['plan', 'precheck', 'technical'];
let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

/** The year in the phase of the integrations. */
function year(partners: string[] | undefined = ['payroll-vouchers']): Year {
  const upgrade = { ...plan.upgrade!, ...(partners && { partners }) };
  const done = { at: '2027-05-03T08:00:00.000Z', state: 'done', by: 'anna' } as const;
  const closed = Object.fromEntries(phases.map((phase) => [`upgrade/${phase}`, done]));
  return yearAt(now, { plan: { ...plan, upgrade }, state: { closed } });
}

const supported = messageTo('integrationSupported', judgeSupported);
const checked = messageTo('integrationChecked', judgeIntegration);
const completed = messageTo('upgradePhaseCompleted', judgePhase);
const attention = ({ state }: Year): string[] =>
  state.attention.map(({ code, subject }) => `${code} ${subject}`);

it('a no raises attention, is mailed with what to send, and stands on the page until the partner says yes', () => {
  const one = year();
  expect(supported.take(one, { ok: false, note: 'stöds från 18.2', by: 'partner' })).toEqual({
    ...{ integration: 'payroll-vouchers', ok: false, note: 'stöds från 18.2' },
  });
  expect(attention(one)).toEqual(['partner-refuses payroll-vouchers']);
  expect(one.state.heldMails.map(({ mail }) => [mail.to, mail.attention])).toEqual([
    [
      'consultant',
      {
        code: 'partner-refuses',
        detail: 'Verifikationer från lönesystemet (payroll-vouchers): stöds från 18.2',
        signal: { name: 'integrationSupported', fields: { integration: 'payroll-vouchers', ok: true } },
        ways: [{ way: 'postpone', name: 'upgradePostponed', fields: { until: '', contact: '', reason: '' } }],
      },
    ],
  ]);
  expect(overviewOf(one).checks.filter(({ kind }) => kind === 'support')).toMatchObject([
    { phase: 'upgrade/integrations', id: 'payroll-vouchers', ok: false, by: 'partner' },
  ]);
  expect(pageOf(one)).toMatch(
    /word from the partner: Verifikationer från lönesystemet.*\| \*\*no\*\* \| partner/,
  );
  supported.take(one, { integration: 'payroll-vouchers' });
  expect(attention(one)).toEqual([]);
});

it('is written down with the phase of the integrations, and keeps no phase open', () => {
  const one = year();
  supported.take(one, { ok: false });
  expect(one.state.journal.flatMap(({ part }) => part ?? [])).toMatchObject([
    { upgrade: 'upgrade', phase: 'integrations', part: 'support-payroll-vouchers', kind: 'support' },
  ]);
  expect(completed.refusal(one, { phase: 'integrations' })?.en).not.toContain('support');
  completed.take(one, { phase: 'integrations', passed: 'all' });
  expect(one.isClosed('upgrade/integrations')).toBe(true);
});

it('an integration that is reported to work clears what its partner’s no and silence raised', () => {
  const one = year();
  supported.take(one, { ok: false });
  checked.take(one, { integration: 'payroll-vouchers', ok: true, by: 'partner' });
  expect(attention(one)).toEqual([]);
});

it('a partner is not asked whether it works while the system is not upgraded, as after a restoration', () => {
  const one = year();
  delete one.state.closed['upgrade/technical'];
  const said = { integration: 'payroll-vouchers', ok: true };
  expect(checked.refusal(one, { ...said, by: 'partner' }).en).toContain('the system is not upgraded now');
  expect(checked.take(one, { ...said, by: 'anna' })).toMatchObject({ ok: true });
});

it.each<[string, string[] | undefined, Record<string, unknown>, RegExp]>([
  ['an integration of our own', ['payroll-vouchers'], { integration: 'webshop-orders' }, /payroll-vouchers/],
  ['a year without partners', [], {}, /./],
])('is refused for %s', (_what, partners, input, reason) => {
  expect(supported.refusal(year(partners), input)?.en).toMatch(reason);
});

it('the days that partners are given are those of the terms, and kept in the plan', async () => {
  const terms = await guldTerms();
  const contract = withPartner();
  const given = (partners: Partial<PartnerDays>): PartnerDays | undefined =>
    planned({ contract, terms: { ...terms, upgrade: { ...terms.upgrade, partners } } }).upgrade?.partnerDays;
  expect(given({})).toEqual({
    ...{ remindDays: 2, silentDays: 4, soonDays: 14, earlyRemindDays: 5, earlySilentDays: 10 },
  });
  expect(given({ remindDays: 3 })).toMatchObject({ remindDays: 3, silentDays: 4 });
});

describe('once a copy is live', () => {
  const live = '2027-06-14T08:00:00.000Z';
  const asked = `upgrade/go-live#${live}/after-ask-payroll-vouchers`;
  const days = { remindDays: 1, silentDays: 3, soonDays: 14, earlyRemindDays: 5, earlySilentDays: 10 };

  /** A year that went live on a copy's approval, of whose integration the partner had said that it works on the copy. */
  async function liveYear(partnerDays: PartnerDays | undefined, sent: string[] = []): Promise<Year> {
    const terms = await guldTerms();
    const year = planned({ terms: { ...terms, upgrade: { ...terms.upgrade, environment: 'copy' } } });
    const upgrade = { ...year.upgrade!, partners: ['payroll-vouchers'] };
    const ids = upgrade.phases.map(({ id }) => id).filter((id) => id !== 'after-check');
    const closed = ids.map((id) => [`upgrade/${id}`, { at: live, state: 'done', by: 'anna' } as const]);
    const state = {
      closed: Object.fromEntries(closed),
      checks: { 'integration/payroll-vouchers': { ok: true, at: '2027-06-01T08:00:00.000Z' } },
      sent,
    };
    delete upgrade.partnerDays;
    const all = { ...upgrade, ...(partnerDays && { partnerDays }) };
    return yearAt(now, { plan: { ...plan, ...year, upgrade: all }, state });
  }

  /** What is asked of partners until then. */
  async function askedUntil(one: Year, at: string): Promise<string[]> {
    const before = [...one.state.sent];
    void askPartners(one);
    await goOnTo(one, at);
    return one.state.sent.filter((name) => !before.includes(name));
  }

  it('a partner is asked once more, and reminded after the days of the terms', async () => {
    expect(await askedUntil(await liveYear(days), '2027-06-14T09:00:00.000Z')).toEqual([asked]);
    expect(await askedUntil(await liveYear(days, [asked]), '2027-06-15T07:00:00.000Z')).toEqual([]);
    expect(await askedUntil(await liveYear(days, [asked]), '2027-06-15T09:00:00.000Z')).toEqual([
      asked.replace('ask', 'again'),
    ]);
  });

  it('nobody is asked who has answered since, or where the plan is from before', async () => {
    const one = await liveYear(days);
    one.state.checks['integration/payroll-vouchers'] = { ok: true, at: live };
    expect(await askedUntil(one, '2027-06-14T09:00:00.000Z')).toEqual([]);
    expect(await askedUntil(await liveYear(undefined), '2027-06-14T09:00:00.000Z')).toEqual([]);
  });
});
