/**
 * Tells the support desk of an agreement's incidents ("övervakningen genererar mail till Pector Support för åtgärd").
 * The checks themselves are made by the watches; this waits for what they report, for people, and for the next time
 * something is due: a held alert, a reminder, an escalation, a digest.
 */
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import {
  condition,
  continueAsNew,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setDefaultSignalHandler,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { MonitoringActivities } from '../activities/monitors';
import type { Instant, Language } from '../rules/engine/contract/contract';
import { monitoringDetails } from '../templates/ui/monitoring';
import type { MonitoringPage, RejectedMessage } from '../templates/ui/monitoring';
import { reasons } from '../templates/ui/reasons';
import { activitySummary, timerSummary } from '../templates/ui/wording';
import { reasonOf } from './activities';
import { attempt } from './year/attempt';
import type { Fields } from './messages/fields';
import { clean, readFields } from './messages/fields';
import {
  configurationChanged,
  incidentsChanged,
  monitoringMessageNames,
  monitoringMessages,
  monitoringQuery,
  monitoringSignals,
} from './messages/monitoring-messages';
import type { MonitoringMessage } from './messages/monitoring-messages';
import { addMinutes } from '../rules/engine/calendar/dates';

export interface MonitoringInput {
  agreement: string;
  language: Language;
  /** Milliseconds added to Temporal's clock. */
  clockOffset?: number;
  /** From the run before. */
  carried?: Pick<State, 'inbox' | 'rejected' | 'shownAttention'>;
}

interface State {
  /** What people sent and is not carried out yet. */
  inbox: { name: MonitoringMessage; input: unknown }[];
  /** The last messages that were not taken, newest first. */
  rejected: RejectedMessage[];
  /** Which checks the agreement has is to be looked up anew. */
  reconfigure: boolean;
  /** Something came since the last round began; the next one takes it up, whatever it is. */
  woken: boolean;
  page: MonitoringPage | undefined;
  /** Codes of attention as they were last set, so that only a change costs an event. */
  shownAttention: string;
}

/** Retried for as long as it takes: an alert that waits for the database is late, not lost. */
const retry = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' } as const;
/** How long what failed for good rests before it is tried again, or until somebody sends a message. */
const restAfterFailure = 15;
/** Events after which the run is continued as a new one, wherever it is. */
const longHistory = 2_000;
const shownRejected = 5;
const shortestWait = 1_000;

const attentionKey = defineSearchAttributeKey('Attention', SearchAttributeType.KEYWORD_LIST);

export async function monitoring(input: MonitoringInput): Promise<void> {
  const { language } = input;
  const state: State = {
    inbox: input.carried?.inbox ?? [],
    rejected: input.carried?.rejected ?? [],
    reconfigure: true,
    woken: false,
    page: undefined,
    shownAttention: input.carried?.shownAttention ?? '',
  };
  listen(input, state);
  const act: Act = (name) =>
    proxyActivities<MonitoringActivities>({
      startToCloseTimeout: '2 minutes',
      retry,
      summary: activitySummary(String(name), language),
    });
  const now = (): Instant => new Date(Date.now() + (input.clockOffset ?? 0)).toISOString();

  for (;;) {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    if (continueAsNewSuggested || historyLength > longHistory) {
      const { inbox, rejected, shownAttention } = state;
      return continueAsNew<typeof monitoring>({ ...input, carried: { inbox, rejected, shownAttention } });
    }
    // Before anything is waited for: what comes from here on wakes the wait below, and nothing else does.
    state.woken = false;
    const round = await attempt(() => attend(input, state, act, now));
    if ('error' in round) {
      if (isCancellation(round.error)) throw round.error;
      reject(state, 'monitoring', reasonOf(round.error));
      state.reconfigure = true;
    } else if (round.value.ended) return;
    show(input, state);
    showAttention(state);
    await wait('error' in round ? addMinutes(now(), restAfterFailure) : round.value.until);
  }

  /** Until somebody or something wakes it, or an instant. */
  async function wait(until: Instant | undefined): Promise<void> {
    const awake = (): boolean => state.woken;
    if (until === undefined) return condition(awake);
    const milliseconds = Date.parse(until) - Date.parse(now());
    // Never less than a moment: what is due now was just looked at.
    await condition(awake, Math.max(shortestWait, milliseconds), {
      summary: timerSummary('desk', undefined, language),
    });
  }
}

/**
 * Does all there is to do now.
 * @returns until when there is nothing more, unless somebody or something wakes it; or that the agreement has ended
 */
async function attend(
  input: MonitoringInput,
  state: State,
  act: Act,
  now: () => Instant,
): Promise<{ until?: Instant | undefined; ended?: true }> {
  const { agreement, language } = input;
  let ended: true | undefined;
  if (state.reconfigure) {
    state.reconfigure = false;
    const configured = await act('configureMonitors').configureMonitors({ agreement, asOf: now() });
    if (configured.state === 'waiting') {
      for (const { name } of state.inbox.splice(0)) reject(state, name, reasons.notPlanned[language]);
      state.reconfigure = true;
      return { until: configured.startsAt };
    }
    if (configured.state === 'ended') ended = true;
  }
  for (let next = state.inbox.shift(); next !== undefined; next = state.inbox.shift())
    await takeMessage(input, state, act, now(), next);
  const { nextAt, page } = await act('attendDesk').attendDesk({ agreement, asOf: now() });
  if (ended) return { ended };
  state.page = page;
  return { until: nextAt };
}

/** Registers every handler; called before the run first waits, so that nothing sent early is lost. */
function listen({ agreement, language }: MonitoringInput, state: State): void {
  for (const name of monitoringMessageNames) {
    const { description, example } = monitoringMessages[name];
    const take = (sent?: unknown): void => {
      state.inbox.push({ name, input: sent });
      state.woken = true;
    };
    setHandler(monitoringSignals[name], take, {
      description: `${description[language]} ${JSON.stringify({ agreement, ...example })}`,
    });
  }
  setHandler(incidentsChanged, () => {
    state.woken = true;
  });
  setHandler(configurationChanged, () => {
    state.reconfigure = true;
    state.woken = true;
  });
  setDefaultSignalHandler((name) => {
    reject(state, clean(name), reasons.unknownMessage(monitoringMessageNames, clean(name))[language]);
    state.woken = true;
  });
  setHandler(monitoringQuery, () => state.page);
}

type Act = (name: keyof MonitoringActivities) => MonitoringActivities;

/** Carries out what somebody sent; what cannot be taken is shown with the reason. */
async function takeMessage(
  { agreement, language }: MonitoringInput,
  state: State,
  act: Act,
  asOf: Instant,
  { name, input: sent }: State['inbox'][number],
): Promise<void> {
  const read = readFields(sent, agreement, monitoringMessages[name].fields);
  if ('rejected' in read) return reject(state, name, read.rejected[language]);
  const by = read.value.text('by') ?? 'support';
  const done = await attempt(() => carryOut(name, read.value, { agreement, by, asOf }, act));
  if ('value' in done) {
    if ('rejected' in done.value) reject(state, name, done.value.rejected[language]);
  } else if (isCancellation(done.error)) throw done.error;
  else reject(state, name, reasonOf(done.error));
}

function carryOut(
  name: MonitoringMessage,
  fields: Fields,
  who: { agreement: string; by: string; asOf: Instant },
  act: Act,
) {
  const given = fields.optional({ note: 'note', reason: 'reason' });
  const monitor = fields.text('monitor') ?? 'all';
  const incident = fields.number('incident');
  const which = incident === undefined ? {} : { incident };
  switch (name) {
    case 'incidentTaken':
      return act('answerIncident').answerIncident({ ...who, ...which, answer: 'taken' });
    case 'incidentMended':
      return act('answerIncident').answerIncident({
        ...who,
        ...which,
        answer: 'mended',
        ...(given.note !== undefined && { note: given.note }),
      });
    case 'monitorPaused':
      return act('pauseMonitor').pauseMonitor({
        ...who,
        monitor,
        until: fields.text('until') ?? '',
        ...(given.reason !== undefined && { reason: given.reason }),
      });
    case 'monitorResumed':
      return act('resumeMonitor').resumeMonitor({ ...who, monitor });
  }
}

function reject(state: State, signal: string, reason: string): void {
  state.rejected = [{ signal, reason }, ...state.rejected].slice(0, shownRejected);
}

function show({ agreement, language }: MonitoringInput, state: State): void {
  const [open] = state.page?.incidents ?? [];
  const messages = monitoringMessageNames
    .filter(
      (name) => name === 'monitorPaused' || (name === 'monitorResumed' ? rests(state) : open !== undefined),
    )
    .map((name) => ({ name, example: exampleNow(name, state) }));
  setCurrentDetails(monitoringDetails(agreement, state.page, messages, state.rejected, language));
}

const rests = ({ page }: State): boolean => (page?.pauses.length ?? 0) > 0;

/** The example of a message with what it can be about now. */
function exampleNow(name: MonitoringMessage, { page }: State): Record<string, unknown> {
  const { example } = monitoringMessages[name];
  const [incident] = page?.incidents ?? [];
  const [pause] = page?.pauses ?? [];
  return {
    ...example,
    ...('incident' in example && incident ? { incident: incident.id } : {}),
    ...('monitor' in example
      ? { monitor: (name === 'monitorResumed' ? pause : incident)?.monitor ?? 'all' }
      : {}),
  };
}

/** What the workflow is found by: its worst incidents that nobody has taken. Only a change costs an event. */
function showAttention(state: State): void {
  if (!state.page) return;
  const codes = [
    ...new Set(
      state.page.incidents
        .filter(({ takenBy, suppressed }) => takenBy === undefined && suppressed === undefined)
        .map(({ severity }) => `incident-${severity}`),
    ),
  ].sort();
  const now = codes.join();
  if (now !== state.shownAttention) upsertSearchAttributes([{ key: attentionKey, value: codes }]);
  state.shownAttention = now;
}
