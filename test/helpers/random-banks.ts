/** Random hour banks, in the words of the naive model. */
import fc from 'fast-check';
import type { GrantKind } from '../../rules/engine/hours/burn-down';
import { grantKinds } from '../../rules/engine/hours/burn-down';
import type { NaiveYear } from './naive-hours';

const dayOf = (number: number): string =>
  new Date(Date.UTC(2027, 0, 1) + number * 86_400_000).toISOString().slice(0, 10);
const someKinds = fc.shuffledSubarray([...grantKinds], { minLength: 4 });
/** Banks of three years with hours given besides, and what was worked. Times are hundredths of an hour. */
export const randomBanks = fc
  .record({
    contracted: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 3, maxLength: 3 }),
    extra: fc.array(
      fc.record({
        kind: fc.constantFrom<GrantKind>('purchased', 'goodwill', 'contracted'),
        seconds: fc.integer({ min: 1, max: 20 }),
        from: fc.integer({ min: 0, max: 1000 }),
        days: fc.integer({ min: 1, max: 400 }),
      }),
      { maxLength: 4 },
    ),
    uses: fc.array(
      fc.record({ on: fc.integer({ min: 0, max: 1150 }), seconds: fc.integer({ min: 1, max: 30 }) }),
      {
        maxLength: 15,
      },
    ),
    percent: fc.constantFrom(0, 20, 50, 100),
    ofContracted: fc.boolean(),
    rolledLive: fc.constantFrom(90, 365, 700),
    soonestFirst: fc.boolean(),
    kinds: someKinds,
  })
  .map(({ contracted, extra, uses, percent, ofContracted, rolledLive, soonestFirst, kinds }) => {
    const starts = ['2027-01-01', '2028-01-01', '2029-01-01', '2030-01-01'];
    const years: NaiveYear[] = contracted.map((_, index) => ({
      from: starts[index]!,
      to: starts[index + 1]!,
      next: `rolled-${index + 2}`,
      percent,
      ofContracted,
      rolledExpire: dayOf((Date.parse(starts[index + 1]!) - Date.UTC(2027, 0, 1)) / 86_400_000 + rolledLive),
      soonestFirst,
      kinds,
    }));
    const given = [
      ...contracted.map((seconds, index) => ({
        id: `contracted-${index + 1}`,
        kind: 'contracted' as GrantKind,
        seconds,
        from: starts[index]!,
        expires: starts[index + 1]!,
      })),
      // More contracted hours are those of an amendment: they last to the end of their year.
      ...extra.map(({ kind, seconds, from, days }, index) => ({
        id: `extra-${index}`,
        kind,
        seconds,
        from: dayOf(from),
        expires: kind === 'contracted' ? `${Number(dayOf(from).slice(0, 4)) + 1}-01-01` : dayOf(from + days),
      })),
    ];
    return {
      years,
      given,
      uses: uses.map(({ on, seconds }, index) => ({ id: `use-${index + 10}`, on: dayOf(on), seconds })),
    };
  });
/** The same as the product takes it, in seconds. */
export const factsOf = ({
  years,
  given,
  uses,
}: {
  years: NaiveYear[];
  given: { id: string; kind: GrantKind; seconds: number; from: string; expires: string }[];
  uses: { id: string; on: string; seconds: number }[];
}) => ({
  grants: given.map((grant) => ({ ...grant, seconds: grant.seconds * 36 })),
  uses: uses.map(({ id, on, seconds }) => ({ id, on, seconds: seconds * 36 })),
  periods: years.map((year, index) => ({
    number: index + 1,
    from: year.from,
    to: year.to,
    order: { soonestFirst: year.soonestFirst, kinds: year.kinds as GrantKind[] },
    rollover: {
      share: year.percent * 100,
      basis: year.ofContracted ? ('contracted' as const) : ('unused' as const),
      expires: year.rolledExpire,
    },
  })),
});
