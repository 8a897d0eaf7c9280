import {
  applyContractChange,
  findAgreement,
  storeContractChange,
  storeSignedContract,
} from '../../../activities/agreements/agreements';
import type { Db } from '../../../activities/db';
import { hourBalance } from '../../../activities/hours/facts';
import { findPlan } from '../../../activities/agreements/plans';
import { previewRuleset } from '../../../activities/agreements/previews';
import { publishRuleset, termsAtSigning } from '../../../activities/agreements/rulesets';
import {
  approveAmendment,
  declineAmendment,
  listAmendments,
  lookAtAmendment,
  seenOf,
} from '../../../activities/signings/amendments';
import { createTermsActivities } from '../../../activities/years/terms';
import { instantAt } from '../../../rules/engine/calendar/calendar';
import type { Contract, Instant, LocalDate } from '../../../rules/engine/contract/contract';
import type { StoredPlan, YearPlan } from '../../../rules/engine/plan/plan';
import { changedLevel, rule } from '../../helpers/changed-rules';
import { exampleContract } from '../../helpers/example';
import { signLater } from '../../helpers/signed-later';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import { twoLevels } from '../../helpers/two-levels';

const agreement = 'testbolaget-2027';
const today = '2027-03-15';
const now = instantAt(today, '10:00');
const ruleset = twoLevels();
let database: FreshDatabase;
let db: Db;

beforeEach(async () => {
  database = await freshDatabase();
  db = database.db;
  await publishRuleset(db, ruleset, { author: 'test', message: 'in force' });
  const contract = exampleContract();
  await storeSignedContract(db, contract, {
    ...(await termsAtSigning(db, contract)),
    start: false,
  });
});

afterEach(() => database.close());

let revision: number;
beforeEach(async () => {
  revision = 0;
  await plan('2026-12-01T12:00:00.000Z');
});

/** Plans the year again, as the running year does when it hears of a change. */
async function plan(asOf: Instant, yearNumber = 1): Promise<StoredPlan> {
  revision += 1;
  return createTermsActivities({ db }).planAgreementYear({
    ...{ agreement, yearNumber, asOf, revision, reason: 'the contract changed' },
  });
}

type Changed = Partial<Omit<Contract, 'hourBank'>> & { hourBank?: Partial<Contract['hourBank']> };

const contractWith = ({ hourBank, ...changed }: Changed): Contract => {
  const contract = exampleContract();
  return { ...contract, signedOn: '2027-03-10', ...changed, hourBank: { ...contract.hourBank, ...hourBank } };
};

const document = (changed: Changed, from?: LocalDate) =>
  signLater(db, { contract: contractWith(changed), ...(from !== undefined && { from }) }, today);

const approve = (id: number, asOf = now, seen?: string) =>
  approveAmendment(db, id, { by: 'erik', asOf, ...(seen !== undefined && { seen }) });

/** Approves, puts it into effect as the dispatcher does, and plans the year again. */
async function approveAndPlan(id: number, asOf = now): Promise<StoredPlan> {
  const approved = await approve(id, asOf);
  if (approved.outcome !== 'approved' || approved.change === null) throw new Error(JSON.stringify(approved));
  await applyContractChange(db, approved.change);
  return plan(asOf);
}

const contracted = async (year = 1): Promise<number> =>
  (await hourBalance(db, agreement, year, now)).contracted;
const outbox = () =>
  db.query(`select kind, payload, due_at as "dueAt" from outbox where kind = 'contract-changed' order by id`);
const inForce = async (): Promise<Contract> => (await findAgreement(db, agreement))!.contract;
const floor = async () =>
  (
    await db.query<{ perYear: number; ruleset: string | null }>(
      `select (signed_terms #>> '{meetings,perYear}')::int as "perYear", signed_ruleset as ruleset from agreements`,
    )
  )[0];

describe('a document under the number of an agreement that runs', () => {
  it('is proposed, and changes nothing until it is approved', async () => {
    const { id, judged } = await document({ level: 'platina', hourBank: { hours: 160 } });
    expect(judged).toBe('amendment');
    expect(await listAmendments(db)).toMatchObject([
      {
        ...{ id, agreement, customer: 'Testbolaget AB', state: 'proposed', from: today },
        ...{ service: 'scrive', title: 'Tillägg', signers: [{ name: 'Karin Ek' }], by: null, change: null },
      },
    ]);
    expect(await outbox()).toEqual([]);
    expect(await inForce()).toMatchObject({ level: 'guld', hourBank: { hours: 120 } });
  });

  it('is unchanged where it is proposed already, or says what holds', async () => {
    expect(await document({})).toMatchObject({ judged: 'unchanged' });
    await document({ level: 'platina' });
    expect(await document({ level: 'platina' })).toMatchObject({ judged: 'unchanged' });
    expect(await document({ level: 'platina' }, '2027-09-01')).toMatchObject({ judged: 'amendment' });
  });

  it('is unusable when the agreement has ended, also once it is proposed', async () => {
    const { id } = await document({ level: 'platina' });
    await db.query(`update agreements set state = 'ended'`);
    expect(await document({ level: 'platina' }, '2027-09-01')).toMatchObject({ judged: 'unusable' });
    await expect(approve(id)).rejects.toThrow('has ended');
  });

  it('is told from one for a number that nobody knows', async () => {
    await expect(document({ agreement: 'nobody-1' })).rejects.toThrow('found none with number nobody-1');
  });
});

describe('approving', () => {
  it('records the change with all that differs, and has the year told at once', async () => {
    const { id } = await document({ level: 'platina', hourBank: { hours: 160 } });
    const approved = await approve(id);
    expect(approved).toMatchObject({ outcome: 'approved', from: today, change: 1 });
    const [change] = await db.query(`select changes, from_date as from from contract_changes`);
    expect(change).toMatchObject({
      from: today,
      changes: [
        { path: 'hourBank.hours', from: 120, to: 160 },
        { path: 'level', from: 'guld', to: 'platina' },
      ],
    });
    expect(await outbox()).toEqual([{ kind: 'contract-changed', payload: { change: 1 }, dueAt: now }]);
    expect(await listAmendments(db)).toMatchObject([
      { state: 'approved', by: 'erik', decidedAt: now, change: 1 },
    ]);
  });

  it('has it told on its day, where that is to come', async () => {
    const { id } = await document({ level: 'platina' }, '2027-06-01');
    await approve(id);
    expect(await outbox()).toMatchObject([{ dueAt: instantAt('2027-06-01', '00:00') }]);
  });

  it('gives the running year its meetings and its hours, as the preview said', async () => {
    const { id } = await document({ level: 'platina', hourBank: { hours: 160 } });
    const { preview } = await lookAtAmendment(db, id, now);
    const before = (await findPlan(db, agreement, 1))!.plan;
    const after = await approveAndPlan(id);
    const meetings = ({ obligations }: YearPlan) => obligations.filter(({ strand }) => strand === 'meetings');
    expect([meetings(before).length, meetings(after).length]).toEqual([4, 6]);
    const added = after.obligations.filter(
      ({ id: one }) => !before.obligations.some((old) => old.id === one),
    );
    expect(preview?.plan.obligations.filter(({ change }) => change === 'added').map((one) => one.id)).toEqual(
      added.map((one) => one.id),
    );
    expect(after).toMatchObject({
      contractedHours: 16_000,
      balance: { contracted: 16_000, remaining: 16_000 },
    });
    const entries = await db.query(
      `select id, seconds, recorded_at as at, reason from hour_grants where kind = 'contracted' order by recorded_at`,
    );
    expect(entries).toMatchObject([
      { id: `${agreement}/1/contracted`, seconds: 120 * 3600 },
      { id: `${agreement}/1/contracted-2`, seconds: 40 * 3600, at: now, reason: 'the contract changed' },
    ]);
  });

  it('adds the hours once, however often the year is planned', async () => {
    const { id } = await document({ hourBank: { hours: 160 } });
    await approveAndPlan(id);
    await plan(now);
    await createTermsActivities({ db }).planAgreementYear({ agreement, yearNumber: 1, asOf: now, revision });
    expect(await contracted()).toBe(16_000);
  });

  it('lets fewer hours wait for the next year', async () => {
    const { id } = await document({ hourBank: { hours: 100 } });
    expect((await approveAndPlan(id)).contractedHours).toBe(12_000);
    expect(await contracted()).toBe(12_000);
    revision = 0;
    await plan('2027-12-31T23:00:00.000Z', 2);
    expect(await contracted(2)).toBe(10_000);
  });

  it('takes hours away from a year that has not begun, by an entry of its own', async () => {
    const { id } = await document({ hourBank: { hours: 100 } }, '2026-12-10');
    await approveAndPlan(id, '2026-12-10T12:00:00.000Z');
    expect(await contracted()).toBe(10_000);
    const [grant] = await db.query(`select seconds, year from hour_grants where seconds < 0`);
    expect(grant).toEqual({ seconds: -20 * 3600, year: 1 });
  });

  it('begins a renewed year with what was signed for it, also before the dispatcher has told it', async () => {
    const { id } = await document({
      startsOn: '2028-01-01',
      level: 'platina',
      hourBank: { hours: 100, hourlyRate: 1500, discountPercent: 20 },
    });
    await approve(id);
    revision = 0;
    const next = await plan('2027-12-31T23:00:00.000Z', 2);
    expect(next).toMatchObject({
      from: '2028-01-01',
      hourlyRateMinor: 150_000,
      balance: { contracted: 10_000 },
    });
    const { terms } = (await findPlan(db, agreement, 2))!;
    expect([terms.meetings.perYear, terms.hourBank.discountPercent]).toEqual([6, 20]);
    expect(await inForce()).toMatchObject({ startsOn: '2027-01-01', level: 'guld' });
  });

  it('leaves price and discount of the running year, fixes those of the next, and asks nobody for another', async () => {
    const asked = ({ obligations }: YearPlan) => obligations.some(({ id }) => id === 'renewal/price');
    const index = changedLevel((level) => void level.rules.push(rule('hourBank', { indexPercent: 3 })));
    await publishRuleset(db, index, { author: 'test', message: 'three per cent a year' });
    expect(asked(await plan('2027-01-10T09:00:00.000Z'))).toBe(true);
    const { id } = await document({ hourBank: { hourlyRate: 1500, discountPercent: 20 } });
    const after = await approveAndPlan(id);
    expect(after.hourlyRateMinor).toBe(145_000);
    const { terms } = (await findPlan(db, agreement, 1))!;
    expect(terms.hourBank.discountPercent).not.toBe(20);
    expect(asked(after)).toBe(false);
    revision = 0;
    const next = await plan('2027-12-31T23:00:00.000Z', 2);
    expect(next.hourlyRateMinor).toBe(150_000);
    expect((await findPlan(db, agreement, 2))!.terms.hourBank.discountPercent).toBe(20);
    expect(asked(next)).toBe(true);
  });

  it('replaces price and discount of a year that has not begun', async () => {
    const { id } = await document({ hourBank: { hourlyRate: 1400, discountPercent: 20 } }, '2026-12-10');
    const after = await approveAndPlan(id, '2026-12-10T12:00:00.000Z');
    expect(after.hourlyRateMinor).toBe(140_000);
    expect((await findPlan(db, agreement, 1))!.terms.hourBank.discountPercent).toBe(20);
  });

  it('lets `plan` predict no question about the price that was signed', async () => {
    const index = rule('hourBank', { indexPercent: 3 });
    const now3 = changedLevel((level) => void level.rules.push(index));
    await publishRuleset(db, now3, { author: 'test', message: 'three per cent a year' });
    const { id } = await document({ hourBank: { hourlyRate: 1500 } });
    await approveAndPlan(id);
    const five = changedLevel((level) => void level.rules.push(index, rule('meetings', { perYear: 5 })));
    const told: string[] = [];
    for await (const { preview } of previewRuleset(db, now3, five, now))
      told.push(...(preview?.plan.obligations ?? []).map(({ id: one }) => one));
    expect(told).toContain('meeting-5');
    expect(told).not.toContain('renewal/price');
  });

  it('replaces the floor by another level’s, and keeps the old one', async () => {
    expect(await floor()).toEqual({ perYear: 4, ruleset: ruleset.hash });
    const later = twoLevels({ meetings: { perYear: 6 }, hourBank: { discountPercent: 15 } });
    await publishRuleset(db, later, { author: 'test', message: 'after the signing' });
    const { id } = await document({ level: 'platina' });
    await approve(id);
    expect(await floor()).toEqual({ perYear: 6, ruleset: later.hash });
    const [kept] = await db.query(
      `select (replaced_terms #>> '{meetings,perYear}')::int as "perYear", replaced_ruleset as ruleset from amendments`,
    );
    expect(kept).toEqual({ perYear: 4, ruleset: ruleset.hash });
  });

  it('leaves the floor where nothing that was promised changes', async () => {
    const contacts = exampleContract().contacts;
    const { id } = await document({
      contacts: { ...contacts, manager: { ...contacts.manager, name: 'Eva Holm' } },
    });
    await approve(id);
    expect(await floor()).toEqual({ perYear: 4, ruleset: ruleset.hash });
    expect(await db.query('select 1 from amendments where replaced_terms is not null')).toEqual([]);
  });

  it('is harmless twice, and says so', async () => {
    const { id } = await document({ level: 'platina' });
    await approve(id);
    expect(await approve(id, '2027-03-16T10:00:00.000Z')).toEqual({
      outcome: 'already',
      by: 'erik',
      at: now,
    });
    expect(await outbox()).toHaveLength(1);
    const both = await document({ hourBank: { hours: 160 } });
    const outcomes = await Promise.all([approve(both.id), approve(both.id)]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['already', 'approved']);
    expect(await outbox()).toHaveLength(2);
  });

  it('is refused where the rules have no terms for the level; nothing is changed', async () => {
    const { id } = await document({ level: 'brons' });
    const { refused, preview } = await lookAtAmendment(db, id, now);
    expect(preview).toBeUndefined();
    expect(refused?.en).toContain('brons');
    await expect(approve(id)).rejects.toThrow(/cannot be approved: .*brons/);
    expect(await outbox()).toEqual([]);
    expect(await listAmendments(db)).toMatchObject([{ state: 'proposed' }]);
  });

  it('undoes nothing that was changed meanwhile, and is looked at again', async () => {
    const { id } = await document({ hourBank: { hours: 160 } });
    const looked = await lookAtAmendment(db, id, now);
    const contract = await inForce();
    const consultant = { id: 'konsult-2', name: 'Bo Ek', email: 'bo.ek@pector.example' };
    await storeContractChange(
      ...([
        db,
        agreement,
        { ...contract, contacts: { ...contract.contacts, consultant } },
        today,
        now,
      ] as const),
    );
    await applyContractChange(db, 1);
    const other = await document({
      hourBank: { hours: 140 },
      contacts: { ...contract.contacts, consultant },
    });
    await approve(other.id);
    await applyContractChange(db, 2);

    const again = await lookAtAmendment(db, id, now);
    expect(again.values).toMatchObject([
      { path: 'hourBank.hours', from: 140, to: 160, signedAgainst: { value: 120 } },
    ]);
    await expect(approve(id, now, seenOf(looked))).rejects.toThrow('look again');
    await approve(id, now, seenOf(again));
    await applyContractChange(db, 3);
    expect(await inForce()).toMatchObject({ hourBank: { hours: 160 }, contacts: { consultant } });
  });

  it('takes back what an earlier one would have changed later', async () => {
    const first = await document({ level: 'platina', hourBank: { hours: 200 } }, '2028-01-01');
    await approve(first.id);
    const second = await document({ level: 'platina', hourBank: { hours: 150 } }, '2027-06-01');
    const { values } = await lookAtAmendment(db, second.id, now);
    expect(values.map(({ path, from, to }) => [path, from, to])).toEqual([
      ['hourBank.hours', 120, 150],
      ['level', 'guld', 'platina'],
    ]);
    await approve(second.id);
    await applyContractChange(db, 2);
    await applyContractChange(db, 1);
    expect(await inForce()).toMatchObject({ level: 'platina', hourBank: { hours: 150 } });
  });
});

describe('declining', () => {
  it('leaves the agreement as it is, and says why', async () => {
    const { id } = await document({ level: 'platina' });
    const decline = () => declineAmendment(db, id, { by: 'erik', asOf: now, reason: 'wrong level' });
    expect(await decline()).toBe(true);
    expect(await decline()).toBe(false);
    expect(await listAmendments(db)).toMatchObject([
      { state: 'rejected', reason: 'wrong level', by: 'erik', decidedAt: now },
    ]);
    await expect(approve(id)).rejects.toThrow('was declined: wrong level');
    expect(await document({ level: 'platina' })).toMatchObject({ judged: 'amendment' });
  });

  it('comes too late for an approved one, and is told from one that is not there', async () => {
    const { id } = await document({ level: 'platina' });
    await approve(id);
    const late = { by: 'erik', asOf: now, reason: 'late' };
    await expect(declineAmendment(db, id, late)).rejects.toThrow('is approved');
    await expect(declineAmendment(db, 99, late)).rejects.toThrow(
      'expected the number of an amendment, found 99',
    );
    await expect(lookAtAmendment(db, 99, now)).rejects.toThrow('found 99');
  });
});
