import type { Terms } from '../ruleset/terms';
import { covers, hoursOf } from '../terms/support-hours';
import { phasesOf } from '../upgrade/phases';

/** A promise that a change would make weaker than it was signed. */
export interface WeakerPromise {
  /** The term whose value decides, as `meetings.perYear`. */
  path: string;
  /** The value that was signed; with `within`, the running period's. */
  signed: unknown;
  now: unknown;
  /** Set if it is the running period's price that would rise. */
  within?: 'period';
}

interface Promise {
  path: string;
  of: (terms: Terms) => unknown;
  /** Whether `now` gives the customer less than `signed`. */
  weaker: (signed: Terms, now: Terms) => boolean;
}

/** What the agreement's text promises, and when a change gives less of it. */
const promises: Promise[] = [
  // "minst 4 förvaltningsledningsmöten"
  {
    path: 'meetings.perYear',
    of: ({ meetings }) => meetings.perYear,
    weaker: (signed, now) => now.meetings.perYear < signed.meetings.perYear,
  },
  // "alltid rätt att skjuta 20% till nästkommande period"
  {
    path: 'hourBank.rollover.percent',
    of: ({ hourBank }) => hourBank.rollover.percent,
    weaker: (signed, now) => now.hourBank.rollover.percent < signed.hourBank.rollover.percent,
  },
  {
    path: 'hourBank.rollover.basis',
    of: ({ hourBank }) => hourBank.rollover.basis,
    weaker: (signed, now) =>
      signed.hourBank.rollover.basis === 'contracted' && now.hourBank.rollover.basis === 'unused',
  },
  {
    path: 'hourBank.rollover.expiresAfterMonths',
    of: ({ hourBank }) => hourBank.rollover.expiresAfterMonths,
    weaker: (signed, now) =>
      now.hourBank.rollover.expiresAfterMonths < signed.hourBank.rollover.expiresAfterMonths,
  },
  // "08:30-16:30 helgfria vardagar om ej annat avtalas"
  {
    path: 'support.opens',
    of: ({ support }) => support.opens,
    weaker: (signed, now) => !sayHours(signed, now) && now.support.opens > signed.support.opens,
  },
  {
    path: 'support.closes',
    of: ({ support }) => support.closes,
    weaker: (signed, now) => !sayHours(signed, now) && now.support.closes < signed.support.closes,
  },
  {
    path: 'support.hours',
    of: ({ support }) => hoursOf(support),
    weaker: (signed, now) => sayHours(signed, now) && !covers(hoursOf(now.support), hoursOf(signed.support)),
  },
  {
    path: 'support.closedDays',
    of: ({ support }) => support.closedDays,
    weaker: (signed, now) => hasMore(signed.support.closedDays, now.support.closedDays),
  },
  {
    path: 'support.halfDays',
    of: ({ support }) => support.halfDays,
    weaker: (signed, now) => hasMore(signed.support.halfDays, now.support.halfDays),
  },
  // "Årligen sker en uppgradering … kontrolleras även integrationer … testleder vi kunden"
  {
    path: 'notices.noticePeriodMonths',
    of: ({ notices }) => notices.noticePeriodMonths,
    weaker: (signed, now) => now.notices.noticePeriodMonths > signed.notices.noticePeriodMonths,
  },
];

/** "Årligen sker en uppgradering … kontrolleras även integrationer … testleder vi kunden": each phase that was signed. */
const phasesPromised = (signed: Terms): Promise[] =>
  phasesOf(signed.upgrade).map(({ id }) => {
    const phaseIn = ({ upgrade }: Terms) => phasesOf(upgrade).find((phase) => phase.id === id);
    return {
      path: `upgrade.phases.${id}.owner`,
      of: (terms) => phaseIn(terms)?.owner,
      weaker: (was, now) => phaseIn(was) !== undefined && phaseIn(now) === undefined,
    };
  });

/**
 * The promises that a change makes weaker than they were signed. A promise that was as weak before the change is left
 * out.
 *
 * @param signed the terms when the agreement was signed
 * @param before the terms without the change, on the same day
 */
export function weakerThanSigned(signed: Terms, before: Terms, now: Terms): WeakerPromise[] {
  return [...promises, ...phasesPromised(signed)]
    .filter(({ weaker }) => weaker(signed, now) && weaker(before, now))
    .map(({ path, of }) => ({ path, signed: of(signed), now: of(now) }));
}

/**
 * The terms that make hours dearer within a period: the price of a period is fixed when it begins.
 *
 * @param before the terms the running year has gone by so far
 */
export function dearerInPeriod(before: Terms, now: Terms): WeakerPromise[] {
  const dearer: WeakerPromise[] = [];
  const [old, changed] = [before.hourBank, now.hourBank];
  if (changed.discountPercent < old.discountPercent)
    dearer.push({
      path: 'hourBank.discountPercent',
      signed: old.discountPercent,
      now: changed.discountPercent,
      within: 'period',
    });
  if (old.overage.price === 'discounted' && changed.overage.price === 'ordinary')
    dearer.push({
      path: 'hourBank.overage.price',
      signed: old.overage.price,
      now: changed.overage.price,
      within: 'period',
    });
  return dearer;
}

/** Whether either says support's hours by themselves: then they are compared as a whole. */
const sayHours = (...terms: Terms[]): boolean => terms.some(({ support }) => support.hours !== undefined);

function hasMore(signed: readonly string[], now: readonly string[]): boolean {
  return now.some((day) => !signed.includes(day));
}
