/** An update is answered with what came of it, also while PostgreSQL does not answer. */
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays, addMonths } from '../../rules/engine/calendar/dates';
import type { Overview } from '../../templates/ui/overview';
import type { MessageName } from '../../workflows/messages/messages';
import { workflowIdOf } from '../../worker/temporal/start-agreement';
import { eventually } from '../activities/signed-agreement';
import type { LiveAgreements } from '../helpers/live-agreements';
import { startLiveAgreements } from '../helpers/live-agreements';
import { replayHistory } from '../helpers/play';
import type { Proxy } from '../worker/proxy';
import { openProxy } from '../worker/proxy';

const today = localDateOf(new Date().toISOString());
/** An agreement in the first month of its year. */
const begun = { signedOn: addMonths(today, -1), startsOn: `${today.slice(0, 7)}-01` };
/** A Tuesday or so in some weeks. */
const nextMonth = addDays(today, 30);
const notKnownYet = 'inte känt än, se sidan; att skicka samma sak igen är ofarligt';

let live: LiveAgreements;
let postgres: Proxy;

const update = (agreement: string, name: MessageName, input: object): Promise<Overview> =>
  live.client.workflow
    .getHandle(workflowIdOf(agreement))
    .executeUpdate<Overview, [object]>(name, { args: [input] });

/** Why an update fails; `taken` if it does not. */
const answerOf = (agreement: string, name: MessageName, input: object): Promise<string> =>
  update(agreement, name, input).then(
    () => 'taken',
    (error: unknown) => {
      if (error instanceof WorkflowUpdateFailedError) return error.cause?.message ?? '';
      throw error;
    },
  );

/** What the page tells of a message among what happened last, the newest first. */
const told = async (agreement: string, name: MessageName): Promise<string[]> => {
  const handle = live.client.workflow.getHandle(workflowIdOf(agreement));
  const { last } = await handle.query<Overview>('overview');
  return last.map(({ text }) => text).filter((text) => text.startsWith(name));
};

const count = async (from: string, agreement: string): Promise<number> =>
  (
    await live.db.query<{ count: number }>(`select count(*)::int as count from ${from} and agreement = $1`, [
      agreement,
    ])
  )[0]!.count;

async function signed(): Promise<string> {
  const { agreement } = await live.sign(begun);
  // The plan lies in PostgreSQL a moment before the workflow knows it.
  const handle = live.client.workflow.getHandle(workflowIdOf(agreement));
  await eventually(
    `${agreement} is planned`,
    async () => (await handle.query<Overview>('overview')).next.length > 0,
  );
  return agreement;
}

beforeAll(async () => {
  live = await startLiveAgreements({}, undefined, async (databaseUrl) => {
    const url = new URL(databaseUrl);
    postgres = await openProxy(url.host);
    url.port = String(postgres.port);
    return url.href;
  });
});

afterAll(async () => {
  await live.close();
  await postgres.goDown();
});

/** Each message that is answered so: what it is sent as, and what has to be sent before. */
const sent: [name: MessageName, input: object, before?: [MessageName, object]][] = [
  // Beside what the same consultant has booked in the other agreements.
  ['meetingBooked', { at: '07:30' }],
  ['meetingHeld', { meeting: 1, minutes: 60, actions: ['a'] }],
  ['meetingCancelled', {}, ['meetingBooked', {}]],
  ['meetingDeclined', {}],
  ['extraMeetingRequested', {}],
  ['actionDone', {}, ['meetingHeld', { meeting: 1, actions: ['a'] }]],
  ['noteAdded', { text: 'Två nya på ekonomi' }],
  ['improvementAdded', { title: 'Fakturor med e-post' }],
  ['improvementDecided', { decision: 'yes' }, ['improvementAdded', { title: 'a' }]],
  ['startStepCompleted', {}],
  ['monitoringPaused', { until: nextMonth }],
  ['priceApproved', { pricePerHour: 1490 }],
  ['agreementTerminated', { on: nextMonth }],
  ['stepUndone', {}, ['noteAdded', { text: 'a' }]],
  ['failuresRetried', {}],
  ['attentionCleared', { code: 'upgrade-failed' }, ['upgradePhaseFailed', {}]],
  ['contractChanged', { change: 1 }],
  ['termsChanged', { ruleset: 'a' }],
];

describe('while PostgreSQL is stopped', () => {
  const agreements = new Map<MessageName, string>();

  beforeAll(async () => {
    for (const [name, , before] of sent) {
      const agreement = await signed();
      agreements.set(name, agreement);
      if (before) await update(agreement, ...before);
    }
    await postgres.goDown();
  });

  it('an update says that what came of it is not known yet, and not that it is done', async () => {
    const answers = await Promise.all(
      sent.map(async ([name, input]) => [name, await answerOf(agreements.get(name)!, name, input)]),
    );
    expect(answers).toEqual(sent.map(([name]) => [name, notKnownYet]));
  });

  it('an update that the state alone can refuse is refused at once', async () => {
    const agreement = agreements.get('noteAdded')!;
    expect(await answerOf(agreement, 'meetingHeld', { meeting: 9 })).toMatch(/^meeting: förväntade ett av/);
    expect(await answerOf(agreement, 'noteAdded', {})).toMatch(/^text: förväntade/);
  });

  it('what was sent is carried out when PostgreSQL answers, once, and the same sent again is answered', async () => {
    await postgres.comeBack();
    const last = await Promise.all(
      sent.map(async ([name, input]) => {
        const agreement = agreements.get(name)!;
        for (let tries = 1; ; tries++) {
          const answer = await answerOf(agreement, name, input);
          if (answer !== notKnownYet || tries === 6) return [name, answer];
        }
      }),
    );
    expect(last).toEqual(sent.map(([name]) => [name, 'taken']));
    for (const [name] of sent) {
      const events = await count(`events where kind = 'signal' and ref = '${name}'`, agreements.get(name)!);
      expect([name, events]).toEqual([name, 1]);
    }
    expect(await count('notes where not withdrawn', agreements.get('noteAdded')!)).toBe(1);
    expect(await count('approved_prices where true', agreements.get('priceApproved')!)).toBe(1);
  });

  it('the same is another message again once the first was answered', async () => {
    const agreement = agreements.get('noteAdded')!;
    expect(await answerOf(agreement, 'noteAdded', { text: 'Två nya på ekonomi' })).toBe('taken');
    expect(await count('notes where not withdrawn', agreement)).toBe(2);
  });

  it('leaves histories that replay', async () => {
    for (const name of ['noteAdded', 'priceApproved', 'meetingBooked'] as const) {
      const id = workflowIdOf(agreements.get(name)!);
      await replayHistory(await live.client.workflow.getHandle(id).fetchHistory(), id);
    }
  });
});

describe('what PostgreSQL refuses for good', () => {
  /** Does something while a table is not there. */
  async function without(table: string, work: () => Promise<void>): Promise<void> {
    await live.db.query(`alter table ${table} rename to ${table}_away`);
    try {
      await work();
    } finally {
      await live.db.query(`alter table ${table}_away rename to ${table}`);
    }
  }

  it('fails the update of a price that cannot be kept, and the same is taken when that is mended', async () => {
    const agreement = await signed();
    await without('approved_prices', async () =>
      expect(await answerOf(agreement, 'priceApproved', { pricePerHour: 1490 })).toMatch(
        /approved_prices.*skicka det igen när orsaken är åtgärdad/,
      ),
    );
    expect(await told(agreement, 'priceApproved')).toEqual(['priceApproved: avvisad']);
    expect(await answerOf(agreement, 'priceApproved', { pricePerHour: 1490 })).toBe('taken');
    expect(await told(agreement, 'priceApproved')).toHaveLength(2);
    expect(await count('approved_prices where true', agreement)).toBe(1);
  });

  it('does not tell hours as taken that were refused after all', async () => {
    const agreement = await signed();
    expect(await answerOf(agreement, 'hoursUsed', { hours: 2, ref: 'a' })).toBe('taken');
    const before = await told(agreement, 'hoursUsed');
    expect(before).toEqual([expect.stringMatching(/^hoursUsed: .*2/)]);
    expect(await answerOf(agreement, 'hoursUsed', { hours: 3, ref: 'a' })).not.toBe('taken');
    expect(await answerOf(agreement, 'hoursCorrected', { ref: 'b', hours: 1 })).not.toBe('taken');
    expect(await told(agreement, 'hoursUsed')).toEqual(before);
    expect(await told(agreement, 'hoursCorrected')).toEqual([]);
  });

  it('fails the update of a note that cannot be stored, and a retry stores it', async () => {
    const agreement = await signed();
    await without('notes', async () => {
      expect(await answerOf(agreement, 'noteAdded', { text: 'a' })).toMatch(
        /^togs emot, men kunde inte genomföras helt: .*notes.*skicka failuresRetried/,
      );
      expect(await answerOf(agreement, 'failuresRetried', {})).toMatch(/^togs emot, men kunde inte/);
    });
    expect(await answerOf(agreement, 'failuresRetried', {})).toBe('taken');
    expect(await count('notes where true', agreement)).toBe(1);
  });

  it('fails the update of a booking by which the year cannot be planned', async () => {
    const agreement = await signed();
    await without('publications', async () =>
      expect(await answerOf(agreement, 'meetingBooked', {})).toMatch(
        /^togs emot, men kunde inte genomföras helt: .*publications/,
      ),
    );
    expect(await answerOf(agreement, 'failuresRetried', {})).toBe('taken');
    const { next } = await update(agreement, 'noteAdded', { text: 'a' });
    expect(next.find(({ id }) => id === 'meeting-1')).toMatchObject({ booked: true });
  });
});
