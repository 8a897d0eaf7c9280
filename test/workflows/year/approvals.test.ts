import { answer, askedFor, goOnTo, guldPlan, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { inBackground } from '../../../workflows/basics/background';
import { renewal } from '../../../workflows/strands/renewal';
import type { Approval } from '../../../workflows/year/year-state';

let plan: StoredPlan;
beforeAll(async () => {
  plan = { ...(await guldPlan()), yearNumber: 2, obligations: [] };
});

const now = '2027-01-01T00:00:00.000Z';
const approved: Approval = { priceMinor: 149_000, by: 'erik', asOf: '2026-12-31T15:00:00.000Z' };
const inSecondYear = (approval: Partial<Approval>, announcedPrice?: { minor: number; count: number }) => {
  const approvals = [{ ...approved, ...approval }];
  const year = yearAt(now, { plan, state: { approvals, ...(announcedPrice && { announcedPrice }) } });
  inBackground(year, () => renewal(year));
  return year;
};

describe('a price that was approved, and of which the customer was not told when its year began', () => {
  const mailAt = '2027-01-04T07:30:00.000Z';

  it('is told by the year that takes it over, as of the year in which it was approved', async () => {
    const year = inSecondYear({ forYear: 2, mailAt });
    expect(await askedFor()).toEqual([]);
    await goOnTo(year, mailAt);
    const [mail] = await askedFor();
    expect(mail).toMatchObject({
      name: 'sendNotice',
      input: { year: 1, obligation: 'renewal/price', step: 'tell', revision: 1, template: 'price-change' },
    });
    await answer({ sent: 1, refused: [], unknown: [] });
    expect(year.state.approvals).toEqual([]);
  });

  it('is not told twice', async () => {
    const year = inSecondYear({ forYear: 2, mailAt }, { minor: 149_000, count: 1 });
    await goOnTo(year, mailAt);
    expect(await askedFor()).toEqual([]);
    expect(year.state.approvals).toEqual([]);
  });

  it('is rejected where it was not stored: its year has begun at another price', async () => {
    const year = inSecondYear({ forYear: 2 });
    expect((await askedFor()).filter(({ name }) => name === 'approvePrice')).toEqual([]);
    expect(year.state.approvals).toEqual([]);
    expect(year.state.rejected).toMatchObject([{ signal: 'priceApproved' }]);
  });
});
