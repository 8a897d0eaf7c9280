import { balanceOf } from '../../rules/engine/hours/hour-bank';
import type { YearPlan } from '../../rules/engine/plan/plan';
import { followContractedHours } from '../../workflows/year/contracted-hours';
import { takeBackAlerts } from '../../workflows/year/hours-alert';
import type { Year } from '../../workflows/year/year';

jest.mock('../../workflows/year/journal', () => ({ clear: jest.fn(), raise: jest.fn() }));

const bank = (used: number) =>
  balanceOf([
    { kind: 'contracted', hours: 0 },
    { kind: 'used', hours: used },
  ]);

/** A year that has told of its threshold: in the state it is as told, and the mail about it waits. */
const told = (used: number): Year => {
  const plan = { contractedHours: 0, balance: bank(0) };
  const state = {
    plan,
    balance: bank(used),
    alerted: [75],
    heldMails: [{ mail: { alert: { percent: 75 } } }],
  };
  return { state, plan } as unknown as Year;
};

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
    followContractedHours(year, { contractedHours: 1_000 } as YearPlan);
    expect(year.state.alerted).toEqual(alerted);
    expect(year.state.heldMails).toHaveLength(alerted.length);
  });
});
