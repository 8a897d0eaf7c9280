/** `serviceavtal upgrades`: the portfolio agrees with what each running year has recorded. */
import { createProgressActivities } from '../../activities/years/progress';
import type { JournalEntry } from '../../activities/years/progress';
import type { PartKind } from '../../rules/engine/upgrade/parts';
import { documentHtml } from '../../templates/documents/html';
import { portfolioDocument } from '../../templates/portfolio';
import type { Contract } from '../../rules/engine/contract/contract';
import { readUpgrades } from '../../activities/years/upgrades';
import { keepWindows } from '../../activities/years/upgrade-windows';
import { publishRuleset } from '../../activities/agreements/rulesets';
import { textDrawing } from '../../templates/preview/draw';
import { calendarsInForce, drawCalendars } from '../../worker/commands/upgrades/calendar';
import { rulesetOf } from '../helpers/changed-rules';
import { workingRules } from '../helpers/example';
import { campaign } from '../rules/campaign/campaigns';
import { printUpgrade } from '../../worker/commands/upgrades';
import { signAndPlan } from '../activities/signed-agreement';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';

let database: FreshDatabase;
beforeEach(async () => {
  database = await freshDatabase();
  await signAndPlan(database.db);
});
afterEach(() => database.close());

const agreement = 'testbolaget-2027';
const now = '2027-06-01T09:00:00.000Z';

let count = 0;
async function record(...entries: Partial<JournalEntry>[]): Promise<void> {
  await createProgressActivities(database).recordProgress({
    agreement,
    year: 1,
    entries: entries.map((entry) => ({
      ...{ id: `${++count}`, at: now, kind: 'row', ref: 'test', detail: {} },
      ...entry,
    })),
  });
}

const done = (phase: string): Partial<JournalEntry> => ({
  kind: 'phase',
  obligation: { id: `upgrade/${phase}`, state: 'done', by: 'anna' },
});
const part = (phase: string, id: string, kind: PartKind, result: object) => ({
  part: { upgrade: 'upgrade', phase, part: id, kind, result: { ok: true, at: now, ...result } },
});
const read = async (at = now) => (await readUpgrades(database.db, at))[0]!;

it('tells phase, since when, whom it waits for, and the version that the releases give', async () => {
  expect(await read('2027-04-01T09:00:00.000Z')).toMatchObject({
    standing: 'coming',
    phase: 'plan',
    done: 0,
  });
  await record({ ...done('plan'), at: '2027-05-17T09:00:00.000Z' });
  const one = await read('2027-05-20T09:00:00.000Z');
  expect(one).toMatchObject({
    ...{ standing: 'running', phase: 'precheck', waitsFor: 'consultant', dueOn: '2027-05-24' },
    ...{ done: 1, phases: 7, attempt: 1, year: 1, ofYear: 1 },
  });
  expect(one.systems.find(({ id }) => id === 'visma-business')).toMatchObject({
    id: 'visma-business',
    from: '17.0',
    reported: false,
  });
  expect(one.systems.find(({ id }) => id === 'visma-business')!.to).toMatch(/^18\./);
  expect(printUpgrade(one, '2027-05-20', 'sv')).toMatch(
    /^Testbolaget AB \(testbolaget-2027, .*\): pågår\n {2}förkontroll, 2 dagar \(1 av 7 faser klara\)\n {2}väntar på dedikerad konsult, senast 2027-05-24\n {2}.*Visma Business 17.0 → 18\./,
  );
});

it('tells what is overdue, what failed, and what somebody accepted as it is', async () => {
  expect(await read()).toMatchObject({ standing: 'overdue', phase: 'plan' });
  await record(done('plan'), done('precheck'), done('technical'));
  await record(part('technical', 'visma-business', 'system', { version: '18.0.2' }));
  await record(part('integrations', 'payroll-vouchers', 'integration', { ok: false, note: 'no vouchers' }));
  const failed = await read('2027-06-11T09:00:00.000Z');
  const called = 'Verifikationer från lönesystemet';
  const payroll = { id: 'payroll-vouchers', name: { sv: called, en: called } };
  expect(failed).toMatchObject({
    standing: 'failed',
    risks: [
      { kind: 'failed', since: '2027-06-01', part: payroll, reason: 'no vouchers' },
      { kind: 'overdue', since: '2027-06-09' },
    ],
  });
  expect(printUpgrade(failed, '2027-06-11', 'sv')).toContain(
    [
      'UNDERKÄND DEL',
      'integrationer, 10 dagar (3 av 7 faser klara)',
      'väntar på dedikerad konsult, senast 2027-06-09',
      'Visma Business 17.0 → 18.0.2',
      'underkänt sedan 2027-06-01: Verifikationer från lönesystemet (payroll-vouchers), no vouchers',
      'skulle ha varit klar 2027-06-09, för 2 dagar sedan',
    ].join('\n  '),
  );
  expect(failed.systems.find(({ id }) => id === 'visma-business')).toMatchObject({
    to: '18.0.2',
    reported: true,
  });
  await record(
    part('integrations', 'payroll-vouchers', 'integration', {
      ok: false,
      waived: { by: 'Mats', reason: 'x' },
    }),
    done('integrations'),
  );
  expect(await read()).toMatchObject({
    standing: 'running',
    risks: [{ kind: 'accepted', since: '2027-06-01', by: 'Mats', reason: 'x', part: payroll }],
  });
  expect(printUpgrade(await read(), '2027-06-01', 'en')).toContain(
    '\n  accepted as it is by Mats on 2027-06-01: Verifikationer från lönesystemet (payroll-vouchers), x',
  );
  // One decision stands in one line, and as single acceptances in the JSON.
  const waived = (id: string, reason: string) =>
    part('integrations', id, 'integration', { ok: false, waived: { by: 'Mats', reason } });
  await record(waived('webshop-orders', 'x'), waived('other', 'y'));
  const several = await read();
  expect(several.risks.filter(({ kind }) => kind === 'accepted')).toHaveLength(3);
  const inLine =
    /as it is by Mats [^:]*: [^,\n]* \((payroll-vouchers|webshop-orders)\), [^,\n]* \((payroll-vouchers|webshop-orders)\), x/;
  expect(printUpgrade(several, '2027-06-01', 'en')).toMatch(inLine);
  expect(printUpgrade(several, '2027-06-01', 'en').match(/accepted as it is/g)).toHaveLength(2);
  const page = portfolioDocument([several], {}, '2027-06-01T09:00:00.000Z', 'en');
  expect(JSON.stringify(page).match(/ccepted as it is/g)).toHaveLength(2);
});

it('counts the days in a phase from when it is really on, and tells a partner who is silent', async () => {
  await record(done('plan'), done('precheck'), { ...done('technical'), at: '2027-06-04T09:00:00.000Z' });
  const one = await read('2027-06-08T09:00:00.000Z');
  expect(one).toMatchObject({
    ...{ standing: 'running', phase: 'integrations', since: '2027-06-04T09:00:00.000Z' },
    risks: [{ kind: 'partnerSilent', since: '2027-06-04', part: { id: 'payroll-vouchers' } }],
  });
  await record(part('integrations', 'payroll-vouchers', 'integration', {}));
  expect((await read('2027-06-08T09:00:00.000Z')).risks).toEqual([]);
});

it('draws them on a page, those first that need somebody', async () => {
  const coming = { ...(await read('2027-04-01T09:00:00.000Z')), customer: 'Annan Kund AB' };
  await record({
    ...part('precheck', '2', 'check', { ok: false, note: 'disk <full>', at: '2027-05-26T09:00:00.000Z' }),
  });
  const late = '2027-05-27T09:00:00.000Z';
  const document = portfolioDocument([coming, await read(late)], { release: '18.00.0' }, late, 'sv');
  expect(documentHtml(document).replace(/<style>.*<\/style>/s, '')).toMatchSnapshot();
});

it('tells when the system goes down, until it has, and with whom that is shared', async () => {
  const window = { campaign: '2027', from: '2027-06-05T06:00:00.000Z', to: '2027-06-05T16:00:00.000Z' };
  const installation = { id: 'host-1', with: ['grannen-2027'] };
  await database.db.query(`update plans set plan = jsonb_set(plan, '{upgrade}', plan->'upgrade' || $1)`, [
    JSON.stringify({ window, installation }),
  ]);
  await database.db.query(`update obligations set opens_at = $1 where id = 'upgrade/technical'`, [
    window.from,
  ]);
  const one = await read();
  expect(one).toMatchObject({ window, shared: ['grannen-2027'] });
  expect(printUpgrade(one, '2027-06-01', 'sv')).toContain(
    '\n  systemet stängs lör 5 juni 2027 08:00–18:00\n  delar installation med grannen-2027',
  );
  await record(done('plan'), done('precheck'), done('technical'));
  expect((await read()).window).toBeUndefined();
});

it('takes back what was undone', async () => {
  const failed = part('integrations', 'payroll-vouchers', 'integration', { ok: false });
  await record(failed);
  await record({ part: { ...failed.part, result: undefined as never } });
  expect((await read()).standing).toBe('overdue');
});

it('tells what the customer decided, and how it ended', async () => {
  const stands = { upgrade: 'upgrade', state: 'postponed', from: '2027-10-01', reason: 'payroll' } as const;
  await record({ upgrade: stands });
  expect(printUpgrade(await read(), '2027-06-01', 'sv')).toContain(': uppskjuten\n');
  expect(await read()).toMatchObject({ standing: 'postponed', until: '2027-10-01' });
  expect(await read('2027-10-02T09:00:00.000Z')).toMatchObject({ standing: 'overdue' });
  await record({ upgrade: { ...stands, state: 'rolledBack', attempt: 2 } });
  expect(await read()).toMatchObject({ attempt: 2, standing: 'overdue', reason: 'payroll' });
  const lostSince = '2027-05-29T15:00:00.000Z';
  await record({ upgrade: { upgrade: 'upgrade', attempt: 3, state: 'restored', lostSince } });
  expect(printUpgrade(await read(), '2027-06-01', 'sv')).toContain(
    'systemet återställt: det som gjorts sedan 2027-05-29 17:00 är förlorat',
  );
  for (const phase of ['plan', 'precheck', 'technical', 'integrations', 'test', 'approval', 'after-check'])
    await record(done(phase));
  expect(await read()).toMatchObject({ standing: 'approved', done: 7 });
  await record(part('approval', 'decision', 'decision', { ok: false, waived: { by: 'Mats', reason: 'x' } }));
  expect((await read()).standing).toBe('ended');
});

it('makes the versions that were reported the contract’s once the upgrade has ended, once', async () => {
  await record(
    part('technical', 'visma-business', 'system', { version: '18.0.2' }),
    part('integrations', 'webshop-orders', 'integration', { version: '4.2' }),
    part('integrations', 'payroll-vouchers', 'integration', { ok: false, version: '9' }),
  );
  for (const _ of [1, 2]) await record({ upgraded: { upgrade: 'upgrade' } });
  const [row] = await database.db.query<{ contract: Contract }>('select contract from agreements');
  expect(row!.contract.systems['visma-business']).toMatchObject({ version: '18.0.2' });
  expect(row!.contract.integrations.map(({ id, version }) => [id, version])).toEqual([
    ['webshop-orders', '4.2'],
    ['payroll-vouchers', undefined],
  ]);
  expect(await database.db.query('select 1 from contract_changes')).toHaveLength(1);
  const integrations = { 'webshop-orders': null, 'payroll-vouchers': '2.1', gone: '1' };
  await record({ upgraded: { upgrade: 'upgrade', restored: { 'visma-business': '17.0' }, integrations } });
  const [after] = await database.db.query<{ contract: Contract }>('select contract from agreements');
  expect(after!.contract.systems['visma-business']).toMatchObject({ version: '17.0' });
  expect(after!.contract.integrations.map(({ id, version }) => [id, version])).toEqual([
    ['webshop-orders', undefined],
    ['payroll-vouchers', '2.1'],
  ]);
});

it('shows one consultant’s alone, and none of agreements that have ended', async () => {
  expect(await readUpgrades(database.db, now, 'nobody')).toEqual([]);
  await database.db.query(`update agreements set state = 'ended'`);
  expect(await readUpgrades(database.db, now)).toEqual([]);
});

it('draws the calendars of the campaigns in force at any time, and names those that there are', async () => {
  const { db } = database;
  const { id, ...visma } = campaign();
  const rules = rulesetOf({ ...workingRules().texts, [`campaigns/${id}.json`]: JSON.stringify(visma) });
  const asOf = '2027-03-01T09:00:00.000Z';
  await publishRuleset(db, rules, { author: 'test', message: 'a campaign' });
  const proposed = await calendarsInForce(db, asOf, id);
  const calendars = proposed.map(({ calendar }) => calendar);
  await db.transaction((tx) => keepWindows(tx, calendars, asOf));
  const [before, after] = [proposed, await calendarsInForce(db, asOf)].map((all) =>
    drawCalendars(all, textDrawing(false), asOf, 'sv'),
  );
  expect(before).toMatch(
    /Årets utrullning: Visma Business 18\.00\.0[^]* \+ Testbolaget AB \(testbolaget-2027\) /,
  );
  expect(after).toBe(before!.replace('+ Testbolaget', '= Testbolaget'));
  await expect(calendarsInForce(db, asOf, 'visma-2026')).rejects.toThrow(
    'expected --campaign: visma-2027, found visma-2026; did you mean "visma-2027"?',
  );
  const ended = calendarsInForce(db, '2028-01-01T09:00:00.000Z', id);
  await expect(ended).rejects.toThrow(/there is none, found visma-2027, ended 2027-06-30$/);
});

it('has among the risks that nobody of the customer may approve, until somebody may', async () => {
  const plan = (change: string) =>
    database.db.query(`update plans set plan = ${change} where agreement = $1`, [agreement]);
  await plan(`jsonb_set(plan, '{upgrade,noApprover}', 'true')`);
  expect((await read('2027-04-01T09:00:00.000Z')).risks).toMatchObject([{ kind: 'noApprover' }]);
  expect(printUpgrade(await read(), '2027-06-01', 'sv')).toContain(
    'ingen hos kunden kan godkänna uppgraderingen',
  );
  await plan(`plan #- '{upgrade,noApprover}'`);
  expect((await read('2027-04-01T09:00:00.000Z')).risks).toEqual([]);
});

it('has a host that has not said yes among the risks, before and after the phase has begun, until it has', async () => {
  const host = (name: string | null) =>
    database.db.query(
      `update plans set plan = case when $2::text is null then plan #- '{upgrade,noConsent}'
                                    else jsonb_set(plan, '{upgrade,noConsent}', to_jsonb($2::text)) end
        where agreement = $1`,
      [agreement, name],
    );
  await host('Driftbolaget AB');
  const risk = { kind: 'noConsent', by: 'Driftbolaget AB' };
  expect((await read('2027-04-01T09:00:00.000Z')).risks).toMatchObject([risk]);
  await record({ ...done('plan') }, { ...done('precheck') }, part('technical', '1', 'check', {}));
  expect((await read()).risks).toContainEqual(expect.objectContaining(risk));
  expect(printUpgrade(await read(), '2027-06-01', 'sv')).toContain(
    'Driftbolaget AB, som är värd, har inte sagt ja till uppgraderingen',
  );
  await host(null);
  expect((await read()).risks.map(({ kind }) => kind)).toEqual(['overdue']);
});
