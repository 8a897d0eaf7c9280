/** Plans a year again on the day on which a dated rule takes effect. */
import { condition } from '@temporalio/workflow';
import { timerSummary } from '../../templates/ui/wording';
import { tellContacts } from './contacts';
import { replanYear } from './plan-year';
import { askAboutWithdrawn } from './withdrawn-release';
import type { Year } from './year';

/** Plans again on each day on which a dated rule changes the terms, until the year is over. */
export async function followDatedTerms(year: Year): Promise<void> {
  const summary = timerSummary('terms', 'agreement', year.input.language);
  const at = (): string | undefined => year.plan.termsChangeAt;
  while (!year.over) {
    const due = at();
    const day = year.plan.termsChangeOn;
    const came = await year.until(at, () => at() !== due, summary);
    const { targets } = year.plan.upgrade ?? {};
    if (came)
      await replanYear(year, `terms change by their date (${String(day)})`, () => {
        tellContacts(year);
        askAboutWithdrawn(year, targets);
      });
    // If planning failed the old plan holds: it is tried again when somebody asks, not at once.
    await condition(() => year.over || at() !== due);
  }
}
