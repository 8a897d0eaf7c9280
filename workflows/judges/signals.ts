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
import { judgeIntegration, judgePhase, judgePhaseFailed, judgeTested } from './upgrade';
import { judgeApproval } from './approval';
import type { Year } from '../year/year';

/**
 * Decides whether a message is taken. It changes nothing; the verdict's `accept` does.
 * @param asks whether slips that were taken before `asksAboutSlips` are refused
 */
type Judge = (year: Year, fields: Fields, asks: () => boolean) => Verdict;

/** Asked only about what it decides: its marker is written where a slip is refused, and never by a validator. */
const asksAboutSlips = (): boolean => patched('ask-about-slips-2026-11-29');

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
    setHandler(signals[name], (input?: unknown) => void take(year, name, input), { description });
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
  for (const { name, input } of year.state.inbox.splice(0)) take(year, name as MessageName, input);
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

function judge(
  year: Year,
  name: MessageName,
  input: unknown,
  read: ReadAmount,
  asks: () => boolean,
): Verdict & { by?: string | undefined } {
  if (year.phase === 'closing' && year.terminatedInYear()) return { rejected: reasons.ended };
  if (year.phase === 'closing' && ofTheYear.includes(name)) return { rejected: reasons.closing };
  if (sizeOf(input) > mostBytes) return { rejected: reasons.tooLarge(mostBytes / 1000) };
  const fields = readFields(input, year.agreement, messages[name].fields, read);
  if ('rejected' in fields) return fields;
  return { ...judges[name](year, fields.value, asks), by: fields.value.text('by') };
}

/** Why an update would not be taken; nothing is changed by asking. */
function rejectionOf(year: Year, name: MessageName, input: unknown): Text | undefined {
  if (!year.state.plan) return reasons.notPlanned;
  // The same was taken already: it is not judged again, but answered.
  if (askedBefore(year, name, input)) return undefined;
  const judged = judge(year, name, input, readAmount, () => true);
  return 'rejected' in judged ? judged.rejected : undefined;
}

/** Takes a message, or writes down why it is rejected. @returns the reason, if it is */
function take(year: Year, name: MessageName, input: unknown): Text | undefined {
  if (name === 'failuresRetried' && !year.state.plan) clear(year, 'plan-failed');
  if (!year.state.plan) {
    const waiting = [...year.state.inbox, { name, input }];
    if (sizeOf(waiting) > mostWaiting) reject(year, name, reasons.notPlanned);
    else year.state.inbox = waiting;
    return undefined;
  }
  const judged = judge(year, name, input, readAmountAsDecided, asksAboutSlips);
  if ('rejected' in judged) {
    log.warn(`${name} is rejected: ${judged.rejected.en}`, { agreement: year.agreement });
    reject(year, name, judged.rejected);
    return judged.rejected;
  }
  const detail = takeStep(year, name, judged.accept);
  record(year, {
    kind: 'signal',
    ref: name,
    detail: { by: judged.by ?? 'consultant (assumed)', ...detail, input: quote(input) },
  });
  if (year.state.attention.some((item) => item.code === 'signal-rejected' && item.subject === name))
    clear(year, 'signal-rejected', name);
  return undefined;
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
  const failed = await (early
    ? takeEarly(year, name, input)
    : outcomeOf(year, name, input, () => take(year, name, input)));
  if (failed) throw rejection(failed[year.input.language]);
  return overviewOf(year);
}

async function takeEarly(year: Year, name: MessageName, input: unknown): Promise<Text | undefined> {
  const rejected = take(year, name, input);
  if (rejected) return rejected;
  await year.replanning;
  if (year.state.hoursToBook.length > 0)
    await condition(() => year.over || year.state.hoursToBook.length === 0, answerWithin);
  return undefined;
}
