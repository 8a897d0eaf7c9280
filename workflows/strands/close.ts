/**
 * The close: what was not delivered is written down as such, the hour bank is closed, and up to the agreed share of
 * unused hours rolls over unasked ("Ni som kund har alltid rätt att skjuta 20% till nästkommande period").
 */
import { toLookAt } from '../../templates/ui/reasons';
import { timerSummary } from '../../templates/ui/wording';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import { perform } from '../basics/activities';
import { retryUntilDone } from '../year/failures';
import { offerGoodwill } from '../year/freed-hours';
import { raise, record, untilWritten } from '../year/journal';
import { mail } from '../year/mails';
import { closeObligation } from '../year/obligations';
import { cancelInvitation } from '../year/steps';
import { unfinishedUpgrade } from '../year/upgrades';
import type { Year } from '../year/year';
import type { Announcement } from '../year/year-state';

/** How an agreement ends where nobody has said who ended it and why. */
const customersNotice = { endedBy: 'customer', cause: 'notice' } as const;

/**
 * Closes the year.
 * @returns what is still to be told about it, and when; nothing where the next run has to go on with closing
 */
export async function closeYear(year: Year): Promise<Announcement | undefined> {
  year.phase = 'closing';
  const termination = year.terminatedInYear();
  const goesOn = termination ? undefined : unfinishedUpgrade(year);
  if (goesOn !== undefined && goesOn !== 'upgrade') tellNotBegun(year);
  for (const { id } of year.plan.obligations) {
    const isCarried = goesOn !== undefined && phaseOfUpgrade(id)?.upgrade === goesOn;
    if (id !== 'close')
      closeObligation(year, id, { state: termination ? 'cancelled' : isCarried ? 'carried' : 'missed' });
  }
  await untilWritten(year);

  const done = await retryUntilDone(year, 'close-failed', `year ${year.number}`, () =>
    perform(year, 'closeHours', {
      agreement: year.agreement,
      year: year.number,
      asOf: termination?.at ?? year.plan.endsAt,
      ended: termination !== undefined,
      ...(termination && { ending: termination.ending ?? customersNotice }),
    }),
  );
  if (!done) return undefined;
  const { announceAt, freed, ...hours } = done;
  record(year, { kind: 'agreement', ref: 'year-closed', detail: { ...hours, outcome: outcomeOf(year) } });
  if (freed) offerGoodwill(year, freed, { year: year.number });
  closeObligation(year, 'close', { state: 'done', by: 'system' });
  if (termination)
    record(year, {
      kind: 'agreement',
      ref: 'terminated',
      detail: { reason: termination.reason },
      ended: true,
    });
  await untilWritten(year);
  return { year: year.number, at: announceAt };
}

/** The next year goes on with one upgrade alone, the oldest: our people are told that the year's own did not come about. */
function tellNotBegun(year: Year): void {
  const left = year.open('upgrade').find(({ id }) => phaseOfUpgrade(id)?.upgrade === 'upgrade');
  if (left) raise(year, 'upgrade-left', left.id, toLookAt.upgradeLeft[year.input.language]);
}

/** Tells the customer, and our manager, how a closed year ended, on the first open day after it. */
export async function announceClose(year: Year): Promise<void> {
  const { announcement } = year.state;
  if (!announcement) return;
  const summary = timerSummary('announce', 'close', year.input.language);
  if (
    !(await year.until(
      () => announcement.at,
      () => false,
      summary,
    ))
  )
    return;
  delete year.state.announcement;
  const about = { obligation: 'close', revision: 1, year: announcement.year } as const;
  const { statementRoles, summaryRoles } = year.plan;
  await mail(year, {
    ...about,
    step: 'statement',
    template: 'hour-statement',
    to: 'customer',
    roles: statementRoles,
  });
  await mail(year, {
    ...about,
    step: 'summary',
    template: 'year-summary',
    to: 'customer',
    ...(summaryRoles && { roles: summaryRoles }),
  });
  await mail(year, { ...about, step: 'summary-manager', template: 'year-summary', to: 'manager' });
}

function outcomeOf(year: Year): 'fulfilled' | 'unfulfilled' | 'terminated' {
  if (year.terminatedInYear()) return 'terminated';
  // The year was planned only after its last open day: we delivered nothing of it, whatever was promised.
  if (year.plan.obligations.every(({ id }) => id === 'close')) return 'unfulfilled';
  const { closed, upgrades } = year.state;
  const undelivered = Object.entries(closed).some(
    ([id, { state }]) =>
      state === 'missed' ||
      // What the customer postponed, or what waits for a month's end, was never owed this year.
      (state === 'carried' &&
        !year.obligation(id)?.nextYear &&
        upgrades[phaseOfUpgrade(id)?.upgrade ?? '']?.state !== 'postponed'),
  );
  return undelivered ? 'unfulfilled' : 'fulfilled';
}

/** Cancels meetings that are booked after the agreement's early end: the customer has them in the calendar. */
export function cancelBookings(year: Year): void {
  for (const [id, meeting] of Object.entries(year.state.meetings)) {
    const { booked } = meeting;
    if (!booked || meeting.heldOn !== undefined || year.instantOf(booked.on, booked.time) <= year.now())
      continue;
    cancelInvitation(year, id, meeting, undefined);
  }
}
