import { periodOf } from '../calendar/agreement-period';
import { instantAt, localDateOf, previousOpenDay } from '../calendar/calendar';
import { addDays, later } from '../calendar/dates';
import type { Contract, Instant, LocalDate } from '../contract/contract';
import type {
  CarriedUpgrade,
  Obligation,
  PlannedWindow,
  Progress,
  SharedInstallation,
  YearPlan,
} from './plan';
import { closedDaysOf, nextWorkday } from '../terms/support-hours';
import type { Release } from '../releases/release';
import type { CalendarTerms, Terms } from '../ruleset/terms';
import { workingDays } from '../terms/working-days';
import type { TestFinding } from '../upgrade/test-cases';
import { yearPrices } from '../hours/year-prices';
import type { YearPrices } from '../hours/year-prices';

/** What a year is planned from. */
export interface PlanInput {
  contract: Contract;
  terms: Terms;
  /** 1 is the first. */
  yearNumber: number;
  /** The instant of planning. */
  asOf: Instant;
  rulesetHash: string;
  /** The next day of the year on which a dated rule changes the terms. */
  termsChangeOn?: LocalDate;
  /** The prices of the year and of the next one; if absent, those that the contract alone gives. */
  prices?: YearPrices;
  /** Given for a re-plan. */
  progress?: Progress;
  /** Releases of systems; without them the plan does not tell which version an upgrade goes to. */
  releases?: readonly Release[];
  /** Cases of the customer's tests that failed in earlier upgrades. */
  findings?: readonly TestFinding[];
  /** The upgrade that the year before left unfinished; a re-plan keeps it. */
  carried?: CarriedUpgrade;
  /** When a campaign has the year's upgrade done. */
  window?: PlannedWindow;
  /** What the agreement shares with others. */
  installation?: SharedInstallation;
  /** Who hosts the servers and has not said yes to the upgrade. */
  noConsent?: string;
}

/** The frame that all strands of a year's plan share. */
export interface PlanContext extends PlanInput {
  from: LocalDate;
  to: LocalDate;
  startsAt: Instant;
  endsAt: Instant;
  /** The instant the year was first planned; what lay before it is not owed. */
  plannedFrom: Instant;
  /** When the first working day after the first planning begins, so that a mail can ask for something; and its date. */
  firstMoment: Instant;
  firstDay: LocalDate;
  /** Last open day of the year. */
  lastDay: LocalDate;
  /** When the first working day from `asOf` on begins, so that a mail can still go out; and its date. */
  earliestMail: Instant;
  earliestDay: LocalDate;
  /** The date of `asOf`. */
  today: LocalDate;
  /** Days the agreement closes besides weekends and holidays. */
  closed: ReadonlySet<LocalDate>;
  /** The year's open days, in order. */
  openDays: readonly LocalDate[];
  /** The open days to avoid, by what avoids them. */
  avoided: Record<Avoiding, ReadonlySet<LocalDate>>;
  prices: YearPrices;
  previous?: YearPlan;
}

/** What can avoid the days to avoid. */
export type Avoiding = CalendarTerms['appliesTo'][number];

const none: ReadonlySet<LocalDate> = new Set();

/** Works out the frame of a year: its limits, and the part of it that is left. */
export function planContext(input: PlanInput): PlanContext {
  const { contract, terms, yearNumber, asOf, progress } = input;
  const { from, to } = periodOf(contract.startsOn, yearNumber);
  const startsAt = instantAt(from, '00:00');
  const plannedFrom = progress?.previous.plannedFrom ?? asOf;
  const closed = closedDaysOf(terms.support);
  const firstMoment = nextWorkday(later(plannedFrom, startsAt), terms.support);
  const earliestMail = nextWorkday(later(asOf, startsAt), terms.support);
  const lastDay = previousOpenDay(addDays(to, -1), closed);
  const { open, avoided } = workingDays(from, lastDay, terms.calendar, closed);
  const avoidedBy = (what: Avoiding) => (terms.calendar.appliesTo.includes(what) ? avoided : none);
  return {
    ...input,
    from,
    to,
    startsAt,
    endsAt: instantAt(to, '00:00'),
    plannedFrom,
    firstMoment,
    firstDay: localDateOf(firstMoment),
    lastDay,
    earliestMail,
    earliestDay: localDateOf(earliestMail),
    today: localDateOf(asOf),
    closed,
    openDays: open,
    avoided: {
      start: avoidedBy('start'),
      meetings: avoidedBy('meetings'),
      upgrade: avoidedBy('upgrade'),
      reminders: avoidedBy('reminders'),
      escalations: avoidedBy('escalations'),
    },
    prices: input.prices ?? pricesOfContract(input),
    ...(progress && { previous: progress.previous }),
  };
}

function pricesOfContract({ contract, terms, yearNumber, progress }: PlanInput): YearPrices {
  const decided = progress?.previous.hourlyRateMinor;
  const known = decided === undefined ? {} : { decided };
  return yearPrices({ contract, terms: terms.hourBank, prices: [], yearNumber, ...known });
}

/** The obligation of that id in the plan before, if there was one. */
export function previousOf(context: PlanContext, id: string): Obligation | undefined {
  return context.previous?.obligations.find((obligation) => obligation.id === id);
}

/** The obligation as it was closed, if it was: a re-plan copies it unchanged. */
export function closedOf(
  context: PlanContext,
  id: string,
): { was: Obligation; closedAt: Instant } | undefined {
  const was = previousOf(context, id);
  const closedAt = context.progress?.closed[id];
  return was === undefined || closedAt === undefined ? undefined : { was, closedAt };
}
