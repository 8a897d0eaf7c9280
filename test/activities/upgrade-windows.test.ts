/** Windows of campaigns are kept as they were decided, and those that have begun are never changed. */
import {
  keepWindows,
  plannedWindows,
  readWindows,
  sharedInstallation,
  windowInYear,
} from '../../activities/years/upgrade-windows';
import type { CampaignCalendar, UpgradeWindow } from '../../rules/engine/campaign/campaign-calendar';
import { storeSignedContract } from '../../activities/agreements/agreements';
import { publishRuleset } from '../../activities/agreements/rulesets';
import type { PlacedCampaign } from '../../activities/years/campaign-candidates';
import type { MovedUpgrade } from '../../activities/years/moved-by-campaigns';
import { movedByCampaigns } from '../../activities/years/moved-by-campaigns';
import { createTermsActivities } from '../../activities/years/terms';
import { dividedInstallations, retargetedUpgrades } from '../../activities/years/upgrade-targets';
import { readUpgrades } from '../../activities/years/upgrades';
import type { AgreementPreview } from '../../rules/engine/change/preview-change';
import type { ObligationChange } from '../../rules/engine/plan/diff-plans';
import type { StoredPlan } from '../../rules/engine/plan/plan';
import type { Campaign } from '../../rules/engine/rollout/campaign';
import type { PreviewListener } from '../../worker/processes/preview-all';
import { quietListener, runPreview } from '../../worker/processes/preview-all';
import { rulesetOf } from '../helpers/changed-rules';
import { exampleContract, workingRules } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { signAndPlan } from './signed-agreement';

const agreement = 'testbolaget-2027';
const asOf = '2027-03-01T09:00:00.000Z';
let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
  await signAndPlan(database.db);
});
afterEach(() => database.close());

const windowOn = (day: string, more: Partial<UpgradeWindow> = {}): UpgradeWindow => ({
  ...{
    campaign: '2027',
    release: '18.10.0',
    installation: agreement,
    round: 'rest',
    consultant: 'konsult-1',
  },
  ...{ onCall: 'konsult-1', present: 'konsult-1' },
  from: `${day}T15:00:00.000Z`,
  to: `${day}T20:00:00.000Z`,
  ...more,
});
const calendar = (window?: UpgradeWindow, passed: string[] = []): CampaignCalendar => ({
  ...{ campaign: '2027', release: '18.10.0', notPlaced: [], left: [], problems: [] },
  placed: window ? [{ window, agreements: [agreement], kept: false, fixed: false }] : [],
  passed: passed.map((number) => ({ agreement: number, why: { sv: '', en: '' } })),
});
const keep = (...calendars: CampaignCalendar[]) =>
  database.db.transaction((tx) => keepWindows(tx, calendars, asOf));
const days = async () => (await readWindows(database.db)).map(({ from }) => from.slice(0, 10));

it('tells of a window that is new, moved or gone, and of none that stays', async () => {
  expect(await keep(calendar(windowOn('2027-05-11')))).toEqual([agreement]);
  expect(await keep(calendar(windowOn('2027-05-11')))).toEqual([]);
  expect(await keep(calendar(windowOn('2027-05-12')))).toEqual([agreement]);
  expect(await keep(calendar(windowOn('2027-05-12', { onCall: 'konsult-2' })))).toEqual([agreement]);
  expect(await readWindows(database.db, [agreement])).toEqual([
    { agreement, ...windowOn('2027-05-12', { onCall: 'konsult-2' }) },
  ]);
  expect(await keep(calendar())).toEqual([agreement]);
  expect(await days()).toEqual([]);
});

it('keeps one that has begun and one of an upgrade under way, and drops those of a campaign that is gone', async () => {
  await keep(calendar(windowOn('2027-02-20')), {
    ...calendar(windowOn('2027-05-11', { campaign: 'other' })),
    campaign: 'other',
  });
  const asItWas = calendar(windowOn('2027-02-20', { onCall: 'konsult-2' }));
  expect(await keep(asItWas, { ...calendar(undefined, [agreement]), campaign: 'other' })).toEqual([]);
  expect(await days()).toEqual(['2027-02-20', '2027-05-11']);
  expect(await keep()).toEqual([agreement]);
  expect(await days()).toEqual(['2027-02-20']);
  // Rolled back since: its upgrade has another window.
  expect(await keep(calendar(windowOn('2027-05-12')))).toEqual([agreement]);
  expect(await days()).toEqual(['2027-05-12']);
});

it('finds the window of a year, the last of two', async () => {
  const year = { from: '2027-01-01', to: '2028-01-01' };
  expect(await windowInYear(database.db, agreement, year)).toBeUndefined();
  await keep(calendar(windowOn('2027-05-11')), {
    ...calendar(windowOn('2027-10-11', { campaign: 'autumn' })),
    campaign: 'autumn',
  });
  expect(await windowInYear(database.db, agreement, year)).toEqual({
    campaign: 'autumn',
    release: '18.10.0',
    from: '2027-10-11T15:00:00.000Z',
    to: '2027-10-11T20:00:00.000Z',
  });
  expect(
    await windowInYear(database.db, agreement, { from: '2028-01-01', to: '2029-01-01' }),
  ).toBeUndefined();
});

const installation = (id: string, ...agreements: string[]) => ({
  ...{ id, about: { sv: 'delad', en: 'shared' }, product: 'visma-business' },
  agreements: Object.fromEntries(agreements.map((one) => [one, { companies: ['F0001'] }])),
});

it('names the agreements that share an installation', () => {
  const all = [installation('alone', 'a'), installation('host-1', 'd', 'b', 'c')] as never;
  expect(sharedInstallation(all, 'b')).toEqual({ id: 'host-1', product: 'visma-business', with: ['c', 'd'] });
  expect(sharedInstallation(all, 'a')).toBeUndefined();
  expect(sharedInstallation(all, 'x')).toBeUndefined();
});

it('plans agreements that share an installation for one release, and tells who would have gone higher', async () => {
  const { db } = database;
  const { texts } = workingRules();
  const later = 'releases/visma-business-18.10.0.json';
  const { id, ...shared } = installation('host-1', agreement, 'grannen-2027');
  const rules = rulesetOf({
    ...texts,
    [later]: JSON.stringify({ ...JSON.parse(texts[later]!), usableFrom: '2027-05-15' }),
    [`installations/${id}.json`]: JSON.stringify(shared),
  });
  await publishRuleset(db, rules, { author: 'test', message: 'shared' });
  const terms = createTermsActivities({ db });
  // Its upgrade begins in August: by itself it goes to the release of May.
  const contract = exampleContract({
    agreement: 'grannen-2027',
    startsOn: '2027-04-01',
    signedOn: asOf.slice(0, 10),
  });
  await storeSignedContract(db, contract, { start: false });
  const target = (plan: StoredPlan) => plan.upgrade?.targets?.['visma-business'];
  await database.db.query(`update agreements set state = 'signed' where number = $1`, [agreement]);
  expect(target(await terms.planAgreementYear({ agreement: 'grannen-2027', asOf, revision: 1 }))).toBe(
    '18.10.0',
  );
  await database.db.query(`update agreements set state = 'live' where number = $1`, [agreement]);
  expect(await dividedInstallations(db, rules, asOf)).toMatchObject([
    { installation: id, version: '18.00.0', choices: [{ version: '18.10.0' }, { version: '18.00.0' }] },
  ]);
  const again = { yearNumber: 1, asOf, revision: 2, reason: 'x' };
  expect(target(await terms.planAgreementYear({ agreement, ...again }))).toBe('18.00.0');
  const told = `select agreement from outbox where kind = 'terms-changed'`;
  expect(await db.query(told)).toEqual([{ agreement: 'grannen-2027' }]);
  expect(target(await terms.planAgreementYear({ agreement: 'grannen-2027', ...again }))).toBe('18.00.0');
  expect(await db.query(told)).toHaveLength(1);
  expect(await retargetedUpgrades(db, rules, asOf)).toEqual([]);
});

it('says which phases the windows move, as the year plans them once they are kept', async () => {
  const { db } = database;
  const { ruleset } = workingRules();
  const calendars = [calendar(windowOn('2027-06-22'))];
  const [moved, ...others] = await movedByCampaigns(
    ...([db, ruleset, await plannedWindows(db, ruleset, calendars, asOf), asOf] as const),
  );
  expect([moved?.customer, others]).toEqual(['Testbolaget AB', []]);
  expect(moved!.obligations.map(({ id }) => id)).toContain('upgrade/technical');
  await keep(...calendars);
  const planned = await createTermsActivities({ db }).planAgreementYear({
    ...{ agreement, yearNumber: 1, asOf, revision: 2, reason: 'x' },
  });
  for (const { id, to } of moved!.obligations)
    expect([id, planned.obligations.find((one) => one.id === id)?.dueOn]).toEqual([id, to]);
  const left = await plannedWindows(db, ruleset, calendars, asOf);
  expect(await movedByCampaigns(db, ruleset, left, asOf)).toEqual([]);
});

it('says where an upgrade goes whose release is withdrawn, and when, as the year plans it then without its window', async () => {
  const { db } = database;
  const { texts } = workingRules();
  const fileOf = (version: string): string => `releases/visma-business-${version}.json`;
  const campaign = {
    ...{ about: { sv: 'årets', en: 'this year' }, product: 'visma-business', release: '18.10.0' },
    ...{ from: '2027-05-01', to: '2027-12-01', rounds: [{ id: 'rest', sv: 'övriga', en: 'the rest' }] },
  };
  const before = { ...texts, 'campaigns/2027.json': JSON.stringify(campaign) };
  const release = JSON.parse(texts[fileOf('18.10.0')]!) as object;
  const wrong = { on: '2027-02-01', reason: { sv: 'fel', en: 'wrong' }, replacedBy: '18.10.1' };
  const rules = rulesetOf({
    ...before,
    [fileOf('18.10.0')]: JSON.stringify({ ...release, withdrawn: wrong }),
    [fileOf('18.10.1')]: JSON.stringify({ ...release, version: '18.10.1', usableFrom: '2027-09-06' }),
  });
  const plan = (revision: number): Promise<StoredPlan> =>
    createTermsActivities({ db }).planAgreementYear({
      agreement,
      yearNumber: 1,
      asOf,
      revision,
      reason: 'x',
    });
  await publishRuleset(db, rulesetOf(before), { author: 'test', message: 'a campaign' });
  await keep(calendar(windowOn('2027-06-22')));
  expect((await plan(2)).upgrade).toMatchObject({
    targets: { 'visma-business': '18.10.0' },
    window: { from: '2027-06-22T15:00:00.000Z' },
  });
  // Once somebody has decided to go, it does not go down any more.
  const windowShown = async () => (await readUpgrades(db, asOf))[0]?.window;
  expect(await windowShown()).toMatchObject({ from: '2027-06-22T15:00:00.000Z' });
  await db.query(
    `insert into upgrade_parts (agreement, year, upgrade, phase, part, kind, ok, at)
     values ($1, 1, 'upgrade', 'technical', 'go', 'go', true, $2)`,
    [agreement, asOf],
  );
  expect(await windowShown()).toBeUndefined();
  await db.query('delete from upgrade_parts');
  const systems = [{ system: 'visma-business', change: 'moved', from: '18.10.0', to: '18.10.1' }];
  expect(await retargetedUpgrades(db, rules, asOf)).toMatchObject([{ agreement, systems }]);
  const toCome = await plannedWindows(db, rules, [calendar()], asOf);
  const [moved] = await movedByCampaigns(db, rules, toCome, asOf);
  await publishRuleset(db, rules, { author: 'test', message: 'withdrawn' });
  // A withdrawal on its day has the year planned before `apply` takes the window.
  const first = await plan(3);
  await keep(calendar());
  for (const planned of [first, await plan(4)]) {
    expect(planned.upgrade).toMatchObject({ targets: { 'visma-business': '18.10.1' } });
    expect(planned.upgrade?.window).toBeUndefined();
    const dayOf = (phase: string) => planned.obligations.find(({ id }) => id === phase);
    expect(dayOf('upgrade/plan')?.opensAt.slice(0, 10)).toBe('2027-09-06');
    expect(moved!.obligations.map(({ id, to }) => [id, to])).toEqual(
      moved!.obligations.map(({ id }) => [id, dayOf(id)?.dueOn]),
    );
  }
  expect(await retargetedUpgrades(db, rules, asOf)).toEqual([]);
  const [shown] = await readUpgrades(db, asOf);
  expect(shown?.window).toBeUndefined();
  expect(shown?.systems.find(({ id }) => id === 'visma-business')?.to).toBe('18.10.1');
});

it('previews rules and windows together: one day a phase, its name, and nobody untouched whom it moves', async () => {
  const { db } = database;
  const { ruleset, texts } = workingRules();
  const phase = { order: 25, owner: 'consultant', openDays: 3, name: { sv: 'licenser', en: 'licences' } };
  const file = 'levels/guld.json';
  const changed = texts[file]!.replace('"phases": {', `"phases": { "licences": ${JSON.stringify(phase)},`);
  const campaigns: PlacedCampaign[] = [
    {
      campaign: { product: 'visma-business' } as Campaign,
      calendar: calendar(windowOn('2027-06-22')),
      customers: {},
    },
  ];
  for (const proposed of [rulesetOf({ ...texts, [file]: changed }), ruleset]) {
    const moved: MovedUpgrade[] = [];
    const seen: AgreementPreview[] = [];
    const listener: PreviewListener = {
      ...quietListener,
      campaigns: (_, all) => void moved.push(...all),
      agreement: (one) => void seen.push(one),
    };
    const { totals } = await runPreview(db, ruleset, proposed, campaigns, asOf, listener);
    const hasRules = proposed !== ruleset;
    expect(totals).toMatchObject({ changed: hasRules ? 1 : 0, windows: 1, untouched: 0 });
    const ofUpgrade = ({ id }: ObligationChange): boolean => id.startsWith('upgrade/');
    for (const { plan } of seen) expect(plan.obligations.filter(ofUpgrade)).toEqual(moved[0]?.obligations);
    expect(moved[0]?.obligations.find(({ id }) => id === 'upgrade/technical')).toMatchObject({
      change: 'moved',
    });
    expect(moved[0]?.phaseNames).toEqual(hasRules ? { licences: phase.name } : {});
  }
});
