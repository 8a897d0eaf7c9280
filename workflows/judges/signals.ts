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
import type { Clash } from '../../templates/ui/reasons';
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
import type { TimeSpan, Verdict } from '../year/steps';
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
import type { Taking } from './answers';
import { answerWithin, askedBefore, outcomeOf } from './answers';
import {
  judgeAnswer,
  judgeCorrection,
  judgeGiving,
  judgeHours,
  judgeQuestion,
  judgeTakingBack,
} from './hours';
import {
  judgeActionDone,
  judgeBooking,
  judgeCancelling,
  judgeDeclining,
  judgeExtra,
  judgeHeld,
} from './meetings';
import { judgeAsking } from './customer-asks';
import { judgeCall, judgeDecisionOnOverage, judgeOrder } from './orders';
import type { FoundPeople } from './names';
import { blankChoice } from './blank-choice';
import { ofPersons, understand } from './names';
import { judgeSupported } from './partners';
import { judgePhase, judgePhaseFailed } from './upgrade';
import { judgeSession } from './test-session';
import { judgeInvitation, judgeTestAnswer, judgeTested } from './tests';
import { judgeIntegration, judgeMonitored, judgePart } from './upgrade-parts';
import { judgeDeclinedUpgrade, judgeNotNeeded, judgePostponed } from './upgrade-decisions';
import { judgeApproval } from './approval';
import { judgeTogether } from './together';
import type { Asked, Year } from '../year/year';

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
  upgradePartChecked: judgePart,
  upgradePostponed: judgePostponed,
  upgradeDeclined: judgeDeclinedUpgrade,
  upgradeNotNeeded: judgeNotNeeded,
  integrationChecked: judgeIntegration,
  integrationSupported: judgeSupported,
  integrationMonitored: judgeMonitored,
  customerTested: judgeTested,
  testAnswered: judgeTestAnswer,
  testerInvited: judgeInvitation,
  testSessionBooked: judgeSession,
  startStepCompleted: judgeStart,
  hoursUsed: judgeHours,
  hoursCorrected: judgeCorrection,
  hoursGiven: judgeGiving,
  hoursOrdered: judgeOrder,
  overageDecided: judgeDecisionOnOverage,
  callRequested: judgeCall,
  customerAsks: judgeAsking,
  lineQuestioned: judgeQuestion,
  questionSettled: judgeAnswer,
  monitoringPaused: judgePause,
  priceApproved: judgeApproval,
  agreementTerminated: judgeTermination,
  stepUndone: judgeUndoing,
  failuresRetried: judgeRetry,
  attentionCleared: judgeClearing,
  contractChanged: judgeContractChange,
  termsChanged: judgeTermsChange,
  upgradedTogether: judgeTogether,
};

/** Takes the last step back, or an entry of hours, and writes down why. */
function judgeUndoing(year: Year, fields: Fields): Verdict {
  const entry = fields.number('entry');
  if (entry !== undefined) return judgeTakingBack(year, fields, entry);
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
    setHandler(signals[name], (input?: unknown) => takeLogged(year, name, input).done, { description });
    setHandler(updates[name], (input?: unknown) => answer(year, name, input), {
      description,
      validator: (input?: unknown) => {
        const rejected = rejectionOf(year, name, input);
        if (rejected) throw rejection(rejected[language]);
      },
    });
  }
  const unknown = (name: string): Text => reasons.unknownMessage(messageNames, clean(name));
  setDefaultSignalHandler((name, ...sent) => reject(year, clean(name), unknown(name), messageOf(sent)));
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
  for (const { name, input } of year.state.inbox.splice(0)) takeLogged(year, name as MessageName, input);
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

/** What is known of a message before it is taken. */
interface Known {
  /** The verdict by all that was looked up, where something may have had to be. */
  judged?: Judged;
  people?: FoundPeople;
  /** What the consultant has elsewhere then, by when the message's meeting goes on. */
  clashes?: Readonly<Record<string, Clash | null>>;
}

/** For validators, which must not write a marker: what an update asks is decided now. */
const asToday: Reading = { amounts: readAmount, names: () => true, slips: () => true };
/** For handlers. A marker is written only where a name is understood, or a slip refused, that was not before. */
const asDecided: Reading = {
  amounts: readAmountAsDecided,
  names: () => patched('understand-names-2026-11-29'),
  slips: () => patched('ask-about-slips-2026-11-29'),
};

/** A verdict, or what has to be looked up before there is one: names, or what the consultant has elsewhere `during` it. */
type Judged = (Verdict | { strangers: string[]; rejected: Text }) & { by?: string | undefined };

function judge(
  year: Year,
  name: MessageName,
  input: unknown,
  reading: Reading,
  { people, clashes }: Known = {},
): Judged {
  if (year.phase === 'closing' && year.terminatedInYear()) return { rejected: reasons.ended };
  if (year.phase === 'closing' && ofTheYear.includes(name)) return { rejected: reasons.closing };
  if (sizeOf(input) > mostBytes) return { rejected: reasons.tooLarge(mostBytes / 1000) };
  const fields = readFields(input, year.agreement, messages[name].fields, reading.amounts);
  if ('rejected' in fields) return fields;
  const blank = blankChoice(name, fields.value);
  if (blank && reading.slips()) return { rejected: blank };
  const by = fields.value.text('by');
  const verdict = judges[name](year, fields.value, reading.slips);
  if ('accept' in verdict) return { ...judgeClash(verdict, clashes), by };
  // What is taken as it stands is never read otherwise: only where it is not, names are looked for.
  const understood = understand(year, fields.value, people, personsIn(year, name));
  if (understood === undefined || !reading.names()) return verdict;
  if ('strangers' in understood) return { ...verdict, strangers: understood.strangers };
  return 'rejected' in understood
    ? understood
    : {
        ...judgeClash(judges[name](year, understood.fields, reading.slips), clashes),
        by: understood.fields.text('by'),
      };
}

const keyOf = ({ begins, ends }: TimeSpan): string => `${begins} ${ends}`;

/** The verdict once it is known whether the consultant has a meeting elsewhere; until then the verdict as it is. */
function judgeClash(verdict: Verdict, clashes: Known['clashes'] = {}): Verdict {
  if ('rejected' in verdict || !verdict.during) return verdict;
  const clash = clashes[keyOf(verdict.during)];
  if (clash === undefined) return verdict;
  return clash ? { rejected: reasons.meetsElsewhere(clash) } : { accept: verdict.accept };
}

/** Why an update would not be taken; nothing is changed by asking. */
function rejectionOf(year: Year, name: MessageName, input: unknown): Text | undefined {
  if (!year.state.plan) return reasons.notPlanned;
  // The same was taken already: it is not judged again, but answered.
  if (askedBefore(year, name, input)) return undefined;
  const judged = judge(year, name, input, asToday);
  return 'rejected' in judged && !('strangers' in judged) ? judged.rejected : undefined;
}

/** Takes a message, at once unless something about it has to be known first. @returns what to wait for, if anything */
function takeLogged(year: Year, name: MessageName, input: unknown): { done?: Promise<void> } {
  return whenKnown(year, name, input, (known) => void take(year, name, input, known));
}

/**
 * Does something with a message at once, or when all is looked up that has to be known of it. A booking that waits for
 * an answer holds up what comes after it, so that a step is not undone before it is taken.
 */
function whenKnown(
  year: Year,
  name: MessageName,
  input: unknown,
  work: (known?: Known) => void,
): { done?: Promise<void> } {
  const first = lookInto(year, name, input);
  if (!('answer' in first) && !year.line) {
    work(first);
    return {};
  }
  const lookUp = async (): Promise<void> => {
    let known: Known = {};
    for (;;) {
      const next = lookInto(year, name, input, known);
      if (!('answer' in next)) return work(next);
      known = { ...known, ...(await next.answer()) };
    }
  };
  return year.line || ('answer' in first && first.inLine) ? inLine(year, lookUp) : inBackground(year, lookUp);
}

/** Does work after all that is in line, and before all that comes into it later. */
function inLine(year: Year, work: () => Promise<void>): { done: Promise<void> } {
  const before = year.line;
  const turn = inBackground(year, async () => {
    await before;
    await work();
    if (year.line === turn.done) year.line = undefined;
  });
  year.line = turn.done;
  return turn;
}

/** What has to be looked up before a message is taken. */
interface Question {
  answer: () => Promise<Known>;
  /** Whether later messages wait for the answer. */
  inLine: boolean;
}

/** Fields of messages of which something may have to be looked up: people, and bookings. */
const asking = ['participants', 'actions', 'confirmed', ...ofPersons];

/** Fields of a message that name one person; of a test who made it, where the customer reads that. */
const personsIn = ({ plan }: Year, name: MessageName): readonly string[] =>
  name === 'customerTested' && plan.upgrade?.cases ? [...ofPersons, 'by'] : ofPersons;

/** Whether something of a message may have to be looked up. */
const mayAsk = (year: Year, name: MessageName): boolean =>
  asking.some((field) => field in messages[name].fields) || personsIn(year, name) !== ofPersons;

/** What has to be looked up before a message is taken or, if nothing, all that is known of it, with the verdict. */
function lookInto(year: Year, name: MessageName, input: unknown, known: Known = {}): Question | Known {
  if (!year.state.plan || !mayAsk(year, name)) return known;
  const judged = judge(year, name, input, asDecided, known);
  if ('strangers' in judged)
    return {
      answer: async () => ({ people: await findPeople(year, judged.strangers) }),
      inLine: false,
    };
  if ('rejected' in judged || !judged.during || known.clashes?.[keyOf(judged.during)] !== undefined)
    return { ...known, judged };
  const { during } = judged;
  if (!patched('ask-other-agreements-2026-11-29')) return { ...known, judged };
  return {
    answer: async () => ({
      clashes: { ...known.clashes, [keyOf(during)]: await findClash(year, during) },
    }),
    inLine: true,
  };
}

/** Asks for what the consultant has elsewhere. If that fails for good, the booking is taken as if there were nothing. */
async function findClash(year: Year, during: TimeSpan): Promise<Clash | null> {
  const { agreement } = year;
  const found = await attempt(() => perform(year, 'findClash', { agreement, ...during }));
  return 'value' in found ? found.value : null;
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
 * Takes a message, or writes down why it is rejected, unless its sender is told.
 * @param known what was looked up for it
 * @param isHeard whether its sender waits for the answer
 * @returns the reason, if it is rejected
 */
function take(
  year: Year,
  name: MessageName,
  input: unknown,
  known?: Known,
  isHeard?: () => boolean,
): Text | undefined {
  if (name === 'failuresRetried' && !year.state.plan) clear(year, 'plan-failed');
  if (!year.state.plan) {
    const waiting = [...year.state.inbox, { name, input }];
    if (sizeOf(waiting) > mostWaiting) reject(year, name, reasons.notPlanned, messageOf(input));
    else year.state.inbox = waiting;
    return undefined;
  }
  const judged = known?.judged ?? judge(year, name, input, asDecided, known);
  if ('rejected' in judged) {
    log.warn(`${name} is rejected: ${judged.rejected.en}`, { agreement: year.agreement });
    if (!isHeard?.() || !patched('answer-alone-2026-11-29'))
      reject(year, name, judged.rejected, messageOf(input));
    return judged.rejected;
  }
  const detail = takeStep(year, name, judged.accept);
  record(year, {
    kind: 'signal',
    ref: name,
    detail: {
      by: judged.by ?? 'consultant (assumed)',
      ...detail,
      input: withIds(quote(input), known?.people),
    },
    message: messageOf(input, known?.people),
  });
  if (year.state.attention.some((item) => item.code === 'signal-rejected' && item.subject === name))
    clear(year, 'signal-rejected', name);
  return undefined;
}

/**
 * What was sent, for the record, with ids for the names of people as in the journal; of what cannot be written as JSON, or is
 * refused for its size, only how much it is.
 */
function messageOf(input: unknown, found?: FoundPeople): { input?: unknown; bytes?: number } {
  const bytes = sizeOf(input);
  if (bytes > mostBytes) return { bytes: Number.isFinite(bytes) ? bytes : 0 };
  return { input: found ? JSON.parse(withIds(JSON.stringify(input), found)) : input };
}

/** What was sent, with ids for the names of people: the journal is written from the history. */
function withIds(sent: string, found: FoundPeople = {}): string {
  return Object.entries(found).reduce((text, [name, [id = name]]) => text.replaceAll(name, id), sent);
}

/** Messages that are answered as soon as the year is planned again. */
const answeredEarly: readonly MessageName[] = [
  'upgradePhaseCompleted',
  'upgradePhaseFailed',
  'integrationChecked',
  'customerTested',
];

/** Messages about hours; runs of before this patch answered them before it was known what came of them. */
const aboutHours: readonly MessageName[] = ['hoursUsed', 'hoursCorrected'];

function isAnsweredEarly(name: MessageName): boolean {
  if (aboutHours.includes(name)) return !patched('answer-hours-2026-11-29');
  return answeredEarly.includes(name) || !patched('answer-updates-2026-11-29');
}

/**
 * Takes an update's message and answers with the agreement's state once all that it causes is done, or with why not.
 * Reported hours are answered with the number of their entry, or of the one that they repeat.
 */
async function answer(
  year: Year,
  name: MessageName,
  input: unknown,
): Promise<Overview & { entry?: NonNullable<Asked['entry']> }> {
  const early = isAnsweredEarly(name);
  const taking: Taking = (carryOut) =>
    whenKnown(year, name, input, (known) => carryOut((isHeard) => take(year, name, input, known, isHeard)));
  const { failed, entry } = early
    ? { failed: await answerEarly(year, taking), entry: undefined }
    : await outcomeOf(year, name, input, taking);
  if (failed) throw rejection(failed[year.input.language]);
  return { ...overviewOf(year), ...(entry && { entry }) };
}

async function answerEarly(year: Year, taking: Taking): Promise<Text | undefined> {
  let rejected: Text | undefined;
  const { done } = taking((take) => (rejected = take(() => true)));
  if (done) await done;
  if (rejected) return rejected;
  await year.replanning;
  if (year.state.hoursToBook.length > 0)
    await condition(() => year.over || year.state.hoursToBook.length === 0, answerWithin);
  return undefined;
}
