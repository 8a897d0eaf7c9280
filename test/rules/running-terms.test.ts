import type { AppliedRule } from '../../rules/engine/terms/effective-terms';
import { diffTerms, runningTerms } from '../../rules/engine/terms/running-terms';
import type { Rule, Terms } from '../../rules/engine/ruleset/terms';
import { guldTerms } from './fixtures';

let before: Terms;
beforeAll(async () => {
  before = await guldTerms();
});

/** What a rule decides on top of the level. */
function decided(topic: keyof Terms, params: object, more: Partial<Rule> = {}) {
  const source: Rule = {
    name: 'r',
    priority: 500,
    conditions: {},
    event: { type: topic, params: params as Record<string, unknown> },
    ...more,
  };
  const applied: AppliedRule = {
    file: 'customers/testbolaget/x.json',
    rule: 'r',
    index: 0,
    topic,
    priority: 500,
    source,
  };
  return { terms: { ...before, [topic]: { ...before[topic], ...params } }, applied: [applied] };
}

describe('a running year', () => {
  test('follows new terms at once', () => {
    const { terms, waiting } = runningTerms(before, decided('meetings', { perYear: 6 }));
    expect(terms.meetings.perYear).toBe(6);
    expect(waiting).toEqual([]);
  });

  test('keeps its discount and the price of overage until the next period', () => {
    const { terms, waiting } = runningTerms(
      before,
      decided('hourBank', {
        discountPercent: 12,
        overage: { ...before.hourBank.overage, price: 'ordinary' },
        statementsPerYear: 12,
      }),
    );
    expect(terms.hourBank).toEqual({ ...before.hourBank, statementsPerYear: 12 });
    expect(waiting).toEqual([
      { path: 'hourBank.discountPercent', from: 15, to: 12 },
      { path: 'hourBank.overage.price', from: 'discounted', to: 'ordinary' },
    ]);
  });

  test('has nothing of a phase that waits for the next period, and keeps maps that are empty', () => {
    const freeze = { order: 25, owner: 'consultant', openDays: 2 };
    const phases = { ...before.upgrade.phases, freeze };
    const waits = { appliesFrom: 'nextPeriod' as const };
    const { terms } = runningTerms(before, decided('upgrade', { phases }, waits));
    expect(terms.upgrade).toEqual(before.upgrade);
    const checks = { x: { kind: 'http' } };
    expect(runningTerms(before, decided('monitoring', { checks }, waits)).terms.monitoring).toEqual(
      before.monitoring,
    );
    // A phase of which only the owner waits would be half a phase: all of the topic waits.
    const { terms: half } = runningTerms(before, {
      ...decided('upgrade', { phases }),
      applied: [
        ...decided('upgrade', { phases: { freeze: { order: 25, openDays: 2 } } }).applied,
        ...decided('upgrade', { phases: { freeze: { owner: 'consultant' } } }, waits).applied,
      ],
    });
    expect(half.upgrade).toEqual(before.upgrade);
  });

  test('takes a discount at once if the rule says so', () => {
    const change = decided('hourBank', { discountPercent: 20 }, { appliesFrom: 'now' });
    expect(runningTerms(before, change).terms.hourBank.discountPercent).toBe(20);
  });

  test('puts off what a rule puts off, of objects and lists alike', () => {
    const change = decided(
      'hourBank',
      { rollover: { percent: 30, basis: 'contracted', expiresAfterMonths: 12 }, alertPercents: [50] },
      { appliesFrom: 'nextPeriod' },
    );
    const { terms, waiting } = runningTerms(before, change);
    expect(terms).toEqual(before);
    expect(waiting.map(({ path }) => path)).toEqual(['hourBank.alertPercents', 'hourBank.rollover.percent']);
  });

  test('puts off a whole topic where a part of it could not stand without the rest', () => {
    const months = decided('meetings', { spread: 'months', months: [2, 4, 6, 8, 10, 12], perYear: 6 });
    const [only] = months.applied;
    const perYear = { ...only!.source, event: { type: 'meetings', params: { perYear: 6 } } };
    const waits: Rule = { ...perYear, appliesFrom: 'nextPeriod', name: 'waits' };
    const applied = [...months.applied, { ...only!, rule: 'waits', source: waits }];
    const { terms, waiting } = runningTerms(before, { ...months, applied });
    expect(terms.meetings).toEqual(before.meetings);
    expect(waiting.map(({ path }) => path)).toEqual([
      'meetings.months',
      'meetings.perYear',
      'meetings.spread',
    ]);
  });
});

test('terms that the database gives back in another order of properties are the same', () => {
  const turned = JSON.parse(
    JSON.stringify(before, (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    ),
  ) as Terms;
  expect(diffTerms(before, turned)).toEqual([]);
});
