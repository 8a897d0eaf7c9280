/** A mail about what failed in the upgrade names it, and offers every way on with a message that is taken once it is filled in. */
import { completedPhase } from '../../helpers/completed-phase';
import { guldPlan, messageTo, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import type { UpgradeWay } from '../../../rules/engine/upgrade/ways';
import { judgePhase, judgePhaseFailed } from '../../../workflows/judges/upgrade';
import { judgePostponed } from '../../../workflows/judges/upgrade-decisions';
import { judgeTested } from '../../../workflows/judges/tests';
import { judgeIntegration, judgePart } from '../../../workflows/judges/upgrade-parts';
import type { Year } from '../../../workflows/year/year';

const now = '2027-06-14T08:00:00.000Z';
const phases = ['plan', 'precheck', 'technical', 'integrations', 'test', 'approval', 'after-check'];

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

/** A year in a phase, with people in the new version or not. */
function yearIn(phase: string, isLive = false): Year {
  const closed = phases
    .slice(0, phases.indexOf(phase))
    .map((one) => [`upgrade/${one}`, { at: now, state: 'done' }] as const);
  const go = { 'go/technical': { ok: true, at: now, contact: 'contact-1', time: now } };
  return yearAt(now, { plan, state: { closed: Object.fromEntries(closed), ...(isLive && { checks: go }) } });
}

const messages = {
  upgradePhaseCompleted: messageTo('upgradePhaseCompleted', judgePhase),
  upgradePhaseFailed: messageTo('upgradePhaseFailed', judgePhaseFailed),
  upgradePartChecked: messageTo('upgradePartChecked', judgePart),
  integrationChecked: messageTo('integrationChecked', judgeIntegration),
  customerTested: messageTo('customerTested', judgeTested),
  upgradePostponed: messageTo('upgradePostponed', judgePostponed),
};
type Name = keyof typeof messages;

/** What somebody fills in. */
const filledIn: Record<string, string> = {
  ...{ acceptedBy: 'contact-1', reason: 'loaded by hand', contact: 'contact-1', until: '2027-08-16' },
  ...{ lostSince: '2027-06-14 08:00', began: '2027-06-13 07:00', ended: '2027-06-13 11:00' },
  ...{ smokeTested: 'contact-1', go: 'contact-1', goAt: '2027-06-13 10:30' },
};
const filled = (fields: Record<string, unknown>): Record<string, unknown> => ({
  ...Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value === '' ? filledIn[name] : value]),
  ),
  ...('versions' in fields && { versions: completedPhase('technical')['versions'] }),
});

const mailed = ({ state }: Year): { detail?: string; ways: UpgradeWay[] } => {
  const { detail, ways = [] } = state.heldMails.at(-1)?.mail.attention ?? {};
  return { ...(detail !== undefined && { detail }), ways };
};
const called = ({ way, phase }: UpgradeWay): string => (phase === undefined ? way : `${way} ${phase}`);

const cases: [string, Name, Record<string, unknown>, boolean, string, string[]][] = [
  [
    'precheck',
    'upgradePartChecked',
    { phase: 'precheck', part: '2', ok: false, note: 'no disk' },
    false,
    'pre-check, ',
    ['passes', 'again', 'back plan', 'rollBack', 'accept', 'postpone'],
  ],
  [
    'integrations',
    'integrationChecked',
    { integration: 'payroll-vouchers', ok: false, note: 'refuses the file' },
    true,
    'integrations, Verifikationer från lönesystemet (payroll-vouchers): refuses the file',
    ['passes', 'again', 'restore', 'accept', 'postpone'],
  ],
  [
    'test',
    'customerTested',
    { case: 'order-to-invoice.1', ok: false, note: 'no invoices' },
    true,
    'guided testing, Enter a customer order and invoice it (order-to-invoice.1): no invoices',
    ['passes', 'again', 'back integrations', 'restore', 'accept', 'postpone'],
  ],
];

it.each(cases)('of a part of %s', (phase, name, fields, isLive, detail, ways) => {
  const year = yearIn(phase, isLive);
  messages[name].take(year, fields);
  const said = mailed(year);
  expect(said.detail).toContain(detail);
  expect(said.ways.map(called)).toEqual(ways);
  for (const { name: message, fields: offered } of said.ways) {
    const one = yearIn(phase, isLive);
    messages[name].take(one, fields);
    const send = messages[message as Name];
    // What somebody has to say is asked for; a message without blanks can be sent as it is.
    if (Object.entries(offered).some(([field, value]) => value === '' && field !== 'reason'))
      expect(send.refusal(one, offered).en).not.toBe('');
    send.take(one, filled(offered));
  }
});

it('of a phase that failed: which parts, and every way but the one that was taken', () => {
  const year = yearIn('precheck');
  messages.upgradePartChecked.take(year, { phase: 'precheck', part: '2', ok: false });
  messages.upgradePhaseFailed.take(year, { phase: 'precheck', then: 'again', reason: 'no disk' });
  const { detail, ways } = mailed(year);
  expect(detail).toMatch(/^no disk\. Failed: pre-check, .+ \(2\)$/);
  expect(ways.map(called)).toEqual(['passes', 'back plan', 'rollBack', 'accept', 'postpone']);
});

it('of a phase that goes back: where it goes on, and that the customer may wait', () => {
  const year = yearIn('integrations');
  messages.upgradePhaseFailed.take(year, { phase: 'integrations', then: 'precheck', reason: 'no disk' });
  expect(mailed(year).ways.map(called)).toEqual(['postpone']);
});

it.each<[string, string, string, RegExp]>([
  ['rolled back', now, 'roll-back', /^nothing of the upgrade is done, .* send upgradePostponed/],
  ['said to have failed before its year', '2026-12-14T08:00:00.000Z', 'again', /begins on 2027-01-01/],
])('an upgrade of which nothing is done is not %s', (_what, at, then, expected) => {
  const { upgradePhaseFailed, upgradePartChecked } = messages;
  const year = yearAt(at, { plan });
  expect(upgradePhaseFailed.refusal(year, { phase: 'plan', then, reason: 'x' }).en).toMatch(expected);
  upgradePartChecked.take(year, { phase: 'plan', part: '1', ok: true });
  expect(upgradePhaseFailed.take(year, { phase: 'plan', then, reason: 'x' })).toMatchObject({ reason: 'x' });
});

it('a roll-back is not offered where nothing of the upgrade is done', () => {
  const year = yearAt(now, { plan });
  messages.upgradePhaseFailed.take(year, { phase: 'plan', then: 'again', reason: 'x' });
  expect(mailed(year).ways.map(called)).toEqual(['accept', 'postpone']);
});
