/**
 * Cures a workflow that is not well: brings it back to the last task that today's code can do, and sends it again what
 * was sent since, without what it cannot take. Everything is written down before it is done: a cure that was cut short is
 * finished by asking for it again.
 */
import { randomUUID } from 'node:crypto';
import { temporal } from '@temporalio/proto';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { findAgreement } from '../../activities/agreements';
import type { Cure, Resent, StoredPayload } from '../../activities/cures';
import { beginCure, endCure, findOpenCure, saveCure } from '../../activities/cures';
import { listSick, recordHealed } from '../../activities/health';
import { sickWords } from '../../templates/sick-words';
import { startAgreement } from '../start-agreement';
import type { BringBackOptions } from './bring-back';
import { reset, startMonitoringAgain } from './bring-back';
import { lastGoodTask } from './replay';
import type { Described } from './workflows';
import {
  describe,
  endingOf,
  finishedTasks,
  isFailing,
  readHistory,
  readWorkflowId,
  reasonOfFailing,
  untilAtRest,
} from './workflows';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
type Payload = temporal.api.common.v1.IPayload;
const { WorkflowIdReusePolicy, WorkflowIdConflictPolicy } = temporal.api.enums.v1;

export interface CureOptions extends BringBackOptions {
  /** The code that the workers run. */
  workflowBundle: WorkflowBundleOption;
  /** Hears what is done. */
  log: (line: string) => void;
}

/** What would be done. */
export type CurePlan = { workflowId: string; wrong: string } & (
  | { how: 'nothing'; because: string }
  /** Monitoring, or a watch: it finds all it needs in PostgreSQL. */
  | { how: 'restart' }
  /** An agreement that never started. */
  | { how: 'start' }
  /** An agreement year; `again`: a cure that was cut short is finished. */
  | { how: 'reset' | 'startAnew'; cure: Cure; again: boolean; clockOffset: number }
);

export interface CureOutcome {
  cured: boolean;
  /** What was sent again, and what was left out, with the reason. */
  sent: number;
  dropped: Resent[];
  /** Why it is not cured. */
  because?: string;
}

/** Finds out what is wrong and what would mend it; changes nothing. */
export async function planCure(options: CureOptions, workflowId: string): Promise<CurePlan> {
  const { db, client } = options;
  const named = readWorkflowId(workflowId);
  if (!named)
    throw new Error(`expected an agreement's number or the id of its workflow, found ${workflowId}`);
  const run = await describe(client, workflowId);
  const wrong = await whatIsWrong(options, workflowId, run);
  if (named.type !== 'agreementYear') return { workflowId, wrong, how: 'restart' };

  const agreement = await findAgreement(db, named.agreement);
  if (!agreement) throw new Error(`expected a signed agreement, found none with number ${named.agreement}`);
  const open = await findOpenCure(db, workflowId);
  if (open) {
    const how = open.taskEvent === null ? 'startAnew' : 'reset';
    return { workflowId, wrong, how, cure: open, again: true, clockOffset: 0 };
  }
  if (!run)
    return agreement.state === 'signed'
      ? { workflowId, wrong, how: 'start' }
      : {
          workflowId,
          wrong,
          how: 'nothing',
          because: 'Temporal has removed its history, and with it where the year stands: restore a backup',
        };
  if (agreement.state === 'ended')
    return { workflowId, wrong, how: 'nothing', because: 'the agreement has ended' };
  if (run.running && !isFailing(run))
    return { workflowId, wrong, how: 'nothing', because: 'it runs, and its last task was done' };

  const events = await readHistory(client, workflowId, run.runId);
  const tasks = finishedTasks(events).filter(({ tookMessages }) => !tookMessages);
  const task = await lastGoodTask(events, tasks, workflowId, options.workflowBundle);
  const cure: Cure = {
    id: `cure-${randomUUID()}`,
    workflowId,
    runId: run.runId,
    taskEvent: task?.eventId ?? null,
    messages: messagesSince(events, task?.eventId ?? 0),
    attempt: 1,
    newRunId: null,
  };
  const how = task ? 'reset' : 'startAnew';
  return { workflowId, wrong, how, cure, again: false, clockOffset: clockOffsetOf(events) };
}

/** In English, for whoever asked. */
async function whatIsWrong(
  { db, client }: CureOptions,
  workflowId: string,
  run: Described | undefined,
): Promise<string> {
  if (!run) return sickWords('unknownRun', '').en;
  if (!run.running) {
    const { code, detail } = await endingOf(client, workflowId, run);
    return sickWords(code, detail).en;
  }
  if (isFailing(run)) {
    const { code, detail } = await reasonOfFailing(client, workflowId, run.runId);
    return sickWords(code, detail).en;
  }
  const noted = (await listSick(db)).find((each) => each.workflowId === workflowId);
  return noted ? sickWords(noted.code, noted.detail).en : 'nothing that the look at Temporal has found';
}

/** Milliseconds between Temporal's clock and the year's, as the run's input says. */
function clockOffsetOf(events: readonly HistoryEvent[]): number {
  const [payload] = events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  try {
    const input = JSON.parse(Buffer.from(payload?.data ?? []).toString('utf8')) as { clockOffset?: unknown };
    return typeof input.clockOffset === 'number' ? input.clockOffset : 0;
  } catch {
    return 0;
  }
}

/** Names that Temporal keeps for itself: what nobody meant to send, and what its SDK fails at. */
const reserved = /^__temporal_/;

/** What people and the dispatcher sent after an event, in order. */
function messagesSince(events: readonly HistoryEvent[], since: number): Resent[] {
  return events
    .filter(({ eventId }) => Number(eventId) > since)
    .flatMap((event): Resent[] => {
      const signal = event.workflowExecutionSignaledEventAttributes;
      const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
      const name = signal?.signalName ?? update?.name;
      if (typeof name !== 'string') return [];
      const payloads = signal ? signal.input?.payloads : update?.args?.payloads;
      const message: Resent = {
        eventId: Number(event.eventId),
        at: new Date(Number(event.eventTime?.seconds ?? 0) * 1_000).toISOString(),
        name,
        kind: signal ? 'signal' : 'update',
        input: (payloads ?? []).map(storedPayload),
        state: 'waiting',
      };
      return [
        reserved.test(name)
          ? { ...message, state: 'dropped', because: 'its name is reserved by Temporal' }
          : message,
      ];
    });
}

const storedPayload = ({ metadata, data }: Payload): StoredPayload => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  ),
  data: Buffer.from(data ?? []).toString('base64'),
});

const payloadOf = ({ metadata, data }: StoredPayload): Payload => ({
  metadata: Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [key, Buffer.from(value, 'base64')]),
  ),
  data: Buffer.from(data, 'base64'),
});

/** Milliseconds within which a worker has to have done what there is to do. */
const answersWithin = 120_000;

/**
 * Does what was planned, and waits until the workflow does its tasks.
 * @throws what keeps it from being done; asked for again, it goes on from there
 */
export async function carryOutCure(options: CureOptions, plan: CurePlan): Promise<CureOutcome> {
  const { db, client } = options;
  const { workflowId } = plan;
  if (plan.how === 'nothing') return { cured: false, sent: 0, dropped: [], because: plan.because };
  if (plan.how === 'reset' || plan.how === 'startAnew') {
    const named = readWorkflowId(workflowId);
    const agreement = named && 'agreement' in named ? named.agreement : '';
    const cure = plan.again ? plan.cure : await beginCure(db, plan.cure, agreement, plan.clockOffset);
    return cureYear(options, cure);
  }
  if (plan.how === 'start') await startNow(options, workflowId);
  else await restart(options, workflowId);
  if ((await untilAtRest(client, workflowId, answersWithin)) === 'fails')
    return { cured: false, sent: 0, dropped: [], because: await failureOf(options, workflowId) };
  await noteHealed(options, workflowId);
  return { cured: true, sent: 0, dropped: [] };
}

async function startNow(options: CureOptions, workflowId: string): Promise<void> {
  const named = readWorkflowId(workflowId);
  const agreement =
    named && 'agreement' in named ? await findAgreement(options.db, named.agreement) : undefined;
  if (agreement) await startAgreement(options.client, agreement.contract, options);
}

async function restart(options: CureOptions, workflowId: string): Promise<void> {
  const run = await describe(options.client, workflowId);
  if (run?.running)
    await options.client.workflow.getHandle(workflowId, run.runId).terminate('cured: it is started again');
  if (!(await startMonitoringAgain(options, workflowId)))
    throw new Error(`expected a signed agreement, found none for ${workflowId}`);
}

async function failureOf({ client }: CureOptions, workflowId: string): Promise<string> {
  const run = await describe(client, workflowId);
  if (!run) return 'it is gone';
  const { code, detail } = run.running
    ? await reasonOfFailing(client, workflowId, run.runId)
    : await endingOf(client, workflowId, run);
  return sickWords(code, detail).en;
}

async function noteHealed({ db }: CureOptions, workflowId: string): Promise<void> {
  for (const kind of ['failing', 'ended', 'missing'] as const) await recordHealed(db, { workflowId, kind });
}

/** Runs that are begun at most beyond one for each message. */
const mostRestarts = 20;

async function cureYear(options: CureOptions, cure: Cure): Promise<CureOutcome> {
  const { db, log } = options;
  const done = (): CureOutcome => ({
    cured: true,
    sent: cure.messages.filter(({ state }) => state === 'sent').length,
    dropped: cure.messages.filter(({ state }) => state === 'dropped'),
  });
  for (;;) {
    if (cure.newRunId === null) {
      cure.newRunId = await beginRun(options, cure);
      await saveCure(db, cure);
    }
    const outcome = await sendAgain(options, cure);
    if (outcome === 'good') break;
    // The worker may not run the code that was replayed: then an earlier task is tried, and at last the very beginning.
    if (outcome === 'bad-from-the-start') {
      if (cure.taskEvent === null)
        return {
          ...done(),
          cured: false,
          because: await failureOf(options, cure.workflowId),
        };
      await chooseEarlier(options, cure);
      log('it fails there as well; it is begun again earlier');
    }
    if (cure.attempt > cure.messages.length + mostRestarts)
      throw new Error(
        `it is not well after ${cure.attempt} tries: ${await failureOf(options, cure.workflowId)}`,
      );
    cure.attempt += 1;
    cure.newRunId = null;
    for (const message of cure.messages) if (message.state === 'sent') message.state = 'waiting';
    await saveCure(db, cure);
  }
  await endCure(db, cure);
  await noteHealed(options, cure.workflowId);
  return done();
}

/** Half as far into the history, or its very beginning. What lies between is sent again as well. */
async function chooseEarlier({ client }: CureOptions, cure: Cure): Promise<void> {
  const events = await readHistory(client, cure.workflowId, cure.runId);
  const tasks = finishedTasks(events).filter(
    ({ eventId, tookMessages }) => !tookMessages && eventId < (cure.taskEvent ?? 0),
  );
  cure.taskEvent = tasks[Math.floor(tasks.length / 2) - 1]?.eventId ?? null;
  const known = new Set(cure.messages.map(({ eventId }) => eventId));
  const more = messagesSince(events, cure.taskEvent ?? 0).filter(({ eventId }) => !known.has(eventId));
  cure.messages = [...more, ...cure.messages];
}

/** The run that goes on instead; asked for twice, there is one. */
async function beginRun({ client }: CureOptions, cure: Cure): Promise<string> {
  const { workflowId, runId, taskEvent } = cure;
  const requestId = `${cure.id}-${cure.attempt}`;
  if (taskEvent !== null)
    return reset(client, {
      workflowId,
      runId,
      eventId: taskEvent,
      requestId,
      reason: 'cured',
      withoutMessages: true,
    });
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const [first] = history?.events ?? [];
  const started = first?.workflowExecutionStartedEventAttributes;
  if (!first || !started) throw new Error(`expected the beginning of ${workflowId} ${runId}, found none`);
  const ours = Object.entries(started.searchAttributes?.indexedFields ?? {}).filter(
    ([name]) => !/^(Temporal|BuildIds)/.test(name),
  );
  const answer = await client.workflowService.startWorkflowExecution({
    namespace: client.options.namespace,
    workflowId,
    workflowType: started.workflowType ?? null,
    taskQueue: { name: started.taskQueue?.name ?? '' },
    input: started.input ?? null,
    requestId,
    workflowIdReusePolicy: WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING,
    searchAttributes: { indexedFields: Object.fromEntries(ours) },
    memo: started.memo ?? null,
    userMetadata: first.userMetadata ?? null,
  });
  return answer.runId;
}

/**
 * Sends what waits: the first time all at once, then one after the other until the one is found that it cannot take.
 * What it has taken before is not waited for again.
 */
async function sendAgain(
  options: CureOptions,
  cure: Cure,
): Promise<'good' | 'bad-from-the-start' | 'found-one'> {
  const { db, log } = options;
  const none = cure.messages.every(({ state }) => state !== 'sent');
  if (none && (await settles(options, cure.workflowId)) === 'fails') return 'bad-from-the-start';
  const oneByOne = cure.attempt > 1;
  for (const message of cure.messages) {
    if (message.state !== 'waiting') continue;
    await send(options, cure, message);
    message.state = 'sent';
    await saveCure(db, cure);
    if (!oneByOne || message.good) continue;
    if ((await settles(options, cure.workflowId)) === 'fails') {
      message.state = 'dropped';
      message.because = await failureOf(options, cure.workflowId);
      log(`${message.name} of ${message.at} is left out: ${message.because}`);
      return 'found-one';
    }
    message.good = true;
  }
  if ((await settles(options, cure.workflowId)) === 'rests') return 'good';
  log('it cannot take something of what was sent; each is tried by itself');
  return 'found-one';
}

async function settles({ client }: CureOptions, workflowId: string): Promise<'rests' | 'fails'> {
  const rest = await untilAtRest(client, workflowId, answersWithin);
  if (rest === 'waits')
    throw new Error(
      `no worker has done the tasks of ${workflowId}: see to it that one runs, and say this again`,
    );
  if (rest !== 'ended') return rest;
  return (await describe(client, workflowId))?.status === 'COMPLETED' ? 'rests' : 'fails';
}

async function send({ client }: CureOptions, cure: Cure, message: Resent): Promise<void> {
  await client.workflowService.signalWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: cure.workflowId },
    signalName: message.name,
    input: { payloads: message.input.map(payloadOf) },
    identity: 'serviceavtal cure',
    // Sent twice, it is taken once.
    requestId: `${cure.id}-${cure.attempt}-${message.eventId}`,
  });
}
