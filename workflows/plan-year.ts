/** Has the year planned, and planned again when something changed. Both stand in the history. */
import { condition } from '@temporalio/workflow';
import { perform, permanentFailure } from './activities';
import { clear, raise, record } from './journal';
import type { Year } from './year';

/** How long until planning is tried again when nobody says that the cause is mended. */
const tryAgainAfter = '1 day';

/** The first plan of the year. Where the terms are unusable the year waits, visibly, until they are mended. */
export async function planYear(year: Year): Promise<void> {
  while (!year.state.plan) {
    const { yearNumber } = year.input;
    try {
      year.state.plan = await perform(year, 'planAgreementYear', {
        agreement: year.agreement,
        ...(yearNumber === undefined ? {} : { yearNumber }),
        asOf: year.now(),
        revision: 1,
      });
      clear(year, 'plan-failed');
    } catch (error) {
      raise(year, 'plan-failed', 'plan', permanentFailure(error)?.message ?? String(error));
      await condition(() => !year.state.attention.some(({ code }) => code === 'plan-failed'), tryAgainAfter);
    }
  }
}

/** Plans the open part of the year again: closed obligations stay, open ones move. The old plan holds if it fails. */
export async function replanYear(year: Year, reason: string): Promise<void> {
  const before = year.plan;
  try {
    const plan = await perform(year, 'planAgreementYear', {
      agreement: year.agreement,
      yearNumber: before.yearNumber,
      asOf: year.now(),
      revision: before.revision + 1,
      reason,
      closed: Object.fromEntries(Object.entries(year.state.closed).map(([id, { at }]) => [id, at])),
    });
    if (plan.revision > year.plan.revision) year.state.plan = plan;
    record(year, { kind: 'agreement', ref: 'replanned', detail: { reason, revision: plan.revision } });
  } catch (error) {
    raise(year, 'replan-failed', reason, permanentFailure(error)?.message ?? String(error));
  }
}
