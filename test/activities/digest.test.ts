import { digestData } from '../../activities/digest';
import { createProgressActivities } from '../../activities/progress';
import { findPlan } from '../../activities/plans';
import type { DigestNotice } from '../../rules/plan';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { signAndPlan } from './signed-agreement';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(() => database.close());

const agreement = 'testbolaget-2027';
const digest = (day: string, at: string): DigestNotice => ({
  step: `consultant-${day}`,
  at,
  template: 'digest',
  to: 'consultant',
});

describe('what a digest lists', () => {
  it('is what is overdue, and what is due before the next one; not what is done or sent by itself', async () => {
    const { contract } = await signAndPlan(database.db);
    const { plan, terms } = (await findPlan(database.db, agreement, 1))!;
    const at = '2027-02-15T10:00:00.000Z';
    await createProgressActivities(database).recordProgress({
      agreement,
      year: 1,
      entries: [
        {
          id: '1',
          at,
          kind: 'phase',
          ref: 'start/consultant',
          detail: {},
          obligation: { id: 'start/consultant', state: 'done', by: 'anna' },
        },
      ],
    });
    const digests = [
      digest('2027-02-15', '2027-02-15T07:30:00.000Z'),
      digest('2027-04-05', '2027-04-05T06:30:00.000Z'),
    ];
    const context = { contract, plan: { ...plan, digests }, terms, asOf: at, agreementLink: '' };
    expect(await digestData(database.db, context, 'consultant-2027-02-15')).toEqual({
      digest: {
        until: '2027-04-05',
        overdue: [{ id: 'start/kickoff', owner: 'consultant', dueOn: '2027-01-26', overdueOpenDays: 14 }],
        coming: [
          { id: 'meeting-1', owner: 'consultant', dueOn: '2027-02-16', overdueOpenDays: 0 },
          { id: 'start/monitoring', owner: 'consultant', dueOn: '2027-02-16', overdueOpenDays: 0 },
        ],
      },
    });
    const last = await digestData(database.db, context, 'consultant-2027-04-05');
    expect(last.digest?.until).toBe('2028-01-01');
    expect(last.digest?.coming.map(({ id }) => id)).not.toContain('hours/statement-1');
    expect(last.digest?.coming.map(({ id }) => id)).toContain('meeting-4');
  });
});
