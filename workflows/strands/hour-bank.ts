/**
 * Timbank: hours are booked as they are reported, customer and consultant are told when the bank runs low, and the
 * customer gets a statement at even intervals.
 */
import { condition } from '@temporalio/workflow';
import type { ReportedHours } from '../../activities/hours/hours';
import type { ReportedEntry } from '../../activities/hours/ledger';
import type { Text } from '../../rules/engine/basics/text';
import { later } from '../../rules/engine/calendar/dates';
import type { OrderKind } from '../../rules/engine/hours/orders';
import { crossedAlerts } from '../../rules/engine/hours/hour-bank';
import { reasons } from '../../templates/ui/reasons';
import { timerSummary } from '../../templates/ui/wording';
import { perform, reasonOf } from '../basics/activities';
import { attempt } from '../basics/attempt';
import type { MessageName } from '../messages/messages';
import { retryUntilDone } from '../year/failures';
import { offerGoodwill } from '../year/freed-hours';
import { holdAlert, takeBackAlerts } from '../year/hours-alert';
import { tellOfGiven } from '../year/given-hours';
import { followQuestions } from '../year/line-questions';
import { firstFew, raise, record, reject } from '../year/journal';
import { sendNotices } from '../year/mails';
import { closeObligation } from '../year/obligations';
import { followOrders } from '../year/orders';
import type { Year } from '../year/year';
import type { HeldMail } from '../year/year-state';

const [lapse, expiry] = ['hours/lapse', 'hours/expiry'] as const;

export async function hourBank(year: Year): Promise<void> {
  const carry = (id: string): Promise<void> => (id === lapse ? lapseRolled(year) : sendStatement(year, id));
  await Promise.all([bookHours(year), year.each('hourBank', carry)]);
}

/**
 * Sends a statement, or the warning before hours expire. One that a re-plan has withdrawn waits for a re-plan that asks for it
 * again. Of an agreement that ends within the year another mail has told what becomes of the hours.
 */
async function sendStatement(year: Year, statement: string): Promise<void> {
  const isNeedless = (): boolean => statement === expiry && year.terminatedInYear() !== undefined;
  while (!year.over && !year.isClosed(statement)) {
    await sendNotices(year, statement, isNeedless);
    const { plan } = year;
    if (year.over) return;
    if (isNeedless()) await condition(() => year.over || !isNeedless());
    else if (year.obligation(statement)) closeObligation(year, statement, { state: 'done', by: 'system' });
    else await condition(() => year.over || year.plan !== plan);
  }
}

/** Hours rolled in lapse on the day the terms give them; the customer is told before by a statement. */
async function lapseRolled(year: Year): Promise<void> {
  const { agreement, number } = year;
  const summary = timerSummary('expire', lapse, year.input.language);
  while (!year.over && !year.isClosed(lapse)) {
    await sendNotices(year, lapse);
    const { plan } = year;
    const due = (): string | undefined => year.obligation(lapse)?.dueAt;
    if (await year.until(due, () => year.plan !== plan, summary)) {
      const asOf = due() ?? year.now();
      const done = await retryUntilDone(year, 'lapse-failed', 'hour bank', () =>
        perform(year, 'lapseRolled', { agreement, year: number, asOf }),
      );
      if (!done) break;
      const { lapsed, balance, freed, mailAt } = done;
      const { balance: before } = year.state;
      year.state.balance = balance;
      // With fewer hours to use, those used are a larger share.
      if (before && mailAt !== undefined)
        holdAlert(year, crossedAlerts(before, balance, year.plan.alertPercents), mailAt);
      record(year, { kind: 'agreement', ref: 'rolled-hours-lapsed', detail: { hours: lapsed / 100 } });
      if (freed) offerGoodwill(year, freed);
      closeObligation(year, lapse, { state: 'done', by: 'system' });
    } else await condition(() => year.over || year.plan !== plan);
  }
}

/** The hours to book in this year. What is reported after its end belongs to the next year, if there is one. */
function oursToBook(year: Year): ReportedEntry[] {
  const { hoursToBook } = year.state;
  if (year.terminatedInYear()) return hoursToBook;
  return hoursToBook.filter(({ asOf }) => asOf < year.plan.endsAt);
}

/** Books reported hours in the order they came, so that every alert is sent once and in order. */
async function bookHours(year: Year): Promise<void> {
  for (;;) {
    await condition(() => year.over || oursToBook(year).length > 0 || year.state.changedHours !== undefined);
    if (year.over) return;
    if (year.state.changedHours) await readAnew(year, year.state.changedHours);
    else await bookReported(year);
  }
}

/** Books what still waits when a run comes to its end: what one run hands to the next has a size limit. */
export async function bookRest(year: Year): Promise<void> {
  while (oursToBook(year).length > 0) await bookReported(year);
}

/** Books the first entries that wait, as many as go at once. */
async function bookReported(year: Year): Promise<void> {
  const { state, agreement, number } = year;
  const entries = firstFew(oursToBook(year));
  const booked = await attempt(() => perform(year, 'reportHours', { agreement, year: number, entries }));
  if ('error' in booked) {
    state.failedHours.push(...entries);
    raise(year, 'hours-failed', 'hour bank', reasonOf(booked.error));
  } else noteBooked(year, entries, booked.value);
  state.hoursToBook = state.hoursToBook.filter((entry) => !entries.includes(entry));
}

/** Reads the balance after a command has changed hours; people are told of it as of hours that they report. */
async function readAnew(year: Year, changed: { corrected: number[] }): Promise<void> {
  const { state, agreement, number } = year;
  // What is told meanwhile is read after it.
  delete state.changedHours;
  const found = await retryUntilDone(year, 'hours-failed', 'hour bank', () =>
    perform(year, 'reportHours', { agreement, year: number, entries: [], asOf: year.now() }),
  );
  if (!found) {
    const { corrected = [] } = state.changedHours ?? {};
    state.changedHours = { corrected: [...new Set([...changed.corrected, ...corrected])] };
    return;
  }
  noteBooked(year, [], {
    ...found,
    before: state.balance ?? year.plan.balance ?? found.before,
    corrected: changed.corrected,
  });
}

/** Takes in what booking gave: the balance, what was not booked and why, and alerts. */
function noteBooked(year: Year, entries: readonly ReportedEntry[], answered: ReportedHours): void {
  const { state } = year;
  const { before, after, mailAt, booked = {} } = answered;
  state.balance = after;
  for (const { entry, ...not } of notBooked(entries, answered)) {
    // What was not booked is no step: undoing the last step has to undo the entry that was.
    state.steps = state.steps.filter((step) => step.entryId !== entry.entryId);
    // Who waits for an answer gets it in the dialog alone.
    if (!not.silent && !year.isAwaited(entry)) reject(year, messageOf(entry), not.why);
    year.outcomes.set(entry, not);
  }
  for (const entry of entries) {
    const number = booked[entry.entryId];
    if (number !== undefined) year.outcomes.set(entry, { number });
  }
  // Answers of before 0.3.0 tell nothing of it.
  if (answered.freed) offerGoodwill(year, answered.freed);
  takeBackAlerts(year);
  holdAlert(year, crossedAlerts(before, after, year.plan.alertPercents), mailAt);
  for (const given of answered.given ?? []) tellOfGiven(year, given, mailAt);
  if (answered.orders) followOrders(year, answered.orders, mailAt);
  if (answered.questions) followQuestions(year, answered.questions, mailAt);
  for (const corrected of answered.corrected ?? []) holdCorrectedStatement(year, corrected, mailAt);
}

const correctedStatement = 'statement-corrected';

/** Has a statement wait that takes the place of a closed year's final one. Of several that wait the last is sent. */
function holdCorrectedStatement(year: Year, closed: number, mailAt: string): void {
  const { state, plan } = year;
  const isOfIt = ({ mail }: HeldMail): boolean =>
    mail.year === closed && mail.step.startsWith(correctedStatement);
  state.heldMails = state.heldMails.filter((held) => !isOfIt(held));
  record(year, { kind: 'agreement', ref: 'statement-corrected', detail: { year: closed } });
  const at = later(mailAt, year.heldUntil());
  const about = {
    obligation: 'close',
    revision: state.sequence,
    template: 'hour-statement',
    year: closed,
  } as const;
  state.heldMails.push(
    { at, step: 0, mail: { ...about, step: correctedStatement, to: 'customer', roles: plan.statementRoles } },
    { at, step: 0, mail: { ...about, step: `${correctedStatement}-manager`, to: 'manager' } },
  );
}

const isDecided = (kind: OrderKind): boolean => kind === 'charge' || kind === 'waive';

function messageOf({ corrects, undoes, gives, asks, answers, orders }: ReportedEntry): MessageName {
  if (undoes) return 'stepUndone';
  if (orders) return isDecided(orders.kind) ? 'overageDecided' : 'hoursOrdered';
  if (asks) return 'lineQuestioned';
  if (answers) return 'questionSettled';
  if (gives) return 'hoursGiven';
  return corrects ? 'hoursCorrected' : 'hoursUsed';
}

interface NotBooked {
  entry: ReportedEntry;
  why: Text;
  /** The number of what it repeats, if it repeats something: that is no failure. */
  number?: number;
  repeats?: true;
  /** Nobody's mistake. */
  silent?: boolean;
}

function notBooked(
  entries: readonly ReportedEntry[],
  {
    repeats,
    conflicts = [],
    unknown,
    tooMuch = [],
    needsManager = [],
    outside = [],
    tooLate = [],
  }: ReportedHours,
): NotBooked[] {
  const why = (entryId: string, not: Omit<NotBooked, 'entry'>): NotBooked[] =>
    entries.flatMap((entry) => (entry.entryId === entryId ? [{ entry, ...not }] : []));
  // An answer that a run of before 0.3.0 was given names what is unknown alone.
  const nameless = (unknown as (string | (typeof unknown)[number])[]).filter(
    (one) => typeof one === 'string',
  );
  const byName = entries.flatMap(({ entryId, corrects }) =>
    corrects && 'ref' in corrects && nameless.includes(corrects.ref) ? [{ entryId, name: corrects.ref }] : [],
  );
  return [
    ...repeats.flatMap(({ entryId, repeat, number }) =>
      why(entryId, {
        why: reasons.repeat(repeat, number),
        repeats: true,
        silent: repeat === 'sent-by-a-cure',
        ...(number !== undefined && { number }),
      }),
    ),
    ...conflicts.flatMap(({ entryId, number }) => why(entryId, { why: reasons.conflict(number) })),
    ...tooMuch.flatMap(({ entryId, on, seconds, elsewhere }) =>
      why(entryId, { why: reasons.tooMuchOnADay(on, seconds, elsewhere) }),
    ),
    ...outside.flatMap(({ entryId, on, first, last }) =>
      why(entryId, { why: reasons.outsideAgreement(on, first, last) }),
    ),
    ...tooLate.flatMap(({ entryId, until }) => why(entryId, { why: reasons.askedTooLate(until) })),
    ...needsManager.flatMap(({ entryId, ...need }) =>
      why(entryId, {
        why:
          'year' in need
            ? reasons.managerForClosed(need.year, need.told)
            : reasons.managerForOld(need.on, need.days),
      }),
    ),
    ...[...unknown.filter((one) => typeof one !== 'string'), ...byName].flatMap(({ entryId, name }) =>
      why(entryId, {
        why: isAnswer(entryId, entries) ? reasons.nothingAsked(name) : reasons.noSuchEntry(name),
        silent: isOfAStep(entryId, entries),
      }),
    ),
  ];
}

const isAnswer = (id: string, entries: readonly ReportedEntry[]): boolean =>
  entries.some(({ entryId, answers }) => entryId === id && answers !== undefined);

/** Whether it takes back what a step had reported: nobody named the entry, and what was a repeat is not there. */
function isOfAStep(id: string, entries: readonly ReportedEntry[]): boolean {
  const { corrects, undoes } = entries.find(({ entryId }) => entryId === id) ?? {};
  const name = corrects ?? undoes;
  return name !== undefined && 'entryId' in name;
}
