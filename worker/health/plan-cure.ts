/** Finds out what is wrong with a workflow and what would cure it, without changing anything. */
import { inWords, spoken } from '../basics/spoken';
import { expectedFound } from '../../rules/engine/basics/text';
import type { Text } from '../../rules/engine/basics/text';
import { noAgreement } from '../../templates/words/no-agreement';
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { findAgreement } from '../../activities/agreements/agreements';
import type { Cure, Message } from '../../activities/agreements/cures';
import { findOpenCure } from '../../activities/agreements/cures';
import type { Db } from '../../activities/db';
import { listSick, readStanding } from '../../activities/health/health';
import type { Watch } from '../../activities/monitors/places';
import { sickWords } from '../../templates/words/sick-words';
import { heirOf } from '../temporal/deployment';
import type { StartMonitoringOptions } from '../temporal/start-monitoring';
import { messagesSince } from './messages';
import type { Replayed } from './replay';
import { findRefused, lastGoodTask } from './replay';
import type { Described, FinishedTask, HistoryEvent } from './workflows';
import {
  describe,
  endedForItsSize,
  endingOf,
  finishedTasks,
  isFailing,
  readHistory,
  readWorkflowId,
  reasonOfFailing,
  untilAtRest,
} from './workflows';

export interface CureOptions extends StartMonitoringOptions {
  db: Db;
  client: Client;
  /** The code that the workers run. */
  workflowBundle: WorkflowBundleOption;
  /** Gets lines about the progress. */
  log: (line: string) => void;
}

/** What a cure would do. */
export type CurePlan = { workflowId: string; wrong: string } & (
  | { how: 'nothing'; because: string }
  /** Monitoring, a watch, or a reader's clock: started again, as all it needs is in PostgreSQL. */
  | { how: 'restart'; runs: boolean }
  /** An agreement that never started. */
  | { how: 'start' }
  /** An agreement year. Messages that arrive after the plan was made are sent again as well. */
  | { how: 'reset' | 'startAnew'; cure: Cure }
  /** A cure that was interrupted. */
  | { how: 'finish'; cure: Cure }
);

/** Milliseconds that workers have to finish a workflow's pending tasks. */
export const answersWithin = 120_000;

/** Plans the cure of a workflow; changes nothing. @throws if the id names none of our workflows */
export async function planCure(options: CureOptions, workflowId: string): Promise<CurePlan> {
  const { db, client } = options;
  const named = readWorkflowId(workflowId);
  if (!named)
    throw new Error(
      inWords(
        expectedFound(
          {
            sv: 'ett avtalsnummer eller id för ett workflow, som monitoring-testbolaget-2027',
            en: "an agreement's number or the id of a workflow such as monitoring-testbolaget-2027",
          },
          workflowId,
        ),
      ),
    );
  const agreement = 'agreement' in named ? await findAgreement(db, named.agreement) : undefined;
  if ('agreement' in named && !agreement) throw new Error(inWords(noAgreement(named.agreement)));
  if (named.type === 'watching' && !(await isWatched(db, named.watch)))
    throw new Error(inWords(expectedFound(aWatch, workflowId)));
  if (named.type === 'digestClock' && !(await hasReader(db, named.reader)))
    throw new Error(inWords(expectedFound(aClock, workflowId)));
  const open = await findOpenCure(db, workflowId);
  // A message that has just arrived resets the count of attempts: wait until its task succeeds or fails.
  const isLeft = await isLeftBehind(options, workflowId);
  const rest = open || isLeft ? 'fails' : await untilAtRest(client, workflowId, answersWithin);
  const run = await describe(client, workflowId);
  const plan = { workflowId, wrong: await whatIsWrong(options, workflowId, run) };
  const nothing = (because: Text): CurePlan => ({ ...plan, how: 'nothing', because: inWords(because) });

  if (open) return { ...plan, how: 'finish', cure: open };
  if (agreement?.state === 'ended')
    return nothing({ sv: 'avtalet har upphört', en: 'the agreement has ended' });
  if (named.type !== 'agreementYear') {
    const grows = (await listSick(db)).some((one) => one.workflowId === workflowId && one.kind === 'growing');
    return rest === 'rests' && !grows
      ? nothing(doesItsTasks)
      : { ...plan, how: 'restart', runs: run?.running === true };
  }
  if (rest === 'rests') return nothing(doesItsTasks);
  if (rest === 'waits') return nothing(noWorker);
  if (!run) return agreement?.state === 'signed' ? { ...plan, how: 'start' } : nothing(historyGone);

  const events = await readHistory(client, workflowId, run.runId);
  const replayed = { workflowId, events, workflowBundle: options.workflowBundle };
  const task = await lastGoodTask(replayed, await tasksToBeginAt(options, workflowId, run, events));
  const taskEvent = task?.eventId ?? null;
  const cure: Cure = {
    id: `cure-${randomUUID()}`,
    workflowId,
    runId: run.runId,
    taskEvent,
    round: 1,
    newRunId: null,
    ...(await sortMessages(replayed, taskEvent, messagesSince(events, taskEvent ?? 0))),
    sent: 0,
  };
  return { ...plan, how: task ? 'reset' : 'startAnew', cure };
}

const aWatch = {
  sv: 'bevakningen av en plats där något kontrolleras',
  en: 'the watch of a place where something is checked',
};
const aClock = {
  sv: 'klockan för någon som får sammanställningar',
  en: 'the clock of somebody who gets digests',
};
const doesItsTasks = { sv: 'det gör sitt arbete', en: 'it does its tasks' };
const noWorker = {
  sv: 'ingen worker har gjort dess arbete: se till att en körs',
  en: 'no worker has done its tasks: see to it that one runs',
};
const historyGone = {
  sv: 'dess historik är borta, och med den var året står: återställ en säkerhetskopia av databasen',
  en: 'its history is gone, and with it where the year stands: restore a backup of the database',
};

/** Whether its version is gone, and the current one was found not to be able to go on with it. */
async function isLeftBehind(options: CureOptions, workflowId: string): Promise<boolean> {
  const noted = (await listSick(options.db)).some(
    (one) => one.workflowId === workflowId && one.code === 'leftBehind',
  );
  if (!noted) return false;
  return (await heirOf(options, (await describe(options.client, workflowId)) ?? {})) !== undefined;
}

async function isWatched(db: Db, { place, shard }: Watch): Promise<boolean> {
  const { watches } = await readStanding(db, []);
  return watches.some((watch) => watch.place === place && watch.shard === shard);
}

async function hasReader(db: Db, reader: string): Promise<boolean> {
  return (await readStanding(db, [])).readers.includes(reader);
}

/** Divides messages into those that can be sent again and those to leave out, with the reasons. */
export async function sortMessages(
  replayed: Replayed,
  taskEvent: number | null,
  messages: readonly Message[],
): Promise<Pick<Cure, 'messages' | 'dropped'>> {
  const refused = await findRefused(replayed, taskEvent, messages);
  return {
    messages: messages.filter((message) => !refused.has(message)),
    dropped: [...refused].map(([message, because]) => ({ ...message, because })),
  };
}

/** The share of a too large history that is kept at most, so that the year has room to continue in a new run. */
const keptOfTooLarge = 0.8;

/**
 * The tasks that a reset may repeat. Not one that took a message: its effects would be repeated with other random
 * numbers, hence other ids, and not be recognised as the same.
 */
async function tasksToBeginAt(
  { client }: CureOptions,
  workflowId: string,
  run: Described,
  events: readonly HistoryEvent[],
): Promise<FinishedTask[]> {
  const tooLarge = !run.running && endedForItsSize(await endingOf(client, workflowId, run));
  const keeps = tooLarge ? keptOfTooLarge : 1;
  return finishedTasks(events).filter(
    ({ completed, tookMessages, eventId, bytes }) =>
      completed && !tookMessages && eventId <= run.events * keeps && bytes <= run.bytes * keeps,
  );
}

/** What is wrong with a workflow, in the language of the command. */
async function whatIsWrong(
  { db, client }: CureOptions,
  workflowId: string,
  run: Described | undefined,
): Promise<string> {
  if (!run || !run.running || isFailing(run)) return failureOf(client, workflowId);
  const noted = (await listSick(db)).find((each) => each.workflowId === workflowId);
  return noted
    ? sickWords(noted.code, noted.detail)[spoken()]
    : inWords({ sv: 'inget är fel med det', en: 'nothing is wrong with it' });
}

/** Why a workflow does not do its tasks. */
export async function failureOf(client: Client, workflowId: string): Promise<string> {
  const run = await describe(client, workflowId);
  if (!run) return sickWords('unknownRun', '')[spoken()];
  const { code, detail } = run.running
    ? await reasonOfFailing(client, workflowId, run.runId)
    : await endingOf(client, workflowId, run);
  return sickWords(code, detail)[spoken()];
}
