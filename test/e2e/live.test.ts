/** Agreements on the wall clock, with the dispatcher, as `npm start` runs them. */
import { planReplacement, storeReplacement } from '../../activities/agreements/replace-consultant';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { addMonths } from '../../rules/engine/calendar/dates';
import type { Overview } from '../../templates/ui/overview';
import type { Dispatcher } from '../../worker/processes/dispatcher';
import { startDispatcher } from '../../worker/processes/dispatcher';
import { askOverview, printOverview } from '../../worker/commands/status/overview';
import { workflowIdOf } from '../../worker/temporal/start-agreement';
import { eventually } from '../activities/signed-agreement';
import { CalendarClient } from '../helpers/calendar-client';
import type { LiveAgreements } from '../helpers/live-agreements';
import { startLiveAgreements } from '../helpers/live-agreements';

let live: LiveAgreements;
let dispatcher: Dispatcher;
let agreement: string;
let booked: Overview;
const today = localDateOf(new Date().toISOString());

const update = (name: string, input: object = {}): Promise<Overview> =>
  live.client.workflow
    .getHandle(workflowIdOf(agreement))
    .executeUpdate<Overview, [object]>(name, { args: [{ agreement, by: 'anna', ...input }] });

const subjects = (to: string): string[] =>
  live.mailbox.mails
    .filter((mail) => [mail.to].flat().some((one) => one?.text.includes(to)))
    .map(({ subject }) => subject ?? '');

beforeAll(async () => {
  live = await startLiveAgreements({ holdMinutes: 0 });
  const { client, db } = live;
  dispatcher = startDispatcher({ db, client, taskQueue: 'none', language: 'sv', log: () => undefined });
  ({ agreement } = await live.sign({ signedOn: today, startsOn: `${addMonths(today, 1).slice(0, 7)}-01` }));
  await eventually('the year is planned', async () => (await db.query('select 1 from plans')).length === 1);
  booked = await update('meetingBooked');
});

afterAll(async () => {
  await dispatcher.stop();
  await live.close();
});

describe('what a running agreement answers', () => {
  it('is its new state, to an update', () => {
    expect(booked.next.find(({ id }) => id === 'meeting-1')).toMatchObject({ booked: true, at: '10:00' });
    expect(booked.undo).toMatchObject({ step: 1, name: 'meetingBooked' });
    expect(booked.hours).toEqual({ contracted: 12_000, rolledIn: 0, used: 0 });
  });

  it('is the same to `status`, which asks for it by a query', async () => {
    const asked = await askOverview(live.client, agreement);
    if (!('overview' in asked)) throw new Error(asked.silent);
    expect(asked.overview).toMatchObject({ agreement, planRevision: 2, next: booked.next });
    const printed = printOverview(asked.overview);
    expect(printed).toMatch(/meeting +meeting-1 +booked \d{4}-\d\d-\d\d 10:00/);
    expect(printed).toMatch(/send +meetingHeld \{"agreement":/);
    expect(printed).toContain('0 of 120 h');
  });

  it('is silence, with the reason, where there is no such agreement', async () => {
    expect(await askOverview(live.client, 'nobody-1')).toMatchObject({
      silent: expect.any(String) as string,
    });
  });
});

describe('another consultant for good', () => {
  const bo = { id: 'konsult-9', name: 'Bo Ek', email: 'bo.ek@pector.example' };

  beforeAll(async () => {
    await eventually('the consultant has the meeting in the calendar', () =>
      subjects('anna.berg@').some((subject) => subject.startsWith('Bokat: förvaltningsmöte 1')),
    );
    const person = { name: bo.name, email: bo.email };
    const asked = { old: 'konsult-1', new: bo.id, person, from: today, today };
    const plan = await planReplacement(live.db, asked);
    await storeReplacement(
      live.db,
      asked,
      plan.agreements.map((one) => one.agreement),
    );
    await eventually('the new consultant has the meeting in the calendar', () =>
      subjects('bo.ek@').some((subject) => subject.includes('förvaltningsmöte 1')),
    );
    await eventually('the old consultant is rid of it', () =>
      subjects('anna.berg@').some((subject) => subject.startsWith('Överlämnat: förvaltningsmöte 1')),
    );
  });

  it('is told to each of the customer’s contacts once', async () => {
    const told = (): string[] =>
      live.mailbox.mails.flatMap(({ subject, to }) =>
        /konsult/i.test(subject ?? '') ? [[to].flat()[0]!.text] : [],
      );
    await eventually('every contact is told', () => told().length === 3);
    expect(new Set(told()).size).toBe(3);
  });

  it('moves the meeting in the customer’s calendar to the new organizer', async () => {
    const invitations = () =>
      live.mailbox.mails.filter(
        ({ to, attachments }) =>
          [to].flat().some((one) => one?.text.includes('karin.ek@')) &&
          attachments.some(({ contentType }) => contentType === 'text/calendar'),
      );
    const calendar = new CalendarClient();
    await eventually('the customer is invited anew', () =>
      invitations().some(({ attachments }) =>
        /bo\.ek@/.test(String(attachments.map(({ content }) => content))),
      ),
    );
    for (const { attachments } of invitations())
      for (const { contentType, content } of attachments)
        if (contentType === 'text/calendar') calendar.receive(content.toString('utf8'));
    expect(calendar.entries().filter(({ uid }) => uid.includes('meeting-1'))).toHaveLength(1);
  });

  it('is found by the new consultant’s id, and not by the old one’s', async () => {
    const found = async (id: string): Promise<string[]> => {
      const ids: string[] = [];
      for await (const { workflowId } of live.client.workflow.list({
        query: `Consultant="${id}" AND WorkflowId="${workflowIdOf(agreement)}"`,
      }))
        ids.push(workflowId);
      return ids;
    };
    await eventually('the search attribute has moved', async () => (await found(bo.id)).length === 1);
    expect(await found('konsult-1')).toEqual([]);
  });
});
