/** Mails that a person's step causes wait a few minutes, so that undoing the step stops them. */
import { condition } from '@temporalio/workflow';
import { timerSummary } from '../../templates/ui/wording';
import { untilWritten } from '../year/journal';
import { mail } from '../year/mails';
import { noteTold } from '../year/told-once';
import type { Year } from '../year/year';

/** Sends each held mail when it is due, unless its step was undone. The next run sends what is left at the end. */
export async function heldMails(year: Year): Promise<void> {
  const { state } = year;
  const summary = timerSummary('held', undefined, year.input.language);
  const first = (): (typeof state.heldMails)[number] | undefined =>
    state.heldMails.reduce<(typeof state.heldMails)[number] | undefined>(
      (earliest, held) => (earliest === undefined || held.at < earliest.at ? held : earliest),
      undefined,
    );
  for (;;) {
    await condition(() => year.over || state.heldMails.length > 0);
    if (year.over) return;
    const next = first();
    const came = await year.until(
      () => next?.at,
      () => first() !== next,
      summary,
    );
    if (!came || !next) continue;
    await condition(() => year.over || state.hoursToBook.length === 0);
    // The mail is made from PostgreSQL: what the step said has to be stored first.
    await untilWritten(year);
    if (year.over) return;
    if (!state.heldMails.includes(next)) continue;
    state.heldMails = state.heldMails.filter((held) => held !== next);
    noteTold(year, next.mail);
    await mail(year, next.mail);
  }
}

/** Sends all held mails at once when the agreement has ended. */
export async function sendHeldNow(year: Year): Promise<void> {
  for (const { mail: held } of year.state.heldMails.splice(0)) await mail(year, held);
}
