import { diligent, scripted } from '../../worker/simulation/scenario';
import type { ScenarioStep } from '../../worker/simulation/scenario';
import { exampleContract } from '../helpers/example';
import { play } from '../helpers/play';

const hoursUsed = (on: string, hours: number, ref: string, worked = on): ScenarioStep => ({
  on,
  signal: 'hoursUsed',
  input: { hours, kind: 'consulting', ref, on: worked, confirm: true },
});

describe('two years with rollover', () => {
  it('carries hours into the next year that late work and corrections of the old one leave, and lets them expire there', async () => {
    const late = hoursUsed('2028-01-11', 5, 'late', '2027-12-29');
    const approvedBy = 'mats';
    const steps: ScenarioStep[] = [
      hoursUsed('2027-03-10', 12.25, 'a'),
      hoursUsed('2027-09-15', 90, 'b'),
      // The final statement is out: more hours of the old year need a manager.
      late,
      { ...late, on: '2028-01-12', input: { ...late.input, approvedBy, note: 'glömd rapport' } },
      {
        on: '2028-01-20',
        signal: 'hoursCorrected',
        input: { ref: 'b', hours: 60, reason: 'fel kund', confirm: true },
      },
      {
        on: '2028-01-21',
        signal: 'hoursGiven',
        input: {
          kind: 'goodwill',
          hours: '18:45',
          ref: 'goodwill-contracted-1',
          approvedBy,
          note: 'vår rättelse',
        },
      },
      hoursUsed('2028-02-10', 3.5, 'c'),
    ];
    const { years } = await play({ years: 2, scenario: () => scripted(steps) });
    expect(years.map(({ hours }) => hours)).toEqual([
      { contracted: 120, rolledIn: 0, used: 77.25, overage: 0, rolledOut: 24, expired: 18.75 },
      { contracted: 120, rolledIn: 24, added: 3.5, used: 3.5, overage: 0, rolledOut: 24, expired: 120 },
    ]);
    // The ledger says the same, to the second and the öre: 120 h at 1,232.50 kr a year, discounted by 15 %.
    const [first, second] = years.map(({ accounts }) => accounts);
    const hour = 3600;
    expect(first).toMatchObject({
      bank: { seconds: -120 * hour, minor: -14_790_000 },
      used: { seconds: 77.25 * hour, minor: 9_521_062 },
    });
    expect(second).toMatchObject({ used: { seconds: 3.5 * hour, minor: 0 } });
    expect(years[1]?.from).toBe('2028-01-01');
    const refused = years[1]!.timeline.filter(({ detail }) =>
      detail.startsWith('rejected: år 1 är avslutat'),
    );
    expect(refused).toHaveLength(1);
    // Each change has another final statement take its place.
    const corrected = years[0]!.mails.filter(({ subject }) => subject.includes('rättat slutbesked'));
    const readers = [
      'erik.holm@pector.example',
      'karin.ek@testbolaget.example.com',
      'maria.strand@testbolaget.example.com',
    ];
    expect(corrected.map(({ at, to }) => [at.slice(0, 10), to]).sort()).toEqual([
      ...readers.map((to) => ['2028-01-12', to]),
      ...readers.map((to) => ['2028-01-20', to]),
    ]);
    const offers = years[1]!.mails.filter(({ subject }) =>
      subject.includes('avgör om kunden får tillbaka timmar'),
    );
    expect(offers.map(({ at, to }) => [at.slice(0, 10), to])).toEqual([
      ['2028-01-20', 'erik.holm@pector.example'],
    ]);
    for (const { mails } of years)
      expect(mails.filter(({ template }) => template === 'year-summary').length).toBeGreaterThanOrEqual(2);
  });

  it('takes late reports of the old year, unasked, until its final statement goes out', async () => {
    const { years } = await play({
      contract: exampleContract({ signedOn: '2027-12-01', startsOn: '2027-01-01' }),
      scenario: () =>
        scripted([hoursUsed('2027-12-15', 90, 'a'), hoursUsed('2028-01-03', 8, 'late', '2027-12-29')]),
    });
    expect(years[0]!.hours).toMatchObject({ used: 98, rolledOut: 22, expired: 0 });
    const statements = years[0]!.mails.filter(({ template }) => template === 'hour-statement');
    expect(new Set(statements.map(({ at }) => at.slice(0, 10)))).toEqual(new Set(['2028-01-07']));
  });

  it('tells customer and consultant once when a threshold is passed', async () => {
    const steps = [
      hoursUsed('2027-03-10', 89, 'a'),
      hoursUsed('2027-03-11', 1.5, 'b'),
      hoursUsed('2027-03-12', 1, 'c'),
    ];
    const { years } = await play({ until: '2027-03-15T12:00:00Z', scenario: () => scripted(steps) });
    const alerts = years[0]!.timeline.filter(
      ({ kind, id }) => kind === 'mail' && id.startsWith('hours/alert'),
    );
    expect(new Set(alerts.map(({ id, at }) => `${at.slice(0, 10)} ${id}`))).toEqual(
      new Set(['2027-03-11 hours/alert-75/alert', '2027-03-11 hours/alert-75/alert-consultant']),
    );
  });

  it('counts periods from the original start: 29 February does not drift', async () => {
    const contract = exampleContract({ signedOn: '2028-02-01', startsOn: '2028-02-29' });
    const { years } = await play({ contract, years: 2, scenario: (db) => diligent(db, contract.agreement) });
    expect(years.map(({ from, to, outcome }) => [from, to, outcome])).toEqual([
      ['2028-02-29', '2029-02-28', 'fulfilled'],
      ['2029-02-28', '2030-02-28', 'fulfilled'],
    ]);
  });
});
