import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../worker/settings/configuration';
import { audit } from '../auditor/audit';
import type { Agreement, Evidence, Finding, Rows } from '../auditor/evidence';
import { kinds } from '../auditor/evidence';
import { playChaos } from '../helpers/chaos';

const folder = path.join(projectRoot, '.data/test');

let evidence: Evidence;
/**
 * A short one, by a seed in which each of our three parts is killed once, and the ways to both others fall silent. `npm run soak
 * -- --chaos` plays many agreements, in which everything happens that can.
 */
beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  evidence = await playChaos({ seed: 32446, agreements: 2, years: 1, faults: 5, share: 0.5, folder });
}, 600_000);

it('a year in which each part is killed, and the ways between them fall silent, leaves nothing doubled, lost or stuck', () => {
  expect(audit(evidence)).toEqual([]);
});

/** The first of a list that is like that. @throws if there is none: then the fault cannot be planted */
function one<T>(
  list: readonly T[],
  like: (item: T, index: number, all: readonly T[]) => boolean = () => true,
): T {
  const found = list.find(like);
  if (found === undefined) throw new Error('expected something to plant a fault in, found nothing');
  return found;
}

const without = <T>(list: T[], item: T): void => void list.splice(list.indexOf(item), 1);

/** An agreement that has what a fault needs. */
const having = ({ agreements }: Evidence, like: (rows: Rows) => boolean): Agreement =>
  one(agreements, ({ rows }) => like(rows));

type Mail = Evidence['mails'][number];
type Plant = (evidence: Evidence, first: Agreement) => void;
const planted: [fault: string, kind: Finding['kind'], plant: Plant][] = [
  ['a mail comes twice', 'mail-twice', ({ mails }) => void mails.push(one(mails))],
  [
    'a mail comes again under another name',
    'mail-twice',
    ({ mails }, { rows }) => {
      const row = one(rows.mails, ({ step }) => step === 'welcome');
      const mail = one(mails, ({ messageId }) => messageId === row.messageId);
      rows.mails.push({ ...row, messageId: '<again@serviceavtal.example>' });
      mails.push({ ...mail, messageId: '<again@serviceavtal.example>' });
    },
  ],
  [
    'a mail was never made',
    'mail-owed',
    ({ mails }, { rows }) => {
      const row = one(rows.mails, ({ step }) => step === 'welcome');
      without(rows.mails, row);
      without(
        mails,
        one(mails, ({ messageId }) => messageId === row.messageId),
      );
    },
  ],
  [
    'a mail of unknown fate is noted as sent',
    'mail-never-came',
    ({ mails }, { rows }) => {
      const row = one(rows.mails, ({ step, state }) => step === 'call' && state === 'sent');
      without(
        mails,
        one(mails, ({ messageId }) => messageId === row.messageId),
      );
    },
  ],
  [
    'a mail that came is noted as refused',
    'mail-came-all-the-same',
    (_, { rows }) => {
      Object.assign(
        one(rows.mails, ({ state }) => state === 'sent'),
        { state: 'refused', error: 'no such user' },
      );
    },
  ],
  [
    'a mail came that stands nowhere',
    'mail-came-all-the-same',
    ({ mails }) => void mails.push({ ...one(mails), messageId: '<x@y>', text: 'new' }),
  ],
  [
    'a customer is told what our own people are told of what is not well',
    'mail-to-stranger',
    ({ mails, ownMails, agreements }, { rows }) => {
      const messageId = '<workflows@serviceavtal.example>';
      ownMails.push({ ...one(rows.mails), messageId, state: 'sent' });
      mails.push({
        ...one(mails),
        messageId,
        to: agreements[1]!.contract.contacts.customer[0]!.email,
        text: 'sick',
      });
    },
  ],
  ['a mail waits for ever', 'mail-left', (_, { rows }) => void (one(rows.mails).state = 'queued')],
  [
    'a mail is withdrawn without a reason',
    'mail-without-reason',
    (_, { rows }) => void Object.assign(one(rows.mails), { state: 'unknown', error: null }),
  ],
  [
    'a mail goes to another customer',
    'mail-to-stranger',
    ({ mails, agreements }, { rows }) => {
      const isOurs = ({ messageId }: Mail): boolean => rows.mails.some((row) => row.messageId === messageId);
      one(mails, isOurs).to = agreements[1]!.contract.contacts.customer[0]!.email;
    },
  ],
  [
    'a mail names another customer',
    'mail-to-stranger',
    ({ mails, agreements }) => {
      const [row] = agreements[0]!.rows.mails;
      one(mails, ({ messageId }) => messageId === row?.messageId).words +=
        agreements[1]!.contract.customer.name;
    },
  ],
  [
    'an hour is booked twice',
    'hour-twice',
    (_, { rows }) => void rows.entries.push({ ...one(rows.entries, isReported), id: 'again' }),
  ],
  ['an hour is lost', 'hour-lost', (_, { rows }) => without(rows.entries, one(rows.entries, isReported))],
  [
    'too little rolls over',
    'hours-wrong',
    (_, { rows }) => {
      const { detail } = one(rows.events, ({ ref }) => ref === 'year-closed');
      Object.assign(detail, { rolledOut: Number(detail.rolledOut) - 100 });
    },
  ],
  ['a posting is changed', 'postings-wrong', (_, { rows }) => void (one(rows.postings).minor += 1)],
  [
    'an obligation is forgotten',
    'obligation-open',
    (_, { rows }) =>
      void (one(rows.obligations, ({ id, year }) => year === 1 && id === 'close').state = 'open'),
  ],
  [
    'an obligation is due, and nobody is told',
    'obligation-open',
    (_, { rows }) => {
      const meeting = one(rows.obligations, ({ id, year }) => year === 2 && id === 'meeting-2');
      meeting.dueAt = '2020-01-01T00:00:00.000Z';
    },
  ],
  [
    'an obligation was never planned',
    'obligation-absent',
    (_, { rows }) =>
      without(
        rows.obligations,
        one(rows.obligations, ({ id, year }) => year === 1 && id === 'hours/statement-1'),
      ),
  ],
  [
    'a meeting that was held counts as declined',
    'obligation-wrong',
    (all) => {
      const isHeld = ({ id, year, state }: Rows['obligations'][number]): boolean =>
        year === 1 && /^meeting-\d$/.test(id) && state === 'done';
      const { rows } = having(all, ({ obligations }) => obligations.some(isHeld));
      one(rows.obligations, isHeld).state = 'declined';
    },
  ],
  [
    'what was missed is kept from the customer',
    'missed-not-told',
    ({ mails }) => {
      const summary = one(mails, ({ text }) => text.includes('INTE LEVERERAT'));
      summary.text = summary.text.replace('INTE LEVERERAT', 'levererat');
    },
  ],
  [
    'a message was taken and is in no history',
    'message-lost',
    (_, { runs }) => {
      const events = runs.flatMap((run) => run.events);
      one(events, ({ name }) => name === 'noteAdded' || name === 'improvementAdded').type = 'MARKER_RECORDED';
    },
  ],
  [
    'a message was taken and is in no journal',
    'message-lost',
    (_, { rows }) =>
      without(
        rows.events,
        one(rows.events, ({ kind, ref }) => kind === 'signal' && /Added$/.test(ref)),
      ),
  ],
  ['a run is terminated', 'workflow-ended', (_, { runs }) => void (runs.at(-1)!.status = 'TERMINATED')],
  [
    'a run waits for nothing',
    'workflow-stuck',
    (_, { runs }) => {
      for (const event of runs.at(-1)!.events)
        if (event.type === 'TIMER_STARTED') event.type = 'MARKER_RECORDED';
    },
  ],
  [
    'an event of a history is gone',
    'history-gap',
    (_, { runs }) => {
      const { events } = runs[0]!;
      without(
        events,
        one(events, ({ type }) => type === 'WORKFLOW_TASK_STARTED'),
      );
    },
  ],
  [
    'a run in between is gone',
    'history-gap',
    (_, { runs }) => void (runs[0]!.events.at(-1)!.next = 'another'),
  ],
  [
    'a task fails',
    'task-failed',
    (_, { runs }) => {
      const [run] = runs;
      Object.assign(
        one(run!.events, ({ type }) => type === 'WORKFLOW_TASK_COMPLETED'),
        {
          type: 'WORKFLOW_TASK_FAILED',
          cause: 'WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR',
        },
      );
    },
  ],
];

type Entry = Rows['entries'][number];
/** An entry that somebody reported, and that was neither corrected nor taken back. */
const isReported = ({ action, ref, id }: Entry, _: number, all: readonly Entry[]): boolean =>
  action === 'use' && ref !== null && !ref.startsWith('meeting-') && all.every(({ target }) => target !== id);

describe('the auditor', () => {
  it.each(planted)('%s: finds that, as %s, and nothing else', (_, kind, plant) => {
    const disturbed = structuredClone(evidence);
    plant(disturbed, disturbed.agreements[0]!);
    expect([...new Set(audit(disturbed).map((found) => found.kind))]).toEqual([kind]);
  });

  it('has a fault planted for each thing that it promises to see', () => {
    expect([...new Set(planted.map(([, kind]) => kind))].sort()).toEqual([...kinds].sort());
  });
});
