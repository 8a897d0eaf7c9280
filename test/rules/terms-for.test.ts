import { boundaryDates } from '../../rules/engine/terms/boundary-dates';
import type { Contract } from '../../rules/engine/contract/contract';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { rememberingDecide, termsFor, yearTerms } from '../../rules/engine/terms/terms-for';
import type { YearTerms } from '../../rules/engine/terms/terms-for';
import { from, rule, until, when, withRules } from '../helpers/changed-rules';
import { exampleContract } from './fixtures';

const contract = exampleContract();
const fixedAt = (discountPercent: number): Contract => ({
  ...contract,
  hourBank: { ...contract.hourBank, discountPercent },
});

const year = (ruleset: Ruleset, day: string, before?: Terms, of = contract): Promise<YearTerms> =>
  yearTerms(of, ruleset, 1, day, before);
const firstTerms = async (of = contract): Promise<Terms> =>
  (await termsFor(of, withRules(), 1, '2027-01-01')).terms;
const later = ({ later: steps }: YearTerms) =>
  steps.map(({ on, terms }) => [on, terms.meetings.perYear, terms.support.opens]);

describe('the days a ruleset names', () => {
  it('are those of its conditions, each once, in order, whatever stands around them', () => {
    const nested = rule('meetings', { perYear: 5 }, [
      { any: [from('2028-01-01'), { not: until('2027-03-01') }] },
      from('2027-06-01'),
    ]);
    const ruleset = withRules(nested, rule('support', { opens: '07:00' }, [from('2027-03-01')]));
    expect(boundaryDates(ruleset, 'testbolaget')).toEqual(['2027-03-01', '2027-06-01', '2028-01-01']);
    expect(boundaryDates(withRules(), 'testbolaget')).toEqual([]);
  });
});

describe('the terms of a year', () => {
  const dated = withRules(
    rule('meetings', { perYear: 6 }, [from('2027-04-01'), until('2027-10-01')]),
    rule('support', { opens: '07:00' }, [from('2027-07-01')]),
    rule('meetings', { perYear: 9 }, [from('2028-01-01')]),
    rule('meetings', { perYear: 8 }, [from('2026-06-01'), until('2026-09-01')]),
  );

  it('list each later day within the year on which a dated rule changes them, with the terms from then on', async () => {
    expect(later(await year(dated, '2027-01-01'))).toEqual([
      ['2027-04-01', 6, '08:30'],
      ['2027-07-01', 6, '07:00'],
      ['2027-10-01', 4, '07:00'],
    ]);
  });

  it('on such a day are the new ones, and only days after it are still to come', async () => {
    const terms = await year(dated, '2027-07-01', await firstTerms());
    expect([terms.terms.meetings.perYear, terms.terms.support.opens]).toEqual([6, '07:00']);
    expect(later(terms)).toEqual([['2027-10-01', 4, '07:00']]);
  });

  it('leave out a day on which a rule begins that changes nothing', async () => {
    expect(
      later(await year(withRules(rule('meetings', { perYear: 4 }, [from('2027-05-01')])), '2027-01-01')),
    ).toEqual([]);
  });

  it('before the year begins are those of its first day, after its end those of its last', async () => {
    expect((await year(dated, '2026-07-01')).decided.facts.date).toBe('2027-01-01');
    expect((await year(dated, '2030-07-01')).decided.facts.date).toBe('2027-12-31');
  });

  it('of one planned late have price and discount of the period’s first day, and all else of today', async () => {
    const changed = withRules(
      rule('hourBank', { discountPercent: 25, statementsPerYear: 12 }, [from('2027-03-01')]),
      rule('meetings', { perYear: 5 }, [from('2027-03-01')], { appliesFrom: 'nextPeriod' }),
    );
    const { terms, waiting } = await year(changed, '2027-05-01');
    expect(terms).toMatchObject({
      hourBank: { discountPercent: 15, statementsPerYear: 12 },
      meetings: { perYear: 4 },
    });
    expect(waiting).toEqual([
      { path: 'hourBank.discountPercent', from: 15, to: 25 },
      { path: 'meetings.perYear', from: 4, to: 5 },
    ]);
  });

  it('keep what waits also on the later days of the year', async () => {
    const changed = withRules(
      rule('hourBank', { discountPercent: 25 }, [from('2027-03-01')]),
      rule('support', { opens: '07:00' }, [from('2027-07-01')]),
    );
    const { later: steps } = await year(changed, '2027-01-01');
    expect(steps.map(({ on, terms }) => [on, terms.hourBank.discountPercent])).toEqual([['2027-07-01', 15]]);
  });

  it('have the discount that the contract fixes, and it never waits for anything', async () => {
    const changed = withRules(rule('hourBank', { discountPercent: 25 }, [from('2027-03-01')]));
    const fixed = fixedAt(12.5);
    for (const before of [undefined, await firstTerms(fixed)]) {
      const { terms, waiting, later: steps } = await year(changed, '2027-05-01', before, fixed);
      expect(terms.hourBank.discountPercent).toBe(12.5);
      expect({ waiting, steps }).toEqual({ waiting: [], steps: [] });
    }
  });
});

describe('decisions that are remembered', () => {
  it('are those of the engine for facts on either side of every limit, and an error names its own customer', async () => {
    const ruleset = withRules(
      rule('meetings', { perYear: 5 }, [when('integrationCount', 'greaterThan', 1)]),
      rule('meetings', { perYear: 6 }, [from('2027-04-01')], { priority: 450 }),
    );
    const decide = rememberingDecide(ruleset);
    const few = { ...contract, integrations: contract.integrations.slice(1) };
    for (const of of [contract, few, fixedAt(3)])
      for (const day of ['2027-03-31', '2027-04-01', '2027-12-31'])
        expect(await termsFor(of, ruleset, 1, day, decide)).toEqual(await termsFor(of, ruleset, 1, day));
    const nobody = (id: string) =>
      termsFor(
        { ...contract, level: 'brons', customer: { ...contract.customer, id } },
        ruleset,
        1,
        '2027-01-01',
        decide,
      );
    await expect(nobody('ett')).rejects.toThrow('customer ett');
    await expect(nobody('tva')).rejects.toThrow('customer tva');
  });
});
