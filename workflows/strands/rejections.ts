/**
 * A message that is not taken is answered: the dedicated consultant gets a mail that says why. Slips come in bursts:
 * those of a minute share a mail, and there is at most one an hour.
 */
import { condition } from '@temporalio/workflow';
import { timerSummary } from '../../templates/ui/wording';
import { mail } from '../year/mails';
import type { Year } from '../year/year';
import { addMinutes, later } from '../../rules/engine/calendar/dates';

/** Minutes in which further slips join the mail about the first, and from one mail to the next. */
const [gathering, apart] = [1, 60] as const;

export async function tellOfRejections(year: Year): Promise<void> {
  const { state } = year;
  const summary = timerSummary('rejected', undefined, year.input.language);
  for (;;) {
    await condition(() => year.over || state.rejectedToTell.length > 0);
    if (year.over) return;
    const first = state.rejectedToTell.at(-1)?.at ?? year.now();
    const gathered = addMinutes(first, gathering);
    const told = state.toldOfRejected;
    const at = told === undefined ? gathered : later(gathered, addMinutes(told, apart));
    const came = await year.until(
      () => at,
      () => false,
      summary,
    );
    if (!came) return;
    const rejected = state.rejectedToTell;
    state.rejectedToTell = [];
    state.toldOfRejected = year.now();
    state.counters.rejection += 1;
    await mail(year, {
      obligation: 'signals',
      step: 'rejected',
      revision: state.counters.rejection,
      template: 'signal-rejected',
      to: 'consultant',
      rejected,
    });
  }
}
