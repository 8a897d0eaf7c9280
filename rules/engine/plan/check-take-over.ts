import { periodOf, yearNumberOn } from '../calendar/agreement-period';
import { addDays } from '../calendar/dates';
import type { Contract, LocalDate } from '../contract/contract';
import type { TakeOver } from './take-over';
import { expectedFound } from '../basics/text';
import type { Text } from '../basics/text';

/** Something wrong with a take over, and its path from the top of the file. */
export interface TakeOverProblem {
  path: string[];
  message: Text;
}

/**
 * What a schema cannot check of a take over: that the agreement has started, and that the meetings were held in the
 * running year.
 */
export function checkTakeOver(contract: Contract, takeOver: TakeOver, today: LocalDate): TakeOverProblem[] {
  const { startsOn } = contract;
  if (startsOn >= today) return [{ path: ['startsOn'], message: startNotPast(startsOn, today) }];
  const { from } = periodOf(startsOn, yearNumberOn(startsOn, today));
  const expected = {
    sv: `en dag från ${from} till ${today}, avtalsåret hittills, varje dag en gång`,
    en: `a day from ${from} to ${today}, the agreement year so far, each day once`,
  };
  const days = takeOver.meetingsHeld ?? [];
  return days.flatMap((day, index) =>
    day >= from && day <= today && days.indexOf(day) === index
      ? []
      : [
          {
            path: ['takeover', 'meetingsHeld', String(index)],
            message: expectedFound(
              expected,
              days.indexOf(day) === index ? day : { sv: `${day} igen`, en: `${day} again` },
            ),
          },
        ],
  );
}

function startNotPast(startsOn: LocalDate, today: LocalDate): Text {
  const yesterday = addDays(today, -1);
  return expectedFound(
    {
      sv: `en start senast ${yesterday} för ett avtal som tas över`,
      en: `a start on ${yesterday} at the latest for an agreement that is taken over`,
    },
    startsOn,
  );
}

/** The problem of a take over that does not say whether an upgrade that should have begun is done. */
export function upgradeUntold(begunOn: LocalDate): TakeOverProblem {
  return {
    path: ['takeover', 'upgrade'],
    message: expectedFound(
      { sv: '"done" eller "open"', en: '"done" or "open"' },
      {
        sv: `inget; enligt planen började årets uppgradering ${begunOn}`,
        en: `nothing; by the plan this year's upgrade began on ${begunOn}`,
      },
    ),
  };
}
