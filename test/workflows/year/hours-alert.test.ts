import { guldPlan, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { balanceOf } from '../../../rules/engine/hours/hour-bank';
import { followContractedHours } from '../../../workflows/year/contracted-hours';
import { holdAlert, takeBackAlerts } from '../../../workflows/year/hours-alert';
import type { Year } from '../../../workflows/year/year';
import type { YearState } from '../../../workflows/year/year-state';

/** Support is closed: it opens at 07:30 UTC. */
const now = '2027-03-10T06:00:00.000Z';
const opening = '2027-03-10T07:30:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

const year = (state: Partial<YearState> = {}, at = now): Year => yearAt(at, { plan, state });

/** The bank of a year of 120 hours, in hundredths. */
const bank = (used: number, contracted = 12_000) =>
  balanceOf([
    { kind: 'contracted', hours: contracted },
    { kind: 'used', hours: used },
  ]);

const held = ({ state }: Year): unknown[] =>
  state.heldMails.map(({ at, mail }) => [at, mail.obligation, mail.to, mail.alert?.percent]);

describe('an alert of the hour bank', () => {
  it.each([
    ['when support opens', now, opening, opening],
    [
      'once there was time to undo it',
      '2027-03-10T10:00:00.000Z',
      '2027-03-10T10:00:00.000Z',
      '2027-03-10T10:05:00.000Z',
    ],
  ])('goes to customer and consultant %s', (_what, at, mailAt, goesAt) => {
    const one = year({}, at);
    holdAlert(one, [75], mailAt);
    expect(held(one)).toEqual([
      [goesAt, 'hours/alert-75', 'customer', 75],
      [goesAt, 'hours/alert-75', 'consultant', 75],
    ]);
    expect(one.state.heldMails[0]?.mail.roles).toEqual(['finance', 'management']);
    expect(one.state.alerted).toEqual([75]);
    expect(one.state.attention).toMatchObject([
      { code: 'hours-low', subject: '75', detail: '75 % of the hour bank is used' },
    ]);
  });

  it.each<[string, number[], number[], number | undefined]>([
    ['the highest of several', [75, 90, 100], [], 100],
    ['the highest that was not told', [75, 90], [90], 75],
    ['none that was told already', [75], [75, 90], undefined],
    ['none where none was passed', [], [], undefined],
  ])('is about %s', (_what, crossed, alerted, percent) => {
    const one = year({ alerted });
    holdAlert(one, crossed, opening);
    expect(one.state.heldMails.map(({ mail }) => mail.alert?.percent)).toEqual(
      percent === undefined ? [] : [percent, percent],
    );
  });

  it('is a mail of its own each time the threshold is passed', () => {
    const one = year();
    for (const used of [9000, 8999]) {
      one.state.balance = bank(used);
      if (used === 9000) holdAlert(one, [75], opening);
      else takeBackAlerts(one);
    }
    expect(one.state).toMatchObject({ heldMails: [], alerted: [], attention: [] });
    holdAlert(one, [75], opening);
    expect(one.state.heldMails.map(({ mail }) => mail.revision)).toEqual([3, 3]);
  });

  it.each<[string, number, number[], number[]]>([
    ['none while both are passed', 10_800, [90], [75, 90]],
    ['the one passed no more', 10_799, [75], [75]],
    ['both once the lower is passed no more', 8999, [], []],
  ])('is taken back where the hours were corrected: %s', (_what, used, mailed, alerted) => {
    const one = year();
    holdAlert(one, [75], opening);
    holdAlert(one, [90], opening);
    one.state.balance = bank(used);
    takeBackAlerts(one);
    expect([...new Set(one.state.heldMails.map(({ mail }) => mail.alert?.percent))]).toEqual(mailed);
    expect(one.state.alerted).toEqual(alerted);
    expect(one.state.attention.map(({ subject }) => Number(subject))).toEqual(alerted);
  });

  it('takes the place of a lower one that waits for the same reader, and of none that is about the year before', () => {
    const one = year();
    holdAlert(one, [75], opening);
    one.state.heldMails.shift();
    const [consultant] = one.state.heldMails;
    one.state.heldMails.push({ ...consultant!, mail: { ...consultant!.mail, year: 0 } });
    holdAlert(one, [90, 100], opening);
    expect(one.state.heldMails.map(({ mail, instead }) => [mail.to, mail.alert?.percent, instead])).toEqual([
      ['consultant', 75, undefined],
      ['customer', 100, [90]],
      ['consultant', 100, [90, 75]],
    ]);
  });

  it('of a lower threshold waits again, for who was told of none, once the higher one is taken back', () => {
    const one = year();
    holdAlert(one, [75, 90], opening);
    one.state.balance = bank(9_500);
    takeBackAlerts(one);
    expect(held(one)).toEqual([
      [opening, 'hours/alert-75', 'customer', 75],
      [opening, 'hours/alert-75', 'consultant', 75],
    ]);
    expect(one.state.attention.map(({ subject }) => subject)).toEqual(['75']);
  });

  it('stays where it is about the year before', () => {
    const one = year();
    holdAlert(one, [75], opening);
    one.state.heldMails = one.state.heldMails.map((mail) => ({ ...mail, mail: { ...mail.mail, year: 0 } }));
    one.state.alerted = [];
    one.state.balance = bank(0);
    takeBackAlerts(one);
    expect(one.state.heldMails).toHaveLength(2);
  });
});

describe('a threshold that was told, and is passed no more', () => {
  /** Hours that pass 90 %, and both alerts of it are sent. */
  const told = (): Year => {
    const one = year({ balance: bank(11_200) });
    holdAlert(one, [75, 90], opening);
    one.state.heldMails = [];
    return one;
  };
  const mails = ({ state }: Year): unknown[] =>
    state.heldMails.map(({ mail }) => [mail.step, mail.to, mail.alert?.percent, mail.alert?.takenBack]);

  it('is taken back to those who were told, once, the highest for all', () => {
    const one = told();
    one.state.balance = bank(5000);
    takeBackAlerts(one);
    takeBackAlerts(one);
    expect(mails(one)).toEqual([
      ['back', 'customer', 90, true],
      ['back-consultant', 'consultant', 90, true],
    ]);
    expect(one.state).toMatchObject({ alerted: [], attention: [] });
  });

  it('is told again when it is passed in earnest', () => {
    const one = told();
    one.state.balance = bank(5000);
    takeBackAlerts(one);
    one.state.heldMails = [];
    one.state.balance = bank(10_900);
    holdAlert(one, [75, 90], opening);
    expect(mails(one)).toEqual([
      ['alert', 'customer', 90, undefined],
      ['alert-consultant', 'consultant', 90, undefined],
    ]);
  });

  it('is neither taken back nor told again where it is passed before anybody heard', () => {
    const one = told();
    one.state.balance = bank(5000);
    takeBackAlerts(one);
    one.state.balance = bank(11_200);
    holdAlert(one, [75, 90], opening);
    expect(mails(one)).toEqual([]);
    expect(one.state.alerted).toEqual([75, 90]);
  });

  it('by more hours in the bank is taken back too', () => {
    const grown: StoredPlan = { ...plan, contractedHours: 20_000, balance: bank(0, 20_000) };
    const one = yearAt(now, { plan: grown, state: { balance: bank(11_200), alerted: [75, 90] } });
    followContractedHours(one, plan);
    expect(mails(one)).toHaveLength(2);
  });
});

describe('hours that an amendment adds', () => {
  const grown = (contracted: number): StoredPlan => ({
    ...plan,
    contractedHours: contracted,
    balance: bank(0, contracted),
  });

  it('are in the balance, with what was used since the plan was made', () => {
    const one = yearAt(now, { plan: grown(20_000), state: { balance: bank(9000) } });
    followContractedHours(one, grown(12_000));
    expect(one.state.balance).toEqual(bank(9000, 20_000));
  });

  it.each([
    ['passed no more', 9000, 12_001, []],
    ['still passed', 9000, 12_000, [75]],
  ])('can leave a threshold behind: %s', (_what, used, contracted, alerted) => {
    const attention = [{ code: 'hours-low', subject: '75', detail: 'x', at: now }];
    const one = yearAt(now, {
      plan: grown(contracted),
      state: { balance: bank(used, 11_000), alerted: [75], attention },
    });
    followContractedHours(one, grown(11_000));
    expect(one.state.alerted).toEqual(alerted);
    expect(one.state.attention).toHaveLength(alerted.length);
  });

  it.each([
    ['the plan has as many as before', () => grown(12_000), { balance: bank(9000) }],
    ['nothing is known of the bank yet', () => grown(20_000), {}],
  ])('change nothing where %s', (_what, of, state) => {
    const one = yearAt(now, { plan: of(), state: { alerted: [75], ...state } });
    followContractedHours(one, grown(12_000));
    expect(one.state).toMatchObject({ alerted: [75], ...state });
  });
});
