import { fitting, largestPayload } from '../../../activities/monitors/site-payload';
import { watchUntilChanged } from '../../../activities/monitors/watch-site';
import type { CheckState, Transition } from '../../../rules/engine/monitoring/check-state';
import type { Outcome, RunCheck } from '../../../rules/engine/monitoring/watched';
import type { VirtualClock } from '../../helpers/virtual-clock';
import { virtualClock } from '../../helpers/virtual-clock';
import { watchedCheck } from '../../helpers/watched';

const hours = 3_600_000;
const start = Date.parse('2027-03-01T08:00:00.000Z');

type Input = Parameters<typeof watchUntilChanged>[1];

/** Watches in virtual time, at most so long. @returns what came back, and after how many minutes */
async function watched(
  input: Partial<Input>,
  at: (id: string, clock: VirtualClock) => Outcome,
  longest = 30 * hours,
): Promise<{ report: Awaited<ReturnType<typeof watchUntilChanged>>; minutes: number; made: number }> {
  const clock = virtualClock(start);
  let made = 0;
  const runCheck: RunCheck = ({ check: { id } }) => {
    made += 1;
    const outcome = at(id, clock);
    return Promise.resolve({
      ...{ outcome, at: new Date(clock.now()).toISOString(), milliseconds: 0 },
      message: { sv: outcome, en: outcome },
    });
  };
  const ending = new AbortController();
  let minutes = 0;
  const whole = { checks: [], states: [], wishes: [], ...input };
  const watching = watchUntilChanged({ runCheck, clock }, whole, ending.signal).then((report) => {
    minutes = (clock.now() - start) / 60_000;
    return report;
  });
  await clock.pass(longest);
  ending.abort();
  return { report: await watching, minutes, made };
}

const checks = [watchedCheck('import'), watchedCheck('queue')];

describe("a site's watch", () => {
  it('says once that checks are well, and then nothing for a day', async () => {
    const first = await watched({ checks }, () => 'ok');
    expect(first.report).toMatchObject({ reason: 'changed', transitions: [], rechecked: [] });
    expect(first.report.states.map(({ id }) => id).sort()).toEqual(['import', 'queue']);
    expect(first.minutes).toBeLessThan(0.5);
    const more = await watched(
      { checks: [...checks, watchedCheck('disk')], states: first.report.states },
      () => 'ok',
    );
    expect(more.report.states.map(({ id }) => id)).toEqual(['disk']);
    expect(more.minutes).toBeGreaterThanOrEqual(1);
    const day = await watched({ checks, states: first.report.states }, () => 'ok');
    expect(day.report).toMatchObject({ reason: 'renewed', states: [], transitions: [], bad: 0 });
    expect(day.minutes).toBe(24 * 60);
    expect(day.made).toBeGreaterThanOrEqual(2 * 287);
    expect(Object.keys(day.report.seen)).toHaveLength(2);
  });

  it('returns within seconds of a change, with the state and what is told', async () => {
    const { states } = (await watched({ checks }, () => 'ok')).report;
    const broken = await watched({ checks, states }, (id, { now }) =>
      id === 'queue' && now() > start + hours ? 'down' : 'ok',
    );
    expect(broken.report).toMatchObject({
      reason: 'changed',
      transitions: [{ monitor: 'queue', from: 'ok', to: 'down' }],
    });
    expect(broken.minutes).toBeGreaterThan(60);
    expect(broken.minutes).toBeLessThan(66);
    expect(broken.report.states.find(({ id }) => id === 'queue')?.state.status).toBe('down');
  });

  it('answers a wish', async () => {
    const wish = { agreement: 'testbolaget-2027', id: 'queue', at: new Date(start).toISOString() };
    const { states } = (await watched({ checks }, () => 'ok')).report;
    const { report, minutes } = await watched({ checks, states, wishes: [wish] }, () => 'ok');
    expect(report).toMatchObject({ reason: 'changed', rechecked: [wish] });
    expect(minutes).toBeLessThan(0.1);
  });

  it('returns what it has when it is called off', async () => {
    const { report } = await watched({ checks }, () => 'ok', 90_000);
    expect(report.states.length).toBeGreaterThan(0);
  });
});

describe('what travels to a site and back', () => {
  const message = { sv: 'x'.repeat(100), en: 'x'.repeat(100) };
  const state = (answer: string): CheckState => ({
    ...{ status: 'down', since: '', recent: 'dd', recovered: [], message, answer },
  });
  const told: Transition = {
    agreement: 'a',
    monitor: 'm',
    at: '',
    from: 'ok',
    to: 'down',
    since: '',
    message,
    answer: 'y'.repeat(2000),
  };
  const many = (count: number) => ({
    states: Array.from({ length: count }, (_, index) => ({
      agreement: 'a',
      id: `${index}`,
      state: state('y'.repeat(2000)),
    })),
    transitions: [told],
    rechecked: [{ still: told }],
  });
  const size = (value: object): number => Buffer.byteLength(JSON.stringify(value));

  it.each([
    [5, 2000],
    [40, 200],
    [120, undefined],
  ])('is kept small by its answers: %d states', (count, longest) => {
    const fit = fitting(many(count));
    expect(size(fit)).toBeLessThanOrEqual(largestPayload);
    expect(fit.states).toHaveLength(count);
    for (const { state: each } of fit.states)
      expect([each.answer?.length, each.message]).toEqual([longest, message]);
    expect(fit.transitions[0]?.answer?.length).toBe(longest);
    expect(fit.rechecked[0]?.still?.answer?.length).toBe(longest);
  });

  it('loses no check, however many', () => {
    const fit = fitting(many(1000));
    expect(fit.states).toHaveLength(1000);
    expect(fit.states.every(({ state: each }) => each.message === undefined && each.status === 'down')).toBe(
      true,
    );
    expect(fit.transitions).toHaveLength(1);
  });
});
