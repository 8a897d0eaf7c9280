import { failedTasks, handedOver, pageOf } from '../helpers/histories';
import type { LiveYear } from '../helpers/live-year';
import { beginYear } from '../helpers/live-year';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Together more than the 4 MB at which the server suggests a new run. */
const litter = numbers(90).map((index) => ({ note: 'å'.repeat(25_000), ['\u0000\ud800']: index }));

/** As many extra meetings, decisions, actions, improvements and pauses as are taken, with as long texts. */
async function fill({ handle, time }: LiveYear): Promise<void> {
  for (const _ of numbers(13)) await handle.signal('extraMeetingRequested', {});
  await time.untilIdle();
  const meetings = [...numbers(4).map(String), ...numbers(12).map((number) => `extra-${number}`)];
  for (const meeting of meetings)
    await handle.signal('meetingHeld', {
      meeting,
      minutes: 60,
      note: 'å'.repeat(600),
      decisions: numbers(30).map((index) => `${index} ${'å'.repeat(490)}`),
      actions: meeting === '1' ? numbers(30).map((index) => ({ what: `${index} ${'å'.repeat(200)}` })) : [],
    });
  for (const index of numbers(31))
    await handle.signal('improvementAdded', { title: `${index} ${'ö'.repeat(200)}`, note: 'ö'.repeat(600) });
  for (const monitor of ['all', 'order-import', 'business-services'])
    await handle.signal('monitoringPaused', { monitor, until: '2027-06-05', reason: 'ö'.repeat(600) });
  for (const name of [
    'hoursUsed',
    'meetingBooked',
    'noteAdded',
    'customerTested',
    'priceApproved',
    'stepUndone',
  ])
    await handle.signal(name, { ['ö'.repeat(500)]: 1, ['å'.repeat(500)]: 2 });
  await time.untilIdle();
}

describe('a year that is as full as it can be', () => {
  let year: LiveYear;

  beforeAll(async () => {
    year = await beginYear({ years: 0 });
    await year.to('2027-03-01');
    await fill(year);
  });

  afterAll(() => year.finish());

  it('keeps every word of the minutes where they are looked up', async () => {
    const rows = await year.db.query<{ count: number; longest: number }>(
      `select count(*)::int as count, max(length(decisions->>29))::int as longest from meetings
        where jsonb_array_length(decisions) = 30 and length(note) = 500`,
    );
    expect(rows).toEqual([{ count: 16, longest: 493 }]);
  });

  it('says no to more, and its page stays below what is shown', async () => {
    const { rejected, actions, improvements } = await year.overview();
    const reasons = rejected.map(({ reason }) => reason).join('\n');
    expect(reasons).toContain('det finns redan 30 öppna förbättringar');
    expect([actions.length, improvements.length]).toEqual([30, 30]);
    expect(await year.refused('extraMeetingRequested')).toContain('det finns redan 12 extramöten');
    expect(Buffer.byteLength(await pageOf(year))).toBeLessThan(20_000);
  });

  it('goes on in a new run with all of it, below what the server takes', async () => {
    const before = await year.overview();
    for (const input of litter) await year.handle.signal('meetingHeld', input);
    let sizes: number[] = [];
    while (sizes.length === 0) {
      await year.time.untilIdle();
      sizes = await handedOver(year);
    }
    expect(Math.max(...sizes)).toBeLessThan(65_536);
    const after = await year.overview();
    expect([after.actions, after.improvements, after.paused]).toEqual([
      before.actions,
      before.improvements,
      before.paused,
    ]);
    expect(after.strands).toEqual(before.strands);
    expect(await failedTasks(year)).toEqual([]);
  });
});
