/**
 * Cures a workflow that is not well: resets it to the last task that today's code can do, and sends the messages since
 * then again, without those that fail it. Each step is recorded before it is done, so that a cure that was interrupted
 * goes on when it is asked for again.
 */
import { counted } from '../../rules/engine/basics/counted';
import { inWords } from '../basics/spoken';
import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { findAgreement } from '../../activities/agreements/agreements';
import type { Cure, Dropped } from '../../activities/agreements/cures';
import { endCure, saveCure, saveRound, saveSent } from '../../activities/agreements/cures';
import { afterReset, heirOf } from '../temporal/deployment';
import { startAgreement } from '../temporal/start-agreement';
import { inputOf, messagesSince } from './messages';
import type { CureOptions, CurePlan } from './plan-cure';
import { answersWithin, failureOf, sortMessages } from './plan-cure';
import { startAgain } from './start-again';
import type { HistoryEvent } from './workflows';
import { agreementOf, describe, readHistory, untilAtRest } from './workflows';

const { WorkflowIdReusePolicy, WorkflowIdConflictPolicy } = temporal.api.enums.v1;

export interface CureOutcome {
  cured: boolean;
  /** How many messages were sent again, and which were left out, with the reasons. */
  sent: number;
  dropped: Dropped[];
  /** Why it is not cured; absent if it is. */
  because?: string;
}

/**
 * Carries out a plan, and waits until the workflow does its tasks.
 * @throws if a step fails; called again, it goes on from there
 */
export async function carryOutCure(options: CureOptions, plan: CurePlan): Promise<CureOutcome> {
  const { db, client } = options;
  const { workflowId } = plan;
  const none = { sent: 0, dropped: [] };
  if (plan.how === 'nothing') return { cured: false, ...none, because: plan.because };
  if ('cure' in plan) {
    if (plan.how !== 'finish') await saveCure(db, plan.cure);
    return cureYear(options, plan.cure);
  }
  if (plan.how === 'start') await startNow(options, workflowId);
  else await restart(options, workflowId);
  if ((await waitUntilDone(options, workflowId)) === 'fails')
    return { cured: false, ...none, because: await failureOf(client, workflowId) };
  return { cured: true, ...none };
}

async function startNow(options: CureOptions, workflowId: string): Promise<void> {
  const agreement = await findAgreement(options.db, agreementOf(workflowId) ?? '');
  if (agreement) await startAgreement(options.client, agreement.contract, options);
}

async function restart(options: CureOptions, workflowId: string): Promise<void> {
  const run = await describe(options.client, workflowId);
  if (run?.running)
    await options.client.workflow.getHandle(workflowId, run.runId).terminate('cured: it is started again');
  await startAgain(options, workflowId);
}

async function cureYear(options: CureOptions, cure: Cure): Promise<CureOutcome> {
  const { db, client, log } = options;
  const { workflowId } = cure;
  for (;;) {
    if (cure.newRunId === null) await beginRound(options, cure);
    const found = await sendAgain(options, cure);
    if (found === 'well' || found === 'not its messages') {
      const because = found === 'well' ? undefined : await failureOf(client, workflowId);
      await endCure(db, cure);
      const outcome = { cured: found === 'well', sent: cure.sent, dropped: cure.dropped };
      return because === undefined ? outcome : { ...outcome, because };
    }
    log(found);
    cure.runId = cure.newRunId!;
    cure.newRunId = null;
    cure.round += 1;
    await saveCure(db, cure);
  }
}

/** Begins the run that replaces the sick one, and collects the messages to send to it. */
async function beginRound(options: CureOptions, cure: Cure): Promise<void> {
  const { db, client, workflowBundle } = options;
  const { workflowId, runId, taskEvent } = cure;
  const newRunId = await beginRun(options, cure);
  // The replaced run has ended, so its history is complete.
  const events = await readHistory(client, workflowId, runId);
  const late = messagesSince(events, taskEvent ?? 0, identityOf(cure));
  const first = cure.round === 1;
  const { messages, dropped } = await sortMessages(
    { workflowId, events, workflowBundle },
    taskEvent,
    first ? late : [...cure.messages, ...late],
  );
  cure.messages = messages;
  cure.dropped = first ? dropped : [...cure.dropped, ...dropped];
  cure.sent = 0;
  cure.newRunId = newRunId;
  await saveRound(db, cure, agreementOf(workflowId) ?? '', clockOffsetOf(events));
}

/** Milliseconds between Temporal's clock and the year's, from the run's input. */
function clockOffsetOf(events: readonly HistoryEvent[]): number {
  const [payload] = events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  try {
    const input = JSON.parse(Buffer.from(payload?.data ?? []).toString('utf8')) as { clockOffset?: unknown };
    return typeof input.clockOffset === 'number' ? input.clockOffset : 0;
  } catch {
    return 0;
  }
}

/**
 * A reset reapplies none of these: signals, updates, Nexus and requests to cancel (`RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL`
 * and so on). A year that somebody cancelled would be cancelled again.
 */
const withoutMessages = [1, 2, 3, 4];

/** Begins the new run; called twice, it begins one. @returns its run id */
async function beginRun(options: CureOptions, cure: Cure): Promise<string> {
  const {
    workflowService,
    options: { namespace },
  } = options.client;
  const { workflowId, runId, taskEvent } = cure;
  const requestId = `${cure.id}-${cure.round}`;
  if (taskEvent !== null) {
    // By itself it would be on the version that did the task, which may be gone.
    const { build } = (await describe(options.client, workflowId)) ?? {};
    const version = (await heirOf(options, { build })) ?? build;
    const answer = await workflowService.resetWorkflowExecution({
      namespace,
      workflowExecution: { workflowId, runId },
      workflowTaskFinishEventId: temporal.api.history.v1.HistoryEvent.fromObject({ eventId: taskEvent })
        .eventId,
      requestId,
      reason: 'cured',
      resetReapplyExcludeTypes: withoutMessages,
      ...(version !== undefined && { postResetOperations: afterReset(options.taskQueue, version) }),
    });
    return answer.runId;
  }
  const [first] = await readHistory(options.client, workflowId, runId);
  const started = first?.workflowExecutionStartedEventAttributes;
  if (!first || !started) throw new Error(`expected the beginning of ${workflowId} ${runId}, found none`);
  const ours = Object.entries(started.searchAttributes?.indexedFields ?? {}).filter(
    ([name]) => !/^(Temporal|BuildIds)/.test(name),
  );
  const answer = await workflowService.startWorkflowExecution({
    namespace,
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

/** Messages between two log lines about a cure's progress. */
const toldEvery = 500;

const identityOf = ({ id }: Cure): string => `serviceavtal ${id}`;

/**
 * Sends the messages: in the first round all at once, in later rounds one by one, to find the one that the workflow
 * cannot take. Mostly a replay has found it before.
 *
 * @returns `well`, `not its messages`, or a line for the log if another round has to follow
 */
async function sendAgain(options: CureOptions, cure: Cure): Promise<string> {
  const { client, db, log } = options;
  const { workflowId, messages, round } = cure;
  for (;;) {
    const all = cure.sent === messages.length;
    if (round > 1 || all || cure.sent === 0) {
      const fails = (await waitUntilDone(options, workflowId)) === 'fails';
      if (fails && cure.sent > 0) return findFault(options, cure);
      if (fails) {
        // The messages are sent all the same: they are then kept in the failing run's history.
        for (; cure.sent < messages.length; cure.sent += 1) await send(client, cure);
        return 'not its messages';
      }
      if (all) return 'well';
    }
    await send(client, cure);
    cure.sent += 1;
    await saveSent(db, cure);
    if (cure.sent % toldEvery === 0)
      log(
        inWords({
          sv: `${cure.sent} av ${counted(messages.length, ['meddelande är skickat', 'meddelanden är skickade'])} igen`,
          en: `${cure.sent} of ${counted(messages.length, ['message is', 'messages are'])} sent again`,
        }),
      );
  }
}

/** After the first round nothing is known; later the last message sent is at fault, as each was waited for. */
async function findFault({ client }: CureOptions, cure: Cure): Promise<string> {
  if (cure.round === 1)
    return inWords({
      sv: 'det kan inte ta emot något av det som skickades; vart och ett prövas för sig',
      en: 'it cannot take something of what was sent; each is tried by itself',
    });
  const because = await failureOf(client, cure.workflowId);
  const [message] = cure.messages.splice(cure.sent - 1, 1);
  cure.dropped.push({ ...message!, because });
  const { name, at } = message!;
  return inWords({
    sv: `${name} från ${at} utelämnas: ${because}`,
    en: `${name} of ${at} is left out: ${because}`,
  });
}

async function waitUntilDone({ client }: CureOptions, workflowId: string): Promise<'rests' | 'fails'> {
  const rest = await untilAtRest(client, workflowId, answersWithin);
  if (rest === 'waits')
    throw new Error(
      inWords({
        sv: `ingen worker har gjort arbetet för ${workflowId}: se till att en körs, och ge kommandot igen`,
        en: `no worker has done the tasks of ${workflowId}: see to it that one runs, and say this again`,
      }),
    );
  if (rest !== 'ended') return rest;
  return (await describe(client, workflowId))?.status === 'COMPLETED' ? 'rests' : 'fails';
}

async function send({ workflowService, options }: Client, cure: Cure): Promise<void> {
  const message = cure.messages[cure.sent]!;
  await workflowService.signalWorkflowExecution({
    namespace: options.namespace,
    workflowExecution: { workflowId: cure.workflowId },
    signalName: message.name,
    input: inputOf(message),
    identity: identityOf(cure),
    // The server drops a second signal with the same id.
    requestId: `${cure.id}-${cure.round}-${cure.sent}`,
  });
}
