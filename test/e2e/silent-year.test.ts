import type { Simulation } from '../../worker/simulate';
import { play } from '../helpers/play';

describe('a year in which nobody does anything', () => {
  let played: Simulation;
  const year = () => played.years[0]!;
  const mailed = (id: string) => year().timeline.filter((entry) => entry.kind === 'mail' && entry.id === id);

  beforeAll(async () => {
    played = await play();
  });

  it('invites the customer to every meeting all the same', () => {
    for (const number of [1, 2, 3, 4])
      expect(mailed(`meeting-${number}/invite`).length).toBeGreaterThanOrEqual(1);
  });

  it('reminds the consultant of a meeting nobody reported, then tells the manager', () => {
    for (const number of [1, 2, 3, 4]) {
      const [overdue, escalated] = [
        mailed(`meeting-${number}/overdue`),
        mailed(`meeting-${number}/escalate`),
      ];
      expect(overdue).toHaveLength(1);
      expect(escalated).toHaveLength(1);
      expect(overdue[0]!.detail).toContain('anna.berg@');
      expect(escalated[0]!.detail).toContain('erik.holm@');
      expect(overdue[0]!.at < escalated[0]!.at).toBe(true);
    }
  });

  it('escalates the upgrade phase that is open, and does not begin the next', () => {
    expect(mailed('upgrade/precheck/escalate')).toHaveLength(1);
    expect(mailed('upgrade/integrations/start')).toEqual([]);
  });

  it('says honestly what was not delivered', () => {
    expect(year().outcome).toBe('unfulfilled');
    const missed = year().timeline.filter(({ detail }) => detail === 'state missed');
    expect(missed).toHaveLength(4 + 5 + 3);
  });

  it('closes the year and sends statement and summary', () => {
    expect(year().mails.filter(({ template }) => template === 'year-summary').length).toBeGreaterThanOrEqual(
      2,
    );
    expect(mailed('close/statement').length).toBeGreaterThanOrEqual(1);
    expect(year().hours).toMatchObject({ rolledOut: 24, expired: 96 });
  });
});
