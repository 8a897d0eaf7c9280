/**
 * Receives messages: each as a signal, which never fails but is rejected with a reason, and as an update, which is
 * answered at once. What a message does stands in the other files of this folder.
 */
import { ApplicationFailure } from '@temporalio/common';
import {
  condition,
  defineQuery,
  log,
  patched,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  setHandler,
} from '@temporalio/workflow';
import type { Text } from '../../rules/engine/basics/text';
import type { Overview } from '../../templates/ui/overview';
import { reasons } from '../../templates/ui/reasons';
import { byteLength } from '../../templates/ui/text';
import type { Fields } from '../messages/fields';
import { clean, quote, readFields } from '../messages/fields';
import { clear, record, reject } from '../year/journal';
import type { MessageName } from '../messages/messages';
import type { ReadAmount } from '../messages/read-amount';
import { readAmount, readAmountAsDecided } from '../messages/read-amount';
import { perform } from '../basics/activities';
import { attempt } from '../basics/attempt';
import { inBackground } from '../basics/background';
import { exampleOf, messageNames, messages, signals, updates } from '../messages/messages';
import { overviewOf } from '../year/page';
import type { Verdict } from '../year/steps';
import { judgeUndo, takeStep } from '../year/steps';
import { judgeDecision, judgeImproved, judgeImprovement, judgeNote } from './agenda';
import {
  judgeClearing,
  judgeContractChange,
  judgePause,
  judgeRetry,
  judgeStart,
  judgeTermination,
  judgeTermsChange,
} from './agreement';
import { answerWithin, askedBefore, outcomeOf } from './answers';
import { judgeCorrection, judgeHours } from './hours';
import {
  judgeActionDone,
  judgeBooking,
  judgeCancelling,
  judgeDeclining,
  judgeExtra,
  judgeHeld,
} from './meetings';
import type { FoundPeople } from './names';
import { understand } from './names';
import { judgeIntegration, judgePhase, judgePhaseFailed, judgeTested } from './upgrade';
import { judgeApproval } from './approval';
import type { Year } from '../year/year';

/**
 * Decides whether a message is taken. It changes nothing; the verdict's `accept` does.
 * @param asks whether slips are refused that were taken once; called only about what it decides
 */
type Judge = (year: Year, fields: Fields, asks: () => boolean) => Verdict;

const judges: Record<MessageName, Judge> = {
  meetingBooked: judgeBooking,
  meetingHeld: judgeHeld,
  meetingCancelled: judgeCancelling,
  meetingDeclined: judgeDeclining,
  extraMeetingRequested: judgeExtra,
  actionDone: judgeActionDone,
  noteAdded: judgeNote,
  improvementAdded: judgeImprovement,
  improvementDecided: judgeDecision,
  improvementDone: judgeImproved,
  upgradePhaseCompleted: judgePhase,
  upgradePhaseFailed: judgePhaseFailed,
  integrationChecked: judgeIntegration,
  customerTested: judgeTested,
  startStepCompleted: judgeStart,
  hoursUsed: judgeHours,
  hoursCorrected: judgeCorrection,
  monitoringPaused: judgePause,
  priceApproved: judgeApproval,
  agreementTerminated: judgeTermination,
  stepUndone: judgeUndoing,
  failuresRetried: judgeRetry,
  attentionCleared: judgeClearing,
  contractChanged: judgeContractChange,
  termsChanged: judgeTermsChange,
};

/** Takes the last step back, and writes down why. */
function judgeUndoing(year: Year, fields: Fields): Verdict {
  const verdict = judgeUndo(year, fields.number('step'), fields.text('step'));
  if ('rejected' in verdict) return verdict;
  return { accept: (step) => ({ ...verdict.accept(step), ...fields.optional({ reason: 'reason' }) }) };
}

/** The agreement's state as data; `status` asks for it. */
export const overviewQuery = defineQuery<Overview>('overview');

/** Registers every handler; called before the run first waits, so that nothing sent early is lost. */
export function listenToPeople(year: Year): void {
  const { agreement } = year;
  const { language } = year.input;
  for (const name of messageNames) {
    const words = messages[name].description[language];
    const description = `${words} ${JSON.stringify({ agreement, ...exampleOf(name, language) })}`;
    setHandler(signals[name], (input?: unknown) => takeWhenKnown(year, name, input).done, { description });
    setHandler(updates[name], (input?: unknown) => answer(year, name, input), {
      description,
      validator: (input?: unknown) => {
        const rejected = rejectionOf(year, name, input);
        if (rejected) throw rejection(rejected[language]);
      },
    });
  }
  const unknown = (name: string): Text => reasons.unknownMessage(messageNames, clean(name));
  setDefaultSignalHandler((name) => reject(year, clean(name), unknown(name)));
  setDefaultUpdateHandler((name) => {
    throw rejection(unknown(name)[language]);
  });
  setHandler(overviewQuery, () => overviewOf(year));
}

/** The failure of an update that is not taken. Without a stack: the Web UI's dialog shows the reason alone. */
function rejection(reason: string): ApplicationFailure {
  const failure = ApplicationFailure.nonRetryable(reason, 'Rejected');
  failure.stack = '';
  return failure;
}

/** Takes the messages that came before there was a plan. */
export function takeInbox(year: Year): void {
  for (const { name, input } of year.state.inbox.splice(0)) takeWhenKnown(year, name as MessageName, input);
}

/**
 * Most bytes of JSON of a message. The server refuses larger signals itself, but passes larger updates on; accepting an
 * update sends its input back to the server, which is too much for the workflow task.
 */
const mostBytes = 60_000;

/** Most bytes of messages that wait for the first plan: they are handed to the next run. */
const mostWaiting = 20_000;

function sizeOf(input: unknown): number {
  try {
    return byteLength(JSON.stringify(input) ?? '');
  } catch {
    return Infinity;
  }
}

/** Messages that change the year itself: refused while the year is closed. The next year takes the others along. */
const ofTheYear: readonly MessageName[] = ['extraMeetingRequested', 'stepUndone'];

/** How a message is read: as today, or so that what a run decided stays decided where it is replayed. */
interface Reading {
  amounts: ReadAmount;
  /** Whether names are understood. */
  names: () => boolean;
  /** Whether slips are asked about. */
  slips: () => boolean;
}

/** For validators, which must not write a marker: what an update asks is decided now. */
const asToday: Reading = { amounts: readAmount, names: () => true, slips: () => true };
/** For handlers. A marker is written only where a name is understood, or a slip refused, that was not before. */
const asDecided: Reading = {
  amounts: readAmountAsDecided,
  names: () => patched('understand-names-2026-11-29'),
  slips: () => patched('ask-about-slips-2026-11-29'),
};

/** A verdict, or the names that have to be looked up before there is one. */
type Judged = (Verdict | { strangers: string[]; rejected: Text }) & { by?: string | undefined };

function judge(year: Year, name: MessageName, input: unknown, reading: Reading, found?: FoundPeople): Judged {
  if (year.phase === 'closing' && year.terminatedInYear()) return { rejected: reasons.ended };
  if (year.phase === 'closing' && ofTheYear.includes(name)) return { rejected: reasons.closing };
  if (sizeOf(input) > mostBytes) return { rejected: reasons.tooLarge(mostBytes / 1000) };
  const fields = readFields(input, year.agreement, messages[name].fields, reading.amounts);
  if ('rejected' in fields) return fields;
  const by = fields.value.text('by');
  const verdict = judges[name](year, fields.value, reading.slips);
  if ('accept' in verdict) return { ...verdict, by };
  // What is taken as it stands is never read otherwise: only where it is not, names are looked for.
  const understood = understand(year, fields.value, found);
  if (understood === undefined || !reading.names()) return verdict;
  if ('strangers' in understood) return { ...verdict, strangers: understood.strangers };
  return 'rejected' in understood
    ? understood
    : { ...judges[name](year, understood.fields, reading.slips), by };
}

/** Why an update would not be taken; nothing is changed by asking. */
function rejectionOf(year: Year, name: MessageName, input: unknown): Text | undefined {
  if (!year.state.plan) return reasons.notPlanned;
  // The same was taken already: it is not judged again, but answered.
  if (askedBefore(year, name, input)) return undefined;
  const judged = judge(year, name, input, asToday);
  return 'rejected' in judged && !('strangers' in judged) ? judged.rejected : undefined;
}

/** Takes a message, at once unless people's names have to be looked up first. @returns what to wait for, if anything */
function takeWhenKnown(year: Year, name: MessageName, input: unknown): { done?: Promise<void> } {
  const lookUp = peopleIn(year, name, input);
  if (lookUp) return inBackground(year, async () => void take(year, name, input, await lookUp()));
  take(year, name, input);
  return {};
}

/** Fields that name people. */
const naming = ['participants', 'actions'];

/** How to look up the people that a message names; nothing where it names none, or is not judged yet. */
function peopleIn(year: Year, name: MessageName, input: unknown): (() => Promise<FoundPeople>) | undefined {
  if (!year.state.plan || !naming.some((field) => field in messages[name].fields)) return undefined;
  const judged = judge(year, name, input, asDecided);
  return 'strangers' in judged ? () => findPeople(year, judged.strangers) : undefined;
}

/** Looks up people's names. If that fails for good, nobody is found. */
async function findPeople(year: Year, names: string[]): Promise<FoundPeople> {
  const { agreement } = year;
  const found = await attempt(() => perform(year, 'findPeople', { agreement, asOf: year.now(), names }));
  return Object.fromEntries(
    names.map((name, index) => [name, 'value' in found ? (found.value[index] ?? []) : []]),
  );
}

/**
 * Takes a message, or writes down why it is rejected.
 * @param found people that were looked up for it
 * @returns the reason, if it is rejected
 */
function take(year: Year, name: MessageName, input: unknown, found?: FoundPeople): Text | undefined {
  if (name === 'failuresRetried' && !year.state.plan) clear(year, 'plan-failed');
  if (!year.state.plan) {
    const waiting = [...year.state.inbox, { name, input }];
    if (sizeOf(waiting) > mostWaiting) reject(year, name, reasons.notPlanned);
    else year.state.inbox = waiting;
    return undefined;
  }
  const judged = judge(year, name, input, asDecided, found);
  if ('rejected' in judged) {
    log.warn(`${name} is rejected: ${judged.rejected.en}`, { agreement: year.agreement });
    reject(year, name, judged.rejected);
    return judged.rejected;
  }
  const detail = takeStep(year, name, judged.accept);
  record(year, {
    kind: 'signal',
    ref: name,
    detail: { by: judged.by ?? 'consultant (assumed)', ...detail, input: withIds(quote(input), found) },
  });
  if (year.state.attention.some((item) => item.code === 'signal-rejected' && item.subject === name))
    clear(year, 'signal-rejected', name);
  return undefined;
}

/** What was sent, with ids for the names of people: the journal is written from the history. */
function withIds(sent: string, found: FoundPeople = {}): string {
  return Object.entries(found).reduce((text, [name, [id = name]]) => text.replaceAll(name, id), sent);
}

/** Messages that are answered as soon as the year is planned again, with their hours booked if that is quick. */
const answeredEarly: readonly MessageName[] = [
  'hoursUsed',
  'hoursCorrected',
  'upgradePhaseCompleted',
  'upgradePhaseFailed',
  'integrationChecked',
  'customerTested',
];

/** Takes an update's message and answers with the agreement's state once all that it causes is done, or with why not. */
async function answer(year: Year, name: MessageName, input: unknown): Promise<Overview> {
  const early = answeredEarly.includes(name) || !patched('answer-updates-2026-11-29');
  const lookUp = peopleIn(year, name, input);
  const taking = (found?: FoundPeople): Text | undefined => take(year, name, input, found);
  const failed = await (early
    ? answerEarly(year, lookUp ? taking(await lookUp()) : taking())
    : outcomeOf(year, name, input, taking, lookUp));
  if (failed) throw rejection(failed[year.input.language]);
  return overviewOf(year);
}

async function answerEarly(year: Year, rejected: Text | undefined): Promise<Text | undefined> {
  if (rejected) return rejected;
  await year.replanning;
  if (year.state.hoursToBook.length > 0)
    await condition(() => year.over || year.state.hoursToBook.length === 0, answerWithin);
  return undefined;
}
