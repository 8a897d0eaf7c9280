import { failedTasks } from '../helpers/histories';
import type { LiveYear } from '../helpers/live-year';
import { beginYear } from '../helpers/live-year';
import { runsOf } from '../../worker/simulation/simulate';

/** Sends many, some at a time, as several people and machines would. */
async function send<T>(items: readonly T[], sendOne: (item: T) => Promise<void>): Promise<void> {
  for (let next = 0; next < items.length; next += 50)
    await Promise.all(items.slice(next, next + 50).map(sendOne));
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Together more than the 4 MB at which the server suggests a new run. */
const litter = numbers(90).map((index) => ({ note: 'å'.repeat(25_000), ['\u0000\ud800']: index }));

describe('a year that is sent very much', () => {
  let year: LiveYear;
  const runs = async () => (await runsOf(year.client, year.workflowId)).length;
  const count = async (sql: string, values: unknown[] = []): Promise<number[]> => {
    const rows = await year.db.query<{ count: number }>(`select count(*)::int as count ${sql}`, values);
    return rows.map((row) => row.count);
  };
  /** How often each came through, as a list of the numbers of times that occur. */
  const times = async (table: string, column: string, prefix: string): Promise<[number, number]> => {
    const rows = await year.db.query<{ times: number }>(
      `select count(*)::int as times from ${table} where ${column} like $1 group by ${column}`,
      [`${prefix}%`],
    );
    return [rows.length, Math.max(0, ...rows.map((row) => row.times))];
  };

  beforeAll(async () => {
    year = await beginYear({ years: 0 });
    await year.to('2027-03-01');
  });

  afterAll(() => year.finish());

  it('takes a thousand signals, each once, also over the new run that a long history takes in mid-year', async () => {
    expect(await runs()).toBe(1);
    await year.signal('meetingHeld', {
      meeting: 1,
      decisions: numbers(30).map((index) => `${index} ${'beslut '.repeat(30)}`),
      actions: numbers(28).map((index) => ({ what: `${index} ${'åtgärd '.repeat(15)}`, due: '2027-12-20' })),
    });
    await send(numbers(28), (index) =>
      year.handle.signal('improvementAdded', {
        title: `${index} ${'förbättring '.repeat(8)}`,
        note: 'ö'.repeat(500),
      }),
    );
    await send(numbers(600), (index) =>
      year.handle.signal('hoursUsed', { hours: 0.01, ref: `burst-${index}` }),
    );
    await send(litter, (input) => year.handle.signal('meetingHeld', input));
    await send(numbers(280), (index) => year.handle.signal('noteAdded', { text: `burst-${index}` }));
    await send(numbers(10), (index) => year.handle.signal(`noSuchSignal${index}`, {}));
    await send(numbers(100), (index) =>
      year.handle.signal('hoursUsed', { hours: 0.01, ref: `burst-${index}` }),
    );
    await year.time.untilIdle();
    expect(await runs()).toBeGreaterThan(1);
    expect(await times('hour_entry_refs', 'ref', 'burst-')).toEqual([600, 1]);
    expect(await times('notes', 'text', 'burst-')).toEqual([280, 1]);
    const { hours, improvements, actions } = await year.overview();
    expect([hours!.used, improvements.length, actions.length]).toEqual([600, 28, 28]);
    expect(await count(`from events where kind = 'rejected' and ref = 'meetingHeld'`)).toEqual([90]);
    expect(await count(`from events where kind = 'rejected' and ref like 'noSuchSignal%'`)).toEqual([10]);
    expect(await count(`from events where ref = 'year-started'`)).toEqual([1]);
    expect(await count(`from mails where obligation = 'meeting-1' and step = 'minutes'`)).toEqual([0]);
    await year.wait(6);
    expect(
      await count(`from mails where obligation = 'meeting-1' and step = 'minutes' group by contact`),
    ).toEqual([1, 1]);
  });

  it('loses and doubles nothing that is sent in the very moment in which the year ends', async () => {
    const before = await runs();
    await year.to('2027-12-31', '23:59');
    const end = Date.parse('2027-12-31T23:00:00.000Z');
    await year.time.advanceTo(new Date(end - 4_000).toISOString());
    const ahead = end - Date.parse(await year.time.now());
    expect(ahead).toBeGreaterThan(0);
    const until = Date.now() + ahead + 3_000;
    let sent = 0;
    while (Date.now() < until) {
      const index = sent;
      sent += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      await Promise.all([
        year.handle.signal('hoursUsed', { hours: 0.01, ref: `edge-${index}` }),
        year.handle.signal('noteAdded', { text: `edge-${index}` }),
        ...(index % 10 < 1 && index < 280
          ? [year.handle.signal('actionDone', { action: 1 + index / 10 })]
          : []),
        ...(index % 20 < 1 && index < 400
          ? [year.handle.signal('improvementDecided', { improvement: 1 + index / 20, decision: 'no' })]
          : []),
      ]);
    }
    await year.time.untilIdle();
    expect(await runs()).toBe(before + 1);
    expect(sent).toBeGreaterThan(50);
    expect(await times('hour_entry_refs', 'ref', 'edge-')).toEqual([sent, 1]);
    expect(await times('notes', 'text', 'edge-')).toEqual([sent, 1]);
    const edge = `from hour_entries join hour_entry_refs on entry = id where ref like 'edge-%'`;
    const byYear = await count(`${edge} group by extract(year from work_date)`);
    expect(byYear).toHaveLength(2);
    const elsewhere = `(recorded_at < '2027-12-31T23:00Z') <> (work_date < '2028-01-01')`;
    expect(await count(`${edge} and ${elsewhere}`)).toEqual([0]);
    expect(await count(`from actions where state = 'done'`)).toEqual([Math.min(28, Math.ceil(sent / 10))]);
    expect(await count(`from improvements where state = 'rejected'`)).toEqual([
      Math.min(20, Math.ceil(sent / 20)),
    ]);
    expect(await count(`from events where kind = 'rejected' and at > '2027-12-01'`)).toEqual([0]);
  });

  it('failed no task on the way but those that the server closed itself, and mailed nothing twice', async () => {
    let failed = ['not asked'];
    failed = await failedTasks(year);
    expect(failed).toEqual([]);
    await year.finish();
    const ids = year.mailbox.mails.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
