/**
 * Förvaltningsledning: "Pector kallar till förvaltningsmöte … minst 4 … med jämn periodicitet." The consultant is
 * called to prepare, the customer is invited and reminded, the meeting is held; if nobody says so, the consultant is
 * reminded and then the manager told.
 */
import { remindUntilClosed } from '../mails';
import type { Year } from '../year';

export async function managementMeetings(year: Year): Promise<void> {
  await year.each('meetings', (meeting) => remindUntilClosed(year, meeting));
}
