/** Checks of the monitoring that say how an integration is after the upgrade: asked, answered, overruled, and left to people. */
import { askedFor, goOnTo, guldPlan, messageTo, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { judgePhase } from '../../../workflows/judges/upgrade';
import { judgeIntegration, judgeMonitored } from '../../../workflows/judges/upgrade-parts';
import { inBackground } from '../../../workflows/basics/background';
import { askAfterIntegrations } from '../../../workflows/strands/monitored';
import { runningPhase } from '../../../workflows/year/upgrades';
import { overviewOf, pageOf } from '../../../workflows/year/page';
import type { Year } from '../../../workflows/year/year';
import type { ClosedObligation } from '../../../workflows/year/year-state';

const at = '2027-06-14T08:00:00.000Z';
const closedAt = '2027-06-14T07:00:00.000Z';
const by = 'monitor/order-import';
let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

/** The year once the technical phase is closed. */
async function year(more: Partial<NonNullable<StoredPlan['upgrade']>> = {}, by = 'anna'): Promise<Year> {
  const monitors = { 'webshop-orders': ['order-import'] };
  const done: ClosedObligation = { at: closedAt, state: 'done', by };
  const phases = ['plan', 'precheck', 'technical'];
  const one = yearAt(at, {
    plan: { ...plan, upgrade: { ...plan.upgrade!, monitors, ...more } },
    state: { closed: Object.fromEntries(phases.map((phase) => [`upgrade/${phase}`, done])) },
  });
  inBackground(one, () => askAfterIntegrations(one));
  await askedFor();
  return one;
}

const answered = messageTo('integrationMonitored', judgeMonitored);
const checked = messageTo('integrationChecked', judgeIntegration);
const completed = messageTo('upgradePhaseCompleted', judgePhase);
const asks = ({ state }: Year) => state.journal.flatMap((entry) => entry.asks ?? []);
const row = (one: Year) => overviewOf(one).checks.find(({ id }) => id === 'webshop-orders');
const attention = ({ state }: Year) => state.attention.map(({ code, subject }) => `${code} ${subject}`);
const answer = (one: Year, said: Record<string, unknown>, asked = asks(one).at(-1)?.asked) =>
  answered.take(one, { integration: 'webshop-orders', asked, by, ...said });

it('is asked once the technical phase can no longer be undone unnoticed, once, and only where there is a check', async () => {
  const one = await year();
  expect(asks(one)).toEqual([{ integration: 'webshop-orders', monitors: ['order-import'], asked: at }]);
  await goOnTo(one, '2027-06-14T08:30:00.000Z');
  expect(asks(one)).toHaveLength(1);
  expect(pageOf(one)).toMatch(
    /not reported yet \(being checked by the monitoring since 2027-06-14 10:00: Import av order från webshop\)/,
  );
  expect(pageOf(one)).toContain('not reported yet (no check of the monitoring)');
});

it.each<[string, () => Promise<Year>]>([
  ['a plan that tells none', () => year({ monitors: {} })],
  ['an agreement that was taken over', () => year({}, 'takeover')],
  ['a copy', () => year({ phases: onCopy(plan) })],
])('is not asked in %s', async (_what, made) => expect(asks(await made())).toEqual([]));

const onCopy = ({ upgrade }: StoredPlan) =>
  upgrade!.phases.map((phase) =>
    phase.kind === 'technical' ? { ...phase, installs: 'copy' as const } : phase,
  );

it('passes the part, with its version, and stands there with the check and the time', async () => {
  const one = await year();
  answer(one, { ok: true, version: '5.2' });
  expect(row(one)).toMatchObject({ ok: true, version: '5.2', by, monitored: { at } });
  expect(pageOf(one)).toMatch(
    /\| 5\.2 \| passed ✓ \| monitoring: Import av order från webshop \| 2027-06-14 10:00 \|/,
  );
  expect(one.state.steps).toEqual([]);
});

it('fails the part, and the mail says how to ask again and how to overrule it with a reason', async () => {
  const one = await year();
  answer(one, { ok: false, note: 'Order import: found 3 files' });
  expect(attention(one)).toEqual(['integration-failed webshop-orders']);
  const [{ mail }] = one.state.heldMails as [Year['state']['heldMails'][number]];
  expect(mail.attention).toMatchObject({
    code: 'integration-failed',
    detail: expect.stringContaining('Order import: found 3 files') as string,
    signal: { name: 'integrationChecked', fields: { integration: 'webshop-orders', byMonitor: true } },
  });
  expect(mail.attention?.ways?.[0]).toMatchObject({
    ...{ way: 'passes', name: 'integrationChecked' },
    fields: { integration: 'webshop-orders', ok: true, note: '' },
  });
  expect(completed.refusal(one, { phase: 'integrations', passed: 'all' }).en).toContain('webshop-orders');
});

it('is asked again by a message, and its answer then holds', async () => {
  const one = await year();
  answer(one, { ok: false, note: 'x' });
  await goOnTo(one, '2027-06-14T09:00:00.000Z');
  expect(checked.take(one, { integration: 'webshop-orders', byMonitor: true, by: 'anna' })).toEqual({
    ...{ integration: 'webshop-orders', asked: 'order-import' },
  });
  expect(row(one)).toMatchObject({ ok: false, asked: { at: '2027-06-14T09:00:00.000Z' } });
  // The answer to what was asked before says nothing of now.
  expect(answer(one, { ok: true }, at)).toMatchObject({ repeat: true });
  answer(one, { ok: true });
  expect([row(one)?.ok, attention(one)]).toEqual([true, []]);
});

it.each([
  ['an integration that has none', 'payroll-vouchers', {}, /that has a check.*webshop-orders/],
  ['a plan that tells none', 'webshop-orders', { monitors: {} }, /that has a check/],
])('cannot be asked of %s', async (_what, integration, more, reason) => {
  const one = await year(more);
  expect(checked.refusal(one, { integration, byMonitor: true }).en).toMatch(reason);
});

it('is overruled by name and with a reason, and not without one', async () => {
  const one = await year();
  answer(one, { ok: false, note: 'found 3 files' });
  const works = { integration: 'webshop-orders', ok: true, by: 'anna' };
  checked.take(one, { integration: 'webshop-orders', byMonitor: true, by: 'anna' });
  const offered = overviewOf(one).messages.find(({ name }) => name === 'integrationChecked')?.example;
  expect(offered).toMatchObject({ integration: 'webshop-orders', ok: true, note: '' });
  expect(completed.refusal(one, { phase: 'integrations', passed: 'all' }).en).toContain(
    'integrationChecked {"integration": "webshop-orders", "ok": true, "note": …}',
  );
  expect(checked.refusal(one, works).en).toMatch(/failed webshop-orders \(found 3 files\).*note/);
  const passed = { phase: 'integrations', passed: ['webshop-orders', 'payroll-vouchers', '1'], by: 'anna' };
  expect(completed.refusal(one, passed).en).toMatch(/failed webshop-orders/);
  checked.take(one, { ...works, note: 'old files of a test' });
  expect(row(one)).toMatchObject({ ok: true, by: 'anna' });
  expect(row(one)).not.toHaveProperty('monitored');
  expect(one.state.checks['integration/webshop-orders']?.note).toBe('old files of a test');
  expect(attention(one)).toEqual([]);
});

it('does not gainsay a person who has looked since, or an acceptance', async () => {
  const one = await year();
  await goOnTo(one, '2027-06-14T08:05:00.000Z');
  checked.take(one, { integration: 'webshop-orders', ok: true, by: 'anna' });
  expect(answer(one, { ok: false, note: 'x' })).toMatchObject({ repeat: true });
  expect(row(one)).toMatchObject({ ok: true, by: 'anna' });
});

it.each<[string, (one: Year) => unknown, RegExp]>([
  ['says that it could not be made', (one) => answer(one, { note: 'Import: paused' }), /Import: paused/],
  ['does not answer', (one) => goOnTo(one, '2027-06-14T09:00:00.000Z'), /no answer within an hour/],
  ['finds a version that is none', (one) => answer(one, { ok: true, version: '?' }), /version/],
])('is left to people where it %s', async (_what, happens, why) => {
  const one = await year();
  await happens(one);
  expect(attention(one)).toEqual(['monitor-silent webshop-orders']);
  expect(row(one)?.unmonitored).toMatch(why);
  expect(row(one)?.ok).toBeUndefined();
  checked.take(one, { integration: 'webshop-orders', ok: true, by: 'anna' });
  expect(attention(one)).toEqual([]);
});

it('an answer that comes late is taken all the same', async () => {
  const one = await year();
  await goOnTo(one, '2027-06-14T10:00:00.000Z');
  answer(one, { ok: true });
  expect([row(one)?.ok, attention(one)]).toEqual([true, []]);
});

it('says nothing of an attempt that was rolled back', async () => {
  const one = await year();
  delete one.state.closed['upgrade/technical'];
  expect(answer(one, { ok: true })).toMatchObject({ repeat: true });
});

it('completes the phase with the last part', async () => {
  const one = await year();
  await goOnTo(one, '2027-06-14T08:01:00.000Z');
  checked.take(one, { integration: 'payroll-vouchers', ok: true });
  for (const { key, kind } of partsLeft(one)) if (kind === 'check') one.state.checks[key] = { ok: true, at };
  answer(one, { ok: true });
  expect(one.state.closed['upgrade/integrations']).toMatchObject({ state: 'done', by });
});

const partsLeft = (one: Year) => runningPhase(one, 'upgrade/integrations')?.parts ?? [];
