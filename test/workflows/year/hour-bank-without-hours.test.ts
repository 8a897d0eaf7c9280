import { guldPlan, yearAt } from '../year-at';
import { balanceOf } from '../../../rules/engine/hours/hour-bank';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { followContractedHours } from '../../../workflows/year/contracted-hours';
import { takeBackAlerts } from '../../../workflows/year/hours-alert';
import type { Year } from '../../../workflows/year/year';

const now = '2027-03-10T09:00:00.000Z';

const bank = (used: number) =>
  balanceOf([
    { kind: 'contracted', hours: 0 },
    { kind: 'used', hours: used },
  ]);

let guld: StoredPlan;
beforeAll(async () => {
  guld = await guldPlan();
});

/** A year that has told of its threshold: in the state it is as told, and the mail about it waits. */
const told = (used: number): Year =>
  yearAt(now, {
    plan: { ...guld, contractedHours: 0, balance: bank(0) },
    state: {
      balance: bank(used),
      alerted: [75],
      heldMails: [
        {
          at: now,
          step: 0,
          mail: {
            obligation: 'hours',
            step: 'alert-75',
            revision: 1,
            template: 'hours-alert',
            to: 'consultant',
            alert: { percent: 75 },
          },
        },
      ],
    },
  });

describe('the threshold of a bank without hours', () => {
  it.each([
    ['is taken back once nothing is used', 0, []],
    ['stays while anything is used', 1, [75]],
  ])('%s', (_, used, alerted) => {
    const year = told(used);
    takeBackAlerts(year);
    expect(year.state.alerted).toEqual(alerted);
    expect(year.state.heldMails).toHaveLength(alerted.length);
  });

  it.each([
    ['is passed no more when the hours change and nothing is used', 0, []],
    ['is passed still when the hours change and anything is used', 1, [75]],
  ])('%s', (_, used, alerted) => {
    const year = told(used);
    followContractedHours(year, { ...guld, contractedHours: 1_000 });
    expect(year.state.alerted).toEqual(alerted);
    expect(year.state.heldMails).toHaveLength(alerted.length);
  });
});
