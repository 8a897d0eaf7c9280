/**
 * The renewal: a manager is asked to approve the price of the next period, and the customer is told of the period to
 * come in good time. Without an approval the price stays as it is; a new one is announced as early as promised or not
 * at all.
 */
import { condition, patched } from '@temporalio/workflow';
import { priceReasons } from '../../templates/ui/reasons';
import { timerSummary } from '../../templates/ui/wording';
import { perform, reasonOf } from '../basics/activities';
import { attempt } from '../basics/attempt';
import { reject } from '../year/journal';
import { mail, remindUntilClosed, sendNotices } from '../year/mails';
import { closeObligation, reopenObligation } from '../year/obligations';
import type { Year } from '../year/year';
import type { Approval } from '../year/year-state';

const [price, notice] = ['renewal/price', 'renewal/notice'] as const;

export async function renewal(year: Year): Promise<void> {
  const carry = async (id: string): Promise<void> => {
    do await (id === notice ? tellOfRenewal(year) : askForPrice(year));
    while (await isReopened(year, id));
  };
  await Promise.all([keepApprovals(year), year.each('renewal', carry)]);
}

/** An agreement that ends within the year is not renewed. */
const ends = (year: Year): boolean => year.terminatedInYear() !== undefined;

/**
 * Opens again what the agreement's end has struck, once that end is taken back or moved beyond the year. A price whose last
 * day has passed stays as it is.
 * @returns false if it stays closed
 */
async function isReopened(year: Year, id: string): Promise<boolean> {
  const closed = year.state.closed[id];
  if (closed?.state !== 'cancelled' || closed.by !== 'system') return false;
  await condition(() => year.over || !ends(year));
  const isLate = id === price && (year.obligation(id)?.dueAt ?? '') <= year.now();
  if (year.over || isLate || !patched('reopen-renewal-2026-11-30')) return false;
  reopenObligation(year, id);
  return true;
}

/** Asks the manager until the price is approved; after the last day for it the price stays as it is. */
async function askForPrice(year: Year): Promise<void> {
  await Promise.all([ends(year) ? undefined : remindUntilClosed(year, price), lapse(year)]);
}

async function lapse(year: Year): Promise<void> {
  const stop = (): boolean => year.isClosed(price) || ends(year);
  const summary = timerSummary('lapse', price, year.input.language);
  while (!year.over && !year.isClosed(price)) {
    const due = await year.until(() => year.obligation(price)?.dueAt, stop, summary);
    const { plan } = year;
    if (due) await condition(() => year.over || stop() || year.state.approvals.length === 0);
    else await condition(() => year.over || stop() || year.plan !== plan);
    if ((due || ends(year)) && !year.over) closeObligation(year, price, { state: 'cancelled', by: 'system' });
  }
}

/**
 * Tells the customer of the next period, unless there is none. A notice that a re-plan has withdrawn waits for one
 * that asks for it again.
 */
async function tellOfRenewal(year: Year): Promise<void> {
  const stop = (): boolean => year.over || year.isClosed(notice);
  while (!stop()) {
    await sendNotices(year, notice, () => ends(year));
    if (stop()) return;
    const { plan } = year;
    if (ends(year)) closeObligation(year, notice, { state: 'cancelled', by: 'system' });
    else if (year.obligation(notice)) closeObligation(year, notice, { state: 'done', by: 'system' });
    else await condition(() => stop() || ends(year) || year.plan !== plan);
  }
}

/**
 * Stores and announces approvals in the order they came. The next run takes over one that is not finished; if that is the
 * next year's, it has its price, and an approval that was not stored is too late.
 */
async function keepApprovals(year: Year): Promise<void> {
  const { state } = year;
  for (;;) {
    await condition(() => year.over || state.approvals.length > 0);
    const [approval] = state.approvals;
    if (!approval || year.over) return;
    const { forYear } = approval;
    if (forYear !== undefined && approval.mailAt === undefined)
      reject(year, 'priceApproved', priceReasons.late(year.plan.from));
    else approval.mailAt ??= await keep(year, approval);
    if (approval.mailAt !== undefined && !(await announce(year, approval, approval.mailAt))) return;
    state.approvals.shift();
  }
}

/**
 * Stores an approved price.
 * @returns when the customer may be told, or nothing where it could not be stored
 */
async function keep(year: Year, approval: Approval): Promise<string | undefined> {
  const { agreement, number } = year;
  const kept = await attempt(() =>
    perform(year, 'approvePrice', { agreement, forYear: number + 1, ...approval }),
  );
  if ('error' in kept) {
    approval.refused = priceReasons.notKept(reasonOf(kept.error));
    reject(year, 'priceApproved', approval.refused);
    return undefined;
  }
  if (year.obligation(price)) closeObligation(year, price, { state: 'done', by: approval.by });
  return kept.value.mailAt;
}

/**
 * Tells the customer of a new price, unless the notice of renewal is still to come in time and will say it.
 * @returns false when the run ended first
 */
async function announce(year: Year, { priceMinor, forYear }: Approval, mailAt: string): Promise<boolean> {
  const { state, plan } = year;
  const { minor = plan.hourlyRateMinor, count = 0 } = state.announcedPrice ?? {};
  // The notice that is still to come tells of this year's next one.
  const told =
    forYear === undefined
      ? noticeWillTell(year) || priceMinor === minor
      : priceMinor === state.announcedPrice?.minor;
  if (told) {
    state.announcedPrice = { minor: priceMinor, count };
    return true;
  }
  const corrected = (): boolean => state.approvals.length > 1;
  const summary = timerSummary('tell', price, year.input.language);
  if (!(await year.until(() => mailAt, corrected, summary))) return !year.over;
  state.announcedPrice = { minor: priceMinor, count: count + 1 };
  await mail(year, {
    obligation: price,
    step: 'tell',
    revision: count + 1,
    template: 'price-change',
    to: 'customer',
    roles: plan.renewal.roles,
    ...(forYear !== undefined && { year: forYear - 1 }),
  });
  return true;
}

function noticeWillTell(year: Year): boolean {
  const at = year.obligation(notice)?.notices[0]?.at;
  const sent = year.isClosed(notice) || year.state.sent.some((key) => key.startsWith(`${notice}#`));
  return at !== undefined && !sent && at <= year.plan.renewal.announceBy;
}
