import type { Text } from '../basics/text';
import { phaseNamesOf } from '../plan/phase-in-plan';
import { periodOf } from '../calendar/agreement-period';
import { brokenPromises, dearerHours } from './broken-promises';
import { instantAt, localDateOf } from '../calendar/calendar';
import { changeAmounts } from './change-amounts';
import type { Amount } from './change-amounts';
import type { Contract, Instant, LocalDate } from '../contract/contract';
import type { Comparison, LiveAgreement, RunningYear, WindowsToCome } from './live-agreement';
import { diffPlans } from '../plan/diff-plans';
import type { PlanDiff, PlannedYear } from '../plan/diff-plans';
import type { MeetingProgress, PlannedWindow, YearPlan } from '../plan/plan';
import { movesOf } from '../plan/move-upgrade';
import type { UpgradeMove } from '../plan/move-upgrade';
import { planByTerms } from '../plan/plan-by-terms';
import type { PlanInput } from '../plan/plan-context';
import type { Ruleset } from '../ruleset/read-ruleset';
import { diffTerms } from '../terms/running-terms';
import type { TermChange } from '../terms/running-terms';
import { withSource } from '../terms/with-source';
import type { WithSource } from '../terms/with-source';
import type { WeakerPromise } from './signed-floor';
import { termValues } from '../terms/term-values';
import type { Terms } from '../ruleset/terms';
import { termsFor, yearOn, yearTerms } from '../terms/terms-for';
import type { DecidedTerms, YearTerms } from '../terms/terms-for';
import { yearPrices } from '../hours/year-prices';
import type { YearPrices } from '../hours/year-prices';

/** A value that changes, with the rule that gives the new value and its place in the file. */
export type ValueChange = Omit<WithSource<TermChange>, 'amendment'>;

/** A promise that a change would break. */
export type BrokenPromise = Omit<WithSource<WeakerPromise>, 'amendment'>;

/** What a ruleset would do to the terms of a live agreement. */
export interface TermsPreview {
  values: ValueChange[];
  /** The terms of a period before and after, from a day on: what they mean in money depends on the hours. */
  periods: { on: LocalDate; before: Terms; after: Terms }[];
  proposal: Amount[];
  /** Promises it would break, with the amendment that the rule names, if it names one. */
  broken: WithSource<WeakerPromise>[];
  /** True if the running year is concerned: its terms change, now or on a later day, or the price to be proposed. */
  running: boolean;
  /** The terms of the running year until its end, without the change and with it. */
  before: YearTerms;
  year: YearTerms;
  prices: YearPrices;
}

/** What a ruleset would do to one live agreement. */
export interface AgreementPreview extends Pick<TermsPreview, 'values' | 'running'> {
  agreement: string;
  customer: string;
  currency: string;
  yearNumber: number;
  from: LocalDate;
  to: LocalDate;
  amounts: Amount[];
  /** What becomes of the running year at once. */
  plan: PlanDiff;
  /** What becomes of it on later days on which dated rules begin or end, if what falls due before them is done. */
  later: LaterDiff[];
  /** Upgrades under way that keep their phases, though the rules have others: whether they can move, and why not. */
  keepsPhases?: UpgradeMove[];
  /** What the rules call phases of its upgrades, by id. */
  phaseNames?: Record<string, Text>;
  broken: BrokenPromise[];
}

/** The two rulesets by which plans are compared. */
interface ComparedPlans {
  asOf: Instant;
  inForce: { ruleset: Ruleset };
  proposed: { ruleset: Ruleset };
  moveUpgrades?: boolean;
  windows?: WindowsToCome;
}

/**
 * What becomes of a live agreement's terms if the proposed ruleset comes into force. The answer is the same for all
 * agreements that start on the same day, have the same price and terms, and whose facts neither ruleset tells apart.
 *
 * @returns nothing if the agreement is untouched
 * @throws TermsError if the proposed ruleset gives the agreement no usable terms, PriceError if no price
 */
export async function previewTerms(
  agreement: LiveAgreement,
  comparison: Comparison,
): Promise<TermsPreview | undefined> {
  const { contract, yearNumber, terms } = agreement;
  const { asOf, inForce, proposed } = comparison;
  const { from } = periodOf(contract.startsOn, yearNumber);
  const today = localDateOf(asOf);
  const day = today < from ? from : today;
  const old = await yearTerms(contract, inForce.ruleset, yearNumber, day, terms, inForce.decide);
  const year = await yearTerms(contract, proposed.ruleset, yearNumber, day, terms, proposed.decide);
  const values = valueChanges(proposed.ruleset, day, terms, old, year);
  const pricesBefore = pricesOf(agreement, inForce.ruleset, old.terms);
  const prices = pricesOf(agreement, proposed.ruleset, year.terms);
  const running =
    values.length > 0 ||
    diffTerms(datesOf(old), datesOf(year)).length > 0 ||
    prices.proposedRateMinor !== pricesBefore.proposedRateMinor;
  const next = await nextPeriod(agreement, comparison);
  const { to } = periodOf(contract.startsOn, yearNumber);
  values.push(
    ...newlySaid(values, next.before.terms, next.after.terms).map((change) =>
      valueOf(proposed.ruleset, next.after, to, change),
    ),
  );
  const broken = [
    ...dearerHours(agreement, comparison, day, year),
    ...(await brokenPromises(agreement, comparison, day, year)),
  ];
  if (values.length === 0 && !running && broken.length === 0) return undefined;
  const proposal: Amount[] =
    prices.proposedRateMinor === pricesBefore.proposedRateMinor
      ? []
      : [
          {
            what: 'proposedPrice',
            on: to,
            from: pricesBefore.proposedRateMinor,
            to: prices.proposedRateMinor,
          },
        ];
  return {
    values,
    periods: [
      { on: day, before: terms, after: year.terms },
      { on: to, before: next.before.terms, after: next.after.terms },
    ],
    proposal,
    broken,
    running,
    before: old,
    year,
    prices,
  };
}

/** What becomes of a running year at once, and on later days. */
export interface PlanPreview {
  now: PlanDiff;
  later: LaterDiff[];
  /** Upgrades under way whose phases would change. */
  keepsPhases?: UpgradeMove[];
  phaseNames?: Record<string, Text>;
}

/** What a running year has of a campaign and of its neighbours: a change of rules takes nothing of it. */
const keptWindow = ({ upgrade }: YearPlan): Pick<PlanInput, 'window' | 'installation' | 'noConsent'> => ({
  ...(upgrade?.window && { window: upgrade.window }),
  ...(upgrade?.installation && { installation: upgrade.installation }),
  ...(upgrade?.noConsent !== undefined && { noConsent: upgrade.noConsent }),
});

/** The window of a year, among all that its agreement will have. */
export function windowOfYear(
  windows: readonly PlannedWindow[],
  { startsAt, endsAt }: Pick<YearPlan, 'startsAt' | 'endsAt'>,
): Pick<PlanInput, 'window'> {
  const window = windows.filter(({ from }) => from >= startsAt && from < endsAt).at(-1);
  return window ? { window } : {};
}

/** What becomes of a running year on a later day of it. */
export interface LaterDiff extends PlanDiff {
  on: LocalDate;
}

/**
 * What a running year's plan becomes, at once and on the later days on which dated rules change its terms. Makes the
 * same calls as the year itself, and assumes that what falls due before those days is done on its date.
 *
 * @param changed the contract with the change, if it is the contract that changes
 */
export function previewPlan(
  { contract, yearNumber, terms }: Pick<LiveAgreement, 'contract' | 'yearNumber' | 'terms'>,
  { asOf, inForce, proposed, moveUpgrades, windows }: ComparedPlans,
  { before, year, prices }: Pick<TermsPreview, 'before' | 'year' | 'prices'>,
  { plan, closed, held = {}, begun }: RunningYear,
  changed: Contract = contract,
): PlanPreview {
  const side =
    (ruleset: Ruleset, of: Contract, fixed: typeof keptWindow) =>
    (
      by: Pick<YearTerms, 'terms' | 'later'>,
      at: Instant,
      from: Parameters<typeof planAgain>[2],
    ): PlannedYear => ({
      plan: planAgain(of, by, from, {
        ...{ yearNumber, asOf: at, rulesetHash: ruleset.hash, prices },
        releases: ruleset.releases,
        ...fixed(from.plan),
      }),
      terms: by.terms,
    });
  const toCome = windows?.get(contract.agreement);
  const replanOld = side(inForce.ruleset, contract, keptWindow);
  const replan = side(proposed.ruleset, changed, (of) => {
    const { window, ...others } = keptWindow(of);
    return { ...others, ...(toCome ? windowOfYear(toCome, of) : window && { window }) };
  });
  const soFar = { closed, held, ...(begun && { begun }) };
  const moves = movesOf(plan, closed, year.terms.upgrade, begun);
  const moving = moveUpgrades ? movingIn(moves) : [];
  const after = replan(year, asOf, { plan, ...soFar, moving });
  const now = diffPlans({ plan, terms }, after, new Set(Object.keys(closed)), asOf);
  // Of a phase that goes the plan before has the name.
  const phaseNames = { ...phaseNamesOf(plan), ...phaseNamesOf(after.plan) };
  const told = new Set([...now.obligations, ...now.mails].map((change) => JSON.stringify(change)));
  let old: RunningYear & PlannedYear = { plan, terms, ...soFar };
  let withChange: RunningYear & PlannedYear = { ...after, ...soFar };
  const later: LaterDiff[] = [];
  for (const on of laterDays(before, year)) {
    const at = instantAt(on, '00:00');
    old = { ...old, closed: doneBy(old, at) };
    withChange = { ...withChange, closed: doneBy(withChange, at) };
    const [without, withIt] = [stepOn(before, on), stepOn(year, on)];
    if (without) old = { ...old, ...replanOld(without, at, old) };
    if (withIt) withChange = { ...withChange, ...replan(withIt, at, withChange) };
    const done = new Set([...Object.keys(old.closed), ...Object.keys(withChange.closed)]);
    const { obligations, mails } = diffPlans(old, withChange, done, at);
    const untold = <T>(changes: T[]): T[] =>
      changes.filter((change) => {
        const text = JSON.stringify(change);
        return told.has(text) ? false : told.add(text);
      });
    later.push({ on, obligations: untold(obligations), mails: untold(mails) });
  }
  return {
    now,
    later: later.filter(({ obligations, mails }) => obligations.length + mails.length > 0),
    ...(moves.length > 0 && { keepsPhases: moves }),
    ...(Object.keys(phaseNames).length > 0 && { phaseNames }),
  };
}

/** The upgrades under way that can take other phases. */
export const movingIn = (moves: readonly UpgradeMove[]): string[] =>
  moves.filter(({ why }) => !why).map(({ upgrade }) => upgrade);

/** Plans a running year again, as the year itself does. */
export function planAgain(
  contract: Contract,
  terms: Pick<YearTerms, 'terms' | 'later'>,
  from: RunningYear & { moving?: string[] },
  how: Pick<
    PlanInput,
    'yearNumber' | 'asOf' | 'rulesetHash' | 'prices' | 'releases' | 'window' | 'installation'
  >,
): YearPlan {
  const told = from.plan.upgrade?.progress;
  const begun = from.begun ? { ...told, upgrade: { ...told?.upgrade, begun: from.begun } } : told;
  const moving = (from.moving ?? []).map((name) => [name, { ...begun?.[name], move: true as const }]);
  const upgrades = moving.length > 0 ? { ...begun, ...Object.fromEntries(moving) } : begun;
  const progress = {
    previous: from.plan,
    closed: from.closed,
    meetings: settledIn(from),
    ...(upgrades && { upgrades }),
  };
  return planByTerms(contract, terms, { ...how, progress });
}

/** What people have settled about meetings, as the running year itself knows it. */
function settledIn({ plan: { settled = {} }, held = {} }: RunningYear): Record<string, MeetingProgress> {
  const days = Object.entries(held).map(([id, heldOn]) => [id, { ...settled[id], heldOn }] as const);
  return { ...settled, ...Object.fromEntries(days) };
}

/** The days on which a year is planned again for its dated rules, with the change or without. */
function laterDays(before: YearTerms, year: YearTerms): LocalDate[] {
  return [...new Set([...before.later, ...year.later].map(({ on }) => on))].sort();
}

/** The terms a year is planned by on that day; nothing if it is not planned again then. */
function stepOn({ later }: YearTerms, on: LocalDate): Pick<YearTerms, 'terms' | 'later'> | undefined {
  const index = later.findIndex((step) => step.on === on);
  const step = later[index];
  return step && { terms: step.terms, later: later.slice(index + 1) };
}

/** The closed obligations, and those that fall due before an instant as if they had been done on their dates. */
export function doneBy({ plan, closed }: RunningYear, at: Instant): Record<string, Instant> {
  const due = plan.obligations.filter(({ id, dueAt }) => dueAt < at && closed[id] === undefined);
  return { ...closed, ...Object.fromEntries(due.map(({ id, dueAt }) => [id, dueAt])) };
}

/** Joins both previews into that of one agreement. What an amendment of this very agreement allows is not broken. */
export function previewOf(
  { contract, yearNumber }: LiveAgreement,
  { values, periods, proposal, prices, broken, running }: TermsPreview,
  { now, later, keepsPhases, phaseNames }: PlanPreview,
): AgreementPreview {
  return {
    agreement: contract.agreement,
    customer: contract.customer.name,
    currency: contract.hourBank.currency,
    yearNumber,
    ...periodOf(contract.startsOn, yearNumber),
    values,
    amounts: [
      ...periods
        .flatMap(({ on, before, after }) =>
          changeAmounts(contract, prices.hourlyRateMinor, on, before, after),
        )
        .filter(({ what, from, to }, index, all) => {
          // A change that goes on into the next period is listed once.
          const same = (one: Amount): boolean => one.what === what && one.from === from && one.to === to;
          return all.findIndex(same) === index;
        }),
      ...proposal,
    ],
    plan: now,
    later,
    ...(keepsPhases && { keepsPhases }),
    ...(phaseNames && { phaseNames }),
    broken: broken
      .filter(({ amendment }) => amendment?.agreements.includes(contract.agreement) !== true)
      .map(({ amendment: _, ...one }) => one),
    running,
  };
}

function pricesOf(
  { contract, yearNumber, decidedRateMinor, signedNextRateMinor }: LiveAgreement,
  ruleset: Ruleset,
  terms: Terms,
): YearPrices {
  return yearPrices({
    contract,
    terms: terms.hourBank,
    prices: ruleset.prices,
    yearNumber,
    ...(decidedRateMinor !== undefined && { decided: decidedRateMinor }),
    ...(signedNextRateMinor !== undefined && { signedNext: signedNextRateMinor }),
  });
}

/** Values that change now, and values that differ on later days of the year. */
export function valueChanges(
  ruleset: Ruleset,
  day: LocalDate,
  before: Terms,
  old: YearTerms,
  year: YearTerms,
): ValueChange[] {
  const now = diffTerms(before, year.terms).map((change) => valueOf(ruleset, year.decided, day, change));
  return laterDays(old, year).reduce<ValueChange[]>((changes, on) => {
    const { terms, decided } = yearOn(year, on);
    const differs = newlySaid(changes, yearOn(old, on).terms, terms);
    return [...changes, ...differs.map((change) => valueOf(ruleset, decided, on, change))];
  }, now);
}

/** The differences of a later day that earlier days have not listed, and those they have listed that no longer hold. */
export function newlySaid(said: readonly ValueChange[], before: Terms, after: Terms): TermChange[] {
  const last = new Map(said.map(({ path, to }) => [path, to]));
  const differing = diffTerms(before, after);
  const held = [...last.keys()].filter((path) => !differing.some((change) => change.path === path));
  const values = held.length > 0 ? termValues(after) : new Map<string, unknown>();
  return [
    ...differing.map((change) =>
      last.has(change.path) ? { ...change, from: last.get(change.path) } : change,
    ),
    ...held.map((path) => ({ path, from: last.get(path), to: values.get(path) })),
  ].filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
}

/** The days on which a year's terms change, each with its terms, so that two years can be compared. */
function datesOf({ later }: YearTerms): object {
  return Object.fromEntries(later.map(({ on, terms }) => [on, terms]));
}

/** The terms of the next period, by both rulesets. */
async function nextPeriod(
  { contract, yearNumber }: LiveAgreement,
  { inForce, proposed }: Comparison,
): Promise<{ before: DecidedTerms; after: DecidedTerms }> {
  const { to } = periodOf(contract.startsOn, yearNumber);
  const [before, after] = await Promise.all(
    [inForce, proposed].map(({ ruleset, decide }) => termsFor(contract, ruleset, yearNumber + 1, to, decide)),
  );
  if (before === undefined || after === undefined) throw new Error('expected two decisions');
  return { before, after };
}

/** Adds to a changed term the rule that gives its new value. */
export function valueOf(
  ruleset: Ruleset,
  decided: DecidedTerms,
  on: LocalDate,
  change: TermChange,
): ValueChange {
  const { amendment: _, ...value } = withSource(ruleset, decided, on, change);
  return value;
}
