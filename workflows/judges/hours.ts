/** Messages about the hour bank (timbank): hours used, hours corrected, hours taken back. */
import { patched, uuid4 } from '@temporalio/workflow';
import type { EntryName, ReportedEntry } from '../../activities/hours/ledger';
import type { Text } from '../../rules/engine/basics/text';
import { addMonths } from '../../rules/engine/calendar/dates';
import type { LocalDate } from '../../rules/engine/contract/contract';
import { mostHours } from '../../rules/engine/hours/hour-bank';
import { kinds, reasons } from '../../templates/ui/reasons';
import { kindOfWork, kindsOfWork } from '../../templates/ui/spoken';
import { byteLength } from '../../templates/ui/text';
import type { Fields } from '../messages/fields';
import type { Verdict } from '../year/steps';
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
  if (year.over && byteLength(JSON.stringify(year.state.hoursToBook)) > mostHandedOver)
    return { rejected: reasons.closing };
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
function entryOf(year: Year, fields: Fields, entryId: string, seconds: number): ReportedEntry {
  return {
    ...{ entryId, seconds, asOf: year.now() },
    by: fields.text('by') ?? 'consultant',
    byAssumed: fields.text('by') === undefined,
    ...fields.optional({ on: 'on' }),
    ...(fields.flag('confirm') === true && { confirmed: true }),
    ...fields.optional({ approvedBy: 'approvedBy' }),
  };
}

/** What is wrong with a manager's yes: it is not a manager's, or there is no reason in the field that holds one. */
function approvalProblem(year: Year, fields: Fields, reasonIn: 'note' | 'reason'): Text | undefined {
  const approver = fields.text('approvedBy');
  if (approver === undefined) return undefined;
  const { consultant, contacts } = year.plan.ids;
  if ([consultant, 'consultant', ...contacts].includes(approver)) return reasons.approvedByWhom(approver);
  return fields.text(reasonIn) === undefined ? reasons.approvedWhy(reasonIn) : undefined;
}

/** How an entry is named: by its `ref`, or by the number that the page and mails show. */
function nameOf(fields: Fields): EntryName | undefined {
  const ref = fields.text('ref');
  const number = fields.number('entry');
  if (ref !== undefined) return { ref };
  return number === undefined ? undefined : { number };
}

/** The field `hours` as whole seconds, or why it is none. */
function secondsIn(
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
