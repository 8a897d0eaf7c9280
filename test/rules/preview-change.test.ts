import type { Amendment } from '../../rules/engine/ruleset/terms';
import { instantAt } from '../../rules/engine/calendar/calendar';
import { previewOf, previewPlan, previewTerms } from '../../rules/engine/change/preview-change';
import type { Comparison, LiveAgreement } from '../../rules/engine/change/live-agreement';
import type { AgreementPreview } from '../../rules/engine/change/preview-change';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import { rememberingDecide, termsFor } from '../../rules/engine/terms/terms-for';
import { changedLevel, from, rule, until, withRules } from '../helpers/changed-rules';
import { exampleContract, plan as planned } from './fixtures';

const contract = exampleContract();
const today = '2027-03-15';

async function live(ruleset: Ruleset, changed: Partial<LiveAgreement> = {}): Promise<LiveAgreement> {
  const { terms } = await termsFor(changed.contract ?? contract, ruleset, 1, '2027-01-01');
  return { contract, yearNumber: 1, terms, signed: terms, decidedRateMinor: 145_000, ...changed };
}

/** What a change from one ruleset to another would do to the example, in mid-March of its first year. */
async function preview(
  proposed: Ruleset,
  inForce = withRules(),
  changed: Partial<LiveAgreement> = {},
  closed: Record<string, string> = {},
): Promise<AgreementPreview | undefined> {
  const agreement = await live(inForce, changed);
  const side = (ruleset: Ruleset) => ({ ruleset, decide: rememberingDecide(ruleset) });
  const asOf = instantAt(today, '10:00');
  const comparison: Comparison = { asOf, inForce: side(inForce), proposed: side(proposed) };
  const terms = await previewTerms(agreement, comparison);
  if (!terms) return undefined;
  const prices = { hourlyRateMinor: 145_000, proposedRateMinor: 145_000 };
  const running = {
    plan: planned({ contract: agreement.contract, terms: agreement.terms, prices }),
    closed,
  };
  return previewOf(agreement, terms, previewPlan(agreement, comparison, terms, running));
}

const values = (of: AgreementPreview | undefined) =>
  of?.values.map(({ path, from: was, to, on }) => [path, was, to, on]);
const amounts = (of: AgreementPreview | undefined) =>
  of?.amounts.map(({ what, on, from: was, to }) => [what, on, was, to]);
const broken = (of: AgreementPreview | undefined) =>
  of?.broken.map(({ path, signed, now, on, rule: name }) => [path, signed, now, on, name]);

describe('a preview', () => {
  it('is nothing where the rules say something new that concerns somebody else, or nothing new', async () => {
    expect(await preview(withRules())).toBeUndefined();
    const others = rule('meetings', { perYear: 6 }, [
      { fact: 'customer', operator: 'equal', value: 'annan' },
    ]);
    expect(await preview(withRules(others))).toBeUndefined();
  });

  it('says that an upgrade that has begun keeps its phases, and whether it can move', async () => {
    const ruleset = withRules(rule('upgrade', { phases: { precheck: { owner: 'manager' } } }));
    expect((await preview(ruleset))?.keepsPhases).toBeUndefined();
    const closed = { 'upgrade/plan': instantAt(today, '09:00') };
    expect((await preview(ruleset, withRules(), {}, closed))?.keepsPhases).toEqual([{ upgrade: 'upgrade' }]);
    const done = { ...closed, 'upgrade/precheck': instantAt(today, '09:30') };
    const less = withRules(rule('upgrade', { phases: { precheck: { omitted: true } } }));
    expect((await preview(less, withRules(), {}, done))?.keepsPhases).toMatchObject([
      { upgrade: 'upgrade', why: { sv: 'precheck är klar, och fasen finns inte i reglerna' } },
    ]);
  });

  it('tells a change of today with its rule and place, and what becomes of the year', async () => {
    const six = rule('meetings', { perYear: 6 });
    const ruleset = withRules(six);
    const told = await preview(ruleset);
    expect(told).toMatchObject({ agreement: contract.agreement, yearNumber: 1, running: true, broken: [] });
    const text = ruleset.texts['levels/guld.json']!;
    const line = text.slice(0, text.lastIndexOf('"perYear"')).split('\n').length;
    expect(told!.values).toEqual([
      {
        path: 'meetings.perYear',
        from: 4,
        to: 6,
        on: today,
        rule: six.name,
        place: expect.stringMatching(new RegExp(`^rules/levels/guld\\.json:${line}:\\d+$`)) as string,
      },
    ]);
    const added = told!.plan.obligations.filter(({ change }) => change === 'added');
    expect(added.map(({ id }) => id)).toEqual(['meeting-5', 'meeting-6']);
    expect(told!.amounts).toEqual([]);
  });

  it('tells what becomes of an instalment, from the next year on, and that we invoice at all', async () => {
    const told = await preview(withRules(rule('invoicing', { instalments: 4 })));
    expect(values(told)).toEqual([['invoicing.instalments', 1, 4, '2028-01-01']]);
    expect(amounts(told)).toEqual([['instalment', '2028-01-01', 14_790_000, 3_697_500]]);
    const without = changedLevel((level) => {
      level.rules = level.rules.filter(({ event }) => event.type !== 'invoicing');
    });
    const begun = await preview(withRules(), without);
    expect(amounts(begun)).toEqual([['instalment', '2028-01-01', 0, 14_790_000]]);
    const waits = values(begun)?.filter(([, , , on]) => on === '2028-01-01');
    expect(waits?.map(([path]) => path)).toEqual(
      ['article', 'daysBefore', 'instalments', 'overageArticle', 'vatCode', 'when'].map(
        (term) => `invoicing.${term}`,
      ),
    );
  });

  it('tells a change that comes by its date, and when it goes again', async () => {
    const summer = rule('support', { opens: '07:00' }, [from('2027-06-01'), until('2027-09-01')]);
    const told = await preview(withRules(summer));
    expect(values(told)).toEqual([
      ['support.opens', '08:30', '07:00', '2027-06-01'],
      ['support.opens', '07:00', '08:30', '2027-09-01'],
    ]);
    expect(told!.running).toBe(true);
    expect(told!.plan).toEqual({ obligations: [], mails: [] });
  });

  it('tells what becomes of the year on the day of a dated rule, if all until then is done in time', async () => {
    const told = await preview(withRules(rule('meetings', { perYear: 6 }, [from('2027-06-01')])));
    expect(told!.plan).toEqual({ obligations: [], mails: [] });
    const [june, ...more] = told!.later;
    expect(more).toEqual([]);
    expect(june).toMatchObject({
      on: '2027-06-01',
      obligations: [
        { change: 'moved', id: 'meeting-3', from: '2027-08-17', to: '2027-06-02' },
        { change: 'moved', id: 'meeting-4', from: '2027-11-16', to: '2027-08-09' },
        { change: 'added', id: 'meeting-5', to: '2027-10-01' },
        { change: 'added', id: 'meeting-6', to: '2027-12-02' },
      ],
    });
    expect(june!.mails.every(({ fromAt = '', toAt = '' }) => (toAt || fromAt) >= '2027-05-31T22')).toBe(true);
    expect(june!.mails.map(({ obligation, step }) => `${obligation}/${step}`)).toContain('meeting-6/book');
  });

  it('tells nothing of a later day that the rules in force will bring anyway', async () => {
    const six = rule('meetings', { perYear: 6 }, [from('2027-06-01')]);
    const told = await preview(withRules(six, rule('hourBank', { alertPercents: [50] })), withRules(six));
    expect(values(told)).toEqual([['hourBank.alertPercents', [75, 90, 100], [50], today]]);
    expect(told!.later).toEqual([]);
  });

  it('tells a value that comes back after another, and what holds only until the next period', async () => {
    const up = (perYear: number, ...when: object[]) => rule('meetings', { perYear }, when);
    const told = await preview(
      withRules(
        up(6, until('2027-06-01')),
        up(8, from('2027-06-01'), until('2027-09-01')),
        up(6, from('2027-09-01'), until('2028-01-01')),
      ),
    );
    expect(values(told)).toEqual([
      ['meetings.perYear', 4, 6, today],
      ['meetings.perYear', 6, 8, '2027-06-01'],
      ['meetings.perYear', 8, 6, '2027-09-01'],
      ['meetings.perYear', 6, 4, '2028-01-01'],
    ]);
  });

  it('tells that a date of the rules in force is put off', async () => {
    const on = (day: string) => withRules(rule('support', { opens: '07:00' }, [from(day)]));
    const told = await preview(on('2027-08-01'), on('2027-06-01'));
    expect(told!.running).toBe(true);
    expect(values(told)).toEqual([
      ['support.opens', '07:00', '08:30', '2027-06-01'],
      ['support.opens', '08:30', '07:00', '2027-08-01'],
    ]);
  });

  it('tells what waits for the next period alone, in hours and money, and leaves the running year be', async () => {
    const told = await preview(withRules(rule('hourBank', { discountPercent: 20 })));
    expect(values(told)).toEqual([['hourBank.discountPercent', 15, 20, '2028-01-01']]);
    expect(told).toMatchObject({ running: false, plan: { obligations: [], mails: [] } });
    expect(amounts(told)).toEqual([
      ['hourPrice', '2028-01-01', 123_250, 116_000],
      ['bankValue', '2028-01-01', 14_790_000, 13_920_000],
    ]);
  });

  it('tells the price beyond the bank where it is not that of the bank', async () => {
    const told = await preview(withRules(rule('hourBank', { overage: { price: 'ordinary' } })));
    expect(amounts(told)).toEqual([['overagePrice', '2028-01-01', 123_250, 145_000]]);
  });

  it('tells nothing of a discount that the contract fixes', async () => {
    const fixed = { ...contract, hourBank: { ...contract.hourBank, discountPercent: 15 } };
    expect(
      await preview(withRules(rule('hourBank', { discountPercent: 20 })), withRules(), { contract: fixed }),
    ).toBeUndefined();
  });

  it('tells the price that a changed price list would have a manager propose', async () => {
    const { hourlyRate: _, ...hourBank } = contract.hourBank;
    const list = (price: number) =>
      changedLevel(() => undefined, {
        'prices.json': JSON.stringify({
          about: { sv: 's', en: 'e' },
          prices: [{ service: 'consulting', currency: 'SEK', from: '2026-01-01', pricePerHour: price }],
        }),
      });
    const told = await preview(list(1600), list(1450), { contract: { ...contract, hourBank } });
    expect(amounts(told)).toEqual([['proposedPrice', '2028-01-01', 145_000, 160_000]]);
    expect(told).toMatchObject({ running: true, values: [] });
    expect(told!.plan.obligations.map(({ change, id }) => [change, id])).toEqual([
      ['added', 'renewal/price'],
    ]);
  });

  it('of a year still to begin counts from its first day', async () => {
    const next = { ...contract, startsOn: '2027-05-01' };
    const { terms } = await termsFor(next, withRules(), 1, '2027-05-01');
    const told = await preview(withRules(rule('meetings', { perYear: 6 })), withRules(), {
      contract: next,
      terms,
      signed: terms,
    });
    expect(values(told)).toEqual([['meetings.perYear', 4, 6, '2027-05-01']]);
  });

  it('is refused where the proposed rules give no terms', async () => {
    const without = changedLevel((level) => (level.rules = level.rules.slice(1)));
    await expect(preview(without)).rejects.toThrow('no rule gives "meetings"');
  });
});

describe('a promise that was signed', () => {
  const amendment = (...agreements: string[]): { amendment: Amendment } => ({
    amendment: { reference: 'TA-1', signedOn: '2027-03-01', agreements },
  });
  const three = (more: object = {}, ...when: object[]) => rule('meetings', { perYear: 3 }, when, more);

  it('is told when it would be broken, with the rule and the day', async () => {
    const breaking = three();
    expect(broken(await preview(withRules(breaking)))).toEqual([
      ['meetings.perYear', 4, 3, today, breaking.name],
    ]);
  });

  it('may be made less by an amendment of this very agreement, not by another’s', async () => {
    const allowed = await preview(withRules(three(amendment('another-2027', contract.agreement))));
    expect(broken(allowed)).toEqual([]);
    expect(values(allowed)).toEqual([['meetings.perYear', 4, 3, today]]);
    const anothers = three(amendment('another-2027'));
    expect(broken(await preview(withRules(anothers)))).toEqual([
      ['meetings.perYear', 4, 3, today, anothers.name],
    ]);
  });

  it('is broken by what comes later in the year, in the next period, and years from now', async () => {
    for (const [when, on] of [
      [[from('2027-10-01')], '2027-10-01'],
      [[from('2028-01-01')], '2028-01-01'],
      [[from('2031-04-01')], '2031-04-01'],
    ] as const)
      expect((await preview(withRules(three({}, ...when))))!.broken.map((one) => one.on)).toEqual([on]);
  });

  it('is broken on the day that a rule put off to the next period takes effect', async () => {
    expect(
      (await preview(withRules(three({ appliesFrom: 'nextPeriod' }))))!.broken.map(({ on }) => on),
    ).toEqual(['2028-01-01']);
  });

  it('is broken where a rule without an amendment says on what an amended one said first', async () => {
    const amended = three(amendment(contract.agreement), until('2027-06-01'));
    const goesOn = three({}, from('2027-06-01'));
    expect(broken(await preview(withRules(amended, goesOn)))).toEqual([
      ['meetings.perYear', 4, 3, '2027-06-01', goesOn.name],
    ]);
  });

  it('is broken by a lower discount within the period, which no rule may take at once', async () => {
    const lower = rule('hourBank', { discountPercent: 5 }, [], { appliesFrom: 'now' });
    expect(broken(await preview(withRules(lower)))).toEqual([
      ['hourBank.discountPercent', 15, 5, today, lower.name],
    ]);
    expect(broken(await preview(withRules(rule('hourBank', { discountPercent: 5 }))))).toEqual([]);
  });

  it('is not broken again by a change that has nothing to do with it', async () => {
    const before = withRules(three());
    const { signed } = await live(withRules());
    const after = withRules(three(), rule('support', { closes: '18:00' }));
    expect(broken(await preview(after, before, { signed }))).toEqual([]);
  });
});

test('terms that ask for more than a running year can carry are refused with the way out', async () => {
  const reminders = [14, 10, 7, 5, 3, 1].map((daysBefore) => ({ daysBefore, to: 'customer' }));
  const escalation = [1, 2, 3, 5, 8, 13].map((openDaysAfter) => ({ openDaysAfter, to: 'manager' }));
  const stepReminders = [20, 15, 10, 5, 3, 1].map((openDaysBefore) => ({ openDaysBefore }));
  const everybody = ['management', 'system-owner', 'finance', 'tester'];
  const recipients = { meeting: everybody, hours: everybody };
  const ruleset = withRules(
    rule('meetings', { perYear: 24, reminders, escalation, bookingEscalation: escalation }),
    rule('hourBank', { statementsPerYear: 12 }),
    rule('notices', { recipients, digests: { consultant: 'never' } }),
    rule('upgrade', { reminders: stepReminders, escalation }),
    rule('start', { reminders: stepReminders, escalation }),
  );
  await expect(preview(ruleset)).rejects.toThrow(
    /^expected a plan of the year of at most 44 KiB, found \d+: fewer meetings, reminders or escalations$/,
  );
});
