/**
 * Tells the support desk of an agreement's incidents ("övervakningen genererar mail till Pector Support för åtgärd").
 * The checks themselves are made by the watches; this waits for what they report, for people, and for the next time
 * something is due: a held alert, a reminder, an escalation, a digest.
 */
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import {
  condition,
  isCancellation,
  patched,
  proxyActivities,
  setDefaultSignalHandler,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { MonitoringActivities } from '../activities/monitoring';
import type { Instant, LocalDate } from '../rules/engine/contract/contract';
import type { Language, Text } from '../rules/engine/basics/text';
import { monitoringDetails } from '../templates/ui/monitoring';
import type { MonitoringPage, RejectedMessage } from '../templates/ui/monitoring';
import { reasons } from '../templates/ui/reasons';
import { activitySummary, timerSummary } from '../templates/ui/wording';
import { reasonOf } from './basics/activities';
import { attempt } from './basics/attempt';
import { drawPageWhenAsked } from './basics/page-when-asked';
import { goOnAs, isToEnd, listenForVersions } from './basics/versions';
import type { Fields } from './messages/fields';
import { clean, readFields } from './messages/fields';
import {
  configurationChanged,
  incidentsChanged,
  monitoringMessageNames,
  monitoringExample,
  monitoringMessages,
  monitoringQuery,
  monitoringSignals,
} from './messages/monitoring-messages';
import { readAmountAsDecided } from './messages/read-amount';
import type { MonitoringMessage } from './messages/monitoring-messages';
import { addDays, addMinutes, isWeekend } from '../rules/engine/calendar/dates';

export interface MonitoringInput {
  agreement: string;
  language: Language;
  /** Milliseconds added to Temporal's clock. */
  clockOffset?: number;
  /** From the run before. */
  carried?: Pick<State, 'inbox' | 'rejected' | 'shownAttention'>;
}

interface State {
  /** Messages that are not carried out yet. */
  inbox: { name: MonitoringMessage; input: unknown }[];
  /** The last rejected messages, newest first. */
  rejected: RejectedMessage[];
  /** The agreement's checks have to be configured anew. */
  reconfigure: boolean;
  /** Something came since the last round began; the next round takes it up. */
  woken: boolean;
  page: MonitoringPage | undefined;
  /** Codes of attention as they were last set, so that only a change costs an event. */
  shownAttention: string;
}

/** Retried for as long as it takes: an alert that waits for the database is late, not lost. */
const retry = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' } as const;
/** Minutes until what failed for good is tried again, unless a message comes before. */
const restAfterFailure = 15;
/** Events after which the run is continued as a new one. */
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
  const now = (): Instant => new Date(Date.now() + (input.clockOffset ?? 0)).toISOString();
  listen(input, state);
  const move = listenForVersions();
  drawPageWhenAsked(() => pageOf(input, state, now()));
  const act: Act = (name) =>
    proxyActivities<MonitoringActivities>({
      startToCloseTimeout: '2 minutes',
      retry,
      summary: activitySummary(String(name), language),
    });

  for (;;) {
    if (isToEnd(move) || workflowInfo().historyLength > longHistory) {
      const { inbox, rejected, shownAttention } = state;
      return goOnAs<typeof monitoring>(move, { ...input, carried: { inbox, rejected, shownAttention } });
    }
    // Before the first await: only what comes from here on wakes the wait below.
    state.woken = false;
    const round = await attempt(() => attend(input, state, act, now));
    if ('error' in round) {
      if (isCancellation(round.error)) throw round.error;
      reject(state, 'monitoring', reasonOf(round.error));
      state.reconfigure = true;
    } else if (round.value.ended) return;
    showAttention(state);
    await wait('error' in round ? addMinutes(now(), restAfterFailure) : round.value.until);
  }

  /** Waits until a message or change comes, or until an instant. */
  async function wait(until: Instant | undefined): Promise<void> {
    const awake = (): boolean => state.woken || move.to !== undefined;
    if (until === undefined) return condition(awake);
    const milliseconds = Date.parse(until) - Date.parse(now());
    // At least a moment: what is due now was just done.
    await condition(awake, Math.max(shortestWait, milliseconds), {
      summary: timerSummary('desk', undefined, language),
    });
  }
}

/**
 * Does all that is due now.
 * @returns when something is next due, unless a message or change comes before; or that the agreement has ended
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
    const { description } = monitoringMessages[name];
    const example = monitoringExample(name, language);
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

/** Carries out a message; one that is rejected is shown with the reason. */
async function takeMessage(
  { agreement, language }: MonitoringInput,
  state: State,
  act: Act,
  asOf: Instant,
  { name, input: sent }: State['inbox'][number],
): Promise<void> {
  const read = readFields(sent, agreement, monitoringMessages[name].fields, readAmountAsDecided);
  if ('rejected' in read) return reject(state, name, read.rejected[language]);
  const blank = blankField(read.value);
  if (blank && patched('ask-about-blanks-2026-11-30')) return reject(state, name, blank[language]);
  const by = read.value.text('by') ?? 'support';
  const done = await attempt(() => carryOut(name, read.value, { agreement, by, asOf }, act));
  if ('value' in done) {
    if ('rejected' in done.value) reject(state, name, done.value.rejected[language]);
  } else if (isCancellation(done.error)) throw done.error;
  else reject(state, name, reasonOf(done.error));
}

/** Why a message is not taken that leaves blank which check or incident it is about. */
function blankField(fields: Fields): Text | undefined {
  if (fields.isBlank('monitor')) return reasons.blank('monitor', { sv: 'alla', en: 'all' });
  return fields.isBlank('incident')
    ? reasons.blank('incident', { sv: 'det enda som pågår', en: 'the only one that is open' })
    : undefined;
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

function pageOf({ agreement, language }: MonitoringInput, state: State, now: Instant): string {
  const [open] = state.page?.incidents ?? [];
  const messages = monitoringMessageNames
    .filter(
      (name) => name === 'monitorPaused' || (name === 'monitorResumed' ? rests(state) : open !== undefined),
    )
    .map((name) => ({ name, example: exampleNow(name, state, now, language) }));
  return monitoringDetails(agreement, state.page, messages, state.rejected, language);
}

const rests = ({ page }: State): boolean => (page?.pauses.length ?? 0) > 0;

/** The example of a message with values that are possible now. */
function exampleNow(
  name: MonitoringMessage,
  { page }: State,
  now: Instant,
  language: Language,
): Record<string, unknown> {
  const example = monitoringExample(name, language);
  const [incident] = page?.incidents ?? [];
  const [pause] = page?.pauses ?? [];
  return {
    ...example,
    ...('incident' in example && incident ? { incident: incident.id } : {}),
    ...('monitor' in example
      ? { monitor: (name === 'monitorResumed' ? pause : incident)?.monitor ?? 'all' }
      : {}),
    ...('until' in example ? { until: `${nextWeekday(now.slice(0, 10))} 08:30` } : {}),
  };
}

/** The next day that is no Saturday and no Sunday; which are holidays, this workflow does not know. */
function nextWeekday(date: LocalDate): LocalDate {
  const next = addDays(date, 1);
  return isWeekend(next) ? nextWeekday(next) : next;
}

/** Sets the search attribute `Attention`: the worst incidents that nobody has taken. Only a change costs an event. */
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
