/** Messages about the hour bank (timbank): hours used, hours corrected, hours taken back. */
import { patched, uuid4 } from '@temporalio/workflow';
import type { EntryName, ReportedEntry } from '../../activities/hours/ledger';
import type { Text } from '../../rules/engine/basics/text';
import { joined } from '../../rules/engine/basics/text';
import { addMonths } from '../../rules/engine/calendar/dates';
import type { LocalDate } from '../../rules/engine/contract/contract';
import { mostHours } from '../../rules/engine/hours/hour-bank';
import { kinds, reasons } from '../../templates/ui/reasons';
import { kindOfWork, kindsOfWork } from '../../templates/ui/spoken';
import { byteLength } from '../../templates/ui/text';
import type { Fields } from '../messages/fields';
import { clean } from '../messages/fields';
import type { Verdict } from '../year/steps';
import { highestPrice, minorUnits } from './approval';
import { always } from './meetings';
import type { Year } from '../year/year';

/** Most bytes of hours that wait while a year is closed: they are handed to the next run. */
const mostHandedOver = 20_000;

/** Hours beyond which an entry is asked about. */
const dayOfHours = 24;

/** @param asks whether what is new to refuse or to take is judged as today; called only where it makes a difference */
export function judgeHours(year: Year, fields: Fields, asks = always): Verdict {
  const seconds = secondsIn(fields, asks, (hours) =>
    hours > 0 && hours <= mostHours ? undefined : reasons.above('hours', mostHours, String(hours)),
  );
  if (typeof seconds !== 'number') return seconds;
  if (isFull(year)) return { rejected: reasons.closing };
  if (year.now() < year.plan.startsAt) return { rejected: reasons.yearNotBegun(year.plan.from) };
  const kind = fields.text('kind');
  const service = kind === undefined ? undefined : kindOfWork(kind);
  const doubt =
    dayProblem(year, fields) ??
    kindProblem(year, kind, service) ??
    sizeProblem(fields, seconds) ??
    approvalProblem(year, fields, 'note');
  if (doubt && asks()) return { rejected: doubt };
  return {
    accept: (step) => {
      step.entryId = uuid4();
      year.state.hoursToBook.push({
        ...entryOf(year, fields, step.entryId, seconds),
        ...(service !== undefined && { service }),
        ...fields.optional({ note: 'note', ref: 'ref' }),
      });
      return { hours: seconds / 3600, ...fields.optional({ on: 'on' }) };
    },
  };
}

/** Whether more would wait for the next run than can be handed to it. */
export const isFull = ({ over, state }: Year): boolean =>
  over && byteLength(JSON.stringify(state.hoursToBook)) > mostHandedOver;

export function judgeCorrection(year: Year, fields: Fields, asks = always): Verdict {
  const name = nameOf(fields);
  if (name === undefined) return { rejected: reasons.missing('ref', kinds.text) };
  const seconds = secondsIn(fields, asks, (hours) =>
    hours >= 0 && hours <= mostHours ? undefined : reasons.between('hours', 0, mostHours, String(hours)),
  );
  if (typeof seconds !== 'number') return seconds;
  // What was used before a takeover is the sum of many days.
  const size = fields.text('ref') === 'takeover' ? undefined : sizeProblem(fields, seconds);
  const doubt = dayProblem(year, fields) ?? size ?? approvalProblem(year, fields, 'reason');
  if (doubt && asks()) return { rejected: doubt };
  return {
    accept: (step) => {
      const entryId = uuid4();
      // In runs of before this patch a correction was no step, and undoing took back the step before it.
      if (patched('undo-corrections-2026-11-29')) step.entryId = entryId;
      year.state.hoursToBook.push({
        ...entryOf(year, fields, entryId, seconds),
        corrects: name,
        ...fields.optional({ note: 'reason' }),
      });
      return { ...name, hours: seconds / 3600, ...fields.optional({ on: 'on' }) };
    },
  };
}

/** How long hours can be used that somebody gives, in months. */
const usualMonths = { purchased: 12, goodwill: 3 } as const;

/** Hours that the customer buys, or that we give, beside the bank's own. */
export function judgeGiving(year: Year, fields: Fields): Verdict {
  const kind = kindGiven(fields.text('kind'));
  if (typeof kind !== 'string') return kind;
  if (isFull(year)) return { rejected: reasons.closing };
  const seconds = secondsIn(fields, always, (hours) =>
    hours > 0 && hours <= mostHours ? undefined : reasons.above('hours', mostHours, String(hours)),
  );
  if (typeof seconds !== 'number') return seconds;
  const months = fields.number('months') ?? usualMonths[kind];
  if (!Number.isInteger(months) || months < 1 || months > 60)
    return { rejected: reasons.between('months', 1, 60, String(months)) };
  const price = fields.number('pricePerHour');
  if (price !== undefined && !(price >= 0 && price <= highestPrice))
    return { rejected: reasons.between('pricePerHour', 0, highestPrice, String(price)) };
  const priceMinor = price === undefined ? undefined : minorUnits(price);
  if (Number.isNaN(priceMinor)) return { rejected: reasons.decimals('pricePerHour', String(price)) };
  if (kind === 'goodwill' && price !== undefined) return { rejected: reasons.goodwillHasNoPrice };
  if (kind === 'goodwill' && fields.text('approvedBy') === undefined)
    return { rejected: reasons.goodwillNeedsManager };
  const doubt = approvalProblem(year, fields, 'note');
  if (doubt) return { rejected: doubt };
  return {
    accept: (step) => {
      step.entryId = uuid4();
      year.state.hoursToBook.push({
        ...entryOf(year, fields, step.entryId, seconds),
        gives: { kind, months, ...(priceMinor !== undefined && { priceMinor }) },
        ...fields.optional({ note: 'note', ref: 'ref' }),
      });
      return { kind, hours: seconds / 3600, ...fields.optional({ on: 'on' }) };
    },
  };
}

const kindsGiven: Record<string, keyof typeof usualMonths> = {
  ...{ purchased: 'purchased', köpta: 'purchased', köpt: 'purchased' },
  ...{ goodwill: 'goodwill', bjudna: 'goodwill' },
};

function kindGiven(given: string | undefined): keyof typeof usualMonths | { rejected: Text } {
  const known = Object.keys(usualMonths);
  if (given === undefined)
    return { rejected: reasons.missing('kind', joined(kinds.oneOf, ` ${known.join(', ')}`)) };
  return kindsGiven[given.toLowerCase()] ?? { rejected: reasons.oneOf('kind', known, given) };
}

/** The customer asks about a line; an entry of its own, so that it has a number and can be taken back. */
export function judgeQuestion(year: Year, fields: Fields): Verdict {
  const entry = fields.number('entry');
  if (entry === undefined) return { rejected: reasons.missing('entry', kinds.number) };
  const question = fields.text('question');
  if (question === undefined || !isWorded(question))
    return { rejected: reasons.missing('question', kinds.text) };
  if (isFull(year)) return { rejected: reasons.closing };
  const { contacts } = year.plan.ids;
  const contact = fields.text('contact');
  if (contact === undefined || !contacts.includes(contact))
    return { rejected: reasons.oneOf('contact', contacts, contact ?? '-') };
  const doubt = approvalProblem(year, fields, 'reason');
  if (doubt) return { rejected: doubt };
  return {
    accept: (step) => {
      step.entryId = uuid4();
      const reported = entryOf(year, fields, step.entryId, 0);
      year.state.hoursToBook.push({
        ...reported,
        ...{ by: contact, byAssumed: false },
        ...{ asks: { number: entry }, note: clean(question, longestQuestion) },
        ...fields.optional({ ref: 'ref' }),
      });
      return { entry, ...sentBy(contact, fields) };
    },
  };
}

/** Characters of a question, and of its answer, that are kept. */
const longestQuestion = 1000;

/** Our answer to what the customer asked about a line. */
export function judgeAnswer(year: Year, fields: Fields): Verdict {
  const entry = fields.number('entry');
  if (entry === undefined) return { rejected: reasons.missing('entry', kinds.number) };
  const answer = fields.text('answer');
  if (answer === undefined || !isWorded(answer)) return { rejected: reasons.missing('answer', kinds.text) };
  if (isFull(year)) return { rejected: reasons.closing };
  return {
    accept: (step) => {
      step.entryId = uuid4();
      year.state.hoursToBook.push({
        ...entryOf(year, fields, step.entryId, 0),
        ...{ answers: { number: entry }, note: clean(answer, longestQuestion) },
      });
      return { entry };
    },
  };
}

/** Takes booked hours or a correction back by its number, at any age. */
export function judgeTakingBack(year: Year, fields: Fields, entry: number): Verdict {
  // The field is new, so that no run of before was given it.
  const doubt = approvalProblem(year, fields, 'reason');
  if (doubt) return { rejected: doubt };
  return {
    accept: () => {
      year.state.hoursToBook.push({
        ...entryOf(year, fields, uuid4(), 0),
        undoes: { number: entry },
        ...fields.optional({ note: 'reason' }),
      });
      return { entry };
    },
  };
}

/** What every message about hours says of its entry. */
export function entryOf(year: Year, fields: Fields, entryId: string, seconds: number): ReportedEntry {
  return {
    ...{ entryId, seconds, asOf: year.now() },
    by: fields.text('by') ?? 'consultant',
    byAssumed: fields.text('by') === undefined,
    ...fields.optional({ on: 'on' }),
    ...(fields.flag('confirm') === true && { confirmed: true }),
    ...fields.optional({ approvedBy: 'approvedBy' }),
  };
}

/** Whether a contact sent a message on a page: its `ref` names what was done there. */
export const isOfPage = (fields: Fields): boolean => /^page-/.test(fields.text('ref') ?? '');

/** Whom a message is from, for the journal: on a page it is the contact who sent it. */
export const sentBy = (contact: string, fields: Fields): { contact: string; by?: string } => ({
  contact,
  ...(isOfPage(fields) && { by: contact }),
});

/** Whether somebody has written words. */
export const isWorded = (text: string): boolean => /\p{L}/u.test(text);

/** What is wrong with a manager's yes: it is not a manager's, or there is no reason in the field that holds one. */
export function approvalProblem(year: Year, fields: Fields, reasonIn: 'note' | 'reason'): Text | undefined {
  const approver = fields.text('approvedBy');
  if (approver === undefined) return undefined;
  const isNone = isNoManager(year, approver);
  // An address is not a name; a mail's "…" is neither.
  if (isNone || !isWorded(approver) || approver.includes('@')) return reasons.approvedByWhom(approver);
  const reason = fields.text(reasonIn);
  return reason === undefined || !isWorded(reason) ? reasons.approvedWhy(reasonIn) : undefined;
}

/** Whether a name is that of somebody who is no manager: the consultant, the support, a contact of the customer. */
export function isNoManager(year: Year, name: string): boolean {
  const { consultant, contacts } = year.plan.ids;
  const others = [consultant, ...contacts, 'consultant', 'konsult', 'support', 'customer', 'kund'];
  return others.some((one) => one.toLowerCase() === name.toLowerCase());
}

/** How an entry is named: by its `ref`, or by the number that the page and mails show. */
function nameOf(fields: Fields): EntryName | undefined {
  const ref = fields.text('ref');
  const number = fields.number('entry');
  if (ref !== undefined) return { ref };
  return number === undefined ? undefined : { number };
}

/** The field `hours` as whole seconds, or why it is none. */
export function secondsIn(
  fields: Fields,
  asks: () => boolean,
  rangeProblem: (hours: number) => Text | undefined,
): number | { rejected: Text } {
  const hours = fields.number('hours');
  if (hours === undefined) return { rejected: reasons.missing('hours', kinds.hours) };
  const wrong = rangeProblem(hours);
  if (wrong) return { rejected: wrong };
  const seconds = fields.seconds('hours') ?? NaN;
  const found = fields.text('hours') ?? String(hours);
  if (Number.isNaN(seconds)) return { rejected: reasons.wholeSeconds('hours', found) };
  // Only whole hundredths were taken before.
  const isNew = seconds % 36 !== 0 && !found.includes(':');
  return isNew && !asks() ? { rejected: reasons.wholeSeconds('hours', found) } : seconds;
}

/** What is wrong with the day of the work: it lies in the future, or before the agreement began. */
function dayProblem(year: Year, fields: Fields): Text | undefined {
  const on = fields.text('on');
  if (on === undefined) return undefined;
  const today: LocalDate = year.today().on;
  if (on > today) return reasons.futureWork(on, today);
  const begins = addMonths(year.plan.from, -12 * (year.number - 1));
  return on < begins ? reasons.beforeAgreement(on, begins) : undefined;
}

const kindProblem = (year: Year, kind: string | undefined, service: string | undefined): Text | undefined => {
  const known = [...new Set([...kindsOfWork, ...(year.plan.services ?? [])])];
  return kind === undefined || service === undefined || known.includes(service)
    ? undefined
    : reasons.oneOf('kind', known, kind);
};

const sizeProblem = (fields: Fields, seconds: number): Text | undefined =>
  seconds > dayOfHours * 3600 && fields.flag('confirm') !== true
    ? reasons.moreThanADay(String(fields.number('hours')))
    : undefined;
