/** Running years learn of hours that a command has moved, through the outbox and the dispatcher. */
import { moveHours } from '../../activities/hours/move';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { addMonths } from '../../rules/engine/calendar/dates';
import type { Overview } from '../../templates/ui/overview';
import { startDispatcher } from '../../worker/processes/dispatcher';
import { workflowIdOf } from '../../worker/temporal/start-agreement';
import { eventually } from '../activities/signed-agreement';
import { startLiveAgreements } from '../helpers/live-agreements';
import { replayHistory } from '../helpers/play';

const today = localDateOf(new Date().toISOString());
const begun = { signedOn: addMonths(today, -1), startsOn: `${today.slice(0, 7)}-01` };

it('their pages show the hours that they have, and an alert is told by the one and taken back by the other', async () => {
  const live = await startLiveAgreements();
  const { client, db } = live;
  const dispatcher = startDispatcher({
    db,
    client,
    taskQueue: 'unused',
    language: 'sv',
    log: () => undefined,
  });
  try {
    const agreements: string[] = [];
    for (let count = 0; count < 2; count += 1) agreements.push((await live.sign(begun)).agreement);
    const [from, to] = agreements as [string, string];
    const handle = (agreement: string) => client.workflow.getHandle(workflowIdOf(agreement));
    const overview = (agreement: string) => handle(agreement).query<Overview>('overview');
    for (const agreement of agreements)
      await eventually(`${agreement} is planned`, async () => (await overview(agreement)).next.length > 0);
    const input = { hours: 100, confirm: true, by: 'anna', kind: 'training' };
    await handle(from).executeUpdate<Overview, [object]>('hoursUsed', { args: [input] });
    const low = async (agreement: string): Promise<boolean> =>
      (await overview(agreement)).attention.some(({ code }) => code === 'hours-low');
    await eventually('the alert', () => low(from));
    const asOf = new Date().toISOString();
    await moveHours(db, { from, entry: 1, to, reason: 'fel kund', by: 'mats', asOf });
    await eventually('the alert at the right agreement', () => low(to));
    await eventually('its end at the wrong one', async () => !(await low(from)));
    expect((await overview(from)).hours).toMatchObject({ used: 0 });
    expect((await overview(to)).hours).toMatchObject({ used: 10_000 });
    for (const agreement of agreements)
      await replayHistory(await handle(agreement).fetchHistory(), workflowIdOf(agreement));
  } finally {
    await dispatcher.stop();
    await live.close();
  }
});
