import type { AmendedValue, PendingChange } from '../../rules/engine/change/amend-contract';
import {
  amendedValues,
  judgeAmendedContract,
  pricedYear,
  signedRate,
} from '../../rules/engine/change/amend-contract';
import { instantAt } from '../../rules/engine/calendar/calendar';
import { assignContactIds, diffContract } from '../../rules/engine/contract/change-contract';
import type { Contract } from '../../rules/engine/contract/contract';
import { amendedFloor, previewAmendment } from '../../rules/engine/change/preview-amendment';
import type { AmendedAgreement } from '../../rules/engine/change/preview-amendment';
import { termsFor } from '../../rules/engine/terms/terms-for';
import { rule, when, withRules } from '../helpers/changed-rules';
import { twoLevels } from '../helpers/two-levels';
import { exampleContract, plan as planned } from './fixtures';

const standing = assignContactIds(exampleContract());
const today = '2027-03-15';

type Changed = Partial<Omit<Contract, 'hourBank' | 'customer'>> & {
  hourBank?: Partial<Contract['hourBank']>;
  customer?: Partial<Contract['customer']>;
};

/** The example as it was signed later, with parts of it replaced; contacts without ids, as a document has them. */
function signed(changed: Changed = {}): Contract {
  const contract = exampleContract();
  return {
    ...contract,
    signedOn: '2027-03-10',
    ...changed,
    hourBank: { ...contract.hourBank, ...changed.hourBank },
    customer: { ...contract.customer, ...changed.customer },
  };
}

const judge = (changed: Changed, from?: string, pending: PendingChange[] = [], ended = false) =>
  judgeAmendedContract(
    { contract: standing, pending, ended },
    { contract: signed(changed), ...(from !== undefined && { from }) },
    today,
  );

const change = (path: string, was: unknown, to: unknown) => ({ path, from: was, to, allowed: false });

describe('a contract signed later', () => {
  it('changes nothing where it differs in its own signing day alone', () => {
    expect(judge({})).toEqual({ outcome: 'unchanged' });
  });

  it('keeps the signing day of the agreement, and the ids of the contacts', () => {
    const judged = judge({ hourBank: { hours: 160 } });
    expect(judged).toMatchObject({
      outcome: 'amendment',
      from: today,
      contract: { signedOn: standing.signedOn, contacts: standing.contacts, hourBank: { hours: 160 } },
      changes: [change('hourBank.hours', 120, 160)],
    });
  });

  it('leaves components, modules and the industry of which it says nothing', () => {
    const known = assignContactIds(exampleContract());
    known.customer.industry = 'retail';
    known.systems['visma-business'] = {
      version: '17.0',
      components: { client: '17.00.0' },
      modules: ['finance'],
    };
    const later = signed({ systems: { 'visma-business': { version: '18.0', modules: ['logistics'] } } });
    const judged = judgeAmendedContract(
      { contract: known, pending: [], ended: false },
      { contract: later },
      today,
    );
    expect(judged).toMatchObject({
      outcome: 'amendment',
      contract: {
        customer: { industry: 'retail' },
        systems: {
          'visma-business': { version: '18.0', components: { client: '17.00.0' }, modules: ['logistics'] },
        },
      },
    });
  });

  it.each([
    ['the day it says', { signedOn: '2027-03-20' }, '2027-06-01', '2027-06-01'],
    ['today, if it was signed before', { signedOn: '2027-03-10' }, undefined, today],
    ['the day it was signed, if that is to come', { signedOn: '2027-04-01' }, undefined, '2027-04-01'],
    ['the year it renews', { startsOn: '2028-01-01' }, undefined, '2028-01-01'],
    ['the running year, which it names', { startsOn: '2027-01-01' }, undefined, today],
    ['a year far ahead', { startsOn: '2030-01-01' }, undefined, '2030-01-01'],
  ])('holds from %s', (_what, changed, from, expected) => {
    const judged = judge({ ...changed, level: 'platina' }, from);
    expect(judged).toMatchObject({
      outcome: 'amendment',
      from: expected,
      contract: { startsOn: '2027-01-01' },
    });
  });

  it('may renew the year that runs, if the agreement is older', () => {
    const older = { ...standing, startsOn: '2025-06-15', signedOn: '2025-06-01' };
    const judgeOlder = (startsOn: string) =>
      judgeAmendedContract(
        { contract: older, pending: [], ended: false },
        { contract: signed({ startsOn, level: 'platina' }) },
        today,
      );
    expect(judgeOlder('2026-06-15')).toMatchObject({ outcome: 'amendment', from: '2026-06-15' });
    expect(judgeOlder('2025-06-15')).toMatchObject({ outcome: 'amendment', from: today });
    const wrong = judgeOlder('2024-06-15');
    if (wrong.outcome !== 'unusable') throw new Error(wrong.outcome);
    expect(wrong.reasons[0]).toMatchObject({
      about: 'contract.startsOn',
      message: {
        en:
          "expected the agreement's first day or an agreement year's (2025-06-15, 2026-06-15, 2027-06-15 or a later " +
          "year's), found 2024-06-15",
      },
    });
  });

  it.each<[string, Changed, string]>([
    ['another customer', { customer: { id: 'annan' } }, 'contract.customer.id'],
    ['another organisation', { customer: { orgNumber: '556000-0002' } }, 'contract.customer.orgNumber'],
    ['another currency', { hourBank: { currency: 'EUR' } }, 'contract.hourBank.currency'],
    ['a first day that is no year’s', { startsOn: '2027-07-01' }, 'contract.startsOn'],
    ['a first day before the agreement', { startsOn: '2026-01-01' }, 'contract.startsOn'],
  ])('is unusable with %s', (_what, changed, about) => {
    const judged = judge(changed);
    expect(judged).toMatchObject({ outcome: 'unusable', reasons: [{ about }] });
  });

  it('says what was expected and found, all of it at once', () => {
    const judged = judge({ customer: { id: 'annan', orgNumber: '556000-0002' } }, undefined, [], true);
    if (judged.outcome !== 'unusable') throw new Error(judged.outcome);
    expect(judged.reasons.map(({ message }) => message.en)).toEqual([
      'expected an agreement that runs, or a new number, found testbolaget-2027, which has ended',
      "expected the agreement's customer, testbolaget, found annan",
      "expected the agreement's customer, 556000-0001, found 556000-0002",
    ]);
    expect(judged.reasons[1]?.message.sv).toBe('förväntade avtalets kund, testbolaget, hittade annan');
  });

  it('takes back what was signed for later, also where it says what holds today', () => {
    const pending = [{ from: '2028-01-01', changes: [change('hourBank.hours', 120, 200)] }];
    expect(judge({}, undefined, pending)).toMatchObject({
      outcome: 'amendment',
      changes: [change('hourBank.hours', 200, 120)],
    });
    expect(judge({ hourBank: { hours: 200 } }, undefined, pending)).toMatchObject({
      changes: [change('hourBank.hours', 120, 200)],
    });
    expect(judge({ hourBank: { hours: 200 } }, '2028-01-01', pending)).toEqual({ outcome: 'unchanged' });
  });

  it('leaves a consultant who stands in for another', () => {
    const away = { path: 'contacts.consultant.name', from: 'Anna Berg', to: 'Bo Ek', allowed: true };
    expect(judge({}, undefined, [{ from: '2027-06-01', changes: [away] }])).toEqual({ outcome: 'unchanged' });
  });
});

describe('what an amendment changes', () => {
  const values = (changed: Changed, from = today, now: Contract = standing): AmendedValue[] =>
    amendedValues(
      { contract: now, pending: [], ended: false },
      diffContract(standing, { ...signed(changed), signedOn: standing.signedOn }),
      from,
      today,
    );

  it.each<[string, Changed, string, Partial<AmendedValue>]>([
    ['a level on its day', { level: 'platina' }, '2027-06-01', { on: '2027-06-01' }],
    ['a level at once', { level: 'platina' }, '2027-01-01', { on: today }],
    ['more hours', { hourBank: { hours: 160 } }, '2027-06-01', { on: '2027-06-01', effect: 'addedToBank' }],
    ['fewer hours', { hourBank: { hours: 80 } }, '2027-06-01', { on: '2028-01-01', effect: 'nextPeriod' }],
    ['a price', { hourBank: { hourlyRate: 1500 } }, today, { on: '2028-01-01', effect: 'nextPeriod' }],
    ['a discount', { hourBank: { discountPercent: 20 } }, today, { on: '2028-01-01', effect: 'nextPeriod' }],
    ['a renewal’s hours with its year', { hourBank: { hours: 160 } }, '2028-01-01', { on: '2028-01-01' }],
    [
      'a renewal’s price with its year',
      { hourBank: { hourlyRate: 1500 } },
      '2028-01-01',
      { on: '2028-01-01' },
    ],
  ])('is %s', (_what, changed, from, expected) => {
    const [value, ...more] = values(changed, from);
    expect(more).toEqual([]);
    expect({ on: value?.on, ...(value?.effect && { effect: value.effect }) }).toEqual(expected);
  });

  it('waits for no other period before the first one has begun', () => {
    const changes = diffContract(standing, {
      ...signed({ hourBank: { hours: 80, hourlyRate: 1400 } }),
      signedOn: standing.signedOn,
    });
    const early = amendedValues(
      { contract: standing, pending: [], ended: false },
      changes,
      '2026-12-10',
      '2026-12-05',
    );
    expect(early.map(({ path, on, effect }) => [path, on, effect])).toEqual([
      ['hourBank.hourlyRate', '2027-01-01', undefined],
      ['hourBank.hours', '2026-12-10', undefined],
    ]);
  });

  it('leaves what was changed meanwhile, and says where it changes the same', () => {
    const contact = { ...standing.contacts.consultant, name: 'Bo Ek' };
    const now = {
      ...standing,
      contacts: { ...standing.contacts, consultant: contact },
      hourBank: { ...standing.hourBank, hours: 140 },
    };
    expect(values({ hourBank: { hours: 160 } }, today, now)).toEqual([
      {
        ...change('hourBank.hours', 140, 160),
        on: today,
        effect: 'addedToBank',
        signedAgainst: { value: 120 },
      },
    ]);
  });

  it('is nothing where the agreement says it already', () => {
    const now = { ...standing, hourBank: { ...standing.hourBank, hours: 160 } };
    expect(values({ hourBank: { hours: 160 } }, today, now)).toEqual([]);
  });
});

describe('the year that a signed price begins with', () => {
  it.each([
    ['the next, for a day of the running one', '2027-06-01', '2027-03-15', 2],
    ['the one that begins on the day', '2028-01-01', '2027-03-15', 2],
    ['the next, if it is approved when that one has begun', '2028-01-01', '2028-01-01', 3],
    ['the first, before it begins', '2026-12-10', '2026-12-05', 1],
    ['the next but one, if it was approved late', '2027-06-01', '2028-02-01', 3],
  ])('is %s', (_what, from, approvedOn, expected) => {
    expect(pricedYear('2027-01-01', from, approvedOn)).toBe(expected);
  });

  it('is asked for only where the price is new', () => {
    expect(signedRate([change('hourBank.hourlyRate', 1450, 1500.5)])).toBe(150_050);
    expect(signedRate([change('hourBank.hourlyRate', 1450, undefined)])).toBeUndefined();
    expect(signedRate([change('hourBank.hours', 120, 160)])).toBeUndefined();
  });
});

describe('the preview of an amendment', () => {
  const ruleset = twoLevels();

  async function preview(changed: Changed, from = today, more: Partial<AmendedAgreement> = {}) {
    const { terms } = await termsFor(standing, ruleset, 1, '2027-01-01');
    const prices = { hourlyRateMinor: 145_000, proposedRateMinor: 149_350 };
    const year = { plan: planned({ contract: standing, terms, prices }), closed: {} };
    const amended = { ...signed(changed), signedOn: standing.signedOn, contacts: standing.contacts };
    return previewAmendment(
      {
        ...{ contract: standing, yearNumber: 1, amended, from, decidedRateMinor: 145_000 },
        running: { terms, year },
        ...more,
      },
      ruleset,
      instantAt(today, '10:00'),
    );
  }

  it('tells what another level does to terms and plan, from today', async () => {
    const told = await preview({ level: 'platina' });
    expect(told.values).toMatchObject([{ path: 'meetings.perYear', from: 4, to: 6, on: today }]);
    expect(told.plan.obligations.filter(({ change: what }) => what === 'added').length).toBeGreaterThan(0);
    expect(told.later).toEqual([]);
    expect(told).toMatchObject({ running: true, broken: [] });
  });

  it('tells it from a later day of the year', async () => {
    const told = await preview({ level: 'platina' }, '2027-06-01');
    expect(told.values).toMatchObject([{ path: 'meetings.perYear', from: 4, to: 6, on: '2027-06-01' }]);
    expect(told.plan).toEqual({ obligations: [], mails: [] });
    const [later] = told.later;
    expect(later?.on).toBe('2027-06-01');
    expect(later?.obligations.some(({ change: what }) => what === 'added')).toBe(true);
    expect(later?.obligations.every(({ to: day }) => day === undefined || day >= '2027-06-01')).toBe(true);
  });

  it('leaves the running year alone where the next one is renewed', async () => {
    const told = await preview({ level: 'platina', startsOn: '2027-01-01' }, '2028-01-01');
    expect(told.values).toMatchObject([{ path: 'meetings.perYear', from: 4, to: 6, on: '2028-01-01' }]);
    expect(told).toMatchObject({ running: false, later: [{ obligations: [], mails: [] }] });
  });

  it('tells what more hours are worth at once, and what a price means from the next period', async () => {
    const hours = await preview({ hourBank: { hours: 160 } });
    expect(hours.amounts).toMatchObject([
      { what: 'bankValue', on: today },
      { what: 'rolloverAtMost', on: today, from: 2_400, to: 3_200 },
    ]);
    const price = await preview({ hourBank: { hourlyRate: 1500 } });
    expect(price.amounts.map(({ what, on }) => [what, on])).toEqual([
      ['hourPrice', '2028-01-01'],
      ['bankValue', '2028-01-01'],
    ]);
    const asked = price.plan.obligations.find(({ id }) => id === 'renewal/price');
    expect(asked).toMatchObject({ change: 'removed' });
    // The discount of the working rules depends on the hours.
    const fewer = await preview({ hourBank: { hours: 80 } });
    expect(fewer.amounts.map(({ what, on }) => [what, on])).toEqual([
      ['hourPrice', '2028-01-01'],
      ['bankValue', '2028-01-01'],
      ['rolloverAtMost', '2028-01-01'],
    ]);
  });

  it('has no terms for a level that no rule knows', async () => {
    await expect(preview({ level: 'brons' })).rejects.toThrow('brons');
  });
});

describe('the floor of what was promised', () => {
  it('is that of another level; otherwise only what the amendment itself changes', async () => {
    const { terms: signedTerms } = await termsFor(standing, withRules(), 1, today);
    const stronger = { ...signedTerms, meetings: { ...signedTerms.meetings, perYear: 5 } };
    const many = withRules(
      rule('hourBank', { indexPercent: 1 }, [when('contractedHours', 'greaterThanInclusive', 150)]),
    );
    const amended = { ...standing, hourBank: { ...standing.hourBank, hours: 160 } };
    const promised = {
      before: (await termsFor(standing, many, 1, today)).terms,
      after: (await termsFor(amended, many, 1, today)).terms,
    };
    const floor = amendedFloor(stronger, promised, false);
    expect([floor.meetings.perYear, floor.hourBank.indexPercent]).toEqual([5, 1]);
    expect(amendedFloor(stronger, promised, true)).toEqual(promised.after);
  });
});
