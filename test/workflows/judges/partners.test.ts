/** What a partner says of its integration before the upgrade: told, never owed, and a no is told to the consultant. */
import { guldPlan, messageTo, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { judgeSupported } from '../../../workflows/judges/partners';
import { judgePhase } from '../../../workflows/judges/upgrade';
import { judgeIntegration } from '../../../workflows/judges/upgrade-parts';
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

it.each<[string, string[] | undefined, Record<string, unknown>, RegExp]>([
  ['an integration of our own', ['payroll-vouchers'], { integration: 'webshop-orders' }, /payroll-vouchers/],
  ['a year without partners', [], {}, /./],
])('is refused for %s', (_what, partners, input, reason) => {
  expect(supported.refusal(year(partners), input)?.en).toMatch(reason);
});
