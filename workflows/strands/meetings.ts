/**
 * Förvaltningsledning: "Pector kallar till förvaltningsmöte … minst 4 … med jämn periodicitet." The consultant is
 * called to plan it; once it is booked the customer is invited, both sides get the agenda, the customer is reminded,
 * and the meeting is held. If nobody books it, or nobody says that it was held, the consultant is reminded and then
 * the manager told.
 */
import { remindWhileOpen } from '../year/mails';
import type { Year } from '../year/year';

export async function managementMeetings(year: Year): Promise<void> {
  await year.each('meetings', (meeting) => remindWhileOpen(year, meeting));
}
