import { isOpenDay } from '../../rules/engine/calendar/calendar';
import { balanceOf, closeHourBank, crossedAlerts, toCentihours } from '../../rules/engine/hours/hour-bank';
import { exampleContract, fileText, guldTerms, obligation, plan } from './fixtures';

interface ScenarioStep {
  on: string;
  signal: string;
  input: { meeting?: number | string; step?: string; phase?: string; hours?: number; on?: string };
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
    const closed = scenario.flatMap(({ on, signal, input: { meeting, step, phase } }) => {
      if (signal === 'meetingHeld' || signal === 'meetingDeclined') return [{ id: `meeting-${meeting}`, on }];
      if (step !== undefined) return [{ id: `start/${step}`, on }];
      return phase === undefined ? [] : [{ id: `upgrade/${phase}`, on }];
    });
    const owed = year.obligations.filter(({ strand }) => ['start', 'meetings', 'upgrade'].includes(strand));
    const extra = 'meeting-extra-1';
    expect(closed.map(({ id }) => id).sort()).toEqual([...owed.map(({ id }) => id), extra].sort());
    for (const { id, on } of closed.filter((one) => one.id !== extra && !one.id.startsWith('meeting-'))) {
      const { opensAt, dueOn } = obligation(year, id);
      expect([id, on <= dueOn && on >= opensAt.slice(0, 10)]).toEqual([id, true]);
    }
  });

  test('holds each meeting on the day it was last booked for', () => {
    const days = (name: string) =>
      new Map(
        scenario.flatMap(({ on, signal, input }) =>
          signal === name ? [[input.meeting, input.on ?? on] as const] : [],
        ),
      );
    const [booked, held] = [days('meetingBooked'), days('meetingHeld')];
    expect([1, 2].map((meeting) => held.get(meeting))).toEqual([1, 2].map((meeting) => booked.get(meeting)));
    expect([...held.keys()]).toEqual([1, 2, 'extra-1', 4]);
  });

  test('passes the alert at 75 % and leaves hours that roll over and hours that expire', async () => {
    const { hourBank } = await guldTerms();
    const contracted = { kind: 'contracted', hours: toCentihours(exampleContract().hourBank.hours) } as const;
    const used = scenario.flatMap(({ signal, input: { hours } }) =>
      signal !== 'hoursUsed' || hours === undefined
        ? []
        : [{ kind: 'used', hours: toCentihours(hours) } as const],
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
