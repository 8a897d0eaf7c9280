/**
 * Plays a year in which people, the mail server and machines behave at random, from a seed, and checks what must hold
 * whatever happened. Problems come back as sentences.
 */
import { compareRun, readKeptStanding } from '../../activities/audit/run-standing';
import type { RunStanding } from '../../activities/audit/run-standing';
import { auditSources } from '../../activities/audit/sources';
import { instantAt } from '../../rules/engine/calendar/calendar';
import type { RunningSimulation, Simulation } from '../../worker/simulation/simulate';
import { startSimulationWorker } from '../../worker/simulation/simulate';
import { bundleOfShortRuns } from './bundle-with';
import { calendarOf, calendarProblems, mailedEntries } from './customer-calendar';
import { exampleContract } from './example';
import { failedTasks } from './histories';
import type { Mailbox } from './mailbox';
import { openMailbox } from './mailbox';
import { play, replayAll } from './play';
import type { Account } from './random-consultant';
import { RandomConsultant } from './random-consultant';
import type { WorkerProcess } from './worker-process';
import { startWorkerProcess } from './worker-process';

/** Random numbers from 0 to 1 by mulberry32: the same seed gives the same year. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function disturb(mailbox: Mailbox, next: () => number): void {
  const fate = next();
  if (fate < 0.15) mailbox.next.push('busy');
  else if (fate < 0.25) mailbox.next.push('cut-before');
  else if (fate < 0.3) mailbox.next.push('cut-after');
}

/** Instants of the year at which somebody does something, in order. */
function madeUpTimes(next: () => number, occasions: number): string[] {
  return Array.from({ length: occasions }, () => {
    const day = new Date(Date.UTC(2027, 0, 1 + Math.floor(next() * 350))).toISOString().slice(0, 10);
    const time = `${String(8 + Math.floor(next() * 9)).padStart(2, '0')}:${String(Math.floor(next() * 60)).padStart(2, '0')}`;
    return instantAt(day, time);
  }).sort();
}

const contract = exampleContract();
/** A customer's contact who is invited to meetings, and whose address always accepts mail. */
const customer = contract.contacts.customer.find(({ roles }) => roles.includes('system-owner'))!.email;

/** The data in PostgreSQL at the year's end. */
interface Kept {
  mails: { id: string; state: string }[];
  meetings: { id: string; state: string; bookedAt: string | null; heldOn: string | null }[];
  /** The reasons of refused messages. */
  refused: string[];
  failed: string[];
  /** What an audit finds. */
  audited: string[];
}

async function keep(running: RunningSimulation): Promise<Kept> {
  const rejected = await running.db.query<{ why: string }>(
    `select ref || ': ' || (detail->>'reason') as why from events where kind = 'rejected' order by at`,
  );
  return {
    mails: await running.db.query('select message_id as id, state from mails'),
    meetings: await running.db.query(
      `select o.id, o.state, m.booked_at as "bookedAt", m.held_on as "heldOn"
         from obligations o left join meetings m using (agreement, year, id)
        where o.year = 1 and o.strand = 'meetings'`,
    ),
    refused: rejected.map(({ why }) => why),
    failed: await failedTasks(running),
    audited: await audited(running),
  };
}

/** Some days after the year's end. */
const asOf = '2028-01-05T12:00:00.000Z';

async function audited({ client, db, workflowId }: RunningSimulation): Promise<string[]> {
  const findings = (await Promise.all(auditSources.map((source) => source(db, asOf)))).flat();
  const run = await client.workflow.getHandle(workflowId).query<RunStanding>('standing');
  const kept = await readKeptStanding(db, contract.agreement, run.year, asOf);
  return [...findings, ...compareRun(contract.agreement, run, kept)].map(
    ({ kind, subject, detail }) => `an audit finds ${kind} ${subject}: ${detail.en}`,
  );
}

/**
 * Plays a year made up from a seed.
 * @param options `kills`: how often the worker is killed in the year; `occasions`: how often somebody does something;
 *   `steps`: after how many each run ends, as if its history had grown too long, by default as usual
 * @returns the problems followed by what was done; empty if there are none
 */
export async function playRandomYear(
  seed: number,
  { kills = 0, occasions = 60, steps }: { kills?: number; occasions?: number; steps?: number } = {},
): Promise<string[]> {
  const next = random(seed);
  const bundle = steps === undefined ? undefined : await bundleOfShortRuns(steps);
  const times = madeUpTimes(next, occasions);
  const mailbox = await openMailbox();
  if (next() < 0.3) mailbox.refuses.add(contract.contacts.customer[0]!.email);
  const killAt = new Set(Array.from({ length: kills }, () => Math.floor(next() * times.length)));
  let worker: WorkerProcess | undefined;
  let account: Account | undefined;
  let kept: Kept | undefined;
  try {
    const played = await play({
      contract,
      digests: true,
      smtpUrl: mailbox.smtpUrl,
      startWorker: async (options) => {
        const given = { ...options, ...(bundle && { bundle }) };
        return kills > 0 ? (worker = await startWorkerProcess(given)) : startSimulationWorker(given);
      },
      onStarted: async (running) => {
        await running.time.untilIdle();
        const consultant = new RandomConsultant(running, contract.agreement, next);
        ({ account } = consultant);
        for (const [index, at] of times.entries()) {
          disturb(mailbox, next);
          const restarted = killAt.has(index) ? worker?.killAndRestart() : undefined;
          await Promise.all([restarted, running.time.advanceTo(at)]);
          await consultant.act();
        }
      },
      onPlayed: async (running) => {
        kept = await keep(running);
        await replayAll(running, bundle);
      },
    });
    const wrong = [
      ...mailProblems(mailbox, kept!.mails, played),
      ...hourProblems(played, account!),
      ...promiseProblems(played, mailbox),
      ...meetingProblems(mailbox, kept!, account!),
      ...kept!.audited,
      ...kept!.failed.map((cause) => `a task failed: ${cause}`),
      ...(kept!.refused.length === account!.refused
        ? []
        : [
            `${kept!.refused.length} messages were refused, expected ${account!.refused}: ${kept!.refused.join('; ')}`,
          ]),
    ];
    return wrong.length === 0 ? [] : [...wrong, ...account!.log];
  } finally {
    await mailbox.close();
  }
}

function mailProblems(mailbox: Mailbox, rows: { id: string; state: string }[], played: Simulation): string[] {
  const arrived = mailbox.mails.map(({ messageId }) => messageId ?? 'a mail without Message-ID');
  const once = new Set(arrived);
  const wrong = rows.flatMap(({ id, state }) => {
    if (state === 'sent' && !once.has(id)) return [`${id} is noted as sent and did not arrive`];
    if (state === 'refused' && once.has(id)) return [`${id} is noted as refused and did arrive`];
    return ['sent', 'refused', 'unknown'].includes(state) ? [] : [`${id} is left ${state}`];
  });
  if (once.size !== arrived.length) wrong.push(`${arrived.length - once.size} mails arrived twice`);
  const ids = new Set(rows.map(({ id }) => id));
  wrong.push(...[...once].filter((id) => !ids.has(id)).map((id) => `${id} arrived and stands in no ledger`));
  if (played.years[0]!.mails.length < 30)
    wrong.push(`only ${played.years[0]!.mails.length} mails in a whole year`);
  return wrong;
}

function hourProblems(played: Simulation, { hours: reported }: Account): string[] {
  const { contracted, rolledIn, used, overage, rolledOut, expired } = played.years[0]!.hours;
  const expected = [...reported.values()].reduce((sum, amount) => sum + amount, 0) / 100;
  const wrong =
    Math.round(used * 100) === Math.round(expected * 100) ? [] : [`${used} h used, expected ${expected}`];
  const left = Math.round((contracted + rolledIn - used + overage - rolledOut - expired) * 100);
  if (left !== 0) wrong.push(`${left / 100} h neither used, rolled over nor expired`);
  if (rolledOut > contracted * 0.2) wrong.push(`${rolledOut} h roll over, more than 20 % of ${contracted}`);
  return wrong;
}

/** Checks that every promised meeting was held, declined, or escalated and reported as missed. */
function promiseProblems(played: Simulation, mailbox: Mailbox): string[] {
  const { timeline, outcome } = played.years[0]!;
  const last = (id: string): string | undefined =>
    timeline.findLast(
      (entry) => entry.kind === 'phase' && entry.id === id && entry.detail.startsWith('state '),
    )?.detail;
  const escalated = (meeting: string): boolean =>
    timeline.some(({ kind, id }) => kind === 'mail' && new RegExp(`^${meeting}/(book-)?escalate`).test(id));
  const summaries = mailbox.mails.filter(({ messageId }) => messageId?.includes('.close.summary'));
  if (summaries.length === 0) return ['nobody was told how the year ended'];
  return [1, 2, 3, 4].flatMap((number) => {
    const meeting = `meeting-${number}`;
    const state = last(meeting);
    if (state === 'state done' || state === 'state declined') return [];
    if (state !== 'state missed')
      return [`${meeting} is neither held, declined nor missed, but ${String(state)}`];
    const told = new RegExp(`Förvaltningsmöte ${number}, planerat .*: INTE LEVERERAT`);
    return [
      ...(escalated(meeting) ? [] : [`${meeting} was missed and not escalated`]),
      ...(summaries.every(({ text }) => told.test(text ?? ''))
        ? []
        : [`${meeting} was missed, and the summary hides it`]),
      ...(outcome === 'unfulfilled' ? [] : [`${meeting} was missed in a year called ${outcome}`]),
    ];
  });
}

/** Checks that the customer's calendar matches the bookings, and that no mail tells of steps undone in time. */
function meetingProblems(mailbox: Mailbox, { meetings }: Kept, { untold, past }: Account): string[] {
  const entries = mailedEntries(mailbox.mails);
  const inCalendar = new Map(calendarOf(entries, customer).map(({ uid, start }) => [uid, start]));
  const wrong = meetings.flatMap(({ id, bookedAt, heldOn, state }) => {
    const uid = `${contract.agreement}-1-${id}@serviceavtal`;
    const found = inCalendar.get(uid);
    inCalendar.delete(uid);
    const heldBefore = heldOn !== null && bookedAt !== null && heldOn < bookedAt.slice(0, 10);
    const expected = bookedAt === null || state === 'declined' ? undefined : bookedAt;
    const left = heldBefore || past.has(`${id} ${String(bookedAt)}`);
    if (found === expected || (left && found === undefined)) return [];
    return [
      `${id}: ${found ?? 'nothing'} in the calendar, expected ${expected ?? 'nothing'} (${state}, held ${heldOn ?? '-'})`,
    ];
  });
  const texts = mailbox.mails.map(({ text = '', html, attachments }) =>
    [text, html, ...attachments.map(({ content }) => content.toString('utf8'))].join('\n'),
  );
  return [
    ...calendarProblems(entries),
    ...wrong,
    ...[...inCalendar.keys()].map((uid) => `${uid} stands in the calendar and nowhere else`),
    ...untold
      .filter((words) => texts.some((text) => text.includes(words)))
      .map((words) => `${words} was told`),
  ];
}
