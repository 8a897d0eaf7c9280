/** When the digests of a consultant or a manager go out: one mail with all that is open. Support's is `desk-mails.ts`. */
import { instantAt, nextOpenDay } from '../calendar/calendar';
import { addDays, addMonths, mondayOf } from '../calendar/dates';
import type { Instant, LocalDate } from '../contract/contract';
import type { DigestRhythm, NoticeTerms } from '../ruleset/terms';
import type { WorkdayTerms } from '../terms/support-hours';
import { closedDaysOf, workdayOf } from '../terms/support-hours';
import type { Notice } from './plan';

/** Who gets digests. */
export const digestReaders = ['consultant', 'manager'] as const;
export type DigestReader = (typeof digestReaders)[number];

/** A mail with all that is open, to a party that gets it instead of single reminders. */
export interface DigestNotice extends Notice {
  to: DigestReader;
  /** It tells of what falls due before this instant: the reader's next digest, or the end of the year. */
  until: Instant;
}

/** The terms that say when digests go out. */
export interface DigestTerms {
  notices: Pick<NoticeTerms, 'digests'>;
  support: WorkdayTerms;
}

/** An agreement year, as far as its digests need it. */
export interface DigestYear {
  /** Half-open: `to` is the first day of the next year. */
  from: LocalDate;
  to: LocalDate;
  /** No digest before this instant: when the year was first planned, or planned again for another rhythm. */
  since: Instant;
  terms: DigestTerms;
}

/**
 * The digests of an agreement year to one reader, in order: one mail with all that is open in all agreements of the
 * reader, when the first working day of each week or month begins.
 */
export function planDigests(year: DigestYear, to: DigestReader): DigestNotice[] {
  const { notices, support } = year.terms;
  const { opens } = workdayOf(support);
  const days = digestDays(year, notices.digests[to], closedDaysOf(support));
  return days
    .map((day, index): DigestNotice => {
      const next = days[index + 1];
      return {
        step: `${to}-${day}`,
        at: instantAt(day, opens),
        template: 'digest',
        to,
        until: next === undefined ? instantAt(year.to, '00:00') : instantAt(next, opens),
      };
    })
    .filter(({ at }) => at >= year.since);
}

/** The first open day of every week or month that has one, if it lies within the year. */
function digestDays(
  { from, to }: DigestYear,
  rhythm: DigestRhythm,
  closed: ReadonlySet<LocalDate>,
): LocalDate[] {
  if (rhythm === 'never') return [];
  const days: LocalDate[] = [];
  for (let index = 0, start = beginning(from, rhythm, 0); start < to; index++) {
    const next = beginning(from, rhythm, index + 1);
    const day = nextOpenDay(start, closed);
    if (day >= from && day < to && day < next) days.push(day);
    start = next;
  }
  return days;
}

/** The first day of the week or month that comes `later` weeks or months after that of a date. */
function beginning(date: LocalDate, rhythm: DigestRhythm, later: number): LocalDate {
  if (rhythm === 'monthly') return addMonths(`${date.slice(0, 7)}-01`, later);
  return addDays(mondayOf(date), 7 * later);
}
