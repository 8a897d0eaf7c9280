import { answer, askedFor, goOnTo, guldPlan, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { inBackground } from '../../../workflows/basics/background';
import { renewal } from '../../../workflows/strands/renewal';
import type { Year } from '../../../workflows/year/year';
import { guldTerms, plan } from '../../rules/fixtures';

let planned: StoredPlan;
beforeAll(async () => {
  const prices = { hourlyRateMinor: 145_000, proposedRateMinor: 149_000 };
  planned = { ...(await guldPlan()), ...plan({ terms: await guldTerms(), prices }) };
});

const day = (on: string): string => `${on}T10:00:00.000Z`;
const [inYear, later] = [
  { at: '2027-09-30T22:00:00.000Z', reason: 'slip' },
  { at: '2028-06-30T22:00:00.000Z', on: '2028-06-30', reason: 'moved' },
];
const begun = (on: string): Year => {
  const year = yearAt(day(on), { plan: planned });
  inBackground(year, () => renewal(year));
  return year;
};
/** What was asked for since the last call, without the journal: `renewal/price ask`. */
const mailed = async (): Promise<string[]> =>
  (await askedFor()).flatMap(({ name, input }) =>
    name === 'sendNotice' ? [`${String(input.obligation)} ${String(input.step)}`] : [],
  );
const closed = ({ state }: Year): Record<string, string> =>
  Object.fromEntries(Object.entries(state.closed).map(([id, { state: how }]) => [id, how]));
const struck = { 'renewal/notice': 'cancelled', 'renewal/price': 'cancelled' };

describe('what an end of the agreement strikes of the renewal', () => {
  it.each([
    ['taken back', undefined],
    ['moved beyond the year', later],
  ])('is opened again when the end is %s', async (_, then) => {
    const year = begun('2027-07-05');
    year.state.termination = inYear!;
    await goOnTo(year, day('2027-07-05'));
    expect(closed(year)).toEqual(struck);
    if (then) year.state.termination = then;
    else delete year.state.termination;
    await goOnTo(year, day('2027-07-06'));
    expect(closed(year)).toEqual({});
    expect(
      year.state.journal.filter(({ detail }) => detail.state === 'open').map(({ obligation }) => obligation),
    ).toEqual([
      { id: 'renewal/notice', state: 'open' },
      { id: 'renewal/price', state: 'open' },
    ]);
    await goOnTo(year, day('2027-08-04'));
    expect(await mailed()).toEqual(['renewal/price ask']);
    await answer({ sent: 1, refused: [], unknown: [] });
    await goOnTo(year, day('2027-09-03'));
    expect(await mailed()).toContain('renewal/notice send');
  });

  it('is opened again by the run that goes on', async () => {
    const at = day('2027-07-05');
    const state = { 'renewal/notice': { at, state: 'cancelled', by: 'system' } } as const;
    const year = yearAt(at, { plan: planned, state: { closed: state, termination: inYear! } });
    inBackground(year, () => renewal(year));
    await goOnTo(year, at);
    expect(closed(year)).toMatchObject(struck);
    delete year.state.termination;
    await goOnTo(year, day('2027-09-03'));
    expect(await mailed()).toContain('renewal/notice send');
  });

  it('stays struck while the agreement ends', async () => {
    const year = begun('2027-07-05');
    year.state.termination = inYear!;
    await goOnTo(year, day('2027-09-03'));
    expect(closed(year)).toEqual(struck);
    expect(await mailed()).toEqual([]);
  });

  it('tells the customer late where its day has passed, and leaves a price whose last day has', async () => {
    const year = begun('2027-07-05');
    year.state.termination = { at: '2027-12-15T23:00:00.000Z', reason: 'slip' };
    await goOnTo(year, day('2027-11-03'));
    delete year.state.termination;
    await goOnTo(year, day('2027-11-03'));
    expect(closed(year)).toMatchObject({ 'renewal/price': 'cancelled' });
    expect(await mailed()).toEqual(['renewal/notice send']);
  });

  it('does not open a price that lapsed before the end was said', async () => {
    const year = begun('2027-10-27');
    await goOnTo(year, day('2027-11-03'));
    expect(closed(year)).toMatchObject({ 'renewal/price': 'cancelled' });
    await goOnTo(year, day('2027-11-04'));
    expect(closed(year)).toMatchObject({ 'renewal/price': 'cancelled' });
  });
});
