/**
 * A year in which people, mail server and machines behave as they happen to, by a seed; and what must hold of it
 * whatever happened. What is wrong comes back as sentences.
 */
import type { ScenarioStep } from '../../worker/scenario';
import type { Scenario } from '../../worker/scenario';
import { scripted } from '../../worker/scenario';
import type { Simulation } from '../../worker/simulate';
import { exampleContract } from './example';
import type { Mailbox } from './mailbox';
import { openMailbox } from './mailbox';
import { play, replayAll } from './play';
import type { WorkerProcess } from './worker-process';
import { startWorkerProcess } from './worker-process';

/** Small, well-known generator (mulberry32): the same seed gives the same year. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const garbage: unknown[] = [
  [],
  'text',
  { meeting: {} },
  { x: '\u0000' },
  { hours: -1 },
  { agreement: 'other' },
  7,
];

interface MadeUp {
  steps: ScenarioStep[];
  /** Hundredths of an hour by reference: what the ledger has to hold. */
  hours: Map<string, number>;
}

function madeUpYear(next: () => number): MadeUp {
  const day = (): string =>
    new Date(Date.UTC(2027, 0, 4 + Math.floor(next() * 355))).toISOString().slice(0, 10);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!;
  const hours = new Map<string, number>();
  const steps: ScenarioStep[] = [];
  const signal = (on: string, name: string, input: unknown): number =>
    steps.push({ on, signal: name, input: input as Record<string, unknown> });
  for (const meeting of [1, 2, 3, 4]) if (next() < 0.7) signal(day(), 'meetingHeld', { meeting });
  for (const phase of ['precheck', 'integrations', 'technical', 'test', 'approval'])
    if (next() < 0.8) signal(day(), 'upgradePhaseCompleted', next() < 0.5 ? { phase } : {});
  for (const step of ['kickoff', 'consultant', 'monitoring'])
    if (next() < 0.7) signal(day(), 'startStepCompleted', { step });
  for (let entry = 0; entry < 12; entry += 1) {
    const ref = `ref-${Math.floor(next() * 9)}`;
    const amount = hours.get(ref) ?? 1 + Math.floor(next() * 2_500);
    hours.set(ref, amount);
    signal(day(), 'hoursUsed', { hours: amount / 100, ref, by: pick(['anna', 'erik']) });
  }
  for (let litter = 0; litter < 6; litter += 1)
    signal(day(), pick(['meetingHeld', 'hoursUsed', 'noSuchSignal', 'startStepCompleted']), pick(garbage));
  return { steps, hours };
}

function disturb(mailbox: Mailbox, next: () => number): void {
  const fate = next();
  if (fate < 0.15) mailbox.next.push('busy');
  else if (fate < 0.25) mailbox.next.push('cut-before');
  else if (fate < 0.3) mailbox.next.push('cut-after');
}

/**
 * Plays a year made up from a seed.
 * @param kills how often the worker is killed on the way
 * @returns what does not hold; empty when all is well
 */
export async function playRandomYear(seed: number, kills: number): Promise<string[]> {
  const next = random(seed);
  const { steps, hours } = madeUpYear(next);
  const mailbox = await openMailbox();
  const contract = exampleContract();
  if (next() < 0.3) mailbox.refuses.add(contract.contacts.customer[0]!.email);
  const killAt = new Set(Array.from({ length: kills }, () => 1 + Math.floor(next() * steps.length)));
  let worker: WorkerProcess | undefined;
  const restarts: Promise<void>[] = [];
  const disturbed = (inner: Scenario): Scenario => {
    let step = 0;
    return async (year, to) => {
      step += 1;
      disturb(mailbox, next);
      if (worker && killAt.has(step)) restarts.push(worker.killAndRestart());
      return inner(year, to);
    };
  };
  let rows: { id: string; state: string }[] = [];
  try {
    const played = await play({
      contract,
      smtpUrl: mailbox.smtpUrl,
      scenario: () => disturbed(scripted(steps)),
      ...(kills > 0 ? { startWorker: async (options) => (worker = await startWorkerProcess(options)) } : {}),
      onPlayed: async (running) => {
        await Promise.all(restarts);
        rows = await running.db.query('select message_id as id, state from mails');
        await replayAll(running);
      },
    });
    return [
      ...mailProblems(mailbox, rows, played),
      ...hourProblems(played, hours),
      ...promiseProblems(played),
    ];
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

function hourProblems(played: Simulation, hours: Map<string, number>): string[] {
  const { contracted, rolledIn, used, overage, rolledOut, expired } = played.years[0]!.hours;
  const expected = [...hours.values()].reduce((sum, amount) => sum + amount, 0) / 100;
  const wrong =
    Math.round(used * 100) === Math.round(expected * 100) ? [] : [`${used} h used, expected ${expected}`];
  const left = Math.round((contracted + rolledIn - used + overage - rolledOut - expired) * 100);
  if (left !== 0) wrong.push(`${left / 100} h neither used, rolled over nor expired`);
  if (rolledOut > contracted * 0.2) wrong.push(`${rolledOut} h roll over, more than 20 % of ${contracted}`);
  return wrong;
}

/** Every meeting promised is held, or escalated and reported as missed. */
function promiseProblems(played: Simulation): string[] {
  const { timeline, outcome } = played.years[0]!;
  const has = (kind: string, id: string, detail: string): boolean =>
    timeline.some((entry) => entry.kind === kind && entry.id === id && entry.detail.includes(detail));
  return ['meeting-1', 'meeting-2', 'meeting-3', 'meeting-4'].flatMap((meeting) => {
    if (has('phase', meeting, 'state done')) return [];
    if (!has('phase', meeting, 'state missed')) return [`${meeting} is neither held nor missed`];
    if (!has('mail', `${meeting}/escalate`, '')) return [`${meeting} was missed and not escalated`];
    return outcome === 'unfulfilled' ? [] : [`${meeting} was missed in a year called ${outcome}`];
  });
}
