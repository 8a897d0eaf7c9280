/** Changes the dedicated consultant: the page is found by the new one, and the customer is told once. */
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import { patched, upsertSearchAttributes } from '@temporalio/workflow';
import type { LocalDate } from '../../rules/engine/contract/contract';
import { tellsContacts } from './contacts';
import { cancelledOf, hold, nextEntryNumber, renumber, toldBooking } from './steps';
import type { Year } from './year';

const consultantKey = defineSearchAttributeKey('Consultant', SearchAttributeType.KEYWORD);

/**
 * Makes another person the agreement's consultant.
 *
 * @param consultant id of the new one; nothing is done without it
 * @param replacement number of the replacement that the customer is told of
 * @param until last day of the replacement, unless it is for good
 */
export function changeConsultant(
  year: Year,
  consultant: string | undefined,
  replacement: number | undefined,
  until: LocalDate | undefined,
): void {
  if (consultant === undefined) return;
  upsertSearchAttributes([{ key: consultantKey, value: consultant }]);
  if (replacement !== undefined)
    hold(year, undefined, {
      obligation: 'agreement',
      step: 'consultant',
      revision: replacement,
      template: 'consultant-changed',
      to: 'customer',
      replacement: { change: replacement },
    });
  inviteAnew(year, consultant, replacement, until);
}

/**
 * Has the new consultant invite to the booked meetings to come, and removes them from the former one's calendar.
 * Meetings after the replacement's last day stay as they are.
 */
function inviteAnew(
  year: Year,
  consultant: string,
  replacement: number | undefined,
  until: LocalDate | undefined,
): void {
  const { meetings } = year.state;
  for (const [id, meeting] of Object.entries(meetings)) {
    const { booked, organizer, invited } = meeting;
    if (!booked || organizer === consultant || year.isClosed(id)) continue;
    if (year.instantOf(booked.on, booked.time) <= year.now()) continue;
    if (until !== undefined && booked.on > until) continue;
    if (invited !== undefined && (replacement !== undefined || patched(tellsContacts)))
      hold(year, undefined, {
        obligation: id,
        step: 'former-blocks',
        revision: nextEntryNumber(year, id),
        template: 'meeting-blocks',
        to: 'consultant',
        cancelled: cancelledOf(year, toldBooking(meeting) ?? booked),
        ...(replacement === undefined ? { change: 'left' } : { replacement: { change: replacement } }),
      });
    meetings[id] = { ...meeting, organizer: consultant };
    renumber(year, id);
  }
}
