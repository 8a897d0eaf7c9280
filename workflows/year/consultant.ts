/** The dedicated consultant changes: the agreement is found by the new one, the customer is told once. */
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import type { LocalDate } from '../../rules/engine/contract/contract';
import { cancelledOf, hold, nextEntryNumber, renumber } from './steps';
import type { Year } from './year';

const consultantKey = defineSearchAttributeKey('Consultant', SearchAttributeType.KEYWORD);

/**
 * @param consultant id of the new one, if it is another
 * @param replacement number of the replacement the customer is to be told of
 * @param until last day of it, unless it is for good
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
 * Booked meetings get an invitation from their new organizer, and leave the calendar of the one before; what lies
 * beyond a leave stays as it is.
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
    if (invited !== undefined && replacement !== undefined)
      hold(year, undefined, {
        obligation: id,
        step: 'former-blocks',
        revision: nextEntryNumber(year, id),
        template: 'meeting-blocks',
        to: 'consultant',
        cancelled: cancelledOf(year, booked),
        replacement: { change: replacement },
      });
    meetings[id] = { ...meeting, organizer: consultant };
    renumber(year, id);
  }
}
