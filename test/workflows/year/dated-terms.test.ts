import { answer, goOnTo, guldPlan, replansAskedFor, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { inBackground } from '../../../workflows/basics/background';
import { followDatedTerms } from '../../../workflows/year/dated-terms';
import type { Year } from '../../../workflows/year/year';

const now = '2027-03-10T09:00:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

const changing = (on?: string, at?: string): StoredPlan => ({
  ...plan,
  ...(on !== undefined && at !== undefined && { termsChangeOn: on, termsChangeAt: at }),
});

function following(of: StoredPlan): Year {
  const year = yearAt(now, { plan: of });
  inBackground(year, () => followDatedTerms(year));
  return year;
}

describe('a rule with a date', () => {
  const july = ['2027-07-01', '2027-06-30T22:00:00.000Z'] as const;

  it('has the year planned again at the first instant of its day', async () => {
    const year = following(changing(...july));
    await goOnTo(year, '2027-06-30T21:59:59.999Z');
    expect(await replansAskedFor()).toEqual([]);
    await goOnTo(year, '2027-06-30T22:00:00.000Z');
    expect(await replansAskedFor()).toEqual(['terms change by their date (2027-07-01)']);
  });

  it('is followed by the next one of the new plan', async () => {
    const year = following(changing(...july));
    await goOnTo(year, '2027-06-30T22:00:00.000Z');
    await answer({ ...changing('2027-10-01', '2027-09-30T22:00:00.000Z'), revision: 2 });
    expect(await replansAskedFor()).toEqual(['terms change by their date (2027-07-01)']);
    await goOnTo(year, '2027-09-30T22:00:00.000Z');
    expect(await replansAskedFor()).toEqual(['terms change by their date (2027-10-01)']);
  });

  it('is asked for once where the plan stays as it is', async () => {
    const year = following(changing(...july));
    await goOnTo(year, '2027-06-30T22:00:00.000Z');
    await answer({ ...changing(...july), revision: 2 });
    await goOnTo(year, '2027-07-10T09:00:00.000Z');
    expect(await replansAskedFor()).toHaveLength(1);
  });

  it('asks for nothing where there is none', async () => {
    const year = following(changing());
    await goOnTo(year, '2027-12-31T22:00:00.000Z');
    expect(await replansAskedFor()).toEqual([]);
  });
});
