/**
 * Tells those whom a change of contacts, or of the rules that choose among them, brings in or leaves out of what was
 * sent: who is to come to a booked meeting is invited, who has to do an open step hears of it, and who is not to come, or
 * to do it, any more is told so. Who they are is looked up in the mail ledger when the mail goes out.
 */
import { patched } from '@temporalio/workflow';
import { nextWorkingTimeIn } from '../../rules/engine/calendar/local-time';
import type { Instant } from '../../rules/engine/contract/contract';
import { cancelledOf, hold, nextEntryNumber, toldBooking } from './steps';
import type { Year } from './year';

/** Runs from before this was done go on as they did, up to where they are. */
export const tellsContacts = 'tell-contacts-2026-11-29';
/** The same for those who were asked to take a step and are not to take it any more. */
const tellsLeavers = 'tell-leavers-2026-11-29';

/** Tells whom a change concerns, once the year is planned by it: in the working day, since changes take effect at midnight. */
export function tellContacts(year: Year): void {
  const told = [...toldMeetings(year), ...toldSteps(year)];
  if (told.length === 0 || !patched(tellsContacts)) return;
  const at = nextWorkingTimeIn(year.calendar, year.now());
  for (const tell of told) tell(at);
}

/** Booked meetings to come that the customer is invited to. */
function toldMeetings(year: Year): ((at: Instant) => void)[] {
  const { roles } = year.plan.meetings;
  return Object.entries(year.state.meetings).flatMap(([id, meeting]) => {
    const { booked, invited } = meeting;
    if (!booked || invited === undefined || year.isClosed(id)) return [];
    const begins = year.instantOf(booked.on, booked.time);
    if (begins <= year.now()) return [];
    return (open) => {
      const about = { obligation: id, to: 'customer', roles } as const;
      const at = open < begins ? open : year.now();
      hold(
        year,
        undefined,
        {
          ...about,
          step: 'cancel',
          revision: nextEntryNumber(year, id),
          template: 'meeting-cancelled',
          cancelled: cancelledOf(year, toldBooking(meeting) ?? booked),
          change: 'left',
        },
        at,
      );
      // An invitation that is still to go out goes to those of today.
      if (booked.revision !== invited) return;
      // The number is the higher one: for an address that both mails reach, the meeting stays.
      hold(
        year,
        undefined,
        {
          ...about,
          step: 'invite',
          revision: nextEntryNumber(year, id),
          template: 'meeting-invitation',
          change: 'came',
        },
        at,
      );
    };
  });
}

/** Open steps of the start and phases of the upgrade that the customer was asked to take. */
function toldSteps(year: Year): ((at: Instant) => void)[] {
  const { sent } = year.state;
  return [...year.open('start'), ...year.open('upgrade')].flatMap(({ id, revision, notices }) => {
    const asked = notices.find(({ step, to }) => step === 'start' && to === 'customer');
    if (!asked || !sent.some((key) => key.startsWith(`${id}#`) && key.endsWith('/start'))) return [];
    const { step, template, to, roles } = asked;
    // The plan's number, which each plan raises: somebody with another address than before is told at that.
    const { revision: number } = year.plan;
    const about = { obligation: id, revision, to, ...(roles && { roles }) };
    return (at) => {
      if (patched(tellsLeavers))
        hold(
          year,
          undefined,
          { ...about, step: `left-${number}`, template: 'step-handed-over', change: 'left' },
          at,
        );
      // Where it has moved and is still to be asked for anew, that goes to those of today.
      if (!sent.includes(`${id}#${revision}/start`)) return;
      hold(year, undefined, { ...about, step: `${step}-${number}`, template, change: 'came' }, at);
    };
  });
}
