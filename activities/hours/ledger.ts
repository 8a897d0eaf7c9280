/** Writes the hour bank's ledger: append-only, in whole seconds, every entry once. */
import { addDays, addMonths, earlier, later } from '../../rules/engine/calendar/dates';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { standingOf, standingUses } from '../../rules/engine/hours/entries';
import type { OrderKind } from '../../rules/engine/hours/orders';
import { questionsOf } from '../../rules/engine/hours/questions';
import type { HourEntry, StandingUse } from '../../rules/engine/hours/entries';
import { secondsOfHundredth } from '../../rules/engine/hours/hour-bank';
import type { HourClose } from '../../rules/engine/hours/hour-bank';
import { refOfCure } from '../agreements/cures';
import type { Queryable } from '../db';
import { columnsOf } from '../db';

/** One entry as somebody reported it. */
export interface ReportedEntry {
  /** Given by the workflow, so that a retried activity books once. */
  entryId: string;
  /** Whole seconds; booked in whole units if the terms round. Of a correction: what it is to be. */
  seconds?: number;
  /** The same in hundredths of an hour, from runs of before 0.3.0. */
  hours?: number;
  /** The day of the work; the day of the report if it is left out. */
  on?: LocalDate;
  service?: string;
  note?: string;
  /** Names the entry for its reporter: a second report with this `ref` is a repeat, or a conflict if it differs. */
  ref?: string;
  by: string;
  byAssumed: boolean;
  asOf: Instant;
  /** It corrects what was booked under this reference, number or id, in whatever year. */
  corrects?: EntryName;
  /** It takes back an entry or a correction. */
  undoes?: EntryName;
  /** The customer asks about a line; the words are the note. */
  asks?: EntryName;
  /** It answers what was asked about a line; it may be named by the line or by a question about it. */
  answers?: EntryName;
  /** It gives hours: how many `seconds` says, from which day `on`. */
  gives?: GivenHours;
  /** The agreement includes it: it is recorded and draws nothing. */
  included?: boolean;
  /** It orders work beyond the bank, or decides about it: at most `seconds`, from the first work that waits. */
  orders?: OrderedHours;
  /** The sender has said that more than a day's hours are right. */
  confirmed?: boolean;
  /** The manager who has said yes to what needs one. */
  approvedBy?: string;
}

/** Hours that somebody gives beside the bank's own. */
export interface GivenHours {
  kind: 'purchased' | 'goodwill';
  /** How long they can be used, from the day on which they are given. */
  months: number;
  /** What an hour that was bought cost, in minor units; the price of the bank's hours if it is left out. */
  priceMinor?: number;
}

/** A decision about work beyond the bank. */
export interface OrderedHours {
  kind: OrderKind;
  /** The last day of work that it covers; so long as the terms say if it is left out. */
  until?: LocalDate;
  /** Of what a manager charges: the id of the contact who ordered it, and when. */
  orderedBy?: string;
  orderedOn?: LocalDate;
}

/** How people and workflows name an entry. */
export type EntryName = { ref: string } | { number: number } | { entryId: string };

export type Repeat = 'same-ref' | 'same-content-within-the-hour' | 'booked-under-its-name' | 'sent-by-a-cure';

/** The entry that a name means among those that stand; a `ref` is free again once its entry is undone. */
export function findEntry(entries: readonly HourEntry[], name: EntryName): HourEntry | undefined {
  if ('entryId' in name) return entries.find(({ id }) => id === name.entryId);
  if ('number' in name) return entries.find(({ number }) => number === name.number);
  return findStanding(entries, name.ref)?.entry;
}

const findStanding = (entries: readonly HourEntry[], ref: string): StandingUse | undefined =>
  standingOf(entries).find(({ entry }) => entry.ref === ref);

/** Whole seconds of a report, from runs of any version. */
export const secondsOf = ({ seconds, hours = 0 }: ReportedEntry): number =>
  seconds ?? hours * secondsOfHundredth;

/** What was recorded before under the `ref` of a report, if it stands. */
export type Earlier = { repeat: Repeat; entry: HourEntry } | { conflict: HourEntry };

/** Whether an entry is booked already, and how that is known; the same `ref` with other content is a conflict. */
export function findEarlier(
  entries: readonly HourEntry[],
  report: ReportedEntry,
  { given }: Pick<BookingTerms, 'given'> = {},
): Earlier | undefined {
  const { entryId, ref } = report;
  const others = entries.filter(({ id }) => id !== entryId);
  if (report.asks) return findAsked(others, report);
  const named = ref === undefined ? undefined : findStanding(others, ref)?.entry;
  if (named)
    return isSame(named, report) && isGivenAlike(named, report, given?.(named.id))
      ? { repeat: 'same-ref', entry: named }
      : { conflict: named };
  if (ref !== undefined && !ref.startsWith(refOfCure)) return undefined;
  const same = standingUses(others).find(({ entry }) => isWithinTheHour(entry, report))?.entry;
  return same && { repeat: 'same-content-within-the-hour', entry: same };
}

/** A question that is asked again: with the same `ref`, or in the same words within the hour. */
function findAsked(entries: readonly HourEntry[], report: ReportedEntry): Earlier | undefined {
  const line = report.asks && findEntry(entries, report.asks);
  const asked = questionsOf(entries).flatMap(({ questions }) => questions);
  const isAlike = ({ target, note }: HourEntry): boolean =>
    target === (line?.target ?? line?.id) && note === report.note;
  const named = asked.find(({ ref }) => ref !== undefined && ref === report.ref);
  if (named) return isAlike(named) ? { repeat: 'same-ref', entry: named } : { conflict: named };
  if (report.ref !== undefined) return undefined;
  const same = asked.find((one) => isAlike(one) && one.by === report.by && isWithin(one, report, 0));
  return same && { repeat: 'same-content-within-the-hour', entry: same };
}

/** Whether a report comes within the hour after an entry, or so long before it. */
function isWithin({ recordedAt }: HourEntry, { asOf }: ReportedEntry, before: number): boolean {
  const after = Date.parse(asOf) - Date.parse(recordedAt);
  return after <= hour && after >= -before;
}

const hour = 3_600_000;

/** Whether a report says what an entry says; a day left out is the one on which it is told. Who tells it makes no difference. */
function isSame(entry: HourEntry, report: ReportedEntry): boolean {
  const { on, note, gives } = report;
  // From which day hours bought can be used may depend on what waited for them when they came.
  const isAsPlanned = entry.action !== 'use' && on === undefined;
  return (
    entry.reported === secondsOf(report) &&
    entry.service === serviceOf(report) &&
    entry.note === note &&
    (entry.action === 'grant') === (gives !== undefined) &&
    (entry.action === 'order') === (report.orders !== undefined) &&
    (isAsPlanned || entry.on === (on ?? localDateOf(entry.recordedAt)))
  );
}

/** Whether hours were given for as long, and at the price, that a report says. */
function isGivenAlike(
  { on = '', recordedAt }: HourEntry,
  { gives }: ReportedEntry,
  known: { priceMinor: number | null; expiresOn: LocalDate | null } | undefined,
): boolean {
  if (!gives || !known) return true;
  const { priceMinor = known.priceMinor, months } = gives;
  return (
    priceMinor === known.priceMinor &&
    addMonths(later(on, localDateOf(recordedAt)), months) === known.expiresOn
  );
}

/** The kind of a report: of work, of hours given, of an order. */
export const serviceOf = ({ service, gives, orders }: ReportedEntry): string | undefined =>
  gives?.kind ?? orders?.kind ?? service;

/**
 * Whether an entry without a `ref` of its own was reported with the same content within the hour. A cure gives a `ref`
 * to reports that had none. An activity of the run that it left may still book one of them without the `ref`, before or
 * after the report that the cure sends again.
 */
function isWithinTheHour(entry: HourEntry, report: ReportedEntry): boolean {
  const isCured = report.ref !== undefined;
  const isAlike = isSame(entry, report) && entry.by === report.by;
  const isFree = entry.ref === undefined || (!isCured && entry.ref.startsWith(refOfCure));
  const isPlain = entry.ref === undefined && !isCured;
  return isAlike && isFree && isWithin(entry, report, isPlain ? 0 : hour);
}

/** More of one person's hours on a day than it has, and nobody has said that they are right. */
export interface TooMuch {
  tooMuch: { on: LocalDate; seconds: number; /** Of them for other agreements. */ elsewhere?: number };
}

/** A report that only a manager may have booked, and nobody has said that one did. */
export interface NeedsManager {
  needsManager:
    | { /** A year with more hours than the customer was told at its end. */ year: number; told: LocalDate }
    | { /** Work of a day further back than the terms let people report. */ on: LocalDate; days: number };
}

/** A day on which the agreement did not run here. */
export interface Outside {
  outside: { on: LocalDate; first: LocalDate; last?: LocalDate };
}

/** A question about a line of a statement that was sent too long ago, and the day until which it could be asked. */
export interface AskedTooLate {
  tooLate: { until: LocalDate };
}

/** What a report comes to in the ledger. */
export type Outcome =
  | { booked: HourEntry }
  | Earlier
  | { unknown: EntryName }
  | { nothing: HourEntry }
  | TooMuch
  | NeedsManager
  | AskedTooLate
  | Outside;

const SECONDS_OF_DAY = 86_400;

/** What booking needs to know of the agreement's years. */
export interface BookingTerms {
  /** What of the time of a kind of work on a day counts, in whole seconds. */
  billable(seconds: number, kind: string | undefined, day: LocalDate): number;
  /** The agreement's first day, and its last once it has ended: what was worked before or after counts on them. */
  firstDay: LocalDate;
  lastDay?: LocalDate;
  /** Closed years whose final statement the customer has, and since when. */
  stated?: readonly Stated[];
  /** The day of the first work that waits beyond the bank, from which hours bought can be used. */
  firstWaiting?(): LocalDate | undefined;
  /** What hours that somebody gave are. */
  given?(id: string): { priceMinor: number | null; expiresOn: LocalDate | null } | undefined;
  /** Days for which an order holds that does not say. */
  orderDays?: number;
  /** The price of the bank's hours on a day, in minor units. */
  priceOn?(day: LocalDate): number;
  /** Days after a final statement within which its lines can be asked about. */
  questionDays?: number;
  /** What a person worked for other agreements on a day, in seconds. */
  elsewhere?(by: string, on: LocalDate): number;
  /** Days back that work may lie without a manager's yes. */
  maxDays?: number;
}

export interface Stated {
  year: number;
  from: LocalDate;
  to: LocalDate;
  told: LocalDate;
}

/**
 * Books a report, once.
 * @param entries all of the agreement so far; what is booked is added
 */
export async function book(
  tx: Queryable,
  agreement: string,
  entries: HourEntry[],
  report: ReportedEntry,
  terms: BookingTerms,
): Promise<Outcome> {
  const known = entries.find(({ id }) => id === report.entryId);
  if (known) {
    // The try before may have ended between the commit and the record.
    await keepEntry(tx, agreement, known);
    // A task that was lost is done again soon. Long after, a run that was rewound may mean other hours of the same kind.
    const isLate = known.action === 'use' && !isWithin(known, report, hour);
    return isLate ? { repeat: 'booked-under-its-name', entry: known } : { booked: known };
  }
  const isNew = !(report.corrects ?? report.undoes ?? report.answers);
  const earlier = isNew ? findEarlier(entries, report, terms) : undefined;
  if (earlier && !findOutside(report, terms)) return earlier;
  const outcome = judge(entries, report, terms, (entries.at(-1)?.number ?? 0) + 1);
  if (!('booked' in outcome)) return outcome;
  await insertEntries(tx, agreement, [{ entry: outcome.booked, byAssumed: report.byAssumed }]);
  if (report.gives) await give(tx, agreement, outcome.booked, report.gives, terms);
  if (report.orders) await order(tx, outcome.booked, report.orders, terms);
  entries.push(outcome.booked);
  return outcome;
}

/** What a report comes to that repeats no other. */
export type Judged = Exclude<Outcome, Earlier>;

/**
 * Judges a report that repeats no other, and makes its entry; nothing is written.
 * @param entries of the agreement: all about the use that is corrected or taken back, and about uses of the same person
 *   and day; others make no difference
 * @param number the number that the entry gets
 */
export function judge(
  entries: readonly HourEntry[],
  report: ReportedEntry,
  terms: BookingTerms,
  number: number,
): Judged {
  const name = report.corrects ?? report.undoes ?? report.asks ?? report.answers;
  const outside = findOutside(report, terms);
  if (outside) return outside;
  const target = name && findEntry(entries, name);
  if (name && (!target || target.action === 'undo')) return { unknown: name };
  if (name && (report.corrects || report.asks) && !isStanding(entries, target)) return { unknown: name };
  if (name && report.answers && !isAsked(entries, target)) return { unknown: name };
  // A correction of a correction is one of what that corrected.
  const corrected = entries.find(({ id }) => id === target?.target) ?? target;
  const fields = fieldsOf(report, report.undoes ? target : corrected, terms);
  if (target && isNothingNew(entries, target, fields)) return { nothing: target };
  const tooLate =
    report.asks && report.approvedBy === undefined && findTooLate(entries, report, fields, terms);
  if (tooLate) return tooLate;
  const tooMuch = findTooMuch(entries, report, fields, terms);
  if (tooMuch) return tooMuch;
  const entry: HourEntry = {
    ...{ id: report.entryId, number, recordedAt: report.asOf },
    ...fields,
    ...{ by: report.by },
    ...(report.approvedBy !== undefined && { approvedBy: report.approvedBy }),
    ...(report.note !== undefined && { note: report.note }),
  };
  const needed = report.approvedBy === undefined && findNeedOfManager(entries, report, entry, terms);
  return needed ? needed : { booked: entry };
}

type Fields = Pick<HourEntry, 'action' | 'target' | 'on' | 'service' | 'reported' | 'billable' | 'ref'>;

function fieldsOf(
  report: ReportedEntry,
  target: HourEntry | undefined,
  { billable: billableOn, firstDay, lastDay = '9999-12-31', firstWaiting }: BookingTerms,
): Fields {
  if (target && report.undoes) return { action: 'undo', target: target.id };
  if (target && (report.asks ?? report.answers))
    return {
      ...{ action: report.asks ? 'question' : 'answer', target: target.id },
      ...(report.ref !== undefined && { ref: report.ref }),
    };
  const today = localDateOf(report.asOf);
  const waits = report.orders || report.gives?.kind === 'purchased' ? firstWaiting?.() : undefined;
  const told = report.on ?? (target ? undefined : (waits ?? today));
  const on = told === undefined ? undefined : earlier(later(told, firstDay), lastDay);
  const reported = secondsOf(report);
  const isGiven =
    report.gives !== undefined || report.orders !== undefined || (target && target.action !== 'use');
  const service = serviceOf(report);
  const kind = target ? target.service : service;
  const day = on ?? target?.on ?? today;
  // What was recorded as included stays so when it is corrected.
  const isIncluded =
    report.included ?? (target?.billable === 0 && billableOn(target.reported ?? 0, kind, day) > 0);
  const billable = isGiven ? reported : isIncluded ? 0 : billableOn(reported, kind, day);
  return {
    ...(target ? { action: 'correction', target: target.id } : { action: actionOf(report) }),
    ...(on !== undefined && { on }),
    ...(!target && service !== undefined && { service }),
    ...{ reported, billable },
    ...(!target && report.ref !== undefined && { ref: report.ref }),
  };
}

/** What a report is that is about no other. */
export function actionOf({ gives, orders }: ReportedEntry): 'use' | 'grant' | 'order' {
  if (orders) return 'order';
  return gives ? 'grant' : 'use';
}

/** Whether a day that somebody names lies before the agreement ran here, or after its end. */
function findOutside(
  { on, seconds }: ReportedEntry,
  { firstDay, lastDay }: BookingTerms,
): Outside | undefined {
  if (on === undefined || seconds === undefined) return undefined;
  const isOutside = on < firstDay || (lastDay !== undefined && on > lastDay);
  return isOutside
    ? { outside: { on, first: firstDay, ...(lastDay !== undefined && { last: lastDay }) } }
    : undefined;
}

/**
 * Whether a person would have worked more than a day on a day, for this agreement and others. What runs of before 0.3.0 report, and hours that a
 * meeting draws, are not asked about.
 */
function findTooMuch(
  entries: readonly HourEntry[],
  report: ReportedEntry,
  { action, target, on: told, reported = 0 }: Fields,
  { elsewhere: workElsewhere }: BookingTerms,
): TooMuch | undefined {
  const { seconds, confirmed } = report;
  if ((action !== 'use' && action !== 'correction') || seconds === undefined || confirmed) return undefined;
  const uses = standingUses(entries);
  const corrected = uses.find(({ entry }) => entry.id === target);
  if (action === 'correction' && (!corrected || reported <= corrected.reported)) return undefined;
  const on = told ?? corrected?.on ?? '';
  const by = (corrected?.entry.by ?? report.by).toLowerCase();
  const others = uses.filter(
    (use) => use !== corrected && use.on === on && (use.entry.by ?? '').toLowerCase() === by,
  );
  const elsewhere = workElsewhere?.(by, on) ?? 0;
  const sum = others.reduce((total, use) => total + use.reported, reported) + elsewhere;
  if (sum <= SECONDS_OF_DAY || others.length + elsewhere === 0) return undefined;
  return { tooMuch: { on, seconds: sum, ...(elsewhere > 0 && { elsewhere }) } };
}

/**
 * Whether a report makes the customer's hours worse than a final statement said, or is about work too long ago. What runs
 * of before 0.3.0 report, and hours that a meeting draws, need nobody.
 */
function findNeedOfManager(
  entries: readonly HourEntry[],
  { seconds, asOf, included }: ReportedEntry,
  entry: HourEntry,
  { stated = [], maxDays }: BookingTerms,
): NeedsManager | undefined {
  if (seconds === undefined || included) return undefined;
  const after = [...entries, entry];
  const usedIn = ({ from, to }: Stated, all: readonly HourEntry[]): number =>
    standingUses(all).reduce((sum, { on, billable }) => (from <= on && on < to ? sum + billable : sum), 0);
  const worse = stated.find((year) => usedIn(year, after) > usedIn(year, entries));
  if (worse) return { needsManager: { year: worse.year, told: worse.told } };
  const taken = stated.find((year) => givenFor(year, after) < givenFor(year, entries));
  if (taken) return { needsManager: { year: taken.year, told: taken.told } };
  const { on } = entry;
  if (on === undefined || maxDays === undefined || on >= addDays(localDateOf(asOf), -maxDays))
    return undefined;
  const isMoved = standingUses(entries).every((use) => use.entry.id !== entry.target || use.on !== on);
  return isMoved ? { needsManager: { on, days: maxDays } } : undefined;
}

/** Hours bought, or given by us, that a year's work could draw on. */
const givenFor = ({ to }: Stated, entries: readonly HourEntry[]): number =>
  standingOf(entries, 'grant').reduce((sum, { on, billable }) => (on < to ? sum + billable : sum), 0);

/** Whether a use, or the one that a correction is about, has not been taken back. */
const isStanding = (entries: readonly HourEntry[], entry: HourEntry | undefined): boolean =>
  standingOf(entries).some((use) => use.entry.id === (entry?.target ?? entry?.id));

/** Whether somebody has asked about a line, and nobody has answered. */
const isAsked = (entries: readonly HourEntry[], entry: HourEntry | undefined): boolean =>
  questionsOf(entries).some(({ use, answer }) => !answer && use.id === (entry?.target ?? entry?.id));

/** Whether a line is asked about so long after its final statement that a manager has to say yes. */
function findTooLate(
  entries: readonly HourEntry[],
  { asOf }: ReportedEntry,
  { target }: Fields,
  { stated = [], questionDays }: BookingTerms,
): AskedTooLate | undefined {
  const on = standingOf(entries).find(({ entry }) => entry.id === target)?.on ?? '';
  const told = stated.find(({ from, to }) => from <= on && on < to)?.told;
  if (told === undefined || questionDays === undefined) return undefined;
  const until = addDays(told, questionDays);
  return localDateOf(asOf) > until ? { tooLate: { until } } : undefined;
}

/** Whether a correction or an undo would change nothing. */
function isNothingNew(entries: readonly HourEntry[], target: HourEntry, fields: Fields): boolean {
  if (fields.action === 'undo')
    return entries.some(({ action, target: undone }) => action === 'undo' && undone === target.id);
  if (fields.action !== 'correction') return false;
  const now = standingOf(entries).find(({ entry }) => entry.id === fields.target);
  return now?.reported === fields.reported && (fields.on === undefined || fields.on === now?.on);
}

/** Writes entries, in one go however many they are. */
export async function insertEntries(
  tx: Queryable,
  agreement: string,
  entries: readonly { entry: HourEntry; byAssumed: boolean }[],
): Promise<void> {
  if (entries.length === 0) return;
  const columns = columnsOf(entries.map(({ entry }) => entry));
  await tx.query(
    `insert into hour_entries (agreement, id, number, action, target, work_date, service, reported, billable, recorded_at)
     select $1, * from unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::date[], $7::text[], $8::int[], $9::int[],
                              $10::timestamptz[])`,
    [
      agreement,
      ...columns('id', 'number', 'action', 'target', 'on', 'service', 'reported', 'billable', 'recordedAt'),
    ],
  );
  const named = entries.flatMap(({ entry }) => (entry.ref === undefined ? [] : [entry]));
  if (named.length > 0)
    await tx.query(
      'insert into hour_entry_refs (entry, ref) select * from unnest($1::text[], $2::text[])',
      columnsOf(named)('id', 'ref'),
    );
  await tx.query(
    `insert into hour_entry_texts (entry, by, note, approved_by, by_assumed)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[])`,
    [...columns('id', 'by', 'note', 'approvedBy'), entries.map(({ byAssumed }) => byAssumed)],
  );
  for (const { entry } of entries) await keepEntry(tx, agreement, entry);
}

/** Keeps an entry in the record outside of the database. */
async function keepEntry(tx: Queryable, agreement: string, entry: HourEntry): Promise<void> {
  const { id, number, action, reported, on, ref, recordedAt } = entry;
  await tx.keep?.({
    ...{ kind: 'hours', agreement, id, number, action, at: recordedAt },
    ...(reported !== undefined && { seconds: reported }),
    ...(on !== undefined && { on }),
    ...(ref !== undefined && { ref }),
  });
}

/** Keeps what hours that somebody gives are, and until when they can be used. */
async function give(
  tx: Queryable,
  agreement: string,
  { id, on = '', reported, recordedAt, note }: HourEntry,
  { kind, months, priceMinor }: GivenHours,
  { priceOn }: BookingTerms,
): Promise<void> {
  const today = localDateOf(recordedAt);
  const price = kind === 'purchased' ? (priceMinor ?? priceOn?.(today) ?? 0) : null;
  await tx.query(
    `insert into hour_grants (id, agreement, kind, seconds, effective_from, expires_on, recorded_at, reason, price_minor)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [id, agreement, kind, reported, on, addMonths(later(on, today), months), recordedAt, note ?? null, price],
  );
}

/** Days for which an order holds, unless it or the terms say. */
export const usualOrderDays = 30;

/** Keeps what an order is, and for how long it holds. */
async function order(
  tx: Queryable,
  { id, recordedAt }: HourEntry,
  { kind, until, orderedBy, orderedOn }: OrderedHours,
  { orderDays = usualOrderDays }: BookingTerms,
): Promise<void> {
  const last = until ?? addDays(localDateOf(recordedAt), orderDays);
  await tx.query(
    'insert into hour_orders (id, kind, until, ordered_by, ordered_on) values ($1, $2, $3, $4, $5)',
    [id, kind, last, orderedBy ?? null, orderedOn ?? null],
  );
}

/** Gives contracted hours to a year, or hours that were rolled in before the agreement came to us; once. */
export async function grantYear(
  tx: Queryable,
  agreement: string,
  grant: {
    id: string;
    year: number;
    kind: 'contracted' | 'rolled';
    seconds: number;
    at: Instant;
    reason?: string;
  },
): Promise<void> {
  const { id, year, kind, seconds, at, reason } = grant;
  await tx.query(
    `insert into hour_grants (id, agreement, year, kind, seconds, recorded_at, reason)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [id, agreement, year, kind, seconds, at, reason ?? null],
  );
}

/** Locks the agreement's hours: until the transaction ends nobody else books any. */
export async function lockHours(tx: Queryable, agreement: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [agreement]);
}

/** How a year's hour bank was closed, if it is. */
export async function findClose(
  db: Queryable,
  agreement: string,
  year: number,
): Promise<HourClose | undefined> {
  const [known] = await db.query<{ result: HourClose }>(
    `select result from decisions where agreement = $1 and year = $2 and key = 'rollover'`,
    [agreement, year],
  );
  return known?.result;
}
