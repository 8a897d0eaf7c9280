/** A consultant with two agreements is told of meetings that overlap, whichever agreement they are booked in. */
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { addMonths } from '../../rules/engine/calendar/dates';
import type { Overview } from '../../templates/ui/overview';
import { workflowIdOf } from '../../worker/temporal/start-agreement';
import { eventually } from '../activities/signed-agreement';
import { exampleContract } from '../helpers/example';
import type { LiveAgreements } from '../helpers/live-agreements';
import { startLiveAgreements } from '../helpers/live-agreements';
import { replayHistory } from '../helpers/play';
import type { Proxy } from '../worker/proxy';
import { openProxy } from '../worker/proxy';

const today = localDateOf(new Date().toISOString());
const nextMonth = `${addMonths(today, 1).slice(0, 7)}-01`;

let live: LiveAgreements;
let postgres: Proxy;
let first: string;
let second: string;
let third: string;

const handleOf = (agreement: string) => live.client.workflow.getHandle(workflowIdOf(agreement));
const overviewOf = (agreement: string): Promise<Overview> => handleOf(agreement).query<Overview>('overview');

/** The answer to a booking as an update; `taken` where it is. */
const book = (agreement: string, input: object): Promise<string> =>
  handleOf(agreement)
    .executeUpdate('meetingBooked', { args: [{ meeting: 1, ...input }] })
    .then(
      () => 'taken',
      (error: unknown) => {
        if (error instanceof WorkflowUpdateFailedError) return error.cause?.message ?? '';
        throw error;
      },
    );

const isBooked = async (agreement: string): Promise<boolean> =>
  (await overviewOf(agreement)).next.some(({ id, booked }) => id === 'meeting-1' && booked === true);

async function sign(name: string): Promise<string> {
  const { customer } = exampleContract();
  const { agreement } = await live.sign({
    signedOn: today,
    startsOn: nextMonth,
    customer: { ...customer, id: name.toLowerCase(), name: `${name} AB` },
  });
  await eventually(
    `${agreement} is planned`,
    async () => (await live.db.query('select 1 from plans where agreement = $1', [agreement])).length > 0,
  );
  return agreement;
}

const told =
  /^konsulten har då förvaltningsmöte 1 med Första AB \(avtal .*\), det börjar \d{4}-\d\d-\d\d 10:00; stämmer det/;

beforeAll(async () => {
  live = await startLiveAgreements({ holdMinutes: 0 }, undefined, async (databaseUrl) => {
    const url = new URL(databaseUrl);
    postgres = await openProxy(url.host);
    url.port = String(postgres.port);
    return url.href;
  });
  first = await sign('Första');
  second = await sign('Andra');
  third = await sign('Tredje');
  expect(await book(first, {})).toBe('taken');
});

afterAll(async () => {
  await live.close();
  await postgres.goDown();
});

describe('a meeting that overlaps with one of another agreement of the same consultant', () => {
  it('is refused as an update with what the consultant has then', async () => {
    expect(await book(second, { at: '11:29' })).toMatch(told);
    expect(await isBooked(second)).toBe(false);
    const { rejected, attention } = await overviewOf(second);
    expect([rejected, attention]).toEqual([[], []]);
  });

  it('is rejected as a signal on the page, and nobody is invited', async () => {
    await handleOf(second).signal('meetingBooked', { meeting: 1 });
    await eventually('it is rejected', async () => (await overviewOf(second)).rejected.length === 1);
    for (const { signal, reason } of (await overviewOf(second)).rejected)
      expect([signal, reason]).toEqual(['meetingBooked', expect.stringMatching(told)]);
    expect(await isBooked(second)).toBe(false);
  });

  it('is taken right after that, or if it is confirmed', async () => {
    expect(await book(second, { at: '11:30' })).toBe('taken');
    expect(await book(second, { at: '10:00', confirmed: true })).toBe('taken');
  });

  it('is answered when PostgreSQL answers: until then it is not known, and nothing is booked', async () => {
    await postgres.goDown();
    expect(await book(third, { at: '10:30' })).toBe(
      'inte känt än, se sidan; att skicka samma sak igen är ofarligt',
    );
    expect(await isBooked(third)).toBe(false);
    await postgres.comeBack();
    let answer = await book(third, { at: '10:30' });
    for (let tries = 0; tries < 5 && answer.startsWith('inte känt'); tries++)
      answer = await book(third, { at: '10:30' });
    expect(answer).toMatch(told);
  });

  it('invited nobody whose booking was refused', async () => {
    const invitations = await live.db.query<{ agreement: string }>(
      `select distinct agreement from mails where template = 'meeting-invitation' order by agreement`,
    );
    expect(invitations.map(({ agreement }) => agreement)).not.toContain(third);
  });

  it('leaves histories that replay', async () => {
    for (const agreement of [first, second, third])
      await replayHistory(await handleOf(agreement).fetchHistory(), workflowIdOf(agreement));
  });
});
