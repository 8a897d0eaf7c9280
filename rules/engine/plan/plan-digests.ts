import { instantAt, nextOpenDay } from '../calendar/calendar';
import { addDays, addMonths, mondayOf } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import type { DigestNotice, YearPlan } from './plan';
import type { PlanContext } from './plan-context';
import type { DigestRhythm } from '../ruleset/terms';

/**
 * The digests of the year: one mail with all that is open in all agreements of its reader, when support opens on the
 * first open day of each week or month. A re-plan that turns them on begins with the next one.
 */
export function planDigests(context: PlanContext): Pick<YearPlan, 'digests'> {
  const { asOf, firstMoment, endsAt, previous, terms } = context;
  const known = new Set(previous?.digests?.map(({ step }) => step));
  const digests = (['consultant', 'manager'] as const)
    .flatMap((to) =>
      digestDays(context, terms.notices.digests[to]).map((day): DigestNotice => {
        const at = instantAt(day, terms.support.opens);
        return { step: `${to}-${day}`, at, template: 'digest', to };
      }),
    )
    .filter(({ at }) => at >= firstMoment && at < endsAt)
    .filter(({ step, at }) => previous === undefined || at >= asOf || known.has(step))
    .sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
  return digests.length === 0 ? {} : { digests };
}

/** The first open day of every week or month that has one; of the first only if it lies within the year. */
function digestDays({ from, to, closed }: PlanContext, rhythm: DigestRhythm): LocalDate[] {
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

/** The Monday of the week, or the first of the month, so many after the one a date lies in. */
function beginning(date: LocalDate, rhythm: DigestRhythm, later: number): LocalDate {
  if (rhythm === 'monthly') return addMonths(`${date.slice(0, 7)}-01`, later);
  return addDays(mondayOf(date), 7 * later);
}
