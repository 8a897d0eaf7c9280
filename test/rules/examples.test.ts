import { isOpenDay } from '../../rules/calendar';
import { balanceOf, closeHourBank, crossedAlerts, toCentihours } from '../../rules/hour-bank';
import { exampleContract, fileText, guldTerms, obligation, plan } from './fixtures';

interface ScenarioStep {
  on: string;
  signal: string;
  input: { meeting?: number; step?: string; phase?: string; hours?: number };
}

const scenario = JSON.parse(fileText('examples/scenarios/testbolaget-year.json')) as ScenarioStep[];

describe('the scenario of Testbolaget’s year', () => {
  test('goes forward in time, on open days', () => {
    const days = scenario.map(({ on }) => on);
    expect(days).toEqual([...days].sort());
    expect(days.filter((day) => !isOpenDay(day))).toEqual([]);
  });

  test('closes everything people have to close, in time', async () => {
    const year = plan({ terms: await guldTerms() });
    const closed = scenario.flatMap(({ on, input: { meeting, step, phase } }) => {
      if (meeting !== undefined) return [{ id: `meeting-${meeting}`, on }];
      if (step !== undefined) return [{ id: `start/${step}`, on }];
      return phase === undefined ? [] : [{ id: `upgrade/${phase}`, on }];
    });
    const owed = year.obligations.filter(({ strand }) => ['start', 'meetings', 'upgrade'].includes(strand));
    expect(closed.map(({ id }) => id).sort()).toEqual(owed.map(({ id }) => id).sort());
    for (const { id, on } of closed) {
      const { opensAt, dueOn, strand } = obligation(year, id);
      expect([id, on <= dueOn && on >= opensAt.slice(0, 10)]).toEqual([id, true]);
      if (strand === 'meetings') expect(on).toBe(dueOn);
    }
  });

  test('passes the alert at 75 % and leaves hours that roll over and hours that expire', async () => {
    const { hourBank } = await guldTerms();
    const contracted = { kind: 'contracted', hours: toCentihours(exampleContract().hourBank.hours) } as const;
    const used = scenario.flatMap(({ input: { hours } }) =>
      hours === undefined ? [] : [{ kind: 'used', hours: toCentihours(hours) } as const],
    );
    const balance = balanceOf([contracted, ...used]);
    expect(crossedAlerts(balanceOf([contracted]), balance, hourBank.alertPercents)).toEqual([75]);
    expect(closeHourBank(balance, hourBank)).toMatchObject({
      used: 9250,
      remaining: 2750,
      rolledOut: 2400,
      expired: 350,
    });
  });
});
