/** The dedicated consultant changes: the agreement is found by the new one, the customer is told once. */
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import { hold, renumber } from './steps';
import type { Year } from './year';

const consultantKey = defineSearchAttributeKey('Consultant', SearchAttributeType.KEYWORD);

/**
 * @param consultant id of the new one, if it is another
 * @param replacement number of the replacement the customer is to be told of
 */
export function changeConsultant(
  year: Year,
  consultant: string | undefined,
  replacement: number | undefined,
): void {
  if (consultant !== undefined) upsertSearchAttributes([{ key: consultantKey, value: consultant }]);
  if (replacement === undefined) return;
  hold(year, undefined, {
    obligation: 'agreement',
    step: 'consultant',
    revision: replacement,
    template: 'consultant-changed',
    to: 'customer',
    replacement: { change: replacement },
  });
  inviteAnew(year);
}

/** Booked meetings get an invitation from the new organizer, in both calendars. */
function inviteAnew(year: Year): void {
  const { meetings } = year.state;
  for (const [id, meeting] of Object.entries(meetings)) {
    const { booked } = meeting;
    if (!booked || year.isClosed(id) || year.instantOf(booked.on, booked.time) <= year.now()) continue;
    renumber(year, id);
  }
}
